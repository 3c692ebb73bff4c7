package org.annona.tokens.seeder;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** One program in the language of jq 1.6, as the seeder runs it. */
public final class JqProgram {

    private static final Scope ROOT = root();

    private final JsonQuery query;

    private JqProgram(JsonQuery query) {
        this.query = query;
    }

    /** @throws IllegalArgumentException with the reason */
    public static JqProgram compile(String program) {
        try {
            return new JqProgram(JsonQuery.compile(program, Versions.JQ_1_6));
        } catch (JsonQueryException unreadable) {
            throw new IllegalArgumentException(
                    String.valueOf(unreadable.getMessage()).lines().findFirst().orElse("it is unreadable"), unreadable);
        }
    }

    private static Scope root() {
        Scope scope = Scope.newEmptyScope();
        BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_6, scope);
        // What this process was started with is nobody's business.
        scope.setValue("ENV", com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode());
        return scope;
    }

    /** The first result, unless there is none, it is null, or the program fails on this input. */
    public Optional<JsonNode> first(JsonNode input) {
        List<JsonNode> results = new ArrayList<>(1);
        try {
            query.apply(Scope.newChildScope(ROOT), input, result -> {
                results.add(result);
                throw new Enough();
            });
        } catch (Enough first) {
            // The rest may be endless.
        } catch (JsonQueryException | StackOverflowError failed) {
            return Optional.empty();
        }
        return results.stream().findFirst().filter(result -> !result.isNull());
    }

    private static final class Enough extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Enough() {
            super(null, null, false, false);
        }
    }
}
