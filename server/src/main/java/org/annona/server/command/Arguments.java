package org.annona.server.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.annona.server.Refusal;

/** What stands behind a command: options such as {@code --port 8080}, switches such as {@code --fresh}, and files. */
public record Arguments(Map<String, String> options, Set<String> switches, List<String> others) {

    /** Refuses what the command does not know, rather than leaving it out. */
    public static Arguments read(List<String> words, Set<String> knownOptions, Set<String> knownSwitches) {
        Map<String, String> options = new LinkedHashMap<>();
        Set<String> switches = new LinkedHashSet<>();
        List<String> others = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String name = word.startsWith("--") ? word.substring(2).split("=", 2)[0] : "";
            if (knownSwitches.contains(name) && !word.contains("=")) {
                switches.add(name);
            } else if (knownOptions.contains(name) && word.contains("=")) {
                options.put(name, word.substring(word.indexOf('=') + 1));
            } else if (knownOptions.contains(name) && i + 1 < words.size()) {
                options.put(name, words.get(++i));
            } else if (word.startsWith("-")) {
                throw new Refusal("'" + word + "' is not understood here. './annona help' shows what is.");
            } else {
                others.add(word);
            }
        }
        return new Arguments(options, switches, others);
    }

    public long number(String name, long otherwise, long least, long most) {
        String text = options.get(name);
        if (text == null) {
            return otherwise;
        }
        String digits = text.replace("_", "").replace(",", "");
        if (!digits.matches("-?\\d{1,18}") || Long.parseLong(digits) < least || Long.parseLong(digits) > most) {
            throw new Refusal(
                    "--" + name + " is a whole number from " + least + " to " + most + ", not '" + text + "'.");
        }
        return Long.parseLong(digits);
    }

    public boolean has(String name) {
        return switches.contains(name);
    }
}
