package org.annona.exchange.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.annona.exchange.ExchangeSettings;
import org.annona.exchange.ExchangeWorld;
import org.annona.exchange.PartnerSystem;
import org.annona.interop.message.Operation;
import org.annona.testing.DciSpecification;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every path of both registries, with a message that the standard's OpenAPI files allow: what comes back, at once and as a
 * callback, is what they allow too.
 */
@ExtendWith(ExchangeWorld.Shared.class)
class EveryPathTest {

    private static final String STAMP = "'timestamp':'2026-01-15T10:30:00Z'";
    private static final String REQUEST = "MsgHeader_V1.0.0";
    private static final String CALLBACK = "MsgCallbackHeader_V1.0.0";
    private static ExchangeWorld world;
    private static PartnerSystem partner;

    @BeforeAll
    static void open(ExchangeWorld shared) {
        world = shared;
        partner = world.partnerKnowingEverything();
        partner.mayKnow("ibr", "", Set.of("identifier", "programme_name", "group", "benefits"), Set.of());
    }

    @AfterAll
    static void close() {
        partner.close();
    }

    /**
     * A message to one path.
     *
     * @param header the schema of its header
     * @param schema of its message
     * @param answer the schema of the message that answers it, at once or later; empty where it is acknowledged only
     */
    private record Case(Operation operation, String header, String schema, String message, String answer) {}

    private static List<Case> cases(String registry) {
        boolean social = registry.equals("sr");
        String search = "{'transaction_id':'TXN','search_request':[{'reference_id':'r-1'," + STAMP
                + ",'locale':'eng','search_criteria':{'version':'1.0.0','reg_type':'ns:org:RegistryType:"
                + (social ? "Social" : "IBR") + "','reg_record_type':'" + (social ? "Member" : "Beneficiary")
                + "','query_type':'idtype-value','query':{'type':'PERSON_REF','value':'"
                + world.country.somebody().reference()
                + "'},'pagination':{'page_size':10,'page_number':1}}}]}";
        String filter = social
                ? "{'type':'ns:org:QueryType:expression','value':{'expression':{'collection':'Member','query':"
                        + "{'$and':[{'sex':{'$eq':'female'}}]}}}}"
                : "{'type':'ns:org:QueryType:expression','value':{'expression':{'collection':'Beneficiary','query':"
                        + "{'$and':[{'enrollment_status':{'$eq':'1'}}]}}}}";
        String subscribe = "{'transaction_id':'TXN','subscribe_request':[{'reference_id':'r-1'," + STAMP
                + ",'locale':'eng','subscribe_criteria':{'version':'1.0.0','reg_event_type':'"
                + (social ? "REGISTER" : "enrollement") + "','filter_type':'expression','filter':" + filter
                + ",'frequency':{'start_time':'2026-01-15T10:30:00Z','end_time':'2099-01-15T10:30:00Z',"
                + "'frequency':'0 0 3 * * ? 2098'},'notify_record_type':'" + (social ? "Member" : "Beneficiary")
                + "'}}]}";
        String unsubscribe = "{'transaction_id':'TXN'," + STAMP + ",'subscription_codes':['sub-unknown']}";
        String status = "{'transaction_id':'TXN','txnstatus_request':{'reference_id':'r-1','txn_type':'search',"
                + "'attribute_type':'transaction_id','attribute_value':'t-unknown','locale':'eng'}}";
        String searched = "{'transaction_id':'TXN','correlation_id':'c','search_response':[{'reference_id':'r-1',"
                + STAMP + ",'status':'succ','data':{'version':'1.0.0','reg_type':'ns:org:RegistryType:Social',"
                + "'reg_record_type':'Member','reg_records':[]},'pagination':{'page_size':1,'page_number':1,"
                + "'total_count':0},'locale':'eng'}]}";
        String subscribed = "{'transaction_id':'TXN','correlation_id':'c','subscribe_response':[{'reference_id':'r-1',"
                + STAMP + ",'status':'succ','subscriptions':[{'code':'x','status':'subscribe'," + STAMP + "}]}]}";
        String unsubscribed = "{'transaction_id':'TXN','correlation_id':'c'," + STAMP + ",'status':'succ',"
                + "'subscription_status':[{'code':'x','status':'unsubscribe'}]}";
        String told = "{'transaction_id':'TXN','correlation_id':'c','txnstatus_response':{'txn_type':'search',"
                + "'txn_status':" + searched + "}}";
        String notified = "{'transaction_id':'TXN','notify_event':[{'reference_id':'r-1'," + STAMP + ",'data':{"
                + "'version':'1.0.0','reg_event_type':'" + (social ? "REGISTER" : "enrollement")
                + "','reg_record_type':'"
                + (social ? "Member" : "Beneficiary") + "','reg_records':{}}}]}";
        List<Case> all = new ArrayList<>(List.of(
                new Case(Operation.SEARCH, REQUEST, "SearchRequest", search, "SearchResponse"),
                new Case(Operation.SYNC_SEARCH, REQUEST, "SearchRequest", search, "SearchResponse"),
                new Case(Operation.SUBSCRIBE, REQUEST, "SubscribeRequest", subscribe, "SubscribeResponse"),
                new Case(Operation.UNSUBSCRIBE, REQUEST, "UnSubscribeRequest", unsubscribe, "UnSubscribeResponse"),
                new Case(Operation.TXN_STATUS, REQUEST, "TxnStatusRequest", status, "TxnStatusResponse"),
                new Case(Operation.SYNC_TXN_STATUS, REQUEST, "TxnStatusRequest", status, "TxnStatusResponse"),
                new Case(Operation.ON_SEARCH, CALLBACK, "SearchResponse", searched, ""),
                new Case(Operation.ON_SUBSCRIBE, REQUEST, "SubscribeResponse", subscribed, ""),
                new Case(Operation.ON_UNSUBSCRIBE, REQUEST, "UnSubscribeResponse", unsubscribed, ""),
                new Case(Operation.TXN_ON_STATUS, CALLBACK, "TxnStatusResponse", told, ""),
                new Case(Operation.NOTIFY, CALLBACK, "NotifyEventRequest", notified, "")));
        if (!social) {
            all.add(new Case(
                    Operation.SYNC_ENROLLED,
                    REQUEST,
                    "EnrolledRequest",
                    "{'transaction_id':'TXN','enrolled_criteria':{'query_type':'expression','response_entity':'Member',"
                            + "'query':{'person_identifier':{'eq':'ABC451123'},"
                            + "'programme_identifier.program.programme_identifier':{'eq':'DCI001'}}}}",
                    "EnrolledResponse"));
            all.add(new Case(
                    Operation.SYNC_ENROLLMENT_UPDATES,
                    CALLBACK,
                    "EnrollmentUpdatesRequest",
                    "{'transaction_id':'TXN','enrolled_updates':{'beneficiaries':[{'@context':{},'@type':'Beneficiary',"
                            + "'assistance_unit':'1','member':{'member_identifier':[{'identifier_type':'UIN',"
                            + "'identifier_value':'nobody'}]},'programme_identifier':[{'programme_name':'X',"
                            + "'programme_identifier':'X','enrolment_date':'2026-03-01T00:00:00Z',"
                            + "'enrolment_status':'1'}],'enrollment_date':'2026-03-01T00:00:00Z',"
                            + "'enrollment_status':'1','benefits':[]}]}}",
                    "EnrollmentUpdatesResponse"));
        }
        return all;
    }

    @TestFactory
    Stream<DynamicTest> what_the_standard_allows_is_understood_and_answered_as_it_allows() {
        return Stream.of("sr", "ibr")
                .flatMap(registry -> cases(registry).stream()
                        .map(one -> DynamicTest.dynamicTest(
                                "/dci/" + registry + one.operation().path(), () -> assertAnswered(registry, one))));
    }

    private static void assertAnswered(String registry, Case one) {
        String file = registry.equals("sr") ? "social" : "ibr";
        String transaction = UUID.randomUUID().toString();
        ObjectNode message = PartnerSystem.message(one.message().replace("TXN", transaction));
        ObjectNode header = header(one);
        assertAllowed(file, one.header(), header);
        assertAllowed(file, one.schema(), message);
        HttpResponse<byte[]> response = partner.send(
                partner.request("/dci/" + registry + one.operation().path(), partner.signed(header, message)));
        JsonNode answer = PartnerSystem.json(response);

        assertThat(response.statusCode()).as(answer.toString()).isEqualTo(200);
        if (one.operation().kind() == Operation.Kind.SYNC_REQUEST
                || one.operation() == Operation.SYNC_ENROLLMENT_UPDATES) {
            assertEnveloped(file, one, answer, transaction);
            return;
        }
        assertThat(DciSpecification.faultsIfHere(
                        file, "/components/responses/Response/content/application~1json/schema", answer))
                .as(answer.toString())
                .isEmpty();
        // Nothing here takes events of others.
        assertThat(answer.at("/message/ack_status").asString())
                .isEqualTo(one.operation() == Operation.NOTIFY ? "ERR" : "ACK");
        if (!one.answer().isEmpty()) {
            JsonNode callback = partner.receivesAnswer(transaction);
            assertThat(callback.at("/message/correlation_id")).isEqualTo(answer.at("/message/correlation_id"));
            assertEnveloped(file, one, callback, transaction);
        }
    }

    private static ObjectNode header(Case one) {
        ObjectNode header = partner.header(one.operation().action(), 1);
        if (one.header().equals(CALLBACK)) {
            header.remove("sender_uri");
            header.put("status", "succ").put("completed_count", 1);
        }
        return header;
    }

    private static void assertEnveloped(String file, Case one, JsonNode envelope, String transaction) {
        assertThat(partner.believes(envelope.toString().getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(envelope.at("/message/transaction_id").asString()).isEqualTo(transaction);
        assertAllowed(file, CALLBACK, envelope.path("header"));
        assertAllowed(file, one.answer(), envelope.path("message"));
    }

    private static void assertAllowed(String file, String schema, JsonNode json) {
        assertThat(DciSpecification.faultsIfHere(file, "/components/schemas/" + schema, json))
                .as(schema + ": " + json)
                .isEmpty();
    }

    @Test
    void no_path_does_anything_without_a_token() {
        for (String registry : List.of("sr", "ibr")) {
            for (Case one : cases(registry)) {
                HttpResponse<byte[]> response = partner.send(HttpRequest.newBuilder(URI.create(partner.base + "/dci/"
                                + registry + one.operation().path()))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(
                                partner.signed(header(one), PartnerSystem.message(one.message())))));
                assertThat(response.statusCode()).as(one.operation().path()).isEqualTo(401);
                assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer");
            }
        }
    }

    @Test
    void every_path_but_the_synchronous_searches_takes_its_message_as_a_file_too() {
        for (Case one : cases("ibr")) {
            boolean notAsFile =
                    one.operation() == Operation.SYNC_SEARCH || one.operation() == Operation.SYNC_TXN_STATUS;
            byte[] file = partner.signed(
                    header(one),
                    PartnerSystem.message(
                            one.message().replace("TXN", UUID.randomUUID().toString())));
            HttpResponse<byte[]> response = partner.send(partner.form(
                    "/dci/ibr" + one.operation().path(),
                    Map.of("action", one.operation().action()),
                    file));
            assertThat(response.statusCode()).as(one.operation().path()).isEqualTo(notAsFile ? 415 : 200);
            assertThat(PartnerSystem.json(response).at("/message/ack_status").asString(""))
                    .as(one.operation().path())
                    .isEqualTo(
                            notAsFile || one.operation() == Operation.NOTIFY
                                    ? "ERR"
                                    : one.operation().path().contains("/sync/") ? "" : "ACK");
        }
    }

    @Test
    void where_tokens_are_given_and_our_keys_lie_is_published() {
        JsonNode metadata = PartnerSystem.json(partner.send(
                HttpRequest.newBuilder(URI.create(partner.base + "/.well-known/oauth-authorization-server"))));
        JsonNode keys = PartnerSystem.json(
                partner.send(HttpRequest.newBuilder(URI.create(partner.base + "/.well-known/jwks.json"))));
        String address = world.part(ExchangeSettings.class).address();

        assertThat(metadata.path("issuer").asString()).isEqualTo(address);
        assertThat(metadata.path("token_endpoint").asString()).isEqualTo(address + "/oauth2/token");
        assertThat(metadata.path("jwks_uri").asString()).isEqualTo(address + "/.well-known/jwks.json");
        assertThat(metadata.path("scopes_supported").toString()).contains("registry.search");
        assertThat(keys.path("keys"))
                .isNotEmpty()
                .allSatisfy(key -> assertThat(key.has("d")).isFalse());
    }
}
