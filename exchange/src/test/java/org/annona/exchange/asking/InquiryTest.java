package org.annona.exchange.asking;

import static org.annona.exchange.internal.tables.Tables.INQUIRY;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.annona.exchange.ExchangeSettings;
import org.annona.exchange.ExchangeWorld;
import org.annona.exchange.MovedClock;
import org.annona.exchange.PartnerSystem;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.transaction.Transactions;
import org.annona.foundation.sealing.Keyring;
import org.annona.interop.client.DciClient;
import org.annona.interop.search.Outcome;
import org.annona.testing.DciSpecification;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Questions of ours that another registry takes and answers later: in pages, twice, for somebody else, or never. */
@ExtendWith(ExchangeWorld.Shared.class)
class InquiryTest {

    private static final String ACK =
            "{\"message\":{\"ack_status\":\"ACK\",\"timestamp\":\"2026-01-15T10:30:00Z\",\"correlation_id\":\"c\"}}";
    /** By the clock of the test, which is put forward; for the world it is far off. */
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final String topic = "test-" + UUID.randomUUID();
    private final Map<UUID, Map<String, Outcome>> heard = new ConcurrentHashMap<>();
    private final List<UUID> tellings = new CopyOnWriteArrayList<>();
    private final Queue<byte[]> acknowledgements = new ConcurrentLinkedQueue<>();
    private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
    private final List<JsonNode> statusAsked = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch statusDoor = new CountDownLatch(0);
    private volatile JsonNode keeps = PartnerSystem.message("{'search_response':[]}");
    private final MovedClock clock = new MovedClock();
    private ExchangeWorld world;
    private PartnerSystem registry;
    private Inquiries inquiries;
    private SendInquiries sending;

    @BeforeEach
    void open(ExchangeWorld shared) {
        world = shared;
        registry = world.partnerKnowingEverything();
        RemoteRegistries remotes = world.part(RemoteRegistries.class);
        inquiries = new Inquiries(
                world.database(), remotes, world.part(Transactions.class), world.part(Keyring.class), clock);
        String tokens = registry.serve("/token", none -> bytes("{\"access_token\":\"t\",\"expires_in\":900}"));
        registry.serve("/dci/ibr/registry/search", request -> {
            asked.add(request);
            byte[] other = acknowledgements.poll();
            return other == null ? bytes(ACK) : other;
        });
        String status = registry.serve("/dci/ibr/registry/sync/txn/status", request -> {
            statusAsked.add(request);
            awaitOpened();
            return told(request);
        });
        remotes.agree(
                PartnerSystem.ADMINISTRATOR,
                registry.partner.id(),
                status.substring(0, status.indexOf("/registry/")),
                tokens,
                "annona",
                "secret",
                100);
        sending = new SendInquiries(
                inquiries,
                remotes,
                world.part(Partners.class),
                List.of(new Ears()),
                world.part(ExchangeSettings.class),
                clock);
    }

    @AfterEach
    void close() {
        statusDoor.countDown();
        sending.close();
        registry.close();
    }

    private void awaitOpened() {
        try {
            assertThat(statusDoor.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private final class Ears implements InquiryAudience {

        @Override
        public String topic() {
            return topic;
        }

        @Override
        public void answered(UUID inquiry, Map<String, Outcome> outcomes) {
            tellings.add(inquiry);
            heard.put(inquiry, outcomes);
        }
    }

    private UUID ask(Duration deadline) {
        UUID id = UUID.randomUUID();
        List<DciClient.Question> questions = List.of(
                new DciClient.Question("q-0", DciClient.byIdentifier("UIN", "1", "Beneficiary")),
                new DciClient.Question("q-1", DciClient.byIdentifier("UIN", "2", "Beneficiary")));
        inquiries.ask(
                id, topic, registry.senderId, "ibr", questions, clock.instant().plus(deadline));
        inquiries.ask(
                id, topic, registry.senderId, "ibr", questions, clock.instant().plus(deadline));
        return id;
    }

    private Map<String, Outcome> outcomes(UUID inquiry) {
        world.await(() -> {
            sending.carryOn();
            return heard.containsKey(inquiry);
        });
        return heard.get(inquiry);
    }

    /** The same, while time passes as fast as it can. */
    private Map<String, Outcome> outcomesInTime(UUID inquiry) {
        world.await(() -> {
            letTimeCome(inquiry);
            sending.carryOn();
            return heard.containsKey(inquiry);
        });
        return heard.get(inquiry);
    }

    /** Lets the time come at which the inquiry is carried on, unless that is being done. */
    private void letTimeCome(UUID inquiry) {
        world.database()
                .sql()
                .select(INQUIRY.NEXT_TRY_AT)
                .from(INQUIRY)
                .where(INQUIRY.ID.eq(inquiry), INQUIRY.LEASE_UNTIL.isNull())
                .fetchOptional(INQUIRY.NEXT_TRY_AT)
                .ifPresent(clock::reach);
    }

    private void awaitAsked() {
        world.await(() -> {
            sending.carryOn();
            return !asked.isEmpty();
        });
    }

    private byte[] told(JsonNode request) {
        ObjectNode message = PartnerSystem.message("{'correlation_id':'c','txnstatus_response':{'txn_type':'search'}}");
        message.put("transaction_id", request.at("/message/transaction_id").asString());
        ((ObjectNode) message.path("txnstatus_response")).set("txn_status", keeps);
        return registry.signed(registry.header("txn-on-status", 1).put("status", "succ"), message);
    }

    private HttpResponse<byte[]> push(PartnerSystem sender, ObjectNode header, UUID inquiry, String... items) {
        ObjectNode message =
                PartnerSystem.message("{'correlation_id':'c','search_response':[" + String.join(",", items) + "]}");
        message.put("transaction_id", inquiry.toString());
        return sender.send(sender.request("/dci/ibr/registry/on-search", sender.signed(header, message)));
    }

    private HttpResponse<byte[]> push(UUID inquiry, String... items) {
        return push(registry, registry.header("on-search", items.length).put("status", "succ"), inquiry, items);
    }

    private static String item(String reference, String records, int page, int total) {
        return "{'reference_id':'" + reference + "','timestamp':'2026-01-15T10:30:00Z','status':'succ','data':{"
                + "'reg_records':[" + records + "]},'pagination':{'page_size':1,'page_number':" + page
                + ",'total_count':" + total + "}}";
    }

    /** What we ask is what the standard allows. */
    private static void assertAllowed(String schema, JsonNode envelope) {
        assertThat(DciSpecification.faultsIfHere("ibr", "/components/schemas/" + schema, envelope.path("message")))
                .isEmpty();
        assertThat(DciSpecification.faultsIfHere(
                        "ibr", "/components/schemas/MsgHeader_V1.0.0", envelope.path("header")))
                .isEmpty();
    }

    private static String ack(HttpResponse<byte[]> response) {
        return PartnerSystem.json(response).at("/message/ack_status").asString();
    }

    @Test
    void an_answer_is_put_together_from_pages_in_any_order_and_told_once() {
        UUID inquiry = ask(Duration.ofMinutes(5));
        awaitAsked();
        assertThat(asked).hasSize(1);
        assertThat(asked.getFirst().at("/header/sender_uri").asString()).endsWith("/dci/ibr/registry/on-search");
        assertAllowed("SearchRequest", asked.getFirst());

        assertThat(ack(push(inquiry, item("q-0", "{'@id':'b'}", 2, 2)))).isEqualTo("ACK");
        push(inquiry, item("q-0", "{'@id':'b'}", 2, 2));
        sending.carryOn();
        assertThat(heard).isEmpty();
        push(inquiry, item("q-1", "", 1, 0), item("q-0", "{'@id':'a'}", 1, 2));

        Map<String, Outcome> outcomes = outcomes(inquiry);
        assertThat(outcomes.get("q-1").isSurelyNothing()).isTrue();
        assertThat(((Outcome.Answered) outcomes.get("q-0")).isComplete()).isTrue();
        assertThat(((Outcome.Answered) outcomes.get("q-0")).records()).hasSize(2);
        sending.carryOn();
        assertThat(tellings).hasSize(1);
    }

    @Test
    void a_message_that_comes_twice_counts_once() {
        UUID inquiry = ask(Duration.ofMinutes(5));
        awaitAsked();
        ObjectNode message = PartnerSystem.message(
                "{'correlation_id':'c','search_response':[{'reference_id':'q-0',"
                        + "'timestamp':'2026-01-15T10:30:00Z','status':'succ','data':{'reg_records':[{'a':1}]},'pagination':{'page_size':10,'page_number':1,'total_count':1}}]}");
        message.put("transaction_id", inquiry.toString());
        byte[] same = registry.signed(registry.header("on-search", 1).put("status", "succ"), message);
        for (int i = 0; i < 2; i++) {
            assertThat(ack(registry.send(registry.request("/dci/ibr/registry/on-search", same))))
                    .isEqualTo("ACK");
        }
        push(inquiry, item("q-1", "", 1, 0));

        assertThat(((Outcome.Answered) outcomes(inquiry).get("q-0")).records()).hasSize(1);
    }

    @Test
    void a_callback_that_is_lost_is_made_up_for_by_the_status() {
        UUID inquiry = ask(DEADLINE);
        awaitAsked();
        keeps = PartnerSystem.message(
                "{'search_response':[" + item("q-0", "{'@id':'a'}", 1, 1) + "," + item("q-1", "", 1, 0) + "]}");

        Map<String, Outcome> outcomes = outcomesInTime(inquiry);
        assertThat(outcomes.get("q-0")).isInstanceOf(Outcome.Answered.class);
        assertThat(outcomes.get("q-1").isSurelyNothing()).isTrue();
        assertThat(statusAsked).isNotEmpty();
        assertAllowed("TxnStatusRequest", statusAsked.getFirst());
    }

    @Test
    void an_answer_that_comes_while_its_status_is_asked_for_is_told_soon() {
        statusDoor = new CountDownLatch(1);
        UUID inquiry = ask(DEADLINE.multipliedBy(10));
        world.await(() -> {
            letTimeCome(inquiry);
            sending.carryOn();
            return !statusAsked.isEmpty();
        });
        push(inquiry, item("q-0", "{'@id':'a'}", 1, 1), item("q-1", "", 1, 0));
        sending.carryOn();
        statusDoor.countDown();

        assertThat(outcomesInTime(inquiry).get("q-1").isSurelyNothing()).isTrue();
        assertThat(tellings).hasSize(1);
    }

    @Test
    void what_never_comes_is_pending_at_its_deadline_and_never_nothing() {
        UUID inquiry = ask(DEADLINE);
        awaitAsked();
        push(inquiry, item("q-0", "{'@id':'a'}", 1, 1));

        Map<String, Outcome> outcomes = outcomesInTime(inquiry);
        assertThat(outcomes.get("q-0")).isInstanceOf(Outcome.Answered.class);
        assertThat(outcomes.get("q-1")).isInstanceOf(Outcome.Pending.class);
        assertThat(asked)
                .as("a registry that does not know of it is asked again")
                .hasSizeGreaterThan(1);
        assertThat(asked)
                .allSatisfy(message -> assertThat(
                                message.at("/message/transaction_id").asString())
                        .isEqualTo(inquiry.toString()));
    }

    @Test
    void an_answer_without_a_total_is_not_taken_for_all_of_it() {
        UUID inquiry = ask(Duration.ofMinutes(5));
        awaitAsked();
        String page = "{'reference_id':'q-0','timestamp':'2026-01-15T10:30:00Z','status':'succ','data':{"
                + "'reg_records':[{'@id':'%s'}]},'pagination':{'page_size':1,'page_number':%d%s}}";
        push(inquiry, item("q-1", "", 1, 0), page.formatted("a", 1, ""));
        push(inquiry, page.formatted("a", 1, ""));
        sending.carryOn();
        assertThat(heard).isEmpty();
        push(inquiry, page.formatted("b", 2, ",'total_count':2"));

        assertThat(((Outcome.Answered) outcomes(inquiry).get("q-0")).records()).hasSize(2);
    }

    @Test
    void a_registry_of_a_kind_that_we_do_not_serve_can_answer_us() {
        registry.serve("/dci/crvs/registry/search", request -> {
            asked.add(request);
            return bytes(ACK);
        });
        UUID inquiry = UUID.randomUUID();
        inquiries.ask(
                inquiry,
                topic,
                registry.senderId,
                "crvs",
                List.of(new DciClient.Question("q-0", DciClient.byIdentifier("BRN", "1", "Person"))),
                clock.instant().plus(Duration.ofMinutes(5)));
        awaitAsked();
        ObjectNode message = PartnerSystem.message("{'search_response':[" + item("q-0", "", 1, 0) + "]}");
        message.put("transaction_id", inquiry.toString());
        String replyTo = asked.getFirst().at("/header/sender_uri").asString();
        registry.send(registry.request(
                replyTo.substring(replyTo.indexOf("/dci/")),
                registry.signed(registry.header("on-search", 1).put("status", "succ"), message)));

        assertThat(outcomes(inquiry).get("q-0").isSurelyNothing()).isTrue();
    }

    @Test
    void a_registry_that_is_away_is_asked_again_and_one_that_refuses_is_believed() {
        for (int i = 0; i < 2; i++) {
            acknowledgements.add(new byte[0]);
        }
        acknowledgements.add(bytes("{\"message\":{\"ack_status\":\"ERR\",\"error\":{\"code\":"
                + "\"err.request.bad\",\"message\":\"no\"}}}"));
        UUID inquiry = ask(Duration.ofMinutes(5));

        Map<String, Outcome> outcomes = outcomesInTime(inquiry);
        assertThat(asked).hasSize(3);
        assertThat(outcomes.get("q-0")).isEqualTo(new Outcome.Rejected("err.request.bad", "no"));
    }

    @Test
    void an_answer_of_somebody_else_is_forbidden_and_one_to_no_question_has_no_effect() {
        UUID inquiry = ask(DEADLINE);
        awaitAsked();
        try (PartnerSystem other = world.partnerKnowingEverything()) {
            HttpResponse<byte[]> forged = push(
                    other,
                    other.header("on-search", 1).put("status", "succ"),
                    inquiry,
                    item("q-0", "", 1, 0),
                    item("q-1", "", 1, 0));
            assertThat(forged.statusCode()).isEqualTo(403);
        }
        assertThat(ack(push(UUID.randomUUID(), item("q-0", "", 1, 0)))).isEqualTo("ACK");

        assertThat(outcomesInTime(inquiry).get("q-0")).isInstanceOf(Outcome.Pending.class);
        assertThat(ack(push(inquiry, item("q-0", "", 1, 0)))).isEqualTo("ACK");
        assertThat(tellings).hasSize(1);
    }

    @Test
    void a_message_that_is_rejected_whole_rejects_every_question() {
        UUID inquiry = ask(Duration.ofMinutes(5));
        awaitAsked();
        push(
                registry,
                registry.header("on-search", 0).put("status", "rjct").put("status_reason_code", "rjct.errors.too_many"),
                inquiry);

        assertThat(outcomes(inquiry).get("q-1")).isEqualTo(new Outcome.Rejected("rjct.errors.too_many", ""));
    }
}
