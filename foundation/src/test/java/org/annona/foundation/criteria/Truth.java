package org.annona.foundation.criteria;

import java.util.Collection;

/** Three-valued logic (Kleene's strong one, which is also SQL's). */
public enum Truth {
    TRUE,
    FALSE,
    UNKNOWN;

    public static Truth of(boolean value) {
        return value ? TRUE : FALSE;
    }

    public Truth not() {
        return switch (this) {
            case TRUE -> FALSE;
            case FALSE -> TRUE;
            case UNKNOWN -> UNKNOWN;
        };
    }

    public static Truth all(Collection<Truth> parts) {
        if (parts.contains(FALSE)) {
            return FALSE;
        }
        return parts.contains(UNKNOWN) ? UNKNOWN : TRUE;
    }

    public static Truth any(Collection<Truth> parts) {
        if (parts.contains(TRUE)) {
            return TRUE;
        }
        return parts.contains(UNKNOWN) ? UNKNOWN : FALSE;
    }
}
