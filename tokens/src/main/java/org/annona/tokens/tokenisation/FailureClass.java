package org.annona.tokens.tokenisation;

import java.util.Set;
import java.util.regex.Pattern;

/** What has to happen after an error of the seeder (reference C7). */
enum FailureClass {
    /** It says so of these data; only other data can change that. */
    DATA,
    /** Something went wrong on the way; later it may work. */
    SERVICE;

    private static final Set<String> OF_DATA = Set.of("IDA-MLC-004", "IDA-DEA-001");
    private static final Pattern RECORD_CODE = Pattern.compile("ATS-REQ-0(0[3-9]|1[0-5])");
    private static final String SEVERAL = "ATS-REQ-103";

    /** Several errors at once take the stricter class of theirs. */
    static FailureClass of(String code, String message) {
        if (OF_DATA.contains(code) || RECORD_CODE.matcher(code).matches()) {
            return DATA;
        }
        if (code.equals(SEVERAL)) {
            for (String part : message.split(",")) {
                String inner = part.split("::", 2)[0].strip();
                if (!inner.equals(SEVERAL) && of(inner, "") == DATA) {
                    return DATA;
                }
            }
        }
        return SERVICE;
    }
}
