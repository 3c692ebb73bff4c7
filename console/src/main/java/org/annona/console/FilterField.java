package org.annona.console;

import java.util.Map;

/**
 * One field above a list.
 *
 * @param choices value to label for a selection, or empty for free text
 */
public record FilterField(String key, String label, String hint, Map<String, String> choices) {

    public static FilterField text(String key, String label, String hint) {
        return new FilterField(key, label, hint, Map.of());
    }

    public static FilterField choice(String key, String label, Map<String, String> choices) {
        return new FilterField(key, label, "", choices);
    }

    public boolean isChoice() {
        return !choices.isEmpty();
    }
}
