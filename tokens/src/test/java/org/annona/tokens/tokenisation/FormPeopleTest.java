package org.annona.tokens.tokenisation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.annona.simulators.odk.SimulatedOdkCentral;
import org.annona.tokens.ConnectorStatus;
import org.annona.tokens.FormWorld;
import org.annona.tokens.TokensWorld;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens for people who are named in submissions of a form, and why somebody gets none. */
class FormPeopleTest {

    private static final FormWorld FORM = new FormWorld();
    private static final TokensWorld WORLD = FORM.world;

    @AfterAll
    static void close() {
        FORM.close();
    }

    @BeforeEach
    void takeADay() {
        FORM.takeADay();
    }

    @Test
    void a_submission_of_nobody_is_listed_and_brings_no_token() {
        FORM.submit(10, WORLD.registered('1'));
        String unknown = FORM.submit(20, TokensWorld.vid('1'));
        String withoutId = FORM.submit(1, FormWorld.with(FormWorld.answers(""), "vid", null));
        long before = WORLD.tokensInRegistry();

        ConnectorStatus status = FORM.read();

        assertThat(status.people()).isEqualTo(Map.of("tokenised", 1L));
        assertThat(WORLD.tokensInRegistry() - before).isEqualTo(1);
        assertThat(WORLD.value("select submissions || ' ' || not_selected from tokens.form_window"
                        + " where connector_id = '" + status.id() + "'"))
                .isEqualTo("3 2");
        assertThat(code(unknown)).isEqualTo("LOCAL-UNKNOWN");
        assertThat(code(withoutId)).isEqualTo("ATS-REQ-009");
    }

    private static String code(String submission) {
        return WORLD.value("select code from tokens.submission where submission_id = '" + submission + "'");
    }

    @Test
    void whoever_got_her_token_elsewhere_meanwhile_is_not_stuck() {
        String vid = WORLD.registered('7');
        FORM.submit(10, vid);
        ConnectorStatus status = FORM.read();
        WORLD.change("update tokens.tokenisation set state = 'new', due_at = now(), attempts = 0"
                + " where connector_id = '" + status.id() + "'");
        WORLD.registry.give(vid, "7".repeat(36));

        assertThat(WORLD.run(status.id()).people()).isEqualTo(Map.of("tokenised", 1L));
    }

    @Test
    void a_process_that_died_between_the_registry_and_its_own_tables_loses_nothing() {
        FORM.submit(10, WORLD.registered('1'));
        ConnectorStatus status = FORM.read();
        String ofIt = " where connector_id = '" + status.id() + "'";
        WORLD.change("update tokens.attempt set answered_at = null, outcome = null, code = null, answer_digest = null"
                + " where request_id in (select id from tokens.request" + ofIt + ")");
        WORLD.change("update tokens.request set state = 'accepted', poll_at = now(), ended_at = null" + ofIt);
        WORLD.change("update tokens.tokenisation set state = 'sent'" + ofIt);

        assertThat(WORLD.run(status.id()).people()).isEqualTo(Map.of("tokenised", 1L));
        assertThat(WORLD.value("select string_agg(state, ' ') from tokens.request" + ofIt))
                .isEqualTo("done");
    }

    @Test
    void a_submission_that_is_only_read_once_more_changes_nothing_for_its_person() {
        String mismatch = WORLD.registered('9');
        String late = TokensWorld.vid('1');
        FORM.submit(10, mismatch);
        FORM.submit(10, late);
        UUID id = FORM.connector(FORM.agreement());
        assertThat(WORLD.run(id).people()).isEqualTo(Map.of("failed", 1L));
        WORLD.change("update tokens.tokenisation set attempts = 3 where connector_id = '" + id + "'");
        WORLD.register(List.of(late));
        WORLD.change("update tokens.form_window set due_at = now() where connector_id = '" + id + "'");

        assertThat(WORLD.run(id).people()).isEqualTo(Map.of("failed", 1L, "tokenised", 1L));
        assertThat(WORLD.value("select attempts from tokens.tokenisation where state = 'failed' and connector_id = '"
                        + id + "'"))
                .isEqualTo("3");
    }

    @Test
    void whoever_the_authority_could_not_answer_is_asked_for_again_and_in_the_end_somebody_has_to_look() {
        FORM.submit(10, WORLD.registered('7'));
        FORM.submit(700, WORLD.registered('1'));
        long asked = WORLD.seeder.book().authentications();

        ConnectorStatus status = FORM.read();

        assertThat(status.people()).isEqualTo(Map.of("gave_up", 1L, "tokenised", 1L));
        // Of the window only the moment of the first submission is read again.
        assertThat(WORLD.seeder.book().authentications() - asked).isEqualTo(6);
    }

    @Test
    void what_the_authority_says_of_the_data_waits_for_another_submission() {
        FORM.submit(10, WORLD.registered('9'));
        long asked = WORLD.seeder.book().authentications();

        ConnectorStatus status = FORM.read();

        assertThat(status.people()).isEqualTo(Map.of("failed", 1L));
        assertThat(WORLD.seeder.book().authentications() - asked).isEqualTo(1);
    }

    @Test
    void of_two_submissions_of_one_person_the_one_with_a_token_counts() {
        String vid = WORLD.registered('1');
        FORM.odk.submit(FORM.from().plusSeconds(5), FormWorld.with(FormWorld.answers(vid), "dob", ""));
        FORM.submit(10, vid);
        FORM.submit(15, FormWorld.with(FormWorld.answers(vid), "address", ""));

        assertThat(FORM.read().people()).isEqualTo(Map.of("tokenised", 1L));
    }

    @Test
    void two_tokens_for_one_virtual_id_are_none() {
        String vid = WORLD.registered('1');
        FORM.submit(10, vid);
        FORM.submit(11, vid);
        WORLD.seeder.misbehave("foreignToken", "1");
        long before = WORLD.tokensInRegistry();

        ConnectorStatus status = FORM.read();

        WORLD.assertAllTokenised(status, List.of(vid));
        assertThat(WORLD.tokensInRegistry() - before).isEqualTo(1);
        assertThat(WORLD.value(
                        "select string_agg(a.outcome || ' ' || a.code, ', ' order by a.sent_at) from tokens.attempt a"
                                + " join tokens.tokenisation t on t.id = a.tokenisation_id where t.connector_id = '"
                                + status.id() + "'"))
                .isEqualTo("error LOCAL-TOKEN, token ");
    }

    @Test
    void a_token_of_another_person_opens_a_case() {
        String number = TokensWorld.number();
        String first = "1" + number;
        String second = "5" + number;
        WORLD.register(List.of(first, second));
        FORM.submit(10, first);
        FORM.submit(20, second);

        assertThat(FORM.read().people()).isEqualTo(Map.of("tokenised", 1L, "collision", 1L));
    }

    @Test
    void nothing_that_names_a_person_and_no_password_stands_in_the_tables() {
        String vid = WORLD.registered('1');
        FORM.submit(10, vid);
        FORM.submit(20, TokensWorld.vid('1'));

        FORM.read();

        Stream.of(
                        "tokens.form_window",
                        "tokens.submission",
                        "tokens.request",
                        "tokens.attempt",
                        "tokens.connector",
                        "tokens.connector_version",
                        "tokens.connector_secret",
                        "foundation.audit_entry",
                        "foundation.job")
                .forEach(table -> assertThat(WORLD.value("select string_agg(t::text, ' ') from " + table + " t"))
                        .satisfies(text -> assertThat(String.valueOf(text))
                                .doesNotContain(vid)
                                .doesNotContain("Asha")
                                .doesNotContain(SimulatedOdkCentral.PASSWORD)));
    }
}
