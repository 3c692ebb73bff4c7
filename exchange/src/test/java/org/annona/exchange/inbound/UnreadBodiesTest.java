package org.annona.exchange.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.annona.exchange.ExchangeWorld;
import org.annona.exchange.PartnerSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are refused unread. */
@Isolated("one test takes all the memory that messages may take")
@ExtendWith(ExchangeWorld.Shared.class)
class UnreadBodiesTest {

    private static final int PATIENCE_MILLIS = 10_000;

    private static Socket begun(ExchangeWorld world, String path, String headers, int length) throws IOException {
        URI server = URI.create(world.url());
        Socket connection = new Socket(server.getHost(), server.getPort());
        connection.setSoTimeout(PATIENCE_MILLIS);
        OutputStream out = connection.getOutputStream();
        out.write(("POST " + path + " HTTP/1.1\r\nHost: annona.test\r\n" + headers + "Content-Length: " + length
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return connection;
    }

    private static String statusLine(Socket connection) throws IOException {
        return new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII))
                .readLine();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/dci/sr/registry/sync/search",
                "/dci/sr/registry/search",
                "/dci/sr/registry/on-search",
                "/g2p-connect/registry/sync/search",
                "/api/v1/g2p-connect/registry/sync/search"
            })
    void a_sender_without_a_valid_token_is_answered_before_the_body_comes(String path, ExchangeWorld world)
            throws IOException {
        for (String token : new String[] {"", "Authorization: Bearer x.y.z\r\n"}) {
            try (Socket connection = begun(world, path, "Content-Type: application/json\r\n" + token, 9_600_000)) {
                assertThat(statusLine(connection)).contains("401");
            }
        }
    }

    @Test
    void a_message_that_announces_too_much_is_refused_before_it_comes(ExchangeWorld world) throws IOException {
        try (PartnerSystem partner = world.partnerKnowingEverything();
                Socket connection = begun(
                        world,
                        "/dci/sr/registry/sync/search",
                        "Content-Type: application/json\r\nAuthorization: Bearer " + partner.token() + "\r\n",
                        10_000_001)) {
            assertThat(statusLine(connection)).contains("413");
        }
    }

    @Test
    void a_wish_for_a_token_that_announces_too_much_is_refused_before_it_comes(ExchangeWorld world) throws IOException {
        for (String type : new String[] {"application/json", "application/x-www-form-urlencoded"}) {
            try (Socket connection = begun(world, "/oauth2/token", "Content-Type: " + type + "\r\n", 2_000_000)) {
                assertThat(statusLine(connection)).contains("413");
            }
        }
    }

    @Test
    void messages_that_together_need_too_much_memory_are_told_when_to_come_again(ExchangeWorld world)
            throws IOException {
        try (PartnerSystem partner = world.partnerKnowingEverything();
                Socket large = begun(
                        world,
                        "/dci/sr/registry/sync/search",
                        "Content-Type: application/json\r\nAuthorization: Bearer " + partner.token() + "\r\n",
                        9_999_999)) {
            // Its last byte never comes, so that it stays in memory.
            large.getOutputStream().write(("[" + "{},".repeat(3_333_000)).getBytes(StandardCharsets.US_ASCII));
            large.getOutputStream().flush();
            AtomicReference<HttpResponse<byte[]>> answer = new AtomicReference<>();
            world.await(() -> {
                answer.set(partner.send(partner.request("/dci/sr/registry/sync/search", search(partner))));
                return answer.get().statusCode() == 503;
            });

            assertThat(answer.get().headers().firstValueAsLong("Retry-After").orElse(0))
                    .isPositive();
            assertThat(PartnerSystem.json(answer.get()).at("/errors/0/code").asString())
                    .isEqualTo("err.service.unavailable");
        }
    }

    @Test
    void the_memory_of_a_message_that_broke_off_is_free_again(ExchangeWorld world) throws IOException {
        messages_that_together_need_too_much_memory_are_told_when_to_come_again(world);
        try (PartnerSystem partner = world.partnerKnowingEverything()) {
            world.await(() -> partner.send(partner.request("/dci/sr/registry/sync/search", search(partner)))
                            .statusCode()
                    == 200);
        }
    }

    private static byte[] search(PartnerSystem partner) {
        return partner.signed(
                partner.header("search", 1),
                PartnerSystem.search("{'query_type':'idtype-value','query':{'type':'UIN','value':'1'}}"));
    }
}
