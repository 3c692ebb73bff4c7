package org.annona.registry.social;

import static org.annona.registry.RegistryWorld.HEADER;
import static org.annona.registry.RegistryWorld.person;
import static org.annona.registry.internal.tables.Tables.MEMBERSHIP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.annona.exchange.Disclosure;
import org.annona.exchange.Question;
import org.annona.exchange.Reply;
import org.annona.foundation.criteria.Criterion;
import org.annona.foundation.database.Database;
import org.annona.interop.query.Query;
import org.annona.interop.search.Page;
import org.annona.interop.search.SearchItem.SortBy;
import org.annona.registry.RegistryWorld;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** A partner that asks again and again for what was changed after the latest change it was told. */
class PollingTest {

    private static final Disclosure ALL = new Disclosure(Set.copyOf(SharedAttributes.ALL), Set.of());

    private final RegistryWorld world = new RegistryWorld();
    private SocialRegistry registry;
    private Instant latest = Instant.parse("2020-01-01T00:00:00Z");
    private List<String> people = List.of();

    @BeforeEach
    void open() {
        registry = new SocialRegistry(
                world.database,
                world.keys,
                new PeopleByIdentifier(world.database, world.keys),
                Currency.getInstance("KES"),
                world.clock);
        world.take(
                HEADER,
                person("H1", "head", "First", "One", "F", "1990-01-01", ""),
                person("H2", "head", "Second", "Two", "F", "1990-01-01", ""));
        people = world.database
                .sql()
                .fetch("select id::text from registry.person order by ref")
                .getValues(0, String.class);
        await().atMost(Duration.ofSeconds(10)).until(() -> poll("Member").size() == 2);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static Criterion changedAfter(String relation, Instant moment) {
        Criterion after = new Criterion.Comparison(
                new Criterion.Operand.Value(SharedAttributes.LAST_UPDATED),
                Criterion.Comparator.GREATER,
                new Criterion.Constant.Moment(moment));
        return relation.isEmpty() ? after : new Criterion.Exists(relation, after);
    }

    private List<ObjectNode> ask(String recordType, Criterion criterion, List<SortBy> sort) {
        Reply reply = registry.answer(
                        List.of(new Question(recordType, new Query.ByCriteria(criterion), sort, new Page(100, 1))), ALL)
                .getFirst();
        return ((Reply.Records) reply).records();
    }

    /** As the documents say: from the latest time that was told on. */
    private List<String> poll(String recordType) {
        List<String> told = new ArrayList<>();
        for (ObjectNode record : ask(recordType, changedAfter("", latest), List.of())) {
            Instant changed = Instant.parse(record.path("last_updated").asString());
            latest = changed.isAfter(latest) ? changed : latest;
            told.add(record.path("@id").asString().replace("urn:uuid:", ""));
        }
        return told;
    }

    private void awaitNextSecond() {
        long second = now().getEpochSecond();
        await().pollInterval(Duration.ofMillis(20)).until(() -> now().getEpochSecond() > second);
    }

    private Instant now() {
        return Database.now(world.database.sql());
    }

    private void change(Statement sql, String id) throws Exception {
        sql.execute("update registry.person set sex = 'M' where id = '" + id + "'");
    }

    @Test
    void a_change_that_becomes_visible_late_is_not_hidden_behind_a_stamp_that_was_told_before() throws Exception {
        List<String> told = new ArrayList<>();
        try (Connection slow = world.database.dataSource().getConnection();
                Connection quick = world.database.dataSource().getConnection();
                Statement late = slow.createStatement();
                Statement early = quick.createStatement()) {
            slow.setAutoCommit(false);
            change(late, people.get(0));
            awaitNextSecond();
            change(early, people.get(1));
            awaitNextSecond();
            told.addAll(poll("Member"));
            assertThat(told).as("what is younger than an open change").isEmpty();
            slow.commit();
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            told.addAll(poll("Member"));
            return told.size() >= 2;
        });

        assertThat(told).containsExactlyInAnyOrderElementsOf(people);
    }

    @Test
    void a_stamp_is_of_the_change_and_not_of_the_beginning_of_its_transaction() throws Exception {
        List<String> told = new ArrayList<>();
        try (Connection slow = world.database.dataSource().getConnection();
                Connection quick = world.database.dataSource().getConnection();
                Statement late = slow.createStatement();
                Statement early = quick.createStatement()) {
            slow.setAutoCommit(false);
            // It has read, and not written: nothing waits for it.
            late.execute("select 1");
            awaitNextSecond();
            change(early, people.get(1));
            awaitNextSecond();
            told.addAll(poll("Member"));
            assertThat(told).containsExactly(people.get(1));
            change(late, people.get(0));
            slow.commit();
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            told.addAll(poll("Member"));
            return told.size() >= 2;
        });

        assertThat(told).containsExactlyInAnyOrderElementsOf(people);
    }

    @Test
    void who_sorts_by_the_time_or_asks_by_that_of_members_sees_the_same() throws Exception {
        List<SortBy> byTime = List.of(new SortBy(SharedAttributes.LAST_UPDATED, true));
        awaitNextSecond();
        try (Connection slow = world.database.dataSource().getConnection();
                Statement late = slow.createStatement()) {
            slow.setAutoCommit(false);
            change(late, people.get(0));
            awaitNextSecond();
            Instant before = now();
            world.database.sql().execute("update registry.person set sex = 'M' where id = ?::uuid", people.get(1));
            awaitNextSecond();

            assertThat(ask("Member", new Criterion.Everyone(), byTime)).hasSize(1);
            assertThat(ask("Member", new Criterion.Everyone(), List.of())).hasSize(2);
            assertThat(ask("Group", changedAfter(GroupBinding.MEMBERS, before.minusSeconds(1)), List.of()))
                    .isEmpty();
            slow.rollback();
        }
        awaitNextSecond();
        assertThat(ask("Group", changedAfter(GroupBinding.MEMBERS, Instant.EPOCH), List.of()))
                .hasSize(2);
    }

    @Test
    void what_can_be_compared_can_be_sorted_by() {
        for (String attribute : List.of(
                SharedAttributes.SEX,
                SharedAttributes.BIRTH_DATE,
                SharedAttributes.DEATH_DATE,
                SharedAttributes.REGISTRATION_DATE)) {
            assertThat(ask("Member", new Criterion.Everyone(), List.of(new SortBy(attribute, false))))
                    .as(attribute)
                    .hasSize(2);
        }
        for (String attribute :
                List.of(SharedAttributes.GROUP_SIZE, SharedAttributes.PLACE, SharedAttributes.REGISTRATION_DATE)) {
            assertThat(ask("Group", new Criterion.Everyone(), List.of(new SortBy(attribute, true))))
                    .as(attribute)
                    .hasSize(2);
        }
    }

    @Test
    void an_identifier_or_a_phone_that_is_added_or_taken_away_moves_the_time_of_the_last_change() {
        String person = people.get(0);
        for (String change : List.of(
                "insert into registry.identifier (id, person_id, type, value_sealed, value_index, status)"
                        + " values (gen_random_uuid(), '%s', 'national_id', '\\x00', '\\x01', 'valid')",
                "update registry.identifier set status = 'revoked' where person_id = '%s'",
                "insert into registry.phone (id, person_id, value_sealed, value_index)"
                        + " values (gen_random_uuid(), '%s', '\\x00', '\\x01')",
                "update registry.phone set active = false where person_id = '%s'")) {
            Instant before = updated("person", person);
            world.database.sql().execute(change.formatted(person));
            assertThat(updated("person", person)).as(change).isAfter(before);
        }
        Instant before = updated("person", person);
        world.database.sql().execute("update registry.phone set active = false where person_id = ?::uuid", person);
        assertThat(updated("person", person)).as("nothing was changed").isEqualTo(before);
    }

    @Test
    void a_member_who_comes_or_goes_moves_the_time_of_the_last_change_of_the_household() {
        String household = world.value(
                "select household_id::text from registry.membership where person_id = '" + people.get(0) + "'");
        Instant before = updated("household", household);
        end(0, LocalDate.now(world.clock));
        Instant left = updated("household", household);
        assertThat(left).isAfter(before);
        world.database
                .sql()
                .execute(
                        "insert into registry.membership (id, household_id, person_id, role, valid_from, created_by)"
                                + " values (gen_random_uuid(), ?::uuid, ?::uuid, 'head', current_date + 1, 'test')",
                        household,
                        people.get(0));
        assertThat(updated("household", household)).isAfter(left);
    }

    private Instant updated(String table, String id) {
        return world.database
                .sql()
                .fetchSingle("select updated_at from registry." + table + " where id = ?::uuid", id)
                .get(0, Instant.class);
    }

    @Test
    void records_come_in_the_order_that_was_asked_for() {
        world.value("update registry.person set birth_date = '1970-01-01' where id = '" + people.get(1)
                + "' returning 'x'");
        List<String> oldestFirst = List.of(people.get(1), people.get(0));
        assertThat(sortedByBirth(false)).isEqualTo(oldestFirst);
        assertThat(sortedByBirth(true)).isEqualTo(oldestFirst.reversed());
    }

    private List<String> sortedByBirth(boolean descending) {
        return ask("Member", new Criterion.Everyone(), List.of(new SortBy(SharedAttributes.BIRTH_DATE, descending)))
                .stream()
                .map(record -> record.path("@id").asString().replace("urn:uuid:", ""))
                .toList();
    }

    private List<UUID> householdsChangedAfter(Instant moment) {
        return world.database.onOneSnapshot(sql -> new RegistrantPages(world.clock)
                .page(sql, "importer", new RegistrantPages.Wanted(true, null, null, moment, null), 0, 100));
    }

    private void end(int place, LocalDate day) {
        world.database
                .sql()
                .update(MEMBERSHIP)
                .set(MEMBERSHIP.VALID_TO, day)
                .set(MEMBERSHIP.END_REASON, "left")
                .where(MEMBERSHIP.PERSON_ID.eq(UUID.fromString(people.get(place))))
                .execute();
    }

    /** An importer creates the members of a household anew each time that it is told of it. */
    @Test
    void a_membership_that_ended_is_told_once_and_not_with_each_asking_of_the_day() {
        Instant before = Instant.now();
        assertThat(householdsChangedAfter(before)).isEmpty();
        world.value("update registry.membership set valid_from = valid_from - 30 returning 'x'");
        end(0, LocalDate.now(world.clock));
        end(1, LocalDate.now(world.clock).plusDays(40));

        assertThat(householdsChangedAfter(before)).hasSize(2);
        assertThat(householdsChangedAfter(Instant.now())).isEmpty();
        assertThat(householdsChangedAfter(Instant.now().plus(Duration.ofHours(3))))
                .isEmpty();
    }

    @Test
    void a_membership_that_ends_on_a_later_day_is_told_again_when_it_has() {
        world.value("update registry.membership set valid_from = valid_from - 30 returning 'x'");
        end(0, LocalDate.now(world.clock));
        // As if the end had been written long ago.
        world.value("update registry.membership set ended_at = now() - interval '20 days' where ended_at is not null"
                + " returning 'x'");

        world.value("update registry.membership set created_at = now() - interval '20 days' returning 'x'");
        world.value("update registry.identifier set created_at = now() - interval '20 days' returning 'x'");
        for (String table : List.of("person", "household")) {
            world.asAdmin("alter table registry." + table + " disable trigger user; update registry." + table
                    + " set updated_at = now() - interval '20 days', created_at = now() - interval '20 days'");
        }

        assertThat(householdsChangedAfter(Instant.now().minus(Duration.ofDays(1))))
                .hasSize(1);
        assertThat(householdsChangedAfter(Instant.now())).isEmpty();
    }
}
