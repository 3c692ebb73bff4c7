package org.annona.interop.record;

/** Who is assisted; also the kind of a group. */
public enum AssistanceUnit {
    MEMBER("1"),
    HOUSEHOLD("2"),
    FAMILY("3");

    private final String code;

    AssistanceUnit(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }
}
