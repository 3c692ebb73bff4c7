package org.annona.tokens.tokenisation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.tokens.ConnectorStatus;
import org.annona.tokens.FormWorld;
import org.annona.tokens.TokensWorld;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A seeder or an ODK Central that does not do what it should while a form is read. */
class FormFaultsTest {

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
        List<String> vids = WORLD.registered('1', 5);
        for (int i = 0; i < 5; i++) {
            FORM.submit(i * 200, vids.get(i));
        }
        WORLD.seeder.misbehave(fault, value);
        try {
            ConnectorStatus status = WORLD.run(FORM.connector(FORM.agreement().lostAfter(Duration.ofMillis(1500))));

            WORLD.assertAllTokenised(status, vids);
        } finally {
            WORLD.seeder.misbehave(fault, fault.equals("http") ? "500x0" : "0");
        }
    }

    @Test
    void an_outage_of_odk_is_not_taken_for_an_empty_form() {
        FORM.submit(10, WORLD.registered('1'));
        FORM.odk.fail(3);

        ConnectorStatus status = FORM.read();

        assertThat(status.people()).isEqualTo(Map.of("tokenised", 1L));
    }

    @Test
    void a_seeder_that_forgets_what_it_read_is_asked_again() {
        FORM.submit(10, WORLD.registered('1'));
        WORLD.seeder.misbehave("stuck", "1");
        UUID id = FORM.connector(FORM.agreement());
        WORLD.start(id);
        TokensWorld.await(
                Duration.ofSeconds(10),
                () -> WORLD.value("select count(*) from tokens.request where state = 'accepted' and connector_id = '"
                                + id + "'")
                        .equals("1"));

        WORLD.seeder.restart();

        assertThat(WORLD.awaitEnd().people()).isEqualTo(Map.of("tokenised", 1L));
    }

    @Test
    void a_seeder_that_forgets_before_anybody_can_ask_stops_the_connector_and_loses_nothing() {
        FORM.submit(10, WORLD.registered('1'));
        // It is asked after 60 milliseconds for the first time.
        WORLD.seeder.misbehave("cleanupSeconds", "0.05");
        ConnectorStatus status;
        try {
            status = FORM.read();
        } finally {
            WORLD.seeder.misbehave("cleanupSeconds", "0");
        }

        assertThat(status.state()).isEqualTo("failed");
        assertThat(status.reason()).contains("takes the form in and gives no results: ATS-REQ-016");
        assertThat(WORLD.run(status.id()).people()).isEqualTo(Map.of("tokenised", 1L));
        assertThat(WORLD.newest().state()).isEqualTo("completed");
    }

    @Test
    void a_submission_on_which_the_seeder_breaks_keeps_no_other_from_its_token() {
        List<String> vids = WORLD.registered('1', 4);
        FORM.submit(100, vids.get(0));
        FORM.submit(400, vids.get(1));
        FORM.submit(401, FormWorld.with(FormWorld.answers(TokensWorld.vid('1')), "gender", 2));
        FORM.submit(402, vids.get(2));
        FORM.submit(1400, vids.get(3));

        ConnectorStatus status = FORM.read();

        assertThat(status.people()).isEqualTo(Map.of("tokenised", 4L));
        assertThat(status.state()).isEqualTo("failed");
        assertThat(status.reason()).contains("One window of the form could not be read as a whole");
    }
}
