package org.annona.simulators.socialregistry;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The same households by searches of the standard (DCI reference, sections 6 to 8 and 13): members are their heads, groups hold
 * everybody. Of conditions it understands {@code registration_date} and {@code sex}, of operators equality and order.
 */
final class StandardSearch {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final LocalDate FIRST = LocalDate.of(2020, 1, 1);

    private final LongFunction<SimulatedHousehold> households;

    StandardSearch(LongFunction<SimulatedHousehold> households) {
        this.households = households;
    }

    /** A question that it does not understand. */
    static final class Rejected extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** An answer that breaks off: it cannot write a member whose identifier has no value. */
    static final class Broken extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /**
     * @param places of all households that there are
     * @param most records of a page, whatever is asked for
     */
    ObjectNode answer(JsonNode criteria, LongStream places, int most) throws Rejected, Broken {
        LongPredicate fits = condition(criteria);
        List<Long> all = places.filter(fits).boxed().toList();
        int size = Math.min(most, criteria.at("/pagination/page_size").asInt(10));
        long from = Math.min(all.size(), (criteria.at("/pagination/page_number").asLong(1) - 1) * size);
        boolean groups = criteria.path("reg_record_type").asString("").equals("Group");
        ArrayNode records = JSON.createArrayNode();
        for (long place : all.subList((int) from, (int) Math.min(all.size(), from + size))) {
            records.add(
                    groups
                            ? group(place)
                            : member(households.apply(place).members().getFirst()));
        }
        ObjectNode answer = JSON.createObjectNode();
        answer.putObject("data")
                .put("reg_type", criteria.path("reg_type").asString(""))
                .put("reg_record_type", groups ? "Group" : "Member")
                .set("reg_records", records);
        answer.putObject("pagination")
                .put("page_size", size)
                .put("page_number", criteria.at("/pagination/page_number").asLong(1))
                .put("total_count", all.size());
        return answer;
    }

    private LongPredicate condition(JsonNode criteria) throws Rejected {
        JsonNode query = criteria.path("query");
        return switch (criteria.path("query_type").asString("")) {
            case "expression" -> all(query.at("/value/expression/query"));
            case "predicate" -> {
                List<LongPredicate> rows = new ArrayList<>();
                for (JsonNode row : query) {
                    JsonNode one = row.path("expression1");
                    rows.add(one(
                            one.path("attribute_name").asString(""),
                            one.path("operator").asString(""),
                            one.path("attribute_value").asString("")));
                }
                yield place -> rows.stream().allMatch(row -> row.test(place));
            }
            case "idtype-value" -> identified(query);
            default -> throw new Rejected();
        };
    }

    private LongPredicate all(JsonNode query) throws Rejected {
        List<LongPredicate> conditions = new ArrayList<>();
        for (String attribute : query.propertyNames()) {
            if (attribute.equals("$and")) {
                for (JsonNode below : query.path(attribute)) {
                    conditions.add(all(below));
                }
            } else {
                for (var operator : query.path(attribute).properties()) {
                    conditions.add(one(
                            attribute, operator.getKey(), operator.getValue().asString("")));
                }
            }
        }
        return place -> conditions.stream().allMatch(condition -> condition.test(place));
    }

    private LongPredicate one(String attribute, String operator, String value) throws Rejected {
        if (!attribute.equals("registration_date") && !attribute.equals("sex")) {
            throw new Rejected();
        }
        String plain = operator.replace("$", "");
        if (!List.of("eq", "ge", "gt", "le", "lt").contains(plain)) {
            throw new Rejected();
        }
        return place -> {
            int order = (attribute.equals("sex")
                            ? households
                                    .apply(place)
                                    .members()
                                    .getFirst()
                                    .gender()
                                    .toLowerCase(Locale.ROOT)
                            : registered(place))
                    .compareTo(value);
            return switch (plain) {
                case "eq" -> order == 0;
                case "ge" -> order >= 0;
                case "gt" -> order > 0;
                case "le" -> order <= 0;
                default -> order < 0;
            };
        };
    }

    private LongPredicate identified(JsonNode query) throws Rejected {
        String type = query.path("type").asString("");
        String value = query.path("value").asString("");
        return switch (type) {
            case "UIN" ->
                place -> households.apply(place).members().stream()
                        .anyMatch(member -> value.equals(member.nationalId()));
            case "HOUSEHOLD" -> place -> households.apply(place).number().equals(value);
            default -> throw new Rejected();
        };
    }

    private static String registered(long place) {
        return FIRST.plusDays(place % 1_000) + "T00:00:00Z";
    }

    private ObjectNode group(long place) throws Broken {
        SimulatedHousehold household = households.apply(place);
        ObjectNode group = JSON.createObjectNode().put("group_type", "2");
        group.set("group_identifier", identifiers("HOUSEHOLD", household.number()));
        group.put("group_size", household.members().size());
        ArrayNode members = JSON.createArrayNode();
        for (SimulatedHousehold.Member member : household.members()) {
            members.add(member(member));
        }
        group.set("group_head_info", members.path(0));
        group.set("member_list", members);
        return group.put("registration_date", registered(place));
    }

    private static ObjectNode member(SimulatedHousehold.Member member) throws Broken {
        String nationalId = member.nationalId();
        if (nationalId == null) {
            throw new Broken();
        }
        ObjectNode record = JSON.createObjectNode();
        record.set("member_identifier", identifiers("UIN", nationalId));
        ObjectNode person = record.putObject("demographic_info");
        person.putObject("name").put("given_name", member.given()).put("surname", member.family());
        person.put("sex", member.gender().toLowerCase(Locale.ROOT))
                .put("birth_date", member.birthdate() + "T00:00:00Z");
        String phone = member.phone();
        if (phone != null) {
            person.putArray("phone_number").add(phone);
        }
        return record;
    }

    private static ArrayNode identifiers(String type, @Nullable String value) {
        ArrayNode identifiers = JSON.createArrayNode();
        if (value != null && !value.isEmpty()) {
            identifiers.addObject().put("identifier_type", type).put("identifier_value", value);
        }
        return identifiers;
    }
}
