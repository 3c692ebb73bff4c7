package org.annona.console;

import org.jspecify.annotations.Nullable;

/**
 * What stands in one place of a table.
 *
 * @param href makes it a link
 * @param tone makes it a badge in the colour of its meaning
 */
public record Cell(
        String text, @Nullable String href, @Nullable Tone tone) {

    public static Cell text(@Nullable Object value) {
        return new Cell(value == null ? "" : value.toString(), null, null);
    }

    public static Cell link(@Nullable Object value, String href) {
        return new Cell(value == null ? "" : value.toString(), href, null);
    }

    public static Cell badge(String text, Tone tone) {
        return new Cell(text, null, tone);
    }
}
