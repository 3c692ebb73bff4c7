package org.annona.tokens;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.annona.foundation.criteria.odoo.DomainReader.Dialect;
import org.annona.foundation.retry.BackOff;
import org.jspecify.annotations.Nullable;

/**
 * What is agreed with a token seeder (reference C1).
 *
 * @param seederUrl without a slash at its end
 * @param filter of the people, in Odoo's domain syntax
 * @param fields that leave of a person
 * @param mapping as JSON: where the seeder finds what it needs within a record
 * @param outputFormat jq program, which the seeder runs over each result
 * @param language ISO 639-3
 * @param intervalMinutes between the end of a run and the next one; 0 for one run
 * @param batch people in one message
 * @param maxAttempts after which somebody has to look
 * @param backOff after the first failure; doubles up to a day
 * @param virtualIdType whose value is shown to the seeder, or by which submissions of a form are known
 * @param tokenType of the identifiers that come back
 * @param tokenPattern of a whole token, as a regular expression
 * @param purpose for which data leave, as consents name it
 * @param basisReference the law
 * @param proof that a message is ours, for a gateway before the seeder
 * @param form whose submissions the seeder reads; null where people of the registry are sent to it
 */
public record ConnectorTerms(
        String seederUrl,
        String filter,
        Dialect dialect,
        List<String> fields,
        String mapping,
        String outputFormat,
        String language,
        Delivery delivery,
        Callback callback,
        int intervalMinutes,
        int batch,
        int maxAttempts,
        Duration backOff,
        Duration requestTimeout,
        Patience patience,
        String virtualIdType,
        String tokenType,
        String tokenPattern,
        String purpose,
        Basis basis,
        String basisReference,
        Proof proof,
        @Nullable OdkForm form) {

    public static final String PRESET_FILTER = """
            [["is_registrant","=",true],["reg_ids.id_type","=like","MOSIP VID"],\
            "!",["reg_ids.id_type","=like","MOSIP UIN TOKEN"]]""";
    public static final String PRESET_MAPPING = """
            {"vid":"vid","name":["given_name","family_name"],"gender":"gender","dob":"birthdate",\
            "phoneNumber":"phone","emailId":"email","fullAddress":["address"]}""";
    public static final String PRESET_OUTPUT = "{ref:.input.ref,status:.output.status,token:.output.token,"
            + "code:.output.errorCode,message:.output.errorMessage}";

    /** As an ODK form is often laid out; where its questions are called otherwise, somebody writes so. */
    public static final String PRESET_FORM_MAPPING = """
            {"vid":"vid","name":["name"],"gender":"gender","dob":"dob",\
            "phoneNumber":"phone","emailId":"email","fullAddress":["address"]}""";

    /** Names the submission, and the virtual ID by which its person is known (reference C4). */
    public static final String PRESET_FORM_OUTPUT =
            "{ref:.input.__id,vid:.output.vid,at:.input.__system.submissionDate,status:.output.status,"
                    + "token:.output.token,code:.output.errorCode,message:.output.errorMessage}";

    private static final Duration LONGEST_BACK_OFF = Duration.ofHours(24);

    /** How results come. In each case the seeder is asked for its status too. */
    public enum Delivery {
        /** It calls; what does not come is fetched as a file. */
        CALLBACK_AND_POLL,
        /** It calls; what does not come is asked for once more. */
        CALLBACK,
        /** They are fetched as a file. */
        DOWNLOAD
    }

    /**
     * @param inBulk all results of a message in one call
     * @param timeoutSeconds how long the seeder waits for our answer
     * @param bearer whether the seeder shows a secret besides the one in the address
     */
    public record Callback(String method, boolean inBulk, int timeoutSeconds, boolean bearer) {}

    /**
     * How a seeder is asked for what it has taken in.
     *
     * @param firstPoll after it took a request; half as long again each time
     * @param longestPoll at most
     * @param grace for callbacks that are on their way when it says that it is done
     * @param fileGrace for a file that is still being written
     * @param whole after which a request counts as lost
     */
    public record Patience(
            Duration firstPoll, Duration longestPoll, Duration grace, Duration fileGrace, Duration whole) {

        public static final Patience USUAL = new Patience(
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofMinutes(2),
                Duration.ofMinutes(30));
    }

    /** What a message carries besides what the seeder itself looks at, which knows no signatures. */
    public enum Proof {
        NONE,
        /** In the header {@code Signature}, a detached JWS over the body; our keys are published. */
        SIGNATURE
    }

    /** Why the data of a person may leave. */
    public enum Basis {
        /** A law or a public task, which the reference names: for everyone. */
        LAW,
        /** Her consent to the purpose: only for those who gave it. */
        CONSENT
    }

    public ConnectorTerms {
        fields = List.copyOf(fields);
        // Agreements that were kept before there were signatures do not say.
        proof = Objects.requireNonNullElse(proof, Proof.NONE);
    }

    /** What fits together and works with the seeder as it is delivered (reference C2). */
    public static ConnectorTerms preset(String seederUrl) {
        return new ConnectorTerms(
                seederUrl,
                PRESET_FILTER,
                Dialect.ODOO_17,
                List.of("id", "given_name", "family_name", "birthdate", "gender", "address", "email", "phone"),
                PRESET_MAPPING,
                PRESET_OUTPUT,
                "eng",
                Delivery.CALLBACK_AND_POLL,
                new Callback("POST", true, 10, true),
                0,
                100,
                8,
                Duration.ofMinutes(5),
                Duration.ofSeconds(120),
                Patience.USUAL,
                "virtual_id",
                "identity_token",
                "[0-9]{36}",
                "identity-token",
                Basis.LAW,
                "",
                Proof.NONE,
                null);
    }

    /** The same for submissions of an ODK form, which the seeder reads itself. */
    public static ConnectorTerms presetForForm(String seederUrl, OdkForm form) {
        ConnectorTerms preset = preset(seederUrl);
        return new ConnectorTerms(
                seederUrl,
                preset.filter(),
                preset.dialect(),
                List.of(),
                PRESET_FORM_MAPPING,
                PRESET_FORM_OUTPUT,
                preset.language(),
                Delivery.DOWNLOAD,
                preset.callback(),
                preset.intervalMinutes(),
                preset.batch(),
                preset.maxAttempts(),
                preset.backOff(),
                preset.requestTimeout(),
                preset.patience(),
                preset.virtualIdType(),
                preset.tokenType(),
                preset.tokenPattern(),
                preset.purpose(),
                preset.basis(),
                preset.basisReference(),
                preset.proof(),
                form);
    }

    public Subjects.Scope scope() {
        return new Subjects.Scope(filter, dialect, virtualIdType);
    }

    /** Pauses after failures in a row, up to a day. */
    public BackOff backOffs() {
        return BackOff.doubling(backOff, LONGEST_BACK_OFF);
    }

    /** As it is written down before the data of a person leave. */
    public String ground() {
        return basis == Basis.LAW ? "law: " + basisReference : "consent: " + purpose;
    }

    /** Whether it runs again by itself. */
    public boolean recurring() {
        return intervalMinutes > 0;
    }

    /** For pages and audit entries. */
    public Map<String, String> summary() {
        return Map.of(
                "recipient",
                seederUrl,
                "fields",
                form == null ? String.join(", ", fields) : "those of the form " + form.address(),
                "purpose",
                purpose);
    }
}
