package org.annona.programs.duplication;

import static org.annona.programs.ProgramsWorld.MANAGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.annona.foundation.job.JobState;
import org.annona.foundation.problem.Problem;
import org.annona.interop.matching.MatchingAnswer;
import org.annona.interop.matching.MatchingAnswer.Listed;
import org.annona.interop.matching.MatchingAnswer.Opened;
import org.annona.interop.matching.MatchingAnswer.Raised;
import org.annona.interop.matching.MatchingKey;
import org.annona.interop.matching.MatchingRequest;
import org.annona.interop.matching.UnfitPoint;
import org.annona.interop.message.Refusal;
import org.annona.programs.BeneficiaryRegistries.Said;
import org.annona.programs.PersonDirectory.Identifier;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.ProgramsWorld;
import org.annona.programs.programme.Programme;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two installations, each with people of its own, and what one learns of the other. */
class BlindMatchingTest {

    private static final LocalDate GROWN = LocalDate.of(1980, 1, 1);
    private static final UUID PARTNER = UUID.randomUUID();

    private final AtomicInteger numbers = new AtomicInteger();
    private final List<MatchingRequest.Step> heard = new CopyOnWriteArrayList<>();
    private ProgramsWorld ours;
    private ProgramsWorld theirs;
    private Programme food;
    private Programme school;
    private UUID source;
    private volatile UnaryOperator<MatchingAnswer> spoil = answer -> answer;

    @BeforeEach
    void open() {
        ours = new ProgramsWorld();
        theirs = new ProgramsWorld();
        food = ours.active("FOOD", ProgramsWorld.terms("everyone()", 10_000, 0, 0, null));
        school = theirs.active("SCHOOL", ProgramsWorld.terms("everyone()", 10_000, 0, 0, null));
        ours.others.installation = step -> {
            heard.add(step);
            try {
                return new Said.Answer(spoil.apply(theirs.exchanges.answer(PARTNER, step)));
            } catch (Refusal refused) {
                return new Said.Silence(String.valueOf(refused.text()), false);
            }
        };
        source = ours.sources.create(
                MANAGER,
                new Sources.Draft("Health", "health", CheckMode.BLIND, true, "Act, section 3", Set.of(), null));
    }

    @AfterEach
    void close() {
        ours.close();
        theirs.close();
    }

    private UUID person(ProgramsWorld world, String... identifiers) {
        UUID household = world.registry.household(1L, "/N/", GROWN);
        UUID person = world.registry.members(household).getFirst();
        List<Identifier> all = new ArrayList<>();
        for (String identifier : identifiers) {
            all.add(new Identifier("UIN", identifier));
        }
        if (!all.isEmpty()) {
            world.registry.identifiers.put(person, all);
        }
        return person;
    }

    private String number() {
        return "19800101" + (1_000 + numbers.incrementAndGet());
    }

    private void checkAll() {
        UUID job = ours.members.order(MANAGER, source, food.id());
        ours.await(() -> ours.jobs.find(job).orElseThrow().state() == JobState.DONE, CheckMembers.subject(source));
    }

    private String failure() {
        UUID job = ours.members.order(MANAGER, source, food.id());
        org.awaitility.Awaitility.await()
                .until(() -> ours.jobs.find(job).orElseThrow().state() == JobState.FAILED);
        return ours.jobs.find(job).orElseThrow().message();
    }

    private Map<String, Long> results() {
        return ours.reports.countByResult(source);
    }

    @Test
    void whoever_is_enrolled_in_both_installations_is_found_and_nobody_else() {
        String both = number();
        person(theirs, both);
        person(theirs, number());
        theirs.enrol(school);
        person(theirs, number());
        person(ours, both);
        person(ours, number());
        person(ours);
        ours.enrol(food);

        checkAll();

        assertThat(results()).isEqualTo(Map.of("confirmed_match", 1L, "no_match", 1L, "not_checked", 1L));
        assertThat(ours.database
                        .sql()
                        .fetchOne("select matched::text from duplication_check where result = 'confirmed_match'")
                        .get(0, String.class))
                .contains("SCHOOL")
                .contains("active");
    }

    @Test
    void who_applied_there_is_not_enrolled_there_and_who_has_two_programmes_is_told_with_both() {
        Programme meals = theirs.active("MEALS", ProgramsWorld.terms("everyone()", 10_000, 0, 0, null));
        String both = number();
        person(theirs, both);
        theirs.enrol(school);
        theirs.enrol(meals);
        String late = number();
        person(theirs, late);
        person(ours, both);
        person(ours, late);
        ours.enrol(food);

        checkAll();

        assertThat(results()).isEqualTo(Map.of("confirmed_match", 1L, "no_match", 1L));
        assertThat(ours.database
                        .sql()
                        .fetchOne("select matched::text from duplication_check where result = 'confirmed_match'")
                        .get(0, String.class))
                .contains("SCHOOL")
                .contains("MEALS");
    }

    /** The same person looks different in each message, so that nobody can be recognised, nor guessed without our secret. */
    @Test
    void what_leaves_is_never_the_same_twice_and_names_nobody() {
        String asked = number();
        person(theirs, number());
        theirs.enrol(school);
        person(ours, asked);
        ours.enrol(food);
        checkAll();
        UUID person = ours.registry.identifiers.keySet().iterator().next();
        ours.checks.checkNow(MANAGER, source, person);

        List<ByteBuffer> points = new ArrayList<>();
        for (MatchingRequest.Step step : heard) {
            if (step instanceof MatchingRequest.Raise raise) {
                raise.points().forEach(point -> points.add(ByteBuffer.wrap(point)));
            }
            assertThat(new MatchingRequest("t", step).asMessage().toString()).doesNotContain(asked);
        }
        assertThat(points).hasSize(4);
        assertThat(new HashSet<>(points)).hasSize(4);
    }

    @Test
    void an_answer_under_another_key_is_never_no() {
        String both = number();
        person(theirs, both);
        theirs.enrol(school);
        person(ours, both);
        ours.enrol(food);
        MatchingKey other = MatchingKey.fresh();
        spoil = answer -> {
            if (!(answer instanceof Raised)) {
                return answer;
            }
            List<byte[]> points = ((MatchingRequest.Raise) heard.getLast()).points();
            List<byte[]> wrong = new ArrayList<>();
            for (byte[] point : points) {
                try {
                    wrong.add(other.raise(point));
                } catch (UnfitPoint impossible) {
                    throw new IllegalStateException(impossible);
                }
            }
            return new Raised(wrong);
        };

        checkAll();

        assertThat(results()).isEqualTo(Map.of("inconclusive", 1L));
    }

    @Test
    void an_answer_that_is_cut_or_garbled_is_never_no() {
        person(ours, number());
        ours.enrol(food);
        for (UnaryOperator<List<byte[]>> fault : List.<UnaryOperator<List<byte[]>>>of(
                points -> points.subList(1, points.size()),
                points -> points.stream().map(point -> new byte[32]).toList(),
                points -> points.stream().map(point -> new byte[3]).toList(),
                points -> List.of())) {
            spoil = answer -> answer instanceof Raised(List<byte[]> points) ? new Raised(fault.apply(points)) : answer;
            checkAll();
            assertThat(results()).isEqualTo(Map.of("inconclusive", 1L));
        }
    }

    @Test
    void a_list_that_is_cut_is_fetched_again_and_never_used() {
        String both = number();
        person(theirs, both);
        theirs.enrol(school);
        person(ours, both);
        ours.enrol(food);
        AtomicInteger cuts = new AtomicInteger(2);
        spoil = answer -> answer instanceof Listed listed && cuts.getAndDecrement() > 0
                ? new Listed(listed.entries().subList(1, listed.entries().size()), false)
                : answer;

        checkAll();

        assertThat(results()).isEqualTo(Map.of("confirmed_match", 1L));
        assertThat(heard.stream().filter(MatchingRequest.ListMarks.class::isInstance))
                .hasSize(3);
    }

    @Test
    void a_installation_that_does_not_match_blindly_is_named_and_nobody_counts_as_asked() {
        person(ours, number());
        ours.enrol(food);
        ours.others.installation = step -> new Said.Silence("rejected: http.404", false);

        assertThat(failure()).contains("cannot be asked blindly").contains("http.404");
        assertThat(results()).isEqualTo(Map.of("not_checked", 1L));
    }

    @Test
    void one_person_is_asked_for_only_once_the_list_is_here() {
        person(ours, number());
        ours.enrol(food);
        UUID person = ours.registry.identifiers.keySet().iterator().next();

        assertThatThrownBy(() -> ours.checks.checkNow(MANAGER, source, person))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code()).isEqualTo(ProgramsProblem.DUPLICATION_LIST_MISSING));
    }

    @Test
    void an_exchange_belongs_to_one_partner_and_ends() {
        Opened opened = exchange(PARTNER);
        Opened again = (Opened) theirs.exchanges.answer(PARTNER, new MatchingRequest.Open());

        assertThat(again.exchange()).isEqualTo(opened.exchange());
        assertThat(exchange(UUID.randomUUID()).exchange()).isNotEqualTo(opened.exchange());
        MatchingRequest.Step list = new MatchingRequest.ListMarks(opened.exchange(), new byte[0]);
        assertThat(theirs.exchanges.answer(PARTNER, list)).isInstanceOf(Listed.class);
        assertThatThrownBy(() -> theirs.exchanges.answer(UUID.randomUUID(), list))
                .isInstanceOf(Refusal.class);

        theirs.database.sql().execute("update matching_exchange set until = now() - interval '1 minute'");
        assertThatThrownBy(() -> theirs.exchanges.answer(PARTNER, list)).isInstanceOf(Refusal.class);
        theirs.exchanges.forgetOver();
        assertThat(theirs.database
                        .sql()
                        .fetchOne("select count(*) from matching_entry")
                        .get(0, Long.class))
                .isZero();
        assertThat(theirs.database
                        .sql()
                        .fetchOne("select count(*) from matching_exchange")
                        .get(0, Long.class))
                .isZero();
        assertThat(exchange(PARTNER).exchange()).isNotEqualTo(opened.exchange());
    }

    private Opened exchange(UUID partner) {
        org.awaitility.Awaitility.await()
                .until(() -> theirs.exchanges.answer(partner, new MatchingRequest.Open()) instanceof Opened opened
                        && opened.ready());
        return (Opened) theirs.exchanges.answer(partner, new MatchingRequest.Open());
    }

    @Test
    void points_that_stand_for_nobody_are_refused_and_all_guesses_are_counted() {
        Opened opened = exchange(PARTNER);

        assertThatThrownBy(() -> theirs.exchanges.answer(
                        PARTNER, new MatchingRequest.Raise(opened.exchange(), List.of(new byte[32]))))
                .isInstanceOf(Refusal.class);
        assertThat(theirs.database
                        .sql()
                        .fetchOne("select raised from matching_exchange")
                        .get(0, Long.class))
                .isEqualTo(1);
        theirs.database.sql().execute("update matching_exchange set raised = 20000000");
        assertThatThrownBy(() -> theirs.exchanges.answer(
                        PARTNER, new MatchingRequest.Raise(opened.exchange(), List.of(new byte[32]))))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("20000000");
    }

    private void reported(UUID person, String programme, String status) {
        theirs.database
                .sql()
                .execute(
                        "insert into reported_enrolment (id, reporter, programme_code, programme_name, person_id, status,"
                                + " reported_at) values (gen_random_uuid(), 'r', ?, ?, ?, ?, now())",
                        programme,
                        programme,
                        person,
                        status);
    }

    /** Two people at a time, two marks at a time. */
    @Test
    void everybody_is_listed_however_many_reports_and_parts_there_are() {
        List<String> theirNumbers = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            theirNumbers.add(number());
            person(theirs, theirNumbers.getLast());
        }
        theirs.enrol(school);
        for (int i = 0; i < 8; i++) {
            theirNumbers.add(number());
            UUID stranger = UUID.randomUUID();
            theirs.registry.identifiers.put(stranger, List.of(new Identifier("UIN", theirNumbers.getLast())));
            reported(stranger, "MEALS", "1");
            reported(stranger, "FUEL", "4");
            reported(stranger, "OLD", "3");
        }
        theirNumbers.forEach(known -> person(ours, known));
        person(ours, number());
        ours.enrol(food);

        checkAll();

        assertThat(results()).isEqualTo(Map.of("confirmed_match", 15L, "no_match", 1L));
        assertThat(ours.database
                        .sql()
                        .fetchOne("select count(*) from duplication_attempt where evidence::text like '%MEALS%'"
                                + " and evidence::text like '%FUEL%' and evidence::text not like '%OLD%'")
                        .get(0, Long.class))
                .isEqualTo(8);
        assertThat(heard.stream().filter(MatchingRequest.ListMarks.class::isInstance))
                .hasSizeGreaterThan(10);
    }

    @Test
    void an_identifier_of_a_type_that_is_not_listed_is_inconclusive() {
        UUID person = person(ours, number());
        ours.registry.identifiers.put(person, List.of(new Identifier("PASSPORT", "X1234567")));
        ours.enrol(food);

        checkAll();

        assertThat(results()).isEqualTo(Map.of("inconclusive", 1L));
    }

    @Test
    void empty_parts_without_end_are_not_fetched_for_ever() {
        person(ours, number());
        ours.enrol(food);
        AtomicInteger faults = new AtomicInteger(2);
        spoil = answer ->
                answer instanceof Listed && faults.getAndDecrement() > 0 ? new Listed(List.of(), true) : answer;

        checkAll();

        assertThat(results()).isEqualTo(Map.of("no_match", 1L));
    }

    @Test
    void a_programme_that_the_list_does_not_name_is_a_match_all_the_same() {
        String both = number();
        person(theirs, both);
        theirs.enrol(school);
        person(ours, both);
        ours.enrol(food);
        spoil = answer -> answer instanceof Opened opened
                ? new Opened(
                        opened.exchange(),
                        opened.ready(),
                        opened.entries(),
                        opened.types(),
                        List.of(),
                        opened.begun(),
                        opened.until())
                : answer;

        checkAll();

        assertThat(results()).isEqualTo(Map.of("confirmed_match", 1L));
    }

    @Test
    void an_exchange_that_the_other_installation_forgot_is_opened_anew() {
        String both = number();
        person(theirs, both);
        theirs.enrol(school);
        person(ours, both);
        ours.enrol(food);
        checkAll();
        theirs.database.sql().execute("update matching_exchange set until = now() - interval '1 minute'");
        theirs.exchanges.forgetOver();
        UUID person = ours.registry.identifiers.keySet().iterator().next();

        ours.checks.checkNow(MANAGER, source, person);
        assertThat(results()).isEqualTo(Map.of("inconclusive", 1L));
        checkAll();

        assertThat(results()).isEqualTo(Map.of("confirmed_match", 1L));
    }

    /** Its marks are destroyed part by part; half a list must never answer. */
    @Test
    void a_list_that_is_given_up_answers_nobody_and_is_destroyed() {
        String both = number();
        person(theirs, both);
        theirs.enrol(school);
        person(ours, both);
        ours.enrol(food);
        checkAll();
        Sources.Source known = ours.sources.find(source).orElseThrow();
        spoil = answer -> {
            if (answer instanceof Raised) {
                ours.lists.of(known).ifPresent(ours.lists::giveUp);
            }
            return answer;
        };
        UUID person = ours.registry.identifiers.keySet().iterator().next();

        ours.checks.checkNow(MANAGER, source, person);

        assertThat(results()).isEqualTo(Map.of("inconclusive", 1L));
        ours.lists.forgetUseless();
        assertThat(ours.database
                        .sql()
                        .fetchOne("select count(*) from matching_mark")
                        .get(0, Long.class))
                .isZero();
        assertThat(ours.database
                        .sql()
                        .fetchOne("select count(*) from matching_list")
                        .get(0, Long.class))
                .isZero();
    }

    @Test
    void what_is_too_much_for_one_message_is_asked_in_two() {
        String both = number();
        person(theirs, both);
        person(theirs, number());
        theirs.enrol(school);
        person(ours, both);
        person(ours, number());
        ours.enrol(food);
        var patient = ours.others.installation;
        ours.others.installation = step ->
                step instanceof MatchingRequest.Raise raise && raise.points().size() > 2
                        ? new Said.Silence("rejected: rjct.total_count.limit_exceeded", false)
                        : patient.apply(step);

        checkAll();

        assertThat(results()).isEqualTo(Map.of("confirmed_match", 1L, "no_match", 1L));
    }

    @Test
    void a_list_whose_making_failed_is_begun_again() {
        Opened opened = (Opened) theirs.exchanges.answer(PARTNER, new MatchingRequest.Open());
        org.awaitility.Awaitility.await().until(() -> exchange(PARTNER).ready());
        theirs.database.sql().execute("update matching_exchange set ready = false where id = ?", opened.exchange());

        Opened again = exchange(PARTNER);

        assertThat(again.exchange()).isNotEqualTo(opened.exchange());
    }
}
