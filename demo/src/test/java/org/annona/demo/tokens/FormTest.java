package org.annona.demo.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.annona.access.Role;
import org.annona.foundation.problem.Problem;
import org.annona.simulators.odk.SimulatedOdkCentral;
import org.annona.tokens.ConnectorStatus;
import org.annona.tokens.ConnectorTerms;
import org.annona.tokens.OdkForm;
import org.annona.tokens.connector.Connectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens for those who are named in submissions of an ODK form, which the seeder reads itself: over real HTTP. */
class FormTest {

    private static final AtomicInteger DAY = new AtomicInteger();
    private static final AtomicInteger NUMBER = new AtomicInteger(5000);
    private static TokenHouse house;
    private static SimulatedOdkCentral odk;
    private Instant from;
    private Instant to;

    @BeforeAll
    static void open() throws IOException {
        house = new TokenHouse();
        odk = new SimulatedOdkCentral(0);
        odk.start();
    }

    @AfterAll
    static void close() {
        odk.close();
        house.close();
    }

    /** Each test has a day of its own. */
    @BeforeEach
    void takeADay() {
        from = Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofDays(3L * DAY.getAndIncrement()));
        to = from.plus(Duration.ofDays(1));
    }

    private static String vid(char first) {
        return first + String.format("%09d", NUMBER.getAndIncrement());
    }

    private static String registered(char first) {
        String vid = vid(first);
        house.take(TokenHouse.person(vid));
        return vid;
    }

    private static List<String> registered(char first, int count) {
        List<String> vids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            vids.add(vid(first));
        }
        house.take(vids.stream().map(TokenHouse::person).toArray(String[]::new));
        return vids;
    }

    private static Map<String, Object> answers(String vid) {
        Map<String, Object> answers = new LinkedHashMap<>();
        answers.put("vid", vid);
        answers.put("name", "Asha Devi");
        answers.put("gender", "Female");
        answers.put("dob", "1976-01-01");
        answers.put("address", "12 Main St");
        return answers;
    }

    private static Map<String, Object> with(Map<String, Object> answers, String question, Object answer) {
        Map<String, Object> changed = new LinkedHashMap<>(answers);
        changed.put(question, answer);
        return changed;
    }

    private String submit(int minute, String vid) {
        return odk.submit(from.plus(Duration.ofMinutes(minute)), answers(vid));
    }

    private ConnectorTerms terms(int interval) {
        return terms(interval, house.seeder.url(), interval == 0 ? to : null);
    }

    private static ConnectorTerms of(OdkForm form) {
        return ConnectorTerms.presetForForm(house.seeder.url(), form);
    }

    private static OdkForm form(String data, Instant from, Instant to) {
        return new OdkForm(odk.url(), "v1", data, "1", "household", SimulatedOdkCentral.EMAIL, from, to);
    }

    private ConnectorTerms terms(int interval, String seeder, Instant until) {
        ConnectorTerms quick = house.terms(ConnectorTerms.Delivery.DOWNLOAD);
        OdkForm form = new OdkForm(
                odk.url(),
                "v1",
                "",
                SimulatedOdkCentral.PROJECT,
                SimulatedOdkCentral.FORM,
                SimulatedOdkCentral.EMAIL,
                from,
                until);
        ConnectorTerms preset = ConnectorTerms.presetForForm(seeder, form);
        return new ConnectorTerms(
                preset.seederUrl(),
                preset.filter(),
                preset.dialect(),
                preset.fields(),
                preset.mapping(),
                preset.outputFormat(),
                preset.language(),
                preset.delivery(),
                preset.callback(),
                interval,
                preset.batch(),
                quick.maxAttempts(),
                quick.backOff(),
                quick.requestTimeout(),
                quick.patience(),
                preset.virtualIdType(),
                preset.tokenType(),
                preset.tokenPattern(),
                preset.purpose(),
                ConnectorTerms.Basis.LAW,
                "Social Protection Act, section 12",
                ConnectorTerms.Proof.SIGNATURE,
                form);
    }

    private static UUID create(ConnectorTerms terms, String password) {
        return house.connector(terms, Map.of(Connectors.FORM_PASSWORD, password));
    }

    private ConnectorStatus read() {
        UUID id = create(terms(0), SimulatedOdkCentral.PASSWORD);
        return start(id);
    }

    private static ConnectorStatus start(UUID id) {
        house.tokens().start(house.actor(Role.REGISTRAR), id);
        return house.awaitEnd();
    }

    private static String ofConnector(ConnectorStatus status, String what) {
        return house.value("select " + what + " from tokens.form_window where connector_id = '" + status.id() + "'");
    }

    @Test
    void people_who_are_named_in_a_form_get_their_token() {
        List<String> vids = registered('1', 3);
        vids.forEach(vid -> submit(60, vid));
        submit(-1, registered('1'));
        submit(24 * 60, registered('1'));
        long before = house.tokensInRegistry();
        ConnectorStatus status = read();
        assertThat(status.state()).isEqualTo("completed");
        assertThat(status.people()).isEqualTo(Map.of("tokenised", 3L));
        assertThat(house.tokensInRegistry() - before).isEqualTo(3);
        assertThat(odk.filters().getLast())
                .isEqualTo("__system/submissionDate ge " + from.toString().replace("Z", ".000Z")
                        + " and __system/submissionDate lt " + to.toString().replace("Z", ".000Z"));
    }

    @Test
    void a_submission_of_nobody_is_listed_and_brings_no_token() {
        submit(10, registered('1'));
        String unknown = submit(20, vid('1'));
        String withoutId = odk.submit(from.plusSeconds(60), with(answers(""), "vid", null));
        long before = house.tokensInRegistry();
        ConnectorStatus status = read();
        assertThat(status.people()).isEqualTo(Map.of("tokenised", 1L));
        assertThat(house.tokensInRegistry() - before).isEqualTo(1);
        assertThat(ofConnector(status, "submissions || ' ' || not_selected")).isEqualTo("3 2");
        assertThat(house.value("select code from tokens.submission where submission_id = '" + unknown + "'"))
                .isEqualTo("LOCAL-UNKNOWN");
        assertThat(house.value("select code from tokens.submission where submission_id = '" + withoutId + "'"))
                .isEqualTo("ATS-REQ-009");
    }

    /** Each fault for some of the messages; in the end everybody has a token, once. */
    @ParameterizedTest
    @CsvSource({
        "http, 502x2",
        "http, 500x1",
        "reset, 2",
        "resetAfterAccepting, 1",
        "garbage, 1",
        "emptyFile, 2",
        "truncateFile, 1",
        "race, 400",
        "stuck, 1",
        "nullToken, 2",
        "shortToken, 2",
        "ownError, 1",
        "ownError, 9",
        "oddIdentifier, 2",
        "noResults, 9",
    })
    void a_seeder_that_misbehaves_costs_time_and_nothing_else(String fault, String value) {
        List<String> vids = registered('1', 5);
        for (int i = 0; i < 5; i++) {
            submit(i * 200, vids.get(i));
        }
        house.seeder.misbehave(fault, value);
        try {
            ConnectorStatus status = read();
            assertThat(status.people()).isEqualTo(Map.of("tokenised", 5L));
            assertThat(status.state()).isEqualTo("completed");
        } finally {
            house.seeder.misbehave(fault, fault.equals("http") ? "500x0" : "0");
        }
    }

    @Test
    void an_outage_of_odk_is_not_taken_for_an_empty_form() {
        submit(10, registered('1'));
        odk.fail(3);
        assertThat(read().people()).isEqualTo(Map.of("tokenised", 1L));
    }

    @Test
    void a_form_without_submissions_is_an_answer() {
        ConnectorStatus status = read();
        assertThat(status.state()).isEqualTo("completed");
        assertThat(status.people()).isEmpty();
        assertThat(house.value(
                        "select state || ' ' || code from tokens.request where connector_id = '" + status.id() + "'"))
                .isEqualTo("done ATS-REQ-23");
    }

    @Test
    void a_submission_on_which_the_seeder_breaks_keeps_no_other_from_its_token() {
        List<String> vids = registered('1', 4);
        submit(100, vids.get(0));
        submit(400, vids.get(1));
        odk.submit(from.plus(Duration.ofMinutes(401)), with(answers(vid('1')), "gender", 2));
        submit(402, vids.get(2));
        submit(1400, vids.get(3));
        ConnectorStatus status = read();
        assertThat(status.people()).isEqualTo(Map.of("tokenised", 4L));
        assertThat(status.state()).isEqualTo("failed");
        assertThat(status.reason()).contains("One window of the form could not be read as a whole");
    }

    @Test
    void results_that_name_no_submission_are_not_taken_for_a_form_that_was_read() {
        submit(10, registered('1'));
        house.seeder.misbehave("nullResults", "1");
        ConnectorStatus status = read();
        assertThat(status.state()).isEqualTo("failed");
        assertThat(status.reason()).contains("could not be read as a whole");
        assertThat(start(status.id()).people()).isEqualTo(Map.of("tokenised", 1L));
        assertThat(house.newest().state()).isEqualTo("completed");
    }

    @Test
    void whoever_is_read_in_part_is_not_asked_about_by_the_clock_without_end() {
        from = Instant.now().minus(Duration.ofMinutes(90)).truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
        odk.submit(from.plusSeconds(60), answers(registered('1')));
        UUID id = create(terms(60), SimulatedOdkCentral.PASSWORD);
        house.seeder.misbehave("nullResults", "all");
        try {
            assertThat(start(id).reason()).contains("could not be read as a whole");
            for (int run = 1; run <= 8; run++) {
                house.change("update tokens.connector set next_run_at = now() where id = '" + id + "'");
                int number = run + 1;
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> house.newest().run() == number);
                assertThat(house.awaitEnd().state()).isEqualTo("failed");
            }
            assertThat(house.value(
                            "select attempts || ' ' || (due_at is null) from tokens.form_window where connector_id = '"
                                    + id + "' order by to_at - from_at desc limit 1"))
                    .isEqualTo("5 true");
        } finally {
            house.seeder.misbehave("nullResults", "0");
        }
        assertThat(start(id).people()).isEqualTo(Map.of("tokenised", 1L));
        house.tokens().stop(house.actor(Role.REGISTRAR), id);
    }

    @Test
    void whoever_got_her_token_elsewhere_meanwhile_is_not_stuck() {
        submit(10, registered('7'));
        ConnectorStatus status = read();
        String ofIt = " where connector_id = '" + status.id() + "'";
        house.change("update tokens.tokenisation set state = 'new', due_at = now(), attempts = 0" + ofIt);
        house.change("insert into registry.identifier (id, person_id, type, value_index, value_sealed, status)"
                + " select gen_random_uuid(), t.person_id, 'identity_token', '\\x00'::bytea || uuid_send(t.id), '\\x00',"
                + " 'valid' from tokens.tokenisation t" + ofIt);
        assertThat(start(status.id()).people()).isEqualTo(Map.of("tokenised", 1L));
    }

    @Test
    void a_process_that_died_between_the_registry_and_its_own_tables_loses_nothing() {
        submit(10, registered('1'));
        ConnectorStatus status = read();
        String ofIt = " where connector_id = '" + status.id() + "'";
        house.change("update tokens.attempt set answered_at = null, outcome = null, code = null, answer_digest = null"
                + " where request_id in (select id from tokens.request" + ofIt + ")");
        house.change("update tokens.request set state = 'accepted', poll_at = now(), ended_at = null" + ofIt);
        house.change("update tokens.tokenisation set state = 'sent'" + ofIt);
        assertThat(start(status.id()).people()).isEqualTo(Map.of("tokenised", 1L));
        assertThat(house.value("select string_agg(state, ' ') from tokens.request" + ofIt))
                .isEqualTo("done");
    }

    @Test
    void what_was_read_is_not_read_again_and_an_earlier_beginning_is_read_too() {
        submit(10, registered('1'));
        odk.submit(from.minus(Duration.ofHours(3)), answers(registered('1')));
        ConnectorTerms terms = terms(0);
        UUID id = create(terms, SimulatedOdkCentral.PASSWORD);
        assertThat(start(id).people()).isEqualTo(Map.of("tokenised", 1L));
        long asked = house.seeder.book().authentications();
        assertThat(start(id).state()).isEqualTo("completed");
        assertThat(house.seeder.book().authentications()).isEqualTo(asked);
        from = from.minus(Duration.ofHours(30));
        house.server
                .part(Connectors.class)
                .change(house.actor(Role.ADMINISTRATOR), id, 1, house.newest().name(), terms(0), Map.of());
        assertThat(start(id).people()).isEqualTo(Map.of("tokenised", 2L));
        assertThat(house.seeder.book().authentications()).isEqualTo(asked + 1);
        assertThat(house.value("select max(to_at - from_at) <= interval '1 day' from tokens.form_window"))
                .isEqualTo("t");
    }

    @Test
    void a_submission_that_is_only_read_once_more_changes_nothing_for_its_person() {
        String mismatch = registered('9');
        String late = vid('1');
        submit(10, mismatch);
        submit(10, late);
        UUID id = create(terms(0), SimulatedOdkCentral.PASSWORD);
        assertThat(start(id).people()).isEqualTo(Map.of("failed", 1L));
        house.change("update tokens.tokenisation set attempts = 3 where connector_id = '" + id + "'");
        house.take(TokenHouse.person(late));
        house.change("update tokens.form_window set due_at = now() where connector_id = '" + id + "'");
        assertThat(start(id).people()).isEqualTo(Map.of("failed", 1L, "tokenised", 1L));
        assertThat(house.value("select attempts from tokens.tokenisation where state = 'failed' and connector_id = '"
                        + id + "'"))
                .isEqualTo("3");
    }

    @Test
    void a_wrong_password_stops_the_connector_with_a_reason_and_loses_nothing() {
        submit(10, registered('1'));
        ConnectorTerms terms = terms(0);
        UUID id = create(terms, "wrong");
        ConnectorStatus status = start(id);
        assertThat(status.state()).isEqualTo("failed");
        assertThat(status.reason()).contains("cannot read the form", "Perhaps ODK refuses the account");
        Connectors connectors = house.server.part(Connectors.class);
        connectors.change(
                house.actor(Role.ADMINISTRATOR),
                id,
                1,
                status.name(),
                terms,
                Map.of(Connectors.FORM_PASSWORD, SimulatedOdkCentral.PASSWORD));
        ConnectorStatus good = start(id);
        assertThat(good.people()).isEqualTo(Map.of("tokenised", 1L));
        assertThat(good.state()).isEqualTo("completed");
    }

    @Test
    void a_seeder_that_forgets_what_it_read_is_asked_again() {
        submit(10, registered('1'));
        house.seeder.misbehave("stuck", "1");
        UUID id = create(terms(0), SimulatedOdkCentral.PASSWORD);
        house.tokens().start(house.actor(Role.REGISTRAR), id);
        await().until(() -> house.value(
                        "select count(*) from tokens.request where state = 'accepted' and connector_id = '" + id + "'")
                .equals("1"));
        house.seeder.restart();
        assertThat(house.awaitEnd().people()).isEqualTo(Map.of("tokenised", 1L));
    }

    @Test
    void a_seeder_that_forgets_before_anybody_can_ask_stops_the_connector_and_loses_nothing() {
        submit(10, registered('1'));
        house.seeder.misbehave("cleanupSeconds", "0.05");
        ConnectorStatus status;
        try {
            status = read();
        } finally {
            house.seeder.misbehave("cleanupSeconds", "0");
        }
        assertThat(status.state()).isEqualTo("failed");
        assertThat(status.reason()).contains("takes the form in and gives no results: ATS-REQ-016");
        assertThat(start(status.id()).people()).isEqualTo(Map.of("tokenised", 1L));
        assertThat(house.newest().state()).isEqualTo("completed");
    }

    @Test
    void a_recurring_connector_goes_on_a_little_before_where_it_was() {
        from = Instant.now().minus(Duration.ofMinutes(30)).truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
        String first = registered('1');
        odk.submit(from.plusSeconds(60), answers(first));
        UUID id = create(terms(60), SimulatedOdkCentral.PASSWORD);
        assertThat(start(id).people()).isEqualTo(Map.of("tokenised", 1L));
        // Made before the first run ended, and seen only now.
        odk.submit(Instant.now().minus(Duration.ofMinutes(2)), answers(registered('1')));
        house.tokens().stop(house.actor(Role.REGISTRAR), id);
        assertThat(start(id).people()).isEqualTo(Map.of("tokenised", 2L));
        house.tokens().stop(house.actor(Role.REGISTRAR), id);
        assertThat(house.value("select min(later.from_at) = min(earlier.to_at) - interval '10 minutes'"
                        + " from tokens.form_window earlier, tokens.form_window later"
                        + " where earlier.connector_id = '" + id + "' and later.connector_id = '" + id
                        + "' and later.from_at > earlier.from_at"))
                .isEqualTo("t");
    }

    @Test
    void whoever_the_authority_could_not_answer_is_asked_for_again_and_in_the_end_somebody_has_to_look() {
        submit(10, registered('7'));
        submit(700, registered('1'));
        long asked = house.seeder.book().authentications();
        ConnectorStatus status = read();
        assertThat(status.people()).isEqualTo(Map.of("gave_up", 1L, "tokenised", 1L));
        // Of the window only the moment in which she was submitted is read again.
        assertThat(house.seeder.book().authentications() - asked).isEqualTo(6);
    }

    @Test
    void what_the_authority_says_of_the_data_waits_for_another_submission() {
        submit(10, registered('9'));
        long asked = house.seeder.book().authentications();
        ConnectorStatus status = read();
        assertThat(status.people()).isEqualTo(Map.of("failed", 1L));
        assertThat(house.seeder.book().authentications() - asked).isEqualTo(1);
    }

    @Test
    void of_two_submissions_of_one_person_the_one_with_a_token_counts() {
        String vid = registered('1');
        odk.submit(from.plusSeconds(5), with(answers(vid), "dob", ""));
        submit(10, vid);
        odk.submit(from.plusSeconds(900), with(answers(vid), "address", ""));
        assertThat(read().people()).isEqualTo(Map.of("tokenised", 1L));
    }

    @Test
    void two_tokens_for_one_virtual_id_are_none() {
        String vid = registered('1');
        submit(10, vid);
        submit(11, vid);
        house.seeder.misbehave("foreignToken", "1");
        long before = house.tokensInRegistry();
        ConnectorStatus status = read();
        assertThat(status.people()).isEqualTo(Map.of("tokenised", 1L));
        assertThat(house.tokensInRegistry() - before).isEqualTo(1);
        assertThat(house.value(
                        "select string_agg(a.outcome || ' ' || a.code, ', ' order by a.sent_at) from tokens.attempt a"
                                + " join tokens.tokenisation t on t.id = a.tokenisation_id where t.connector_id = '"
                                + status.id() + "'"))
                .isEqualTo("error LOCAL-TOKEN, token ");
    }

    @Test
    void a_token_of_another_person_opens_a_case() {
        int number = NUMBER.getAndIncrement();
        String first = "1" + String.format("%09d", number);
        String second = "5" + String.format("%09d", number);
        house.take(TokenHouse.person(first), TokenHouse.person(second));
        submit(10, first);
        submit(20, second);
        assertThat(read().people()).isEqualTo(Map.of("tokenised", 1L, "collision", 1L));
    }

    @Test
    void a_password_goes_to_no_other_address_by_itself() {
        UUID id = create(terms(0), SimulatedOdkCentral.PASSWORD);
        Connectors connectors = house.server.part(Connectors.class);
        String name = house.newest().name();
        assertThatThrownBy(() -> connectors.change(
                        house.actor(Role.ADMINISTRATOR), id, 1, name, terms(0, "http://127.0.0.1:9", to), Map.of()))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("Password of the account in ODK");
        connectors.change(house.actor(Role.ADMINISTRATOR), id, 1, name, terms(0), Map.of());
        assertThatThrownBy(() -> house.tokens()
                        .createConnector(house.actor(Role.ADMINISTRATOR), "without password", terms(0), Map.of()))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("Password of the account in ODK");
    }

    @Test
    void an_agreement_that_does_not_fit_a_form_is_not_kept() {
        assertThatThrownBy(() -> create(
                        ConnectorTerms.presetForForm(
                                house.seeder.url(),
                                new OdkForm("http://odk.example", "v1", "", "one", "", "nobody", to, from)),
                        "x"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("Address of ODK Central: it begins with https")
                .hasMessageContaining("name its project by number")
                .hasMessageContaining("it is an e-mail address")
                .hasMessageContaining("later than from when");
        assertThatThrownBy(() -> create(of(form("http://127.0.0.1:9/v1/x", from, to)), "x"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("it is one of ODK Central");
        assertThatThrownBy(() -> create(of(form(odk.url() + "/v1/x?$top=2", from, to)), "x"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("without a question mark");
        assertThatThrownBy(() -> create(of(form("", from, Instant.now().plusSeconds(60))), "x"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("it lies ahead, or less than 10 minutes back");
    }

    @Test
    void nothing_that_names_a_person_and_no_password_stands_in_the_tables() {
        String vid = registered('1');
        submit(10, vid);
        submit(20, vid('1'));
        read();
        for (String table : new String[] {
            "tokens.form_window",
            "tokens.submission",
            "tokens.request",
            "tokens.attempt",
            "tokens.connector",
            "tokens.connector_version",
            "tokens.connector_secret",
            "foundation.audit_entry",
            "foundation.job"
        }) {
            assertThat(house.value("select string_agg(t::text, ' ') from " + table + " t"))
                    .satisfies(text -> assertThat(String.valueOf(text))
                            .doesNotContain(vid)
                            .doesNotContain("Asha")
                            .doesNotContain(SimulatedOdkCentral.PASSWORD));
        }
    }
}
