package org.annona.tokens.tokenisation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.annona.foundation.digest.RowDigest;
import org.annona.tokens.seeder.SeederClient;
import org.jspecify.annotations.Nullable;

/**
 * What the seeder says of one record, as the output format of the connector gives it.
 *
 * @param status {@code processed}, {@code invalid} or {@code error}
 * @param token null where there is none
 */
record SeederResult(String ref, String status, @Nullable String token, String code, String message) {

    private static final int LONGEST_TEXT = 2_000;
    private static final Pattern REF = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** @return those that say whom they mean; and of any other shape, none */
    static List<SeederResult> of(JsonNode body) {
        List<SeederResult> results = new ArrayList<>();
        if (body.isObject()) {
            add(results, body);
        } else if (body.isArray()) {
            body.forEach(one -> add(results, one));
        }
        return results;
    }

    private static void add(List<SeederResult> results, JsonNode one) {
        if (one.isObject() && REF.matcher(one.path("ref").asText("")).matches()) {
            results.add(of(one, one.path("ref").asText()));
        }
    }

    /** @param ref of ours, where the result names somebody in another way */
    static SeederResult of(JsonNode one, String ref) {
        return new SeederResult(
                ref,
                one.path("status").asText(""),
                one.path("token").isTextual() ? one.path("token").asText() : null,
                SeederClient.known(text(one, "code")),
                text(one, "message"));
    }

    /** A token that is to be believed as far as it can be seen from here. */
    boolean isToken(Pattern pattern) {
        return status.equals("processed")
                && code.isEmpty()
                && token != null
                && pattern.matcher(token).matches();
    }

    /** Its words are only read, for the codes and the names of fields within them; they are kept nowhere. */
    private static String text(JsonNode one, String field) {
        String text = one.path(field).isTextual() ? one.path(field).asText() : "";
        return text.substring(0, Math.min(LONGEST_TEXT, text.length()));
    }

    byte[] digest() {
        RowDigest digest = new RowDigest();
        digest.add(ref, status, token, code);
        return digest.finish();
    }

    @Override
    public String toString() {
        return "SeederResult[" + status + " " + code + "]";
    }
}
