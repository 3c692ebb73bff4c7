package org.annona.exchange.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.annona.exchange.ExchangeWorld;
import org.annona.exchange.Nonsense;
import org.annona.exchange.PartnerSystem;
import org.annona.exchange.partner.Partner;
import org.annona.testing.DciSpecification;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Generated nonsense against all paths, most of it signed by a partner who may send it. Run it longer with
 * {@code -Dannona.nonsense=200000}.
 */
class NonsenseTest {

    private static final boolean COMPARED = DciSpecification.isHere();
    private static final int REQUESTS = Integer.getInteger("annona.nonsense", 4_000);

    /** In a world of its own, in which nothing else happens meanwhile. */
    @Test
    void nonsense_never_breaks_a_server_and_is_answered_in_the_words_of_the_standard() {
        try (ExchangeWorld world = new ExchangeWorld();
                PartnerSystem partner = world.partnerKnowingEverything()) {
            partner.mayKnow("ibr", "", Set.of("identifier"), Set.of());
            partner.change(draft -> draft.with(new Partner.Limits(10, 100, 1_000_000, 100, false, null, 3_600)));
            partner.token();
            String before = contents(world);
            long transactionsBefore = count(world, partner, "transaction");
            Map<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();
            AtomicInteger accepted = new AtomicInteger();
            IntStream.range(0, REQUESTS).parallel().forEach(number -> {
                Random random = new Random(number);
                HttpResponse<byte[]> response = partner.send(Nonsense.request(partner, random));
                String outcome = judged(response, number);
                outcomes.computeIfAbsent(outcome, none -> new AtomicInteger()).incrementAndGet();
                if (outcome.equals("ACK") || outcome.startsWith("answered")) {
                    accepted.incrementAndGet();
                }
            });
            System.out.println("nonsense: " + new TreeMap<>(outcomes));

            assertThat(contents(world)).isEqualTo(before);
            assertThat(count(world, partner, "transaction") - transactionsBefore)
                    .isLessThanOrEqualTo(accepted.get());
            assertThat(outcomes.keySet()).hasSizeGreaterThan(5);
        }
    }

    /** What came back, which has to be one of the shapes of the standard. */
    private static String judged(HttpResponse<byte[]> response, int number) {
        String text = new String(response.body(), StandardCharsets.UTF_8);
        assertThat(response.statusCode()).as(number + ": " + text).isLessThan(500);
        JsonNode body = JsonMapper.shared().readTree(response.body());
        if (body.has("errors") || body.at("/message/ack_status").isString()) {
            if (COMPARED && body.path("errors").isArray()) {
                assertThat(DciSpecification.faultsIfHere("social", "/components/schemas/Error", body.at("/errors/0")))
                        .as(number + ": " + text)
                        .isEmpty();
            }
            assertThat(body.at("/message/correlation_id").asString()).isNotEmpty();
            assertThat(body.at("/message/timestamp").asString()).isNotEmpty();
            return body.at("/message/ack_status").asString().equals("ERR")
                    ? response.statusCode() + " "
                            + body.at("/message/error/code").asString()
                    : body.at("/message/ack_status").asString();
        }
        assertThat(response.statusCode()).isEqualTo(200);
        if (COMPARED) {
            assertThat(DciSpecification.faultsIfHere(
                            "social", "/components/schemas/MsgCallbackHeader_V1.0.0", body.path("header")))
                    .as(number + ": " + text)
                    .isEmpty();
        }
        assertThat(body.path("signature").asString()).startsWith("namespace=\"dci\"");
        return "answered " + body.at("/header/status").asString() + " "
                + body.at("/header/status_reason_code").asString("");
    }

    private static long count(ExchangeWorld world, PartnerSystem partner, String table) {
        return Long.parseLong(world.value("select count(*) from exchange." + table + " where partner_id = '"
                + partner.partner.id() + "' and action in ('search', 'subscribe', 'unsubscribe')"));
    }

    /** What must not change, whatever is sent. */
    private static String contents(ExchangeWorld world) {
        return world.country.state() + ", "
                + world.value("select (select count(*) from exchange.subscription where state = 'active') || ' '"
                        + " || (select count(*) from exchange.partner)");
    }
}
