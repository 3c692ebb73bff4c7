package org.annona.foundation.problem;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.annona.foundation.text.Texts;
import org.jspecify.annotations.Nullable;

/** A refusal on its way to the person or system that asked. Nothing was changed when it is thrown. */
public final class Problem extends RuntimeException {

    private final transient ProblemCode code;
    private final transient Map<String, String> arguments;

    private Problem(ProblemCode code, Map<String, String> arguments, @Nullable Throwable cause) {
        super(code.sentence(Texts.ENGLISH, arguments), cause);
        this.code = code;
        this.arguments = Map.copyOf(arguments);
    }

    public static Problem of(ProblemCode code) {
        return new Problem(code, Map.of(), null);
    }

    /** @param arguments name, value, name, value ... for the places in sentence and remedy */
    public static Problem of(ProblemCode code, Object... arguments) {
        return new Problem(code, pairs(arguments), null);
    }

    public Problem causedBy(Throwable cause) {
        return new Problem(code, arguments, cause);
    }

    public ProblemCode code() {
        return code;
    }

    /** What fills a place of sentence or remedy; empty where there is none of that name. */
    public String argument(String name) {
        return arguments.getOrDefault(name, "");
    }

    /** In English, for logs. */
    public String sentence() {
        return sentence(Texts.ENGLISH);
    }

    public String sentence(Locale language) {
        return code.sentence(language, arguments);
    }

    /** In English, for logs. */
    public String remedy() {
        return remedy(Texts.ENGLISH);
    }

    public String remedy(Locale language) {
        return code.remedy(language, arguments);
    }

    private static Map<String, String> pairs(Object[] arguments) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            map.put((String) arguments[i], String.valueOf(arguments[i + 1]));
        }
        return map;
    }
}
