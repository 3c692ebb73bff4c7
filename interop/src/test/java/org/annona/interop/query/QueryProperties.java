package org.annona.interop.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.annona.foundation.criteria.Interpreter;
import org.annona.foundation.criteria.Truth;
import org.annona.interop.query.SamplePeople.Row;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Random queries about random groups mean what the reference says, read a second time in the plainest way. */
class QueryProperties {

    private static final String SEX = "member_list.demographic_info.sex";
    private static final String BIRTH = "member_list.demographic_info.birth_date";
    private static final QueryReader READER = new QueryReader(SamplePeople.VOCABULARY);

    @Provide
    Arbitrary<Row> groups() {
        Arbitrary<Row> member = Combinators.combine(
                        Arbitraries.of("male", "female").injectNull(0.3),
                        Arbitraries.integers().between(0, 3).injectNull(0.3))
                .as((sex, day) -> {
                    Map<String, Object> values = new HashMap<>();
                    values.put("sex", sex);
                    values.put("birth_date", day == null ? null : LocalDate.of(2020, 1, 1 + day));
                    return new Row(values, List.of());
                });
        return Combinators.combine(
                        Arbitraries.longs().between(0, 4).injectNull(0.3),
                        Arbitraries.of("1", "2").injectNull(0.3),
                        member.list().ofMaxSize(3))
                .as((size, kind, members) -> {
                    Map<String, Object> values = new HashMap<>();
                    values.put("size", size);
                    values.put("kind", kind);
                    return new Row(values, members);
                });
    }

    @Provide
    Arbitrary<Map<String, Object>> filters() {
        return filters(3);
    }

    private static Arbitrary<Map<String, Object>> filters(int depth) {
        Arbitrary<Map<String, Object>> terms = Arbitraries.oneOf(
                term("group_size", Arbitraries.longs().between(0, 4).map(number -> number), true),
                term("group_type", Arbitraries.of("1", "2").map(text -> text), false),
                term(SEX, Arbitraries.of("male", "female").map(text -> text), false),
                term(BIRTH, Arbitraries.integers().between(1, 4).map(day -> "2020-01-0" + day + "T00:00:00Z"), true));
        if (depth == 0) {
            return terms;
        }
        Arbitrary<Map<String, Object>> below = filters(depth - 1);
        return Arbitraries.oneOf(
                terms,
                below.list().ofMinSize(1).ofMaxSize(3).map(parts -> Map.of("$and", parts)),
                below.list().ofMinSize(1).ofMaxSize(3).map(parts -> Map.of("$or", parts)),
                below.map(part -> Map.of("$not", part)));
    }

    private static Arbitrary<Map<String, Object>> term(String path, Arbitrary<Object> values, boolean ordered) {
        Arbitrary<String> operators =
                ordered ? Arbitraries.of("$eq", "$ne", "$lt", "$lte", "$gt", "$gte") : Arbitraries.of("$eq", "$ne");
        return Arbitraries.oneOf(
                Combinators.combine(operators, values).as((operator, value) -> member(path, Map.of(operator, value))),
                values.list().ofMinSize(1).ofMaxSize(3).map(list -> member(path, Map.of("$in", list))),
                values.map(value -> member(path, value)),
                Arbitraries.of("$eq", "$ne").map(operator -> {
                    Map<String, Object> test = new HashMap<>();
                    test.put(operator, null);
                    return member(path, test);
                }));
    }

    private static Map<String, Object> member(String path, Object value) {
        Map<String, Object> member = new LinkedHashMap<>();
        member.put(path, value);
        return member;
    }

    @Property(tries = 2_000)
    void a_query_means_what_it_says(@ForAll("filters") Map<String, Object> filter, @ForAll("groups") Row group) {
        Query query = READER.read("expression", JsonMapper.shared().valueToTree(filter));

        Truth decided = Interpreter.decide(((Query.ByCriteria) query).criterion(), group);
        Boolean meant = meaning(filter, group);
        assertThat(decided)
                .as(filter + " of " + group)
                .isEqualTo(meant == null ? Truth.UNKNOWN : meant ? Truth.TRUE : Truth.FALSE);
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Boolean meaning(Map<String, Object> filter, Row group) {
        Map.Entry<String, Object> only = filter.entrySet().iterator().next();
        return switch (only.getKey()) {
            case "$and" ->
                not(any(((List<Map<String, Object>>) only.getValue())
                        .stream().map(part -> not(meaning(part, group))).toList()));
            case "$or" ->
                any(((List<Map<String, Object>>) only.getValue())
                        .stream().map(part -> meaning(part, group)).toList());
            case "$not" -> not(meaning((Map<String, Object>) only.getValue(), group));
            case "group_size" -> test(group.values().get("size"), only.getValue());
            case "group_type" -> test(group.values().get("kind"), only.getValue());
            case SEX ->
                any(group.members().stream()
                        .map(member -> test(member.values().get("sex"), only.getValue()))
                        .toList());
            case BIRTH ->
                any(group.members().stream()
                        .map(member -> test(day(member.values().get("birth_date")), only.getValue()))
                        .toList());
            default -> throw new IllegalStateException(only.getKey());
        };
    }

    private static @Nullable Object day(@Nullable Object date) {
        return date == null ? null : date + "T00:00:00Z";
    }

    private static @Nullable Boolean not(@Nullable Boolean value) {
        return value == null ? null : !value;
    }

    private static @Nullable Boolean any(List<@Nullable Boolean> values) {
        List<Boolean> sure =
                new ArrayList<>(values.stream().filter(Objects::nonNull).toList());
        return sure.contains(true) ? Boolean.TRUE : sure.size() < values.size() ? null : Boolean.FALSE;
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Boolean test(@Nullable Object value, @Nullable Object condition) {
        Map<String, Object> operators =
                condition instanceof Map<?, ?> map ? (Map<String, Object>) map : member("$eq", condition);
        String operator = operators.keySet().iterator().next();
        Object right = operators.get(operator);
        if (right == null) {
            return operator.equals("$eq") == (value == null);
        }
        if (value == null) {
            return null;
        }
        if (right instanceof List<?> list) {
            return list.contains(value);
        }
        int order = ((Comparable<Object>) value).compareTo(right);
        return switch (operator) {
            case "$eq" -> order == 0;
            case "$ne" -> order != 0;
            case "$lt" -> order < 0;
            case "$lte" -> order <= 0;
            case "$gt" -> order > 0;
            case "$gte" -> order >= 0;
            default -> throw new IllegalStateException(operator);
        };
    }
}
