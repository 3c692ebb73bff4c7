package org.annona.foundation.problem;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.annona.foundation.text.Texts;
import org.jspecify.annotations.Nullable;

/** A refusal on its way to the person or system that asked. Nothing was changed when it is thrown. */
public final class Problem extends RuntimeException {

    private final transient ProblemCode code;
    private final transient Map<String, String> arguments;
    /** What else is wrong with the same input. */
    private final transient List<Problem> others;

    private Problem(ProblemCode code, Map<String, String> arguments, List<Problem> others, @Nullable Throwable cause) {
        super(together(code.sentence(Texts.ENGLISH, arguments), others, Problem::sentence), cause);
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
        return arguments.getOrDefault(name, "");
    }

    /** In English, for logs. */
    public String sentence() {
        return sentence(Texts.ENGLISH);
    }

    public String sentence(Locale language) {
        return together(code.sentence(language, arguments), others, other -> other.sentence(language));
    }

    /** In English, for logs. */
    public String remedy() {
        return remedy(Texts.ENGLISH);
    }

    public String remedy(Locale language) {
        return together(code.remedy(language, arguments), others, other -> other.remedy(language));
    }

    private static String together(String first, List<Problem> others, Function<Problem, String> part) {
        return Stream.concat(Stream.of(first), others.stream().map(part))
                .distinct()
                .collect(Collectors.joining(" "));
    }

    private static Map<String, String> pairs(Object[] arguments) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            map.put((String) arguments[i], String.valueOf(arguments[i + 1]));
        }
        return map;
    }
}
