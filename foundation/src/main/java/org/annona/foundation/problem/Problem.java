package org.annona.foundation.problem;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A refusal on its way to the person or system that asked. Nothing was changed when it is thrown. */
public final class Problem extends RuntimeException {

    private final transient ProblemCode code;
    private final transient Map<String, Object> arguments;

    private Problem(ProblemCode code, Map<String, Object> arguments, @Nullable Throwable cause) {
        super(fill(code.sentence(), arguments), cause);
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
        return String.valueOf(arguments.getOrDefault(name, ""));
    }

    public String sentence() {
        return fill(code.sentence(), arguments);
    }

    public String remedy() {
        return fill(code.remedy(), arguments);
    }

    private static Map<String, Object> pairs(Object[] arguments) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            map.put((String) arguments[i], arguments[i + 1]);
        }
        return map;
    }

    private static String fill(String text, Map<String, Object> arguments) {
        String filled = text;
        for (Map.Entry<String, Object> argument : arguments.entrySet()) {
            filled = filled.replace("{" + argument.getKey() + "}", String.valueOf(argument.getValue()));
        }
        return filled;
    }
}
