package org.annona.tokens.tokenisation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.annona.tokens.ConnectorStatus;
import org.annona.tokens.ConnectorTerms.Delivery;
import org.annona.tokens.TokensWorld;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Results that the seeder brings by calling. */
class CallbackTest {

    private static final TokensWorld WORLD = new TokensWorld();

    @AfterAll
    static void close() {
        WORLD.close();
    }

    /** Each fault for some of the messages; in the end everybody has a token, once. */
    @ParameterizedTest
    @CsvSource({
        "dropCallbacks, all, CALLBACK_AND_POLL",
        "dropCallbacks, 1, CALLBACK",
        "duplicateCallbacks, all, CALLBACK_AND_POLL",
        "shuffleCallbacks, true, CALLBACK_AND_POLL",
        "callbackTimeout, 1, CALLBACK_AND_POLL",
        "foreignRef, 1, CALLBACK_AND_POLL",
        "http, 502x2, CALLBACK_AND_POLL",
        "reset, 2, CALLBACK_AND_POLL",
        "resetAfterAccepting, 1, CALLBACK_AND_POLL",
        "garbage, 1, CALLBACK_AND_POLL",
        "race, 400, CALLBACK_AND_POLL",
        "stuck, 1, CALLBACK_AND_POLL",
        "shortToken, 2, CALLBACK_AND_POLL",
        "ownError, 30, CALLBACK_AND_POLL",
    })
    void a_seeder_that_misbehaves_costs_time_and_nothing_else(String fault, String value, Delivery delivery) {
        List<String> vids = WORLD.registered('1', 7);
        WORLD.seeder.misbehave(fault, value);
        try {
            ConnectorStatus status =
                    WORLD.run(WORLD.agreement(delivery, vids).together(3).lostAfter(Duration.ofMillis(1500)));

            WORLD.assertAllTokenised(status, vids);
        } finally {
            WORLD.seeder.misbehave(fault, fault.equals("http") ? "500x0" : value.equals("true") ? "false" : "0");
        }
    }

    @Test
    void a_callback_that_is_contradicted_keeps_its_first_answer_and_is_told() {
        List<String> vids = WORLD.registered('1', 2);
        WORLD.seeder.misbehave("contradictoryCallbacks", "1");

        ConnectorStatus status = WORLD.run(WORLD.agreement(Delivery.CALLBACK_AND_POLL, vids));

        WORLD.assertAllTokenised(status, vids);
        String ofIt = " from tokens.request where connector_id = '" + status.id() + "'";
        TokensWorld.await(
                Duration.ofSeconds(5),
                () -> !WORLD.value("select max(contradictions)" + ofIt).equals("0"));
        assertThat(WORLD.value("select count(*) from foundation.audit_entry where action = 'tokens.answer.suspicious'"
                        + " and subject in (select 'token-request/' || id" + ofIt + ")"))
                .isNotEqualTo("0");
    }

    @Test
    void answers_at_addresses_that_are_not_awaited_are_refused() throws Exception {
        URI address = URI.create(WORLD.url() + "/tokens/answers/" + "A".repeat(43));
        try (HttpClient stranger = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = stranger.send(
                    HttpRequest.newBuilder(address)
                            .POST(HttpRequest.BodyPublishers.ofString("[{\"ref\":\"x\"}]"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(404);
        }
    }

    @Test
    void what_comes_to_an_address_that_is_not_awaited_is_refused_before_it_is_read() throws Exception {
        URI server = URI.create(WORLD.url());
        try (Socket connection = new Socket(server.getHost(), server.getPort())) {
            connection.setSoTimeout(10_000);
            connection
                    .getOutputStream()
                    .write(("POST /tokens/answers/" + "A".repeat(43) + " HTTP/1.1\r\nHost: x\r\n"
                                    + "Content-Type: application/json\r\nContent-Length: 19000000\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));

            assertThat(new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine())
                    .contains("404");
        }
    }
}
