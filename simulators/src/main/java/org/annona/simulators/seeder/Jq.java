package org.annona.simulators.seeder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.ArrayList;
import java.util.List;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** One jq program. */
final class Jq {

    private static final Scope ROOT = root();

    private final JsonQuery query;

    private Jq(JsonQuery query) {
        this.query = query;
    }

    static Jq compile(String program) throws JsonQueryException {
        return new Jq(JsonQuery.compile(program, Versions.JQ_1_6));
    }

    private static Scope root() {
        Scope scope = Scope.newEmptyScope();
        BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_6, scope);
        return scope;
    }

    /** The first result; null where there is none or the program fails on this input. */
    JsonNode first(JsonNode input) {
        List<JsonNode> results = new ArrayList<>(1);
        try {
            query.apply(Scope.newChildScope(ROOT), input, results::add);
        } catch (JsonQueryException | StackOverflowError failed) {
            return NullNode.getInstance();
        }
        return results.isEmpty() ? NullNode.getInstance() : results.getFirst();
    }
}
