package org.annona.exchange.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.annona.exchange.ExchangeWorld;
import org.annona.exchange.PartnerSystem;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.TokenScope;
import org.annona.exchange.transaction.Answer;
import org.annona.exchange.transaction.Transactions;
import org.annona.foundation.audit.AuditEvent;
import org.annona.interop.message.MessageStatus;
import org.annona.interop.message.Operation;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A registry and operations that are only beans here pass through the same checks as those of the standard. */
class AddedOperationTest {

    private static final Operation SYNC_OWNER =
            new Operation("/parcel/sync/owner", Operation.Kind.SYNC_REQUEST, "owner");
    private static final Operation OWNER = new Operation("/parcel/owner", Operation.Kind.ASYNC_REQUEST, "owner");
    private static final Operation ON_OWNER = new Operation("/parcel/on-owner", Operation.Kind.CALLBACK, "on-owner");
    private static final String SYNC = "/dci/land/parcel/sync/owner";
    private static final String ASYNC = "/dci/land/parcel/owner";
    private static ExchangeWorld world;
    private PartnerSystem partner;

    @BeforeAll
    static void openWorld() {
        world = new ExchangeWorld(Land.class);
    }

    @AfterAll
    static void closeWorld() {
        world.close();
    }

    @BeforeEach
    void open() {
        partner = world.partnerKnowingEverything();
    }

    @AfterEach
    void close() {
        partner.close();
    }

    @Configuration(proxyBeanMethods = false)
    static class Land {

        @Bean
        LandRegistry landRegistry() {
            return new LandRegistry();
        }

        @Bean
        OperationHandler syncOwner(SyncAnswers answers) {
            return new SyncOwnerHandler(answers);
        }

        @Bean
        OperationHandler owner() {
            return new OwnerHandler();
        }
    }

    private record SyncOwnerHandler(SyncAnswers answers) implements SyncHandler<LandRegistry> {

        @Override
        public Operation operation() {
            return SYNC_OWNER;
        }

        @Override
        public TokenScope scope() {
            return TokenScope.SEARCH;
        }

        @Override
        public Class<LandRegistry> registryType() {
            return LandRegistry.class;
        }

        @Override
        public Handled handle(Message<LandRegistry> message) {
            String transaction = message.content().path("transaction_id").asString();
            return answers.once(
                    SyncAnswers.Asked.of(message, transaction, List.of(), "owners"),
                    correlationId -> owner(message.partner(), message.registry(), message.content()));
        }
    }

    private record OwnerHandler() implements DeferredHandler<LandRegistry> {

        @Override
        public Operation operation() {
            return OWNER;
        }

        @Override
        public TokenScope scope() {
            return TokenScope.SEARCH;
        }

        @Override
        public Class<LandRegistry> registryType() {
            return LandRegistry.class;
        }

        @Override
        public Asked read(Message<LandRegistry> message) {
            return new Asked(message.content().path("transaction_id").asString(), List.of());
        }

        @Override
        public Function<DSLContext, Answer> answer(
                Partner asking, LandRegistry registry, JsonNode message, Transactions.Stored stored) {
            return tx -> owner(asking, registry, message);
        }
    }

    private static Answer owner(Partner asking, LandRegistry registry, JsonNode message) {
        ObjectNode answer = JsonMapper.shared()
                .createObjectNode()
                .put("transaction_id", message.path("transaction_id").asString())
                .put("owner", registry.owner(message.path("parcel").asString()));
        return Answer.of(
                ON_OWNER.action(),
                answer,
                MessageStatus.SUCCEEDED,
                1,
                List.of(AuditEvent.of(asking.asActor(), "land.tell_owner", "registry/land")));
    }

    private static ObjectNode question(String transaction) {
        return PartnerSystem.message("{'transaction_id':'" + transaction + "','parcel':'P-7'}");
    }

    private byte[] envelope() {
        return partner.signed(partner.header("owner", 1), question("t-1"));
    }

    private void refused(HttpRequest.Builder request, int status, String code) {
        HttpResponse<byte[]> response = partner.send(request);
        assertThat(PartnerSystem.json(response).at("/errors/0/code").asString()).isEqualTo(code);
        assertThat(response.statusCode()).isEqualTo(status);
    }

    @Test
    void an_added_operation_is_answered_in_a_signed_envelope_and_only_once() {
        byte[] envelope = envelope();
        HttpResponse<byte[]> response = partner.send(partner.request(SYNC, envelope));

        JsonNode answer = PartnerSystem.json(response);
        assertThat(answer.at("/header/action").asString()).isEqualTo("on-owner");
        assertThat(answer.at("/message/owner").asString()).isEqualTo("owner of P-7");
        assertThat(partner.believes(response.body())).isTrue();
        assertThat(PartnerSystem.json(partner.send(partner.request(SYNC, envelope)))
                        .at("/header/status_reason_code")
                        .asString())
                .isEqualTo("rjct.message_id.duplicate");
    }

    @Test
    void an_added_operation_that_is_deferred_is_acknowledged_and_answered_by_a_callback() {
        String transaction = "t-" + UUID.randomUUID();
        JsonNode acknowledged = partner.tell(ASYNC, "owner", 1, question(transaction));

        assertThat(acknowledged.at("/message/ack_status").asString()).isEqualTo("ACK");
        JsonNode callback = partner.receivesAnswer(transaction);
        assertThat(callback.at("/header/action").asString()).isEqualTo("on-owner");
        assertThat(callback.at("/message/owner").asString()).isEqualTo("owner of P-7");
        world.await(() -> "2"
                .equals(world.value(
                        "select count(*) from exchange.message_log where registry = 'land'" + " and partner_id = '"
                                + partner.partner.id() + "' and outcome in ('acknowledged', 'delivered')")));
    }

    @Test
    void an_added_operation_is_refused_without_a_token_a_signature_or_the_scope() {
        refused(
                partner.request(SYNC, envelope()).setHeader("Authorization", "Bearer x"),
                401,
                "err.request.unauthorized");
        ObjectNode unsigned = JsonMapper.shared().createObjectNode();
        unsigned.set("header", partner.header("owner", 1));
        unsigned.set("message", question("t-1"));
        refused(partner.request(SYNC, unsigned.toString().getBytes()), 200, "err.signature.missing");
        partner.change(draft -> draft.with(Set.of(TokenScope.STATUS)));
        refused(partner.request(SYNC, envelope()), 403, "err.request.forbidden");
        refused(partner.request(ASYNC, envelope()), 403, "err.request.forbidden");
    }

    @Test
    void an_added_operation_is_held_to_the_limits_of_size_and_of_requests() {
        refused(partner.request(SYNC, new byte[10_000_001]), 413, "err.request.bad");
        partner.change(draft -> draft.with(new Partner.Limits(1_000, 1_000, 1, 100, false, null, 3_600)));
        partner.send(partner.request(SYNC, envelope()));
        refused(partner.request(SYNC, envelope()), 429, "err.request.too_many_requests");
    }

    @Test
    void an_added_operation_belongs_to_its_registry_alone() {
        refused(partner.request("/dci/sr/parcel/sync/owner", envelope()), 404, "err.request.not_found");
        refused(partner.request("/dci/ibr/parcel/owner", envelope()), 404, "err.request.not_found");
    }

    @Test
    void two_handlers_of_one_operation_refuse_to_start() {
        assertThatThrownBy(() -> new OperationHandlers(List.of(new OwnerHandler(), new OwnerHandler())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two handlers for /parcel/owner");
    }
}
