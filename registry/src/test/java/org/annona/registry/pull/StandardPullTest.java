package org.annona.registry.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.foundation.problem.Problem;
import org.annona.registry.ImportStatus;
import org.annona.registry.ImportStatus.State;
import org.annona.registry.RegistryWorld;
import org.annona.registry.source.SourceTerms;
import org.annona.simulators.socialregistry.SimulatedHousehold;
import org.annona.simulators.socialregistry.SimulatedSocialRegistry;
import org.annona.simulators.socialregistry.SimulatedSocialRegistry.Fault;
import org.annona.simulators.socialregistry.SimulatedSocialRegistry.Total;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Imports from a registry that is asked by searches of the standard (reference IM-10; DCI reference, sections 6 to 8). */
class StandardPullTest {

    private static final Actor ADMIN = new Actor("zara", "Zara", Set.of(Role.ADMINISTRATOR));
    private static final Actor REGISTRAR = RegistryWorld.REGISTRAR;
    private static final int HOUSEHOLDS = 90;
    private static final int PAGE = 20;

    private RegistryWorld world;
    private SimulatedSocialRegistry source;
    private UUID sourceId;

    @BeforeEach
    void open() throws IOException {
        world = new RegistryWorld();
        source = new SimulatedSocialRegistry(0, HOUSEHOLDS, 3);
        source.start();
        sourceId = world.sources.create(
                ADMIN,
                "social",
                "Social registry",
                new SourceTerms(
                        source.standardUrl(),
                        "/registry/sync/search",
                        "http://127.0.0.1:" + source.port() + "/oauth2/token",
                        SourceTerms.Authentication.CLIENT_CREDENTIALS,
                        SimulatedSocialRegistry.CLIENT,
                        "",
                        "annona",
                        "Social Registry",
                        SourceTerms.Dialect.SIGNATURE,
                        null,
                        PAGE,
                        Duration.ofSeconds(5)),
                SimulatedSocialRegistry.SECRET);
    }

    @AfterEach
    void close() {
        source.close();
        world.close();
    }

    private static PullTerms asking(boolean households, QueryType language, String query) {
        PullTerms preset = PullTerms.preset(households, language);
        PullQuestion usual = preset.question();
        return new PullTerms(
                households,
                new PullQuestion(
                        language,
                        query.isEmpty() ? usual.text() : query,
                        usual.registryType(),
                        usual.recordType(),
                        usual.identifierType(),
                        null,
                        0),
                preset.members(),
                preset.head(),
                preset.columns(),
                preset.roles(),
                true,
                100,
                0,
                "",
                "Social Protection Act, section 12");
    }

    private UUID agreed(PullTerms terms, String... identifiers) {
        return world.pulls.create(REGISTRAR, sourceId, "From the standard", terms, List.of(identifiers));
    }

    private ImportStatus run(UUID pull) {
        return world.awaitState(world.pulls.start(REGISTRAR, pull, false), State.APPLIED);
    }

    private String count(String what) {
        return world.value("select count(*) from registry." + what);
    }

    private long members(int first, int end) {
        long members = 0;
        for (int place = first; place < end; place++) {
            members += source.household(place).members().size();
        }
        return members;
    }

    private String idOf(long place) {
        return String.valueOf(source.household(place).members().getFirst().nationalId());
    }

    @Test
    void an_expression_brings_all_households_with_their_heads_and_again_changes_nothing() {
        UUID pull = agreed(asking(true, QueryType.EXPRESSION, ""));

        ImportStatus first = run(pull);
        ImportStatus second = run(pull);

        assertThat(first.rowsCreated()).isEqualTo(members(0, HOUSEHOLDS));
        assertThat(first.rowsRejected()).isZero();
        assertThat(second.rowsUnchanged()).isEqualTo(first.rowsCreated());
        assertThat(count("household")).isEqualTo(Integer.toString(HOUSEHOLDS));
        assertThat(count("membership where role = 'head'")).isEqualTo(Integer.toString(HOUSEHOLDS));
        assertThat(source.asked().getLast())
                .contains("\"query_type\":\"expression\"", "\"response_entity\":\"Group\"", "\"page_number\":6");
    }

    @Test
    void people_are_read_as_the_same_people_that_graphql_tells() {
        run(agreed(asking(true, QueryType.EXPRESSION, "")));
        UUID sameByGraph = world.sources.create(
                ADMIN,
                "graph",
                "By GraphQL",
                new SourceTerms(
                        source.url(),
                        "/registry/sync/search",
                        "http://127.0.0.1:" + source.port() + "/oauth2/token",
                        SourceTerms.Authentication.CLIENT_CREDENTIALS,
                        SimulatedSocialRegistry.CLIENT,
                        "",
                        "annona",
                        "Social Registry",
                        SourceTerms.Dialect.SIGNATURE,
                        null,
                        PAGE,
                        Duration.ofSeconds(5)),
                SimulatedSocialRegistry.SECRET);
        PullTerms people = PullTerms.preset(false, QueryType.GRAPHQL);
        UUID pull = world.pulls.create(
                REGISTRAR,
                sameByGraph,
                "Heads",
                new PullTerms(false, people.question(), "", "", people.columns(), Map.of(), false, 100, 0, "", "Law"),
                List.of());

        ImportStatus again = run(pull);

        assertThat(again.rowsCreated()).isZero();
        assertThat(count("person")).isEqualTo(Long.toString(members(0, HOUSEHOLDS)));
    }

    @Test
    void a_predicate_brings_those_who_fit_and_nobody_is_missed() {
        run(agreed(asking(true, QueryType.EXPRESSION, "")));
        long women = 0;
        for (int place = 0; place < HOUSEHOLDS; place++) {
            women += source.household(place).members().getFirst().gender().equals("Female") ? 1 : 0;
        }
        UUID pull = world.pulls.create(
                REGISTRAR,
                sourceId,
                "Women",
                asking(
                        false,
                        QueryType.PREDICATE,
                        "[{\"expression1\": {\"attribute_name\": \"sex\", \"operator\": \"eq\", \"attribute_value\":"
                                + " \"female\"}}]"),
                List.of());

        ImportStatus run = run(pull);

        assertThat(run.rowsTotal()).isEqualTo(women).isBetween(1L, HOUSEHOLDS - 1L);
        assertThat(run.vanished()).isZero();
    }

    @Test
    void of_a_list_those_come_whom_the_source_knows_and_the_others_are_named_by_their_line() {
        source.mostItems(3);
        List<String> identifiers = new ArrayList<>();
        for (int place = 0; place < 10; place++) {
            identifiers.add(idOf(place));
        }
        identifiers.add(4, "999999999999");
        UUID pull = agreed(asking(true, QueryType.IDENTIFIERS, ""), identifiers.toArray(String[]::new));

        ImportStatus run = run(pull);

        assertThat(run.rowsCreated()).isEqualTo(members(0, 10));
        assertThat(run.unreadable()).isZero();
        assertThat(world.value("select e.row_ref || ' ' || e.code from foundation.job_row_error e"))
                .isEqualTo("identifier 5 registry.identifier_of_nobody");
        assertThat(world.value("select message from foundation.job where kind = 'registry.fetch-records'"))
                .isEqualTo("records fetched: 10; identifiers of nobody whom the source knows: 1");
        assertThat(world.value("select string_agg(input::text, '') from foundation.job"))
                .doesNotContain("999999999999", idOf(0));
    }

    @Test
    void a_list_of_which_the_source_knows_nobody_waits_for_somebody_to_look() {
        UUID pull = agreed(asking(true, QueryType.IDENTIFIERS, ""), "999999999999");

        ImportStatus run = world.awaitState(world.pulls.start(REGISTRAR, pull, false), State.CHECKED);

        assertThat(run.rowsTotal()).isZero();
        assertThat(run.caution()).isEqualTo("The source told of nobody.");
    }

    @Test
    void an_identifier_that_cannot_be_asked_for_is_not_one_of_nobody() {
        source.mostItems(2);
        UUID pull = agreed(asking(true, QueryType.IDENTIFIERS, ""), idOf(0), idOf(1), idOf(2), idOf(3));
        source.fault(Fault.WITHOUT_DATA, 1);

        ImportStatus run = run(pull);

        assertThat(run.unreadable()).isEqualTo(1);
        assertThat(run.rowsCreated()).isEqualTo(members(1, 4));
        assertThat(world.value("select e.code from foundation.job_row_error e"))
                .isEqualTo("registry.identifier_untold");
    }

    @Test
    void what_a_query_says_of_people_stands_nowhere_in_clear() {
        UUID pull = agreed(asking(false, QueryType.EXPRESSION, "{\"sex\": {\"$eq\": \"Wambui Otieno\"}}"));
        world.pulls.start(REGISTRAR, pull, true);

        assertThat(world.value("select (select string_agg(j::text, '') from foundation.job j)"
                        + " || (select string_agg(p::text, '') from registry.pull p)"
                        + " || (select string_agg(a::text, '') from foundation.audit_entry a)"))
                .isNotEmpty()
                .doesNotContain("Wambui", bytea("Wambui"));
    }

    private static String bytea(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void another_list_takes_the_place_of_the_one_before_which_is_forgotten() {
        PullTerms terms = asking(true, QueryType.IDENTIFIERS, "");
        UUID pull = agreed(terms, idOf(0));
        world.pulls.change(REGISTRAR, pull, 1, "From the standard", terms, List.of(), true);
        assertThat(run(pull).rowsTotal()).isEqualTo(members(0, 1));

        world.pulls.change(REGISTRAR, pull, 2, "From the standard", terms, List.of(idOf(1), idOf(2)), true);

        assertThat(run(pull).rowsTotal()).isEqualTo(members(1, 3));
        assertThat(count("pull_list")).isEqualTo("1");
        assertThat(world.pulls.get(REGISTRAR, pull).terms().question().listed()).isEqualTo(2);
    }

    @Test
    void a_household_that_goes_while_it_is_read_hides_no_other_one() {
        UUID pull = agreed(asking(true, QueryType.EXPRESSION, ""));
        // The second one goes between the first page and the second.
        source.fault(Fault.SHIFTED, 2);

        ImportStatus run = run(pull);

        assertThat(run.rowsCreated()).isBetween(members(2, HOUSEHOLDS), members(0, HOUSEHOLDS));
        for (int place = 2; place < HOUSEHOLDS; place++) {
            assertThat(count("identifier where value_index = '\\x"
                            + HexFormat.of().formatHex(world.keys.identifierIndex("national_id", idOf(place)))
                            + "'"))
                    .as("household " + place)
                    .isEqualTo("1");
        }
    }

    @Test
    void a_source_that_gives_smaller_pages_than_it_is_asked_for_is_read_whole() {
        source.cap(7);

        assertThat(run(agreed(asking(true, QueryType.EXPRESSION, ""))).rowsCreated())
                .isEqualTo(members(0, HOUSEHOLDS));
    }

    @Test
    void a_registry_of_one_page_that_knows_no_pages_is_read_and_one_of_more_is_a_failure() {
        source.keepFirst(15);
        source.fault(Fault.FIRST_PAGE, 1_000);
        UUID pull = agreed(asking(true, QueryType.EXPRESSION, ""));
        assertThat(run(pull).rowsCreated()).isEqualTo(members(0, 15));

        source.keepFirst(35);
        world.awaitFailedJob(world.pulls.start(REGISTRAR, pull, false));

        source.keepFirst(15);
        source.total(Total.NONE);
        UUID other = world.pulls.create(
                REGISTRAR, sourceId, "Without totals", asking(true, QueryType.EXPRESSION, ""), List.of());
        assertThat(run(other).rowsTotal()).isEqualTo(members(0, 15));
        source.keepFirst(35);
        world.awaitFailedJob(world.pulls.start(REGISTRAR, other, false));
    }

    @ParameterizedTest
    @EnumSource(Total.class)
    void whatever_a_source_says_of_a_total_everything_is_read_that_it_gives(Total total) {
        source.total(total);

        ImportStatus run = run(agreed(asking(true, QueryType.EXPRESSION, "")));

        assertThat(run.rowsCreated()).isEqualTo(members(0, HOUSEHOLDS));
        assertThat(run.unreadable()).isEqualTo(total == Total.TOO_LARGE ? 7 : 0);
    }

    @Test
    void one_identifier_that_is_rejected_holds_up_no_other_one() {
        source.mostItems(1);
        UUID pull = agreed(asking(true, QueryType.IDENTIFIERS, ""), idOf(0), idOf(1), idOf(2));
        source.fault(Fault.REJECTED, 1);

        ImportStatus run = run(pull);

        assertThat(run.unreadable()).isEqualTo(1);
        assertThat(run.rowsCreated()).isEqualTo(members(1, 3));
    }

    @Test
    void an_identifier_of_somebody_who_is_not_told_is_not_one_of_nobody() {
        source.total(Total.TOO_LARGE);
        UUID pull = agreed(asking(true, QueryType.IDENTIFIERS, ""), "999999999999");

        world.awaitFailedJob(world.pulls.start(REGISTRAR, pull, false));

        assertThat(world.value("select string_agg(code, ' ') from foundation.job_row_error"))
                .isNull();
    }

    @Test
    void a_reading_that_is_cut_off_again_and_again_comes_to_the_same_end() throws InterruptedException {
        for (QueryType language : List.of(QueryType.PREDICATE, QueryType.IDENTIFIERS)) {
            List<String> identifiers = new ArrayList<>();
            for (int place = 0; place < HOUSEHOLDS && language == QueryType.IDENTIFIERS; place++) {
                identifiers.add(idOf(place));
            }
            UUID pull =
                    world.pulls.create(REGISTRAR, sourceId, language.label(), asking(true, language, ""), identifiers);
            UUID importId = world.pulls.start(REGISTRAR, pull, false);
            for (int i = 0; i < 5; i++) {
                Thread.sleep(150);
                world.cutConnections();
            }
            assertThat(world.awaitState(importId, State.APPLIED).rowsTotal()).isEqualTo(members(0, HOUSEHOLDS));
        }
        assertThat(count("person")).isEqualTo(Long.toString(members(0, HOUSEHOLDS)));
    }

    @Test
    void the_record_over_which_the_answer_breaks_off_is_noted_and_the_others_come() {
        SimulatedHousehold broken = source.household(33);
        source.change(33, broken.with(0, broken.members().getFirst().withNationalId(null)));

        ImportStatus run = run(agreed(asking(true, QueryType.EXPRESSION, "")));

        assertThat(run.unreadable()).isEqualTo(1);
        assertThat(run.rowsCreated())
                .isEqualTo(members(0, HOUSEHOLDS) - broken.members().size());
        assertThat(world.value("select e.row_ref || ' ' || e.code from foundation.job_row_error e"))
                .isEqualTo("record 34 registry.record_unreadable");
    }

    @ParameterizedTest
    @EnumSource(names = {"FAILING", "TRUNCATED", "HTML", "EXPIRED", "REPEATED", "WITHOUT_DATA"})
    void whatever_passes_is_tried_again_and_nothing_is_lost(Fault fault) {
        UUID pull = agreed(asking(true, QueryType.PREDICATE, ""));
        source.fault(fault, fault == Fault.EXPIRED ? 1 : 2);

        assertThat(run(pull).rowsCreated()).isEqualTo(members(0, HOUSEHOLDS));
    }

    @ParameterizedTest
    @EnumSource(names = {"REJECTED", "FIRST_PAGE"})
    void a_source_that_refuses_or_goes_round_in_circles_is_a_failure_and_never_a_list(Fault fault) {
        UUID pull = agreed(asking(true, QueryType.EXPRESSION, ""));
        source.fault(fault, 1_000);

        world.awaitFailedJob(world.pulls.start(REGISTRAR, pull, false));

        assertThat(count("person")).isEqualTo("0");
        assertThat(world.pulls.get(REGISTRAR, pull).lastSynced()).isNull();
    }

    @Test
    void a_list_of_which_every_question_is_rejected_is_a_failure() {
        UUID pull = agreed(asking(true, QueryType.IDENTIFIERS, ""), idOf(0), idOf(1));
        source.fault(Fault.REJECTED, 1_000);

        world.awaitFailedJob(world.pulls.start(REGISTRAR, pull, false));

        assertThat(world.pulls.get(REGISTRAR, pull).lastSynced()).isNull();
    }

    @Test
    void a_look_shows_masked_records_and_says_why_a_question_is_refused() {
        Pulls.Report good =
                world.pulls.check(REGISTRAR, sourceId, null, asking(true, QueryType.EXPRESSION, ""), List.of());
        Pulls.Report list = world.pulls.check(
                REGISTRAR, sourceId, null, asking(false, QueryType.IDENTIFIERS, ""), List.of("1", idOf(3)));
        Pulls.Report refused = world.pulls.check(
                REGISTRAR, sourceId, null, asking(true, QueryType.EXPRESSION, "{\"height\": {\"$gt\": 2}}"), List.of());

        assertThat(good.faults()).isEmpty();
        assertThat(good.sample()).hasSizeGreaterThan(5).anyMatch(row -> row.contains("head"));
        assertThat(list.sample()).hasSize(1);
        assertThat(good.sample().toString() + list.sample())
                .doesNotContain(source.household(0).members().getFirst().given(), idOf(3));
        assertThat(refused.faults())
                .containsExactly("The source refuses: it rejects the question: rjct.search_criteria.invalid.");
        assertThat(world.sources.test(ADMIN, sourceId))
                .containsEntry("It answers searches of the standard", "yes")
                .containsKey("It answers GraphQL");
    }

    @Test
    void questions_that_are_none_are_refused_before_they_are_kept() {
        assertUnfit(asking(true, QueryType.EXPRESSION, "{ sex = female }"), "it is no JSON");
        assertUnfit(asking(true, QueryType.EXPRESSION, "[]"), "an expression is an object");
        assertUnfit(asking(true, QueryType.EXPRESSION, "{}"), "an expression is an object");
        assertUnfit(asking(true, QueryType.PREDICATE, "[]"), "a predicate is a list of rows");
        assertUnfit(asking(true, QueryType.PREDICATE, "[1]"), "a predicate is a list of rows");
        assertUnfit(asking(true, QueryType.IDENTIFIERS, ""), "one in each line");
        assertThat(count("pull")).isEqualTo("0");
    }

    private void assertUnfit(PullTerms terms, String fault) {
        assertThatThrownBy(() -> agreed(terms)).isInstanceOf(Problem.class).hasMessageContaining(fault);
    }
}
