package org.annona.console;

import java.util.Map;

/**
 * One field above a list.
 *
 * @param choices value to label for a selection, or empty for free text
 * @param unchosen what a list shows where none of the choices is made
 */
public record FilterField(String key, String label, String hint, Map<String, String> choices, String unchosen) {

    public static FilterField text(String key, String label, String hint) {
        return new FilterField(key, label, hint, Map.of(), "");
    }

    public static FilterField choice(String key, String label, Map<String, String> choices) {
        return new FilterField(key, label, "", choices, "all");
    }

    /** For a list that shows only some rows before a choice is made. */
    public FilterField orElse(String shown) {
        return new FilterField(key, label, hint, choices, shown);
    }

    public boolean isChoice() {
        return !choices.isEmpty();
    }
}
