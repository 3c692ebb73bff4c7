package org.annona.exchange.callback;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.text.ParseException;
import java.time.Clock;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.annona.exchange.ExchangeWorld;
import org.annona.exchange.PartnerSystem;
import org.annona.exchange.partner.Partner;
import org.annona.interop.encryption.MessageEncryption;
import org.annona.testing.DciSpecification;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is acknowledged first and answered later. */
@ExtendWith(ExchangeWorld.Shared.class)
class CallbackTest {

    private ExchangeWorld world;
    private PartnerSystem partner;

    @BeforeEach
    void open(ExchangeWorld shared) {
        world = shared;
        partner = world.partnerKnowingEverything();
    }

    @AfterEach
    void close() {
        partner.close();
    }

    private ObjectNode search(String transactionId) {
        ObjectNode message = PartnerSystem.search(
                PartnerSystem.byReference(world.country.somebody().reference()));
        return message.put("transaction_id", transactionId);
    }

    @Test
    void a_search_is_acknowledged_and_its_answer_comes_to_the_address_that_was_named() {
        String transaction = UUID.randomUUID().toString();
        JsonNode ack = partner.tell("/dci/sr/registry/search", "search", 1, search(transaction));
        JsonNode callback = partner.receivesAnswer(transaction);

        assertThat(ack.at("/message/ack_status").asString()).isEqualTo("ACK");
        assertThat(callback.at("/header/action").asString()).isEqualTo("on-search");
        assertThat(callback.at("/message/correlation_id")).isEqualTo(ack.at("/message/correlation_id"));
        assertThat(callback.at("/message/search_response/0/data/reg_records")).hasSize(1);
        assertThat(partner.believes(callback.toString().getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(DciSpecification.faultsIfHere(
                        "social", "/components/schemas/SearchResponse", callback.path("message")))
                .isEmpty();
        assertThat(DciSpecification.faultsIfHere(
                        "social", "/components/schemas/MsgCallbackHeader_V1.0.0", callback.path("header")))
                .isEmpty();
    }

    @Test
    void the_same_question_gives_the_same_answer_at_once_by_callback_and_by_status() {
        String transaction = UUID.randomUUID().toString();
        partner.tell("/dci/sr/registry/search", "search", 1, search(transaction));
        JsonNode callback = partner.receivesAnswer(transaction);
        JsonNode atOnce = partner.tell("/dci/sr/registry/sync/search", "search", 1, search(transaction));
        JsonNode status = partner.tell(
                "/dci/sr/registry/sync/txn/status",
                "txn-status",
                1,
                PartnerSystem.message("{'transaction_id':'s-1','txnstatus_request':{'reference_id':'x',"
                        + "'txn_type':'search','attribute_type':'correlation_id','attribute_value':'"
                        + callback.at("/message/correlation_id").asString() + "'}}"));

        assertThat(callback.at("/message/search_response/0/data"))
                .isEqualTo(atOnce.at("/message/search_response/0/data"));
        assertThat(status.at("/message/txnstatus_response/txn_status")).isEqualTo(callback.at("/message"));
        assertThat(status.at("/header/action").asString()).isEqualTo("txn-on-status");
        assertThat(DciSpecification.faultsIfHere(
                        "social", "/components/schemas/TxnStatusResponse", status.path("message")))
                .isEmpty();
    }

    @Test
    void a_status_is_asked_for_by_transaction_by_reference_and_as_a_callback_too() {
        String transaction = UUID.randomUUID().toString();
        partner.tell("/dci/sr/registry/search", "search", 1, search(transaction));
        partner.receivesAnswer(transaction);
        String asked = UUID.randomUUID().toString();
        partner.tell(
                "/dci/sr/registry/txn/status",
                "txn-status",
                1,
                PartnerSystem.message("{'transaction_id':'" + asked + "','txnstatus_request':{'reference_id':'x',"
                        + "'txn_type':'on-search','attribute_type':'reference_id_list','attribute_value':['r-1']}}"));
        JsonNode callback = partner.receivesAnswer(asked);

        assertThat(callback.at("/header/action").asString()).isEqualTo("txn-on-status");
        assertThat(callback.at("/message/txnstatus_response/txn_type").asString())
                .isEqualTo("on-search");
        assertThat(callback.at("/message/txnstatus_response/txn_status/search_response"))
                .isNotEmpty();
    }

    @Test
    void what_another_partner_asked_is_not_there_for_this_one() {
        String transaction = UUID.randomUUID().toString();
        partner.tell("/dci/sr/registry/search", "search", 1, search(transaction));
        try (PartnerSystem other = world.partnerKnowingEverything()) {
            JsonNode status = other.tell(
                    "/dci/sr/registry/sync/txn/status",
                    "txn-status",
                    1,
                    PartnerSystem.message("{'transaction_id':'s-1','txnstatus_request':{'reference_id':'x',"
                            + "'txn_type':'search','attribute_type':'transaction_id','attribute_value':'" + transaction
                            + "'}}"));

            assertThat(status.at("/header/status").asString()).isEqualTo("succ");
            assertThat(status.at("/message/txnstatus_response/txn_status/search_response")
                            .isArray())
                    .isTrue();
            assertThat(status.at("/message/txnstatus_response/txn_status/search_response"))
                    .isEmpty();
        }
    }

    @Test
    void a_partner_that_is_away_gets_its_answer_once_when_it_is_back() {
        partner.answerWith.set(503);
        String transaction = UUID.randomUUID().toString();
        partner.tell("/dci/sr/registry/search", "search", 1, search(transaction));
        world.await(() -> waiting().equals("the partner answered HTTP 503"));
        assertThat(partner.turnedAway.get()).isPositive();
        assertThat(partner.received).isEmpty();

        partner.answerWith.set(200);
        world.letTimeCome(partner);
        partner.receivesAnswer(transaction);
        world.awaitAllTold(partner);
        world.letTimeCome(partner);
        answered();

        assertThat(partner.received)
                .filteredOn(message -> PartnerSystem.isOf(message, transaction))
                .hasSize(1);
    }

    /** Why the message to the partner that is tried again later was not taken; empty where there is none. */
    private String waiting() {
        return Objects.requireNonNullElse(
                world.value("select last_error from exchange.callback where state = 'pending' and lease_until is null"
                        + " and partner_id = '" + partner.partner.id() + "'"),
                "");
    }

    /** Asks something else, whose answer comes after everything that was due before. */
    private void answered() {
        String transaction = UUID.randomUUID().toString();
        partner.tell("/dci/sr/registry/search", "search", 1, search(transaction));
        partner.receivesAnswer(transaction);
    }

    @Test
    void an_encrypted_question_is_answered_encrypted_to_the_partner() {
        partner.change(draft -> draft.with(new Partner.Terms(
                draft.terms().signatures(),
                draft.terms().signer(),
                draft.terms().profile(),
                true,
                false)));
        JsonNode set = PartnerSystem.json(
                partner.send(HttpRequest.newBuilder(URI.create(partner.base + "/.well-known/jwks.json"))));
        JsonNode ours = set.path("keys")
                .valueStream()
                .filter(key -> key.path("use").asString("").equals("enc"))
                .findFirst()
                .orElseThrow();
        ObjectNode plain = search("t-1");
        JsonNode refused = partner.tell("/dci/sr/registry/sync/search", "search", 1, plain);
        ObjectNode encrypted = MessageEncryption.encrypt(
                plain.toString().getBytes(StandardCharsets.UTF_8), jwk(ours), Clock.systemUTC());
        JsonNode answer = PartnerSystem.json(partner.send(partner.request(
                "/dci/sr/registry/sync/search",
                partner.signed(partner.header("search", 1).put("is_msg_encrypted", true), encrypted))));

        assertThat(refused.at("/message/error/code").asString()).isEqualTo("err.encryption.invalid");
        assertThat(answer.at("/header/is_msg_encrypted").asBoolean()).isTrue();
        assertThat(answer.toString()).doesNotContain("reg_records");
        assertThat(partner.decrypted(answer.path("message")).at("/search_response/0/data/reg_records"))
                .hasSize(1);
        assertThat(DciSpecification.faultsIfHere(
                        "social", "/components/schemas/EncryptedMessage", answer.path("message")))
                .isEmpty();
    }

    private static JWK jwk(JsonNode json) {
        try {
            return JWK.parse(json.toString());
        } catch (ParseException damaged) {
            throw new IllegalStateException(damaged);
        }
    }

    /** Rows as text hold every column but bytes in clear; those are sealed or hashes. */
    @Test
    void nothing_that_is_asked_or_told_stands_in_clear_in_a_table_or_a_log() throws Exception {
        String transaction = UUID.randomUUID().toString();
        partner.tell("/dci/sr/registry/search", "search", 1, search(transaction));
        JsonNode member = partner.receivesAnswer(transaction).at("/message/search_response/0/data/reg_records/0");
        String name = member.at("/demographic_info/name/given_name").asString();
        String number = member.at("/member_identifier/0/identifier_value").asString();
        partner.tell(
                "/dci/sr/registry/sync/search",
                "search",
                1,
                PartnerSystem.search("{'query_type':'idtype-value','query':{'type':'UIN','value':'" + number + "'}}"));
        String leaks = "";
        try (Connection admin = world.connectAsAdmin();
                var tables = admin.createStatement()
                        .executeQuery("select table_schema || '.' || table_name from information_schema.tables "
                                + "where table_schema in ('exchange', 'foundation')")) {
            while (tables.next()) {
                try (var rows = admin.createStatement()
                        .executeQuery("select count(*) from " + tables.getString(1) + " t where t::text like '%" + name
                                + "%' or t::text like '%" + number + "%'")) {
                    rows.next();
                    leaks += rows.getLong(1) == 0 ? "" : tables.getString(1) + " ";
                }
            }
        }

        assertThat(name).isNotBlank();
        assertThat(number).hasSize(12);
        assertThat(leaks).isEmpty();
        String log = Files.readString(Path.of(Objects.requireNonNull(System.getProperty("annona.log.file"))));
        assertThat(log)
                .contains("Tomcat started on port " + URI.create(partner.base).getPort());
        assertThat(log).doesNotContain(number);
    }

    private JsonNode statusOf(String attribute, String value) {
        return partner.tell(
                        "/dci/sr/registry/sync/txn/status",
                        "txn-status",
                        1,
                        PartnerSystem.message("{'transaction_id':'s-1','txnstatus_request':{'reference_id':'x',"
                                + "'txn_type':'search','attribute_type':'" + attribute + "','attribute_value':'" + value
                                + "'}}"))
                .at("/message/txnstatus_response/txn_status/search_response/0");
    }

    @Test
    void an_answer_is_not_told_again_once_less_may_be_known() {
        String transaction = UUID.randomUUID().toString();
        partner.tell("/dci/sr/registry/search", "search", 1, search(transaction));
        partner.receivesAnswer(transaction);
        assertThat(statusOf("transaction_id", transaction).path("data").path("reg_records"))
                .hasSize(1);
        partner.mayKnow("sr", "", Set.of("identifier"), Set.of());
        JsonNode item = statusOf("transaction_id", transaction);

        assertThat(item.path("status").asString()).isEqualTo("rjct");
        assertThat(item.has("data")).isFalse();
        assertThat(item.path("status_reason_message").asString()).contains("ask anew");
    }
}
