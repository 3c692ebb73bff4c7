package org.annona.interop.query;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.annona.foundation.criteria.Criterion;
import org.annona.interop.message.LocalName;
import tools.jackson.databind.JsonNode;

/**
 * Reads the query languages of DCI and the shapes in which they are seen in the field: by {@code query_type}, then by shape
 * (DCI reference, section 7).
 */
public final class QueryReader {

    private static final int DEEPEST = 10;
    private static final int MOST_ROWS = 100;
    private static final int LONGEST_IDENTIFIER = 200;

    private final Vocabulary vocabulary;

    public QueryReader(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** @throws QueryRefused where any part of it is not understood or not allowed */
    public Query read(String queryType, JsonNode query) {
        return switch (LocalName.of(queryType).toLowerCase(Locale.ROOT)) {
            case "idtype-value" -> identifier(query);
            case "expression" -> new Query.ByCriteria(expression(query));
            case "predicate" -> new Query.ByCriteria(predicate(query));
            default -> throw new QueryRefused("query_type has to be idtype-value, expression or predicate");
        };
    }

    private Query identifier(JsonNode query) {
        JsonNode inner = query.path("value").isObject() ? query.path("value") : query;
        JsonNode type = first(inner, "identifier_type", "id_type", "type");
        JsonNode value = first(inner, "identifier_value", "id_value", "value");
        if (!type.isString() || !value.isValueNode() || value.isNull()) {
            throw new QueryRefused("the query needs a type and a value");
        }
        String text = Terms.scalar(value);
        if (text.isEmpty() || text.length() > LONGEST_IDENTIFIER) {
            throw new QueryRefused("the value has 1 to " + LONGEST_IDENTIFIER + " characters");
        }
        return new Query.ByIdentifier(
                vocabulary
                        .identifierType(type.asString())
                        .orElseThrow(() -> new QueryRefused("identifiers of this type cannot be asked for")),
                text);
    }

    private static JsonNode first(JsonNode object, String... names) {
        for (String name : names) {
            if (object.has(name)) {
                return object.get(name);
            }
        }
        return object.path(names[0]);
    }

    private Criterion expression(JsonNode query) {
        JsonNode inner = query.has("value") ? query.get("value") : query;
        inner = inner.has("expression") ? inner.get("expression") : inner;
        if (inner.isArray()) {
            return predicate(inner);
        }
        if (inner.has("collection")) {
            JsonNode collection = inner.get("collection");
            if (!collection.isString() || !vocabulary.isCollection(collection.asString())) {
                throw new QueryRefused("the collection cannot be asked for");
            }
            if (!inner.has("query") || inner.size() > 2) {
                throw new QueryRefused("an expression has a collection and a query, and nothing else");
            }
        }
        return all(inner.has("query") ? inner.get("query") : inner, new Terms(vocabulary), 0);
    }

    /** All members of the object have to hold. An empty one would mean everybody, and is refused. */
    private Criterion all(JsonNode object, Terms terms, int depth) {
        if (depth > DEEPEST) {
            throw new QueryRefused("a query is nested at most " + DEEPEST + " times");
        }
        if (!object.isObject() || object.isEmpty()) {
            throw new QueryRefused("a condition is an object with at least one member");
        }
        List<Criterion> parts = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            parts.add(
                    switch (member.getKey()) {
                        case "$and" -> new Criterion.And(each(member.getValue(), terms, depth));
                        case "$or" -> new Criterion.Or(each(member.getValue(), terms, depth));
                        case "$not" -> new Criterion.Not(all(member.getValue(), terms, depth + 1));
                        default -> about(member.getKey(), member.getValue(), terms, depth);
                    });
        }
        return parts.size() == 1 ? parts.getFirst() : new Criterion.And(parts);
    }

    private List<Criterion> each(JsonNode conditions, Terms terms, int depth) {
        if (!conditions.isArray() || conditions.isEmpty()) {
            throw new QueryRefused("$and and $or need an array with at least one condition");
        }
        List<Criterion> parts = new ArrayList<>();
        conditions.forEach(condition -> parts.add(all(condition, terms, depth + 1)));
        return parts;
    }

    /** {@code attribute: value} or {@code attribute: {"$gte": 1, "$lt": 5}}. */
    private Criterion about(String path, JsonNode value, Terms terms, int depth) {
        if (!value.isObject()) {
            return terms.term(path, Operator.EQUAL, value);
        }
        if (value.isEmpty() || depth > DEEPEST) {
            throw new QueryRefused("'" + Terms.shown(path) + "' is compared with nothing, or too deep");
        }
        List<Criterion> parts = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            parts.add(
                    member.getKey().equals("$not")
                            ? new Criterion.Not(about(path, member.getValue(), terms, depth + 1))
                            : terms.term(path, operator(member.getKey()), member.getValue()));
        }
        return parts.size() == 1 ? parts.getFirst() : new Criterion.And(parts);
    }

    private static Operator operator(String spelled) {
        return Operator.spelled(spelled)
                .orElseThrow(() -> new QueryRefused("an operator is one of eq, ne, lt, le, gt, ge, in"));
    }

    private record Row(long number, Criterion criterion) {}

    /** Rows in the order of their numbers, or as they stand where these are missing; all of them have to hold. */
    private Criterion predicate(JsonNode query) {
        JsonNode rows = query.has("value") ? query.get("value") : query;
        if (!rows.isArray() || rows.isEmpty() || rows.size() > MOST_ROWS) {
            throw new QueryRefused("a predicate is an array of 1 to " + MOST_ROWS + " rows");
        }
        Terms terms = new Terms(vocabulary);
        List<Row> read = new ArrayList<>();
        for (JsonNode row : rows) {
            read.add(new Row(number(row).orElse((long) read.size()), row(row, terms)));
        }
        List<Criterion> parts = read.stream()
                .sorted(Comparator.comparingLong(Row::number))
                .map(Row::criterion)
                .toList();
        return parts.size() == 1 ? parts.getFirst() : new Criterion.And(parts);
    }

    private static Optional<Long> number(JsonNode row) {
        JsonNode number = row.path("seq_num");
        if (number.isMissingNode() || number.isNull()) {
            return Optional.empty();
        }
        String digits = number.isIntegralNumber() || number.isString() ? number.asString() : "";
        if (!digits.matches("\\d{1,9}")) {
            throw new QueryRefused("seq_num is a whole number");
        }
        return Optional.of(Long.valueOf(digits));
    }

    /** {@code expression1 condition expression2}, and further expressions from left to right. */
    private static Criterion row(JsonNode row, Terms terms) {
        if (!row.has("expression1")) {
            throw new QueryRefused("a row needs expression1");
        }
        JsonNode named = row.path("condition");
        String condition = named.isMissingNode() || named.isNull()
                ? "and"
                : named.asString("").toLowerCase(Locale.ROOT);
        Criterion criterion = simple(row.get("expression1"), terms);
        int next = 2;
        if (condition.equals("not") && !row.has("expression2")) {
            criterion = new Criterion.Not(criterion);
        }
        for (; row.has("expression" + next); next++) {
            Criterion other = simple(row.get("expression" + next), terms);
            criterion = switch (condition) {
                case "and", "" -> new Criterion.And(List.of(criterion, other));
                case "or" -> new Criterion.Or(List.of(criterion, other));
                case "not" -> new Criterion.And(List.of(criterion, new Criterion.Not(other)));
                default -> throw new QueryRefused("condition is one of and, or, not");
            };
        }
        if (!List.of("and", "", "or", "not").contains(condition)) {
            throw new QueryRefused("condition is one of and, or, not");
        }
        for (String name : row.propertyNames()) {
            boolean known = name.equals("seq_num") || name.equals("condition");
            if (!known && !(name.matches("expression[1-9]\\d?") && Integer.parseInt(name.substring(10)) < next)) {
                throw new QueryRefused("a row holds something that is not understood");
            }
        }
        return criterion;
    }

    private static Criterion simple(JsonNode expression, Terms terms) {
        if (!expression.path("attribute_name").isString()
                || !expression.path("operator").isString()
                || !expression.has("attribute_value")
                || expression.size() != 3) {
            throw new QueryRefused("an expression has attribute_name, operator and attribute_value, and nothing else");
        }
        return terms.term(
                expression.get("attribute_name").asString(),
                operator(expression.get("operator").asString()),
                expression.get("attribute_value"));
    }
}
