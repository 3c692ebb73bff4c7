package org.annona.interop.enrolment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.annona.interop.message.ErrorCode;
import org.annona.interop.message.Fields;
import org.annona.interop.message.LocalName;
import org.annona.interop.message.Refusal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Whether a person is enrolled (DCI reference 11.1).
 *
 * @param question null where what was asked is not understood; then nothing is answered but that
 */
public record EnrolledRequest(
        String transactionId, @Nullable Question question) {

    /**
     * @param identifierType null where only the value is known; then the registry's usual one is meant
     * @param programmes by their codes; empty for any
     */
    public record Question(@Nullable String identifierType, String identifier, List<String> programmes) {

        @Override
        public String toString() {
            return "Question[hidden]";
        }
    }

    private static final Set<String> PERSON = Set.of("person_identifier", "member_identifier", "identifier");
    /** In the nestings of editions and partners; whatever else begins like that is another attribute. */
    private static final Set<String> PROGRAMME = Set.of(
            "programme_identifier",
            "programme_identifier.programme_identifier",
            "programme_identifier.programme.programme_identifier",
            "programme_identifier.program.programme_identifier");

    private static final Set<String> ROW = Set.of("seq_num", "expression1", "condition");
    private static final Set<String> COMPARISON = Set.of("attribute_name", "operator", "attribute_value");
    private static final int LONGEST = 200;
    private static final int MOST_PROGRAMMES = 100;

    /** @throws Refusal where its structure is not as the standard says */
    public static EnrolledRequest read(JsonNode message) {
        Fields fields = Fields.of(message, "message");
        String transactionId = fields.requiredId("transaction_id");
        JsonNode criteria = message.path("enrolled_criteria");
        Fields.of(criteria, "message.enrolled_criteria");
        JsonNode query = criteria.path("query");
        if (query.isMissingNode() || query.isNull()) {
            throw Refusal.of(ErrorCode.BAD_REQUEST, "message.enrolled_criteria.query is missing");
        }
        return new EnrolledRequest(transactionId, question(query));
    }

    private static @Nullable Question question(JsonNode query) {
        String type = null;
        String identifier = null;
        List<String> programmes = new ArrayList<>();
        for (Condition condition : conditions(query)) {
            String local = condition.attribute().substring(condition.attribute().lastIndexOf('.') + 1);
            List<String> values = condition.values();
            if (values == null || values.isEmpty()) {
                return null;
            }
            if (local.equals("identifier_type") || local.equals("type")) {
                type = LocalName.of(values.getFirst());
            } else if (PROGRAMME.contains(condition.attribute())) {
                programmes.addAll(values);
            } else if ((PERSON.contains(local) || local.equals("identifier_value") || local.equals("value"))
                    && values.size() == 1
                    && identifier == null) {
                identifier = values.getFirst();
            } else {
                return null;
            }
        }
        return identifier == null || programmes.size() > MOST_PROGRAMMES
                ? null
                : new Question(type, identifier, List.copyOf(programmes));
    }

    /** @param values null where it is no comparison for equality with texts */
    private record Condition(String attribute, @Nullable List<String> values) {}

    /** {@code {attribute: {eq: value}}}, {@code {attribute: value}}, or the same with names, single or in an array. */
    private static List<Condition> conditions(JsonNode query) {
        JsonNode inner = query.isObject() && query.path("value").isObject() ? query.get("value") : query;
        inner = inner.isObject() && inner.path("expression").isObject() ? inner.get("expression") : inner;
        inner = inner.isObject() && inner.path("query").isObject() ? inner.get("query") : inner;
        List<Condition> conditions = new ArrayList<>();
        if (inner.isArray()) {
            inner.forEach(one -> conditions.add(named(one)));
        } else if (inner.has("attribute_name")) {
            conditions.add(named(inner));
        } else {
            for (Map.Entry<String, JsonNode> member : inner.properties()) {
                if (member.getKey().equals("$and") && member.getValue().isArray()) {
                    member.getValue().forEach(one -> conditions.addAll(conditions(one)));
                } else {
                    conditions.add(new Condition(LocalName.of(member.getKey()), compared(member.getValue())));
                }
            }
        }
        return conditions;
    }

    private static Condition named(JsonNode condition) {
        boolean row = condition.path("expression1").isObject();
        JsonNode from = row ? condition.get("expression1") : condition;
        String joined = row ? condition.path("condition").asString("and").toLowerCase(Locale.ROOT) : "and";
        String operator = from.path("operator").asString("eq").toLowerCase(Locale.ROOT);
        boolean understood = Set.of("eq", "=", "in", "$eq", "$in").contains(operator)
                && Set.of("", "and").contains(joined)
                && (!row || ROW.containsAll(condition.propertyNames()))
                && COMPARISON.containsAll(from.propertyNames());
        return new Condition(
                LocalName.of(from.path("attribute_name").asString("")),
                understood ? texts(from.path("attribute_value")) : null);
    }

    private static @Nullable List<String> compared(JsonNode value) {
        if (!value.isObject()) {
            return texts(value);
        }
        if (value.size() != 1) {
            return null;
        }
        String operator = value.propertyNames().iterator().next();
        return Set.of("eq", "$eq", "in", "$in").contains(operator) ? texts(value.get(operator)) : null;
    }

    private static @Nullable List<String> texts(JsonNode value) {
        List<String> texts = new ArrayList<>();
        Iterable<JsonNode> all = value.isArray() ? value : List.of(value);
        for (JsonNode one : all) {
            boolean scalar = one.isString() || one.isIntegralNumber();
            String text = scalar ? one.asString().strip() : "";
            if (text.isEmpty() || text.length() > LONGEST) {
                return null;
            }
            texts.add(text);
        }
        return texts;
    }

    /** A refusal of what was asked, in the words of all queries. */
    public static String notUnderstood() {
        return "the query needs one person identifier and may name programmes, each compared with eq or in";
    }
}
