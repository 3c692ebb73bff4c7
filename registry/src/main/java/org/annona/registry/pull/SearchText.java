package org.annona.registry.pull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.annona.interop.json.StrictJson;
import org.annona.interop.json.UnreadableJson;
import org.annona.registry.source.SourceQuestion;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Questions of the standard as a person wrote them (reference IM-10; DCI reference, section 7). */
final class SearchText {

    private static final JsonMapper JSON = JsonMapper.shared();

    private SearchText() {}

    /**
     * The query of an expression or predicate. An expression may be written whole, or only its conditions.
     *
     * @throws UnfitQuery where it cannot be one
     */
    static JsonNode query(PullQuestion question) {
        JsonNode query;
        try {
            query = StrictJson.read(question.text().getBytes(StandardCharsets.UTF_8));
        } catch (UnreadableJson broken) {
            throw new UnfitQuery("it is no JSON");
        }
        return switch (question.language()) {
            case EXPRESSION -> expression(query, question.recordType());
            case PREDICATE -> predicate(query);
            case GRAPHQL, IDENTIFIERS -> throw new IllegalArgumentException("no query of the standard");
        };
    }

    private static JsonNode expression(JsonNode query, String recordType) {
        if (!query.isObject() || query.isEmpty()) {
            throw new UnfitQuery("an expression is an object such as {\"sex\": {\"$eq\": \"female\"}}");
        }
        if (query.has("value") && query.has("type")) {
            return query;
        }
        ObjectNode whole = JSON.createObjectNode().put("type", "ns:org:QueryType:expression");
        whole.putObject("value")
                .putObject("expression")
                .put("collection", recordType)
                .set("query", query);
        return whole;
    }

    /** The standard's rows; or a text, as some registries have it. */
    private static JsonNode predicate(JsonNode query) {
        boolean rows =
                query.isArray() && !query.isEmpty() && query.valueStream().allMatch(JsonNode::isObject);
        boolean text = query.isString() && !query.asString("").isBlank();
        if (!rows && !text) {
            throw new UnfitQuery(
                    "a predicate is a list of rows such as [{\"expression1\": {\"attribute_name\": \"sex\","
                            + " \"operator\": \"eq\", \"attribute_value\": \"female\"}}], or a text in quotes");
        }
        return query;
    }

    static SourceQuestion page(PullQuestion question, int size, long number) {
        return new SourceQuestion.Search(
                question.language().code(),
                query(question),
                question.registryType(),
                question.recordType(),
                size,
                number);
    }

    /** A question for one identifier. */
    static SourceQuestion identifier(PullQuestion question, String value, int most) {
        return new SourceQuestion.Search(
                question.language().code(),
                JSON.createObjectNode().put("type", question.identifierType()).put("value", value),
                question.registryType(),
                question.recordType(),
                most,
                1);
    }

    static List<SourceQuestion> identifiers(PullQuestion question, List<String> values, int most) {
        return values.stream().map(value -> identifier(question, value, most)).toList();
    }
}
