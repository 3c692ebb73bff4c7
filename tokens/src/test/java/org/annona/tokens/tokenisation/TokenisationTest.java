package org.annona.tokens.tokenisation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.annona.tokens.ConnectorStatus;
import org.annona.tokens.ConnectorTerms.Delivery;
import org.annona.tokens.PersonInTests;
import org.annona.tokens.TokensWorld;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens for people of the registry, and why somebody gets none: over real HTTP, from a seeder that behaves. */
class TokenisationTest {

    private static final TokensWorld WORLD = new TokensWorld();

    @AfterAll
    static void close() {
        WORLD.close();
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void everybody_with_a_virtual_id_gets_a_token(Delivery delivery) {
        List<String> vids = WORLD.registered('1', 5);
        long before = WORLD.tokensInRegistry();

        ConnectorStatus status = WORLD.run(WORLD.agreement(delivery, vids));

        WORLD.assertAllTokenised(status, vids);
        assertThat(WORLD.tokensInRegistry() - before).isEqualTo(5);
    }

    @Test
    void a_run_that_broke_is_seen_on_its_connector() {
        String vid = WORLD.registered('1');
        UUID id = WORLD.connector(WORLD.agreement(Delivery.DOWNLOAD, List.of(vid)));
        WORLD.assertAllTokenised(WORLD.run(id), List.of(vid));

        WORLD.change("update foundation.job set state = 'failed', message = 'broken' where subject = 'connector/" + id
                + "'");
        WORLD.change("update tokens.connector set state = 'started', next_run_at = null where id = '" + id + "'");
        WORLD.doWhatRecurs();

        assertThat(WORLD.newest().state()).isEqualTo("failed");
        assertThat(WORLD.newest().reason()).isEqualTo("broken");
        assertThat(WORLD.run(id).state()).isEqualTo("completed");
    }

    @Test
    void what_the_authority_says_of_the_data_waits_for_other_data() {
        List<String> wrong = WORLD.registered('9', 2);
        String several = WORLD.registered('8');
        String good = WORLD.registered('1');
        List<String> all = List.of(wrong.get(0), wrong.get(1), several, good);

        ConnectorStatus status = WORLD.run(WORLD.agreement(Delivery.DOWNLOAD, all));

        assertThat(status.of("failed")).isEqualTo(3);
        assertThat(WORLD.value("select message from tokens.tokenisation where code = 'ATS-REQ-103' and connector_id = '"
                        + status.id() + "'"))
                .isEqualTo("the authority has other data of her: gender, name");
        assertThat(status.of("tokenised")).isEqualTo(1);

        // The next run leaves them alone, until their data are others.
        assertThat(WORLD.run(status.id()).of("failed")).isEqualTo(3);
        long asked = WORLD.seeder.book().authentications();
        WORLD.registry.register(List.of(PersonInTests.with(wrong.getFirst()).born("1977/01/01")));

        assertThat(WORLD.run(status.id()).of("failed")).isEqualTo(3);
        assertThat(WORLD.seeder.book().authentications() - asked).isEqualTo(1);
    }

    @Test
    void an_authority_that_is_out_of_order_is_tried_again_and_in_the_end_somebody_has_to_look() {
        List<String> vids = List.of(WORLD.registered('7'), WORLD.registered('6'));
        long asked = WORLD.seeder.book().authentications();

        ConnectorStatus status = WORLD.run(WORLD.agreement(Delivery.DOWNLOAD, vids));

        assertThat(status.of("gave_up")).isEqualTo(2);
        assertThat(WORLD.seeder.book().authentications() - asked).isEqualTo(10);
    }

    @Test
    void a_token_of_another_person_opens_a_case_and_changes_nothing() {
        String number = TokensWorld.number();
        String first = "1" + number;
        String second = "5" + number;
        WORLD.register(List.of(first));
        WORLD.assertAllTokenised(WORLD.run(WORLD.agreement(Delivery.DOWNLOAD, List.of(first))), List.of(first));
        WORLD.register(List.of(second));

        ConnectorStatus status = WORLD.run(WORLD.agreement(Delivery.DOWNLOAD, List.of(second)));

        assertThat(status.of("collision")).isEqualTo(1);
        assertThat(WORLD.value("select count(*) from tokens.token_case c join tokens.tokenisation t on t.id ="
                        + " c.tokenisation_id where c.decided_at is null and c.kind = 'same_token' and t.connector_id = '"
                        + status.id() + "'"))
                .isEqualTo("1");
        assertThat(WORLD.registry.tokens(List.of(first, second))).isEqualTo(WORLD.tokensOfTheAuthority(List.of(first)));
    }

    @Test
    void someone_of_whom_something_is_missing_is_not_sent() {
        String vid = TokensWorld.vid('1');
        WORLD.registry.register(List.of(PersonInTests.with(vid).born("")));
        long records = WORLD.seeder.book().records();

        ConnectorStatus status = WORLD.run(WORLD.agreement(Delivery.DOWNLOAD, List.of(vid)));

        assertThat(status.of("failed")).isEqualTo(1);
        assertThat(WORLD.seeder.book().records()).isEqualTo(records);
        assertThat(WORLD.value("select message from tokens.tokenisation where code = 'LOCAL-DATA' and connector_id = '"
                        + status.id() + "'"))
                .isEqualTo("not known: dob");
    }

    @Test
    void without_consent_nobody_is_sent_where_consent_is_the_ground() {
        String vid = WORLD.registered('1');
        long records = WORLD.seeder.book().records();
        UUID id = WORLD.connector(
                WORLD.agreement(Delivery.DOWNLOAD, List.of(vid)).byConsent().everyMinutes(60));

        ConnectorStatus status = WORLD.run(id);

        assertThat(status.of("failed")).isEqualTo(1);
        assertThat(WORLD.seeder.book().records()).isEqualTo(records);
        WORLD.stop(id);
    }

    @Test
    void a_stopped_connector_sends_nothing_more_and_takes_what_is_open() {
        List<String> vids = WORLD.registered('1', 4);
        WORLD.seeder.misbehave("processDelay", "800");
        try {
            UUID id = WORLD.connector(
                    WORLD.agreement(Delivery.CALLBACK_AND_POLL, vids).together(2));
            WORLD.start(id);
            TokensWorld.await(Duration.ofSeconds(10), () -> WORLD.newest().of("sent") > 0);

            WORLD.stop(id);

            ConnectorStatus status = WORLD.awaitEnd();
            assertThat(status.state()).isEqualTo("stopped");
            assertThat(status.of("sent")).isZero();
        } finally {
            WORLD.seeder.misbehave("processDelay", "20");
        }
    }

    @Test
    void nothing_that_names_a_person_stands_in_the_tables_of_this_block() {
        String vid = WORLD.registered('1');

        WORLD.run(WORLD.agreement(Delivery.DOWNLOAD, List.of(vid)));

        Stream.of("tokenisation", "request", "attempt", "connector", "connector_version")
                .forEach(table -> assertThat(WORLD.value("select string_agg(t::text, ' ') from tokens." + table + " t"))
                        .satisfies(text -> assertThat(String.valueOf(text))
                                .doesNotContain(vid)
                                .doesNotContain("Asha")
                                .doesNotContain("12 Main St")));
    }
}
