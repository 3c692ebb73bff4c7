package org.annona.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The question before something that has consequences: what will happen, in numbers, and what cannot be undone.
 *
 * @param facts label to value
 * @param warnings sentences that stand out
 * @param hidden what was looked at, such as a digest; sent along, so that it is exactly this that is agreed to
 * @param reasonLabel asks for a reason that is kept, unless null
 * @param button what will be done, as a verb
 */
public record Confirmation(
        String title,
        String lead,
        Map<String, String> facts,
        List<String> warnings,
        String action,
        Map<String, String> hidden,
        @Nullable String reasonLabel,
        String button,
        Tone tone,
        String cancelPath) {

    public static Confirmation of(String title, String lead, String action, String button, String cancelPath) {
        return new Confirmation(
                title, lead, Map.of(), List.of(), action, Map.of(), null, button, Tone.ACTIVE, cancelPath);
    }

    public Confirmation fact(String label, Object value) {
        return new Confirmation(
                title,
                lead,
                with(facts, label, value),
                warnings,
                action,
                hidden,
                reasonLabel,
                button,
                tone,
                cancelPath);
    }

    public Confirmation warning(String sentence) {
        List<String> more = new ArrayList<>(warnings);
        more.add(sentence);
        return new Confirmation(
                title, lead, facts, List.copyOf(more), action, hidden, reasonLabel, button, tone, cancelPath);
    }

    public Confirmation carrying(String name, Object value) {
        return new Confirmation(
                title, lead, facts, warnings, action, with(hidden, name, value), reasonLabel, button, tone, cancelPath);
    }

    public Confirmation askingReason(String label) {
        return new Confirmation(title, lead, facts, warnings, action, hidden, label, button, tone, cancelPath);
    }

    public Confirmation grave() {
        return new Confirmation(
                title, lead, facts, warnings, action, hidden, reasonLabel, button, Tone.BAD, cancelPath);
    }

    private static Map<String, String> with(Map<String, String> map, String key, Object value) {
        Map<String, String> more = new LinkedHashMap<>(map);
        more.put(key, String.valueOf(value));
        return more;
    }
}
