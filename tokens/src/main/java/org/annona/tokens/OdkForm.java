package org.annona.tokens;

import java.time.Duration;
import java.time.Instant;
import org.annona.foundation.digest.RowDigest;
import org.annona.interop.http.Origin;
import org.jspecify.annotations.Nullable;

/**
 * A form of ODK Central, of which a token seeder reads the submissions (reference A9, C1). It is read in half-open windows of the
 * time at which they were submitted. The seeder ignores the links to further pages, and knows the password of the account.
 *
 * @param baseUrl of ODK Central as the seeder reaches it, without a slash at its end
 * @param version of its API, such as {@code v1}
 * @param odataUrl of the submissions; empty where project and form say which
 * @param email of an account that may read this form and nothing else; its password is kept sealed, apart from this
 * @param from submissions before it are not read
 * @param to submissions at it or later are not read; null for no end, for a connector that runs again and again
 */
public record OdkForm(
        String baseUrl,
        String version,
        String odataUrl,
        String project,
        String form,
        String email,
        Instant from,
        @Nullable Instant to) {

    /** Clocks differ, and a submission that is on its way carries an earlier time: so much is read once more. */
    public static final Duration OVERLAP = Duration.ofMinutes(10);

    /** Where the seeder finds the submissions. */
    public String address() {
        return odataUrl.isEmpty()
                ? baseUrl + "/" + version + "/projects/" + project + "/forms/" + form + ".svc/Submissions"
                : odataUrl;
    }

    /** Whose password is kept: it goes to no other server and for no other account. */
    public String account() {
        return Origin.of(baseUrl) + " " + email;
    }

    /** Differs where another form is meant, so that what was read of one is not taken for read of the other. */
    public byte[] digest() {
        return RowDigest.ofText(address());
    }
}
