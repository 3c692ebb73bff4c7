package org.annona.foundation.problem;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A refusal on its way to the person or system that asked. Nothing was changed when it is thrown. */
public final class Problem extends RuntimeException {

    private final transient ProblemCode code;
    private final transient Map<String, Object> arguments;
    /** What else is wrong with the same input. */
    private final transient List<Problem> others;

    private Problem(ProblemCode code, Map<String, Object> arguments, List<Problem> others, @Nullable Throwable cause) {
        super(together(fill(code.sentence(), arguments), others, Problem::sentence), cause);
        this.code = code;
        this.arguments = Map.copyOf(arguments);
        this.others = List.copyOf(others);
    }

    public static Problem of(ProblemCode code) {
        return new Problem(code, Map.of(), List.of(), null);
    }

    /** One refusal for all that is wrong with an input, with the code of the first. @param all at least one */
    static Problem of(List<Problem> all) {
        Problem first = all.getFirst();
        List<Problem> others =
                Stream.concat(first.others.stream(), all.stream().skip(1)).toList();
        return new Problem(first.code, first.arguments, others, null);
    }

    /** @param arguments name, value, name, value ... for the places in sentence and remedy */
    public static Problem of(ProblemCode code, Object... arguments) {
        return new Problem(code, pairs(arguments), List.of(), null);
    }

    public Problem causedBy(Throwable cause) {
        return new Problem(code, arguments, others, cause);
    }

    public ProblemCode code() {
        return code;
    }

    /** What fills a place of sentence or remedy; empty where there is none of that name. */
    public String argument(String name) {
        return String.valueOf(arguments.getOrDefault(name, ""));
    }

    public String sentence() {
        return together(fill(code.sentence(), arguments), others, Problem::sentence);
    }

    public String remedy() {
        return together(fill(code.remedy(), arguments), others, Problem::remedy);
    }

    private static String together(String first, List<Problem> others, Function<Problem, String> part) {
        return Stream.concat(Stream.of(first), others.stream().map(part))
                .distinct()
                .collect(Collectors.joining(" "));
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
