package org.annona.interop.signature;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A signature written as {@code namespace="dci", kidId="sender|key|alg", ...}: read with all that is seen in the field, with
 * or without a prefix, quotation marks, blanks (DCI reference R12.4).
 */
record ParameterString(Map<String, String> parameters) {

    static final String SIGNED_HEADERS = "(created) (expires) digest";

    private static final Pattern SHAPE = Pattern.compile("signature\\s{0,20}=", Pattern.CASE_INSENSITIVE);
    private static final Pattern PREFIX = Pattern.compile("^\\s*Signature\\s*:\\s*", Pattern.CASE_INSENSITIVE);
    private static final Pattern PARAMETER =
            Pattern.compile("\\G\\s*,?\\s*([A-Za-z]{1,20})\\s*=\\s*(?:\"([^\"]*)(?:\"|$)|([^\",\\s]+))\\s*");

    static boolean isMeantBy(String signature) {
        return SHAPE.matcher(signature).find();
    }

    /** @return empty where it is damaged, or where a parameter stands twice */
    static Optional<ParameterString> read(String text) {
        String parameters = PREFIX.matcher(text).replaceFirst("");
        Map<String, String> read = new LinkedHashMap<>();
        Matcher matcher = PARAMETER.matcher(parameters);
        int end = 0;
        while (matcher.find()) {
            String value = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
            if (read.put(matcher.group(1).toLowerCase(Locale.ROOT), value.strip()) != null) {
                return Optional.empty();
            }
            end = matcher.end();
        }
        return end == parameters.length() ? Optional.of(new ParameterString(read)) : Optional.empty();
    }

    Optional<String> value(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /** A time in seconds since 1970. */
    Optional<Long> seconds(String name) {
        return value(name).filter(text -> text.matches("\\d{1,12}")).map(Long::valueOf);
    }

    /** {@code kidId}, which some call {@code keyId}; an empty text where both stand there and differ. */
    Optional<String> keyId() {
        Optional<String> keyId = value("keyid");
        return value("kidid")
                .map(kidId -> keyId.isPresent() && !keyId.get().equals(kidId) ? "" : kidId)
                .or(() -> keyId);
    }

    /** Also where nothing is said of it. */
    boolean coversWhatIsSigned() {
        return value("headers")
                .map(headers -> headers.replaceAll("\\s+", " ").equals(SIGNED_HEADERS))
                .orElse(true);
    }

    static String signedContent(long created, long expires, String digest) {
        return "(created): " + created + "\n(expires): " + expires + "\ndigest: " + digest;
    }
}
