package org.annona.registry.person;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** How values look to readers who may not see them in clear. */
public final class Masks {

    private static final int SHOWN = 4;

    private Masks() {}

    /** The last four signs of a number. */
    public static String tail(String value) {
        return value.length() <= SHOWN ? "••••" : "••••" + value.substring(value.length() - SHOWN);
    }

    public static String email(String value) {
        int at = value.indexOf('@');
        return at < 1 ? "•••" : value.substring(0, 1) + "•••" + value.substring(at);
    }

    public static String year(@Nullable LocalDate date) {
        return date == null ? "not known" : Integer.toString(date.getYear());
    }
}
