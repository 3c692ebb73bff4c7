package org.annona.tokens.tokenisation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.tokens.ConnectorStatus;
import org.annona.tokens.FormWorld;
import org.annona.tokens.TokensWorld;
import org.annona.tokens.connector.Connectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which parts of time are read of a form, and which of them once more. */
class FormWindowsTest {

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
    void people_who_are_named_in_a_form_get_their_token() {
        List<String> vids = WORLD.registered('1', 3);
        vids.forEach(vid -> FORM.submit(60, vid));
        FORM.submit(-1, WORLD.registered('1'));
        FORM.submit(24 * 60, WORLD.registered('1'));
        long before = WORLD.tokensInRegistry();

        ConnectorStatus status = FORM.read();

        WORLD.assertAllTokenised(status, vids);
        assertThat(WORLD.tokensInRegistry() - before).isEqualTo(3);
        assertThat(FORM.odk.filters().getLast())
                .isEqualTo(
                        "__system/submissionDate ge " + FORM.from().toString().replace("Z", ".000Z")
                                + " and __system/submissionDate lt "
                                + FORM.to().toString().replace("Z", ".000Z"));
    }

    @Test
    void a_form_without_submissions_is_an_answer() {
        ConnectorStatus status = FORM.read();

        assertThat(status.state()).isEqualTo("completed");
        assertThat(status.people()).isEmpty();
        assertThat(WORLD.value(
                        "select state || ' ' || code from tokens.request where connector_id = '" + status.id() + "'"))
                .isEqualTo("done ATS-REQ-23");
    }

    @Test
    void results_that_name_no_submission_are_not_taken_for_a_form_that_was_read() {
        FORM.submit(10, WORLD.registered('1'));
        WORLD.seeder.misbehave("nullResults", "1");

        ConnectorStatus status = FORM.read();

        assertThat(status.state()).isEqualTo("failed");
        assertThat(status.reason()).contains("could not be read as a whole");
        assertThat(WORLD.run(status.id()).people()).isEqualTo(Map.of("tokenised", 1L));
        assertThat(WORLD.newest().state()).isEqualTo("completed");
    }

    @Test
    void whoever_is_read_in_part_is_not_asked_about_by_the_clock_without_end() {
        FORM.begin(Instant.now().minus(Duration.ofMinutes(90)));
        FORM.submit(1, WORLD.registered('1'));
        UUID id = FORM.connector(FORM.recurring(60));
        WORLD.seeder.misbehave("nullResults", "all");
        try {
            assertThat(WORLD.run(id).reason()).contains("could not be read as a whole");

            for (int run = 2; run <= 9; run++) {
                WORLD.change("update tokens.connector set next_run_at = now() where id = '" + id + "'");
                WORLD.doWhatRecurs();

                assertThat(WORLD.newest().run()).isEqualTo(run);
                assertThat(WORLD.awaitEnd().state()).isEqualTo("failed");
            }
            assertThat(WORLD.value(
                            "select attempts || ' ' || (due_at is null) from tokens.form_window where connector_id = '"
                                    + id + "' order by to_at - from_at desc limit 1"))
                    .isEqualTo("5 true");
        } finally {
            WORLD.seeder.misbehave("nullResults", "0");
        }

        assertThat(WORLD.run(id).people()).isEqualTo(Map.of("tokenised", 1L));
        WORLD.stop(id);
    }

    @Test
    void what_was_read_is_not_read_again_and_an_earlier_beginning_is_read_too() {
        FORM.submit(10, WORLD.registered('1'));
        FORM.submit(-3 * 60, WORLD.registered('1'));
        UUID id = FORM.connector(FORM.agreement());
        assertThat(WORLD.run(id).people()).isEqualTo(Map.of("tokenised", 1L));
        long asked = WORLD.seeder.book().authentications();

        assertThat(WORLD.run(id).state()).isEqualTo("completed");
        assertThat(WORLD.seeder.book().authentications()).isEqualTo(asked);

        FORM.begin(FORM.from().minus(Duration.ofHours(30)));
        WORLD.part(Connectors.class)
                .change(
                        TokensWorld.ADMINISTRATOR,
                        id,
                        1,
                        WORLD.newest().name(),
                        FORM.agreement().terms(),
                        Map.of());

        assertThat(WORLD.run(id).people()).isEqualTo(Map.of("tokenised", 2L));
        assertThat(WORLD.seeder.book().authentications()).isEqualTo(asked + 1);
        assertThat(WORLD.value("select max(to_at - from_at) <= interval '1 day' from tokens.form_window"))
                .isEqualTo("t");
    }

    @Test
    void a_recurring_connector_goes_on_a_little_before_where_it_was() {
        FORM.begin(Instant.now().minus(Duration.ofMinutes(30)));
        FORM.submit(1, WORLD.registered('1'));
        UUID id = FORM.connector(FORM.recurring(60));
        assertThat(WORLD.run(id).people()).isEqualTo(Map.of("tokenised", 1L));
        // Made before the first run ended, and seen only now.
        FORM.submit(28, WORLD.registered('1'));
        WORLD.stop(id);

        assertThat(WORLD.run(id).people()).isEqualTo(Map.of("tokenised", 2L));

        WORLD.stop(id);
        assertThat(WORLD.value("select min(later.from_at) = min(earlier.to_at) - interval '10 minutes'"
                        + " from tokens.form_window earlier, tokens.form_window later"
                        + " where earlier.connector_id = '" + id + "' and later.connector_id = '" + id
                        + "' and later.from_at > earlier.from_at"))
                .isEqualTo("t");
    }
}
