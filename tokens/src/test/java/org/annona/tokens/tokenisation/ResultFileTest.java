package org.annona.tokens.tokenisation;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.annona.tokens.ConnectorStatus;
import org.annona.tokens.ConnectorTerms.Delivery;
import org.annona.tokens.TokensWorld;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Results that are fetched from the seeder as a file. */
class ResultFileTest {

    private static final TokensWorld WORLD = new TokensWorld();

    @AfterAll
    static void close() {
        WORLD.close();
    }

    /** Each fault for some of the messages; in the end everybody has a token, once. */
    @ParameterizedTest
    @CsvSource({
        "http, 500x1, DOWNLOAD",
        "resetAfterAccepting, 1, DOWNLOAD",
        "emptyFile, 2, DOWNLOAD",
        "truncateFile, 1, DOWNLOAD",
        "race, 400, DOWNLOAD",
        "stuck, 1, DOWNLOAD",
        "nullToken, 2, DOWNLOAD",
        "ownError, 1, DOWNLOAD",
        "oddIdentifier, 2, DOWNLOAD",
    })
    void a_seeder_that_misbehaves_costs_time_and_nothing_else(String fault, String value, Delivery delivery) {
        List<String> vids = WORLD.registered('1', 7);
        WORLD.seeder.misbehave(fault, value);
        try {
            ConnectorStatus status =
                    WORLD.run(WORLD.agreement(delivery, vids).together(3).lostAfter(Duration.ofMillis(1500)));

            WORLD.assertAllTokenised(status, vids);
        } finally {
            WORLD.seeder.misbehave(fault, fault.equals("http") ? "500x0" : "0");
        }
    }

    @Test
    void a_seeder_that_forgets_everything_is_asked_again() {
        List<String> vids = WORLD.registered('1', 3);
        WORLD.seeder.misbehave("stuck", "1");
        UUID id = WORLD.connector(WORLD.agreement(Delivery.DOWNLOAD, vids));
        WORLD.start(id);
        TokensWorld.await(Duration.ofSeconds(10), () -> WORLD.newest().of("sent") == 3);

        WORLD.seeder.restart();

        WORLD.assertAllTokenised(WORLD.awaitEnd(), vids);
    }
}
