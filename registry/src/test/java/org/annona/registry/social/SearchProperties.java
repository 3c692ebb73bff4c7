package org.annona.registry.social;

import static org.annona.registry.RegistryWorld.HEADER;
import static org.annona.registry.RegistryWorld.REGISTRAR;
import static org.annona.registry.RegistryWorld.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.annona.exchange.Disclosure;
import org.annona.exchange.Question;
import org.annona.exchange.Reply;
import org.annona.foundation.criteria.Criterion;
import org.annona.foundation.criteria.Facts;
import org.annona.foundation.criteria.Interpreter;
import org.annona.foundation.criteria.Truth;
import org.annona.interop.query.Query;
import org.annona.interop.query.QueryReader;
import org.annona.interop.search.Page;
import org.annona.registry.RegistryWorld;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A search finds those whose records, as they are told, say what was asked for; and nobody else. */
class SearchProperties {

    private static final Disclosure ALL = new Disclosure(Set.copyOf(SharedAttributes.ALL), Set.of());
    private static final Page EVERYBODY = new Page(1_000, 1);
    private static final String[] ORDERED = {"$eq", "$ne", "$lt", "$lte", "$gt", "$gte"};
    private static final String DEMOGRAPHIC = "demographic_info";
    private static RegistryWorld world;
    private static SocialRegistry registry;
    private static List<ObjectNode> members;
    private static List<ObjectNode> groups;

    /** Households of nobody to four people, some with gaps, one person deceased, some born in a year that is a guess. */
    @BeforeContainer
    static void settle() {
        world = new RegistryWorld();
        Random random = new Random(7);
        List<String> rows = new ArrayList<>(List.of(HEADER));
        for (int household = 0; household < 40; household++) {
            for (int member = 0; member <= random.nextInt(4); member++) {
                rows.add(person(
                        "H" + household,
                        member == 0 ? "head" : "child",
                        "Given" + household + "x" + member,
                        "Family" + household,
                        List.of("F", "M", "X").get(random.nextInt(3)),
                        LocalDate.of(2001, 1, 1 + random.nextInt(5)).toString(),
                        ""));
            }
        }
        world.take(rows.toArray(String[]::new));
        var sql = world.database.sql();
        List<UUID> people =
                sql.fetch("select id from registry.person order by ref").getValues(0, UUID.class);
        for (UUID id : people) {
            switch (random.nextInt(8)) {
                case 0 -> sql.execute("update registry.person set sex = null where id = ?", id);
                case 1 -> sql.execute("update registry.person set birth_precision = 'year' where id = ?", id);
                case 2 -> sql.execute("update registry.person set birth_date = null where id = ?", id);
                case 3 ->
                    sql.execute(
                            "update registry.person set created_at = timestamptz '2025-01-01 00:00:00.7+02' where id = ?",
                            id);
                default -> {}
            }
        }
        world.people.recordDeath(REGISTRAR, people.get(3), LocalDate.now(world.clock));
        sql.execute("update registry.household set area_id = null where id in"
                + " (select id from registry.household order by ref limit 5)");
        registry = new SocialRegistry(
                world.database,
                world.keys,
                new PeopleByIdentifier(world.database, world.keys),
                Currency.getInstance("KES"),
                world.clock);
        // What was changed in this second is not told to who asks by the time of the last change.
        Criterion changed = new Criterion.Comparison(
                new Criterion.Operand.Value(SharedAttributes.LAST_UPDATED),
                Criterion.Comparator.GREATER,
                new Criterion.Constant.Moment(Instant.EPOCH));
        await().until(() -> found("Member", new Query.ByCriteria(changed)).size()
                == found("Member", new Query.ByCriteria(new Criterion.Everyone()))
                        .size());
        members = found("Member", new Query.ByCriteria(new Criterion.Everyone()));
        groups = found("Group", new Query.ByCriteria(new Criterion.Everyone()));
        assertThat(members).hasSizeGreaterThan(60);
        assertThat(groups).hasSize(40);
    }

    @AfterContainer
    static void close() {
        world.close();
    }

    private static List<ObjectNode> found(String recordType, Query query) {
        Reply reply = registry.answer(List.of(new Question(recordType, query, List.of(), EVERYBODY)), ALL)
                .getFirst();
        Reply.Records records = (Reply.Records) reply;
        assertThat(records.total()).isEqualTo(records.records().size());
        return records.records();
    }

    /** A record of the standard, as the rule sees it. */
    private record OfRecord(JsonNode record) implements Facts {

        @Override
        public @Nullable Object value(String attribute) {
            JsonNode person = record.path(DEMOGRAPHIC);
            return switch (attribute) {
                case SharedAttributes.SEX ->
                    person.path("sex").asString("unknown").equals("unknown")
                            ? null
                            : person.path("sex").asString();
                case SharedAttributes.BIRTH_DATE -> day(person.path("birth_date"));
                case SharedAttributes.REGISTRATION_DATE, SharedAttributes.LAST_UPDATED ->
                    Instant.parse(record.path(attribute).asString());
                case SharedAttributes.DEATH_DATE -> day(person.path("death_date"));
                case SharedAttributes.GROUP_SIZE -> record.path("group_size").asLong();
                case SharedAttributes.PLACE ->
                    area(record.path("geographical_location").path("@id"));
                default -> throw new IllegalArgumentException(attribute);
            };
        }

        private static @Nullable Object day(JsonNode told) {
            return told.isMissingNode() ? null : LocalDate.parse(told.asString().substring(0, 10));
        }

        private static @Nullable Object area(JsonNode told) {
            return told.isMissingNode()
                    ? null
                    : told.asString().substring(told.asString().lastIndexOf(':') + 1);
        }

        @Override
        public List<? extends Facts> related(String relation) {
            List<OfRecord> all = new ArrayList<>();
            record.path("member_list").forEach(member -> all.add(new OfRecord(member)));
            return all;
        }
    }

    @Provide
    Arbitrary<Map<String, Object>> ofMembers() {
        return filters(
                3,
                sex("sex"),
                born("birth_date"),
                died(),
                sex("demographic_info.sex"),
                registered("registration_date"),
                registered("last_updated"));
    }

    @Provide
    Arbitrary<Map<String, Object>> ofGroups() {
        return filters(
                3,
                term("group_size", Arbitraries.longs().between(0, 5).map(number -> number), ORDERED),
                term("place", Arbitraries.of("N01", "S01").map(code -> code), "$eq", "$ne"),
                sex("member_list.demographic_info.sex"),
                born("member_list.demographic_info.birth_date"),
                registered("registration_date"),
                registered("member_list.registration_date"));
    }

    private static Arbitrary<Map<String, Object>> sex(String path) {
        return term(path, Arbitraries.of("male", "female", "other").map(text -> text), "$eq", "$ne");
    }

    private static Arbitrary<Map<String, Object>> born(String path) {
        return term(path, Arbitraries.integers().between(1, 5).map(day -> "2001-01-0" + day + "T00:00:00Z"), ORDERED);
    }

    private static Arbitrary<Map<String, Object>> registered(String path) {
        return term(
                path,
                Arbitraries.of("2024-12-31T22:00:00Z", "2025-01-01T03:00:00+05:00", "2099-01-01T00:00:00Z")
                        .map(text -> text),
                ORDERED);
    }

    private static Arbitrary<Map<String, Object>> died() {
        return term("death_date", Arbitraries.just("2001-01-01T00:00:00Z"), "$gt", "$lt");
    }

    private static Arbitrary<Map<String, Object>> term(String path, Arbitrary<Object> values, String... operators) {
        return Arbitraries.oneOf(
                Combinators.combine(Arbitraries.of(operators), values)
                        .as((operator, value) -> Map.of(path, Map.of(operator, value))),
                values.list().ofMinSize(1).ofMaxSize(3).map(list -> Map.of(path, Map.of("$in", list))),
                Arbitraries.of("$eq", "$ne").map(operator -> {
                    Map<String, Object> test = new HashMap<>();
                    test.put(operator, null);
                    return Map.of(path, test);
                }));
    }

    @SafeVarargs
    private static Arbitrary<Map<String, Object>> filters(int depth, Arbitrary<Map<String, Object>>... terms) {
        Arbitrary<Map<String, Object>> term = Arbitraries.oneOf(List.of(terms));
        if (depth == 0) {
            return term;
        }
        Arbitrary<List<Map<String, Object>>> parts =
                filters(depth - 1, terms).list().ofMinSize(1).ofMaxSize(3);
        return Arbitraries.oneOf(
                term,
                parts.map(all -> Map.of("$and", all)),
                parts.map(all -> Map.of("$or", all)),
                filters(depth - 1, terms).map(part -> Map.of("$not", part)));
    }

    @Property(tries = 300)
    void members_are_found_by_what_their_records_say(@ForAll("ofMembers") Map<String, Object> filter) {
        assertFound("Member", filter, members);
    }

    @Property(tries = 300)
    void groups_are_found_by_what_their_records_say(@ForAll("ofGroups") Map<String, Object> filter) {
        assertFound("Group", filter, groups);
    }

    private static void assertFound(String recordType, Map<String, Object> filter, List<ObjectNode> all) {
        Query query = new QueryReader(registry.vocabulary(recordType, ALL))
                .read("expression", JsonMapper.shared().valueToTree(filter));
        Criterion criterion = ((Query.ByCriteria) query).criterion();
        Set<String> meant = new TreeSet<>();
        for (ObjectNode record : all) {
            if (Interpreter.decide(criterion, new OfRecord(record)) == Truth.TRUE) {
                meant.add(id(record));
            }
        }
        Set<String> answered = new TreeSet<>();
        found(recordType, query).forEach(record -> answered.add(id(record)));
        assertThat(answered).as(String.valueOf(filter)).isEqualTo(meant);
    }

    private static String id(ObjectNode record) {
        return Objects.requireNonNull(record.get("@id")).asString();
    }
}
