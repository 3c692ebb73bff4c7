package org.annona.exchange.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.annona.exchange.ExchangeWorld;
import org.annona.exchange.PartnerSystem;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.TokenScope;
import org.annona.interop.signature.SignaturePolicy;
import org.annona.testing.DciSpecification;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Every row of the tables of refusals (DCI reference R2.4, R4.5). */
@ExtendWith(ExchangeWorld.Shared.class)
class RefusalTest {

    private static final String SYNC = "/dci/sr/registry/sync/search";
    private static final String ASYNC = "/dci/sr/registry/search";
    private static final String ITEM = "{'query_type':'idtype-value','query':{'type':'UIN','value':'1'}}";
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

    private String somebody() {
        return world.country.somebody().reference();
    }

    private byte[] envelope() {
        return partner.signed(partner.header("search", 1), PartnerSystem.search(ITEM));
    }

    private void refused(HttpRequest.Builder request, int status, String code) {
        refused(partner.send(request), status, code);
    }

    private static void refused(HttpResponse<byte[]> response, int status, String code) {
        JsonNode body = PartnerSystem.json(response);
        assertThat(body.at("/errors/0/code").asString()).as(body.toString()).isEqualTo(code);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(body.at("/message/error/code").asString()).isEqualTo(code);
        assertThat(body.at("/message/ack_status").asString()).isEqualTo("ERR");
        assertThat(body.at("/message/correlation_id").asString()).isNotEmpty();
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(DciSpecification.faultsIfHere("social", "/components/schemas/Error", body.at("/errors/0")))
                .isEmpty();
    }

    private void refusedHeader(Consumer<ObjectNode> change, String code) {
        for (String path : new String[] {SYNC, ASYNC}) {
            ObjectNode header = partner.header("search", 1);
            change.accept(header);
            refused(partner.request(path, partner.signed(header, PartnerSystem.search(ITEM))), 200, code);
        }
    }

    private void refusedMessage(Consumer<ObjectNode> change, String code) {
        for (String path : new String[] {SYNC, ASYNC}) {
            ObjectNode message = PartnerSystem.search(ITEM);
            change.accept(message);
            refused(partner.request(path, partner.signed(partner.header("search", 1), message)), 200, code);
        }
    }

    private HttpRequest.Builder raw(String path, String contentType, byte[] body) {
        return HttpRequest.newBuilder(URI.create(partner.base + path))
                .header("Content-Type", contentType)
                .header("Authorization", "Bearer " + partner.token())
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    @Test
    void what_is_no_json_is_a_bad_request() {
        for (String body : new String[] {"", "nonsense", "[1", "{\"header\":{},\"header\":{}}", "[".repeat(200)}) {
            refused(raw(SYNC, "application/json", body.getBytes(StandardCharsets.UTF_8)), 400, "err.request.bad");
        }
        refused(raw(SYNC, "application/json", new byte[] {'"', (byte) 0xC3, '"'}), 400, "err.request.bad");
    }

    @Test
    void whoever_has_no_token_of_ours_that_holds_is_unauthorized() {
        String[] tokens = {"", "Bearer", "Bearer x.y.z", "Basic YTpi", "Bearer " + partner.token() + "x"};
        for (String token : tokens) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(partner.base + SYNC))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(envelope()));
            if (!token.isEmpty()) {
                request.header("Authorization", token);
            }
            HttpResponse<byte[]> response = partner.send(request);
            refused(response, 401, "err.request.unauthorized");
            assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        }
    }

    @Test
    void a_token_is_bound_to_its_sender_and_its_scopes() {
        try (PartnerSystem other = world.partnerKnowingEverything()) {
            ObjectNode header = partner.header("search", 1).put("sender_id", other.senderId);
            refused(
                    partner.request(SYNC, partner.signed(header, PartnerSystem.search(ITEM))),
                    403,
                    "err.request.forbidden");
        }
        partner.change(draft -> draft.with(Set.of(TokenScope.STATUS)));
        refused(partner.request(SYNC, envelope()), 403, "err.request.forbidden");
    }

    @Test
    void unknown_paths_methods_and_types_are_told_apart() {
        refused(partner.request("/dci/sr/registry/nonsense", envelope()), 404, "err.request.not_found");
        refused(partner.request("/dci/xx/registry/search", envelope()), 404, "err.request.not_found");
        refused(partner.request("/dci/sr/registry/sync/enrolled", envelope()), 404, "err.request.not_found");
        refused(HttpRequest.newBuilder(URI.create(partner.base + SYNC)).GET(), 405, "err.request.bad");
        refused(raw(SYNC, "text/plain", envelope()), 415, "err.request.bad");
        refused(raw(SYNC, "application/json; charset=latin1", envelope()), 415, "err.request.bad");
        refused(raw(SYNC, "multipart/form-data; boundary=x", envelope()), 415, "err.request.bad");
        refused(raw(ASYNC, "multipart/form-data; boundary=x", envelope()), 200, "err.request.bad");
    }

    @Test
    void what_is_too_large_is_not_read() {
        byte[] large = new byte[10_000_001];
        java.util.Arrays.fill(large, (byte) ' ');
        refused(raw(SYNC, "application/json", large), 413, "err.request.bad");
    }

    @Test
    void too_many_requests_are_told_when_to_come_again() {
        partner.change(draft -> draft.with(new Partner.Limits(1_000, 1_000, 2, 100, false, null, 3_600)));
        partner.send(partner.request(SYNC, envelope()));
        partner.send(partner.request(SYNC, envelope()));
        HttpResponse<byte[]> response = partner.send(partner.request(SYNC, envelope()));

        refused(response, 429, "err.request.too_many_requests");
        assertThat(response.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
    }

    @Test
    void faults_of_the_header_have_their_codes() {
        refusedHeader(header -> header.put("version", "2.0.0"), "err.version.not_supported");
        refusedHeader(header -> header.put("sender_id", "nobody"), "err.sender_id.invalid");
        refusedHeader(header -> header.put("receiver_id", "somebody else"), "err.receiver_id.invalid");
        refusedHeader(header -> header.put("sender_uri", "ftp://x/"), "err.sender_uri.invalid");
        refusedHeader(header -> header.put("sender_uri", "not an address"), "err.sender_uri.invalid");
        refusedHeader(header -> header.put("action", "subscribe"), "err.request.bad");
        refusedHeader(header -> header.put("message_ts", "2026-01-15T10:30:00"), "err.request.bad");
        refusedHeader(header -> header.put("is_msg_encrypted", true), "err.encryption.invalid");
        for (String field : new String[] {"message_id", "message_ts", "action", "sender_id", "total_count"}) {
            refusedHeader(header -> header.remove(field), "err.request.bad");
        }
    }

    @Test
    void a_receiver_id_that_is_our_own_address_is_ours() {
        for (String ours : new String[] {
            "annona",
            "",
            "http://annona.test",
            "http://annona.test/",
            "http://ANNONA.test:80/dci/sr",
            "http://annona.test/dci"
        }) {
            JsonNode answer = PartnerSystem.json(partner.send(partner.request(
                    SYNC,
                    partner.signed(partner.header("search", 1).put("receiver_id", ours), PartnerSystem.search(ITEM)))));
            assertThat(answer.at("/header/status").asString()).as(ours + answer).isEqualTo("succ");
        }
        for (String other :
                new String[] {"http://annona.test.evil.example/", "https://annona.test/", "http://annona.test:81"}) {
            refusedHeader(header -> header.put("receiver_id", other), "err.receiver_id.invalid");
        }
    }

    @Test
    void a_notification_that_nobody_handles_is_refused_and_not_acknowledged() {
        JsonNode death = PartnerSystem.message("{'transaction_id':'t','notify_event':[{'reference_id':'r-1',"
                + "'timestamp':'2026-01-15T10:30:00Z','data':{'version':'1.0.0','reg_event_type':'DEATH',"
                + "'reg_record_type':'Person','reg_records':{}}}]}");
        for (String registry : new String[] {"crvs", "sr"}) {
            HttpResponse<byte[]> response = partner.send(partner.request(
                    "/dci/" + registry + "/registry/notify", partner.signed(partner.header("notify", 1), death)));
            refused(response, 200, "err.request.bad");
            assertThat(PartnerSystem.json(response).at("/message/error/message").asString())
                    .startsWith("rjct.action.not_supported");
        }
        assertThat(TokenScope.offered())
                .doesNotContain(TokenScope.NOTIFY)
                .contains(TokenScope.SEARCH, TokenScope.SUBSCRIBE);
    }

    @Test
    void a_signature_lives_as_long_as_was_agreed_with_this_partner() {
        refusedLife(59);
        refusedLife(86_401);
        lives(60);
        HttpResponse<byte[]> tooLong = partner.send(partner.request(SYNC, envelope()));
        refused(tooLong, 200, "err.signature.invalid");
        assertThat(PartnerSystem.json(tooLong).at("/message/error/message").asString())
                .contains("lives longer than 60 seconds");
        lives(60_000);
        assertThat(PartnerSystem.json(partner.send(partner.request(SYNC, envelope())))
                        .at("/header/status")
                        .asString())
                .isEqualTo("succ");
        assertThat(partner.partner.signatureRules().longestLife()).isEqualTo(Duration.ofSeconds(60_000));
    }

    private void lives(int seconds) {
        partner.change(draft -> draft.with(new Partner.Limits(1_000, 1_000, 100_000, 100, false, null, seconds)));
    }

    private void refusedLife(int seconds) {
        assertThatThrownBy(() -> lives(seconds)).hasMessageContaining("between 60 and 86400 seconds");
    }

    @Test
    void faults_of_the_message_have_their_codes() {
        refusedMessage(message -> message.remove("transaction_id"), "err.request.bad");
        refusedMessage(message -> message.put("transaction_id", "x".repeat(100)), "err.request.bad");
        refusedMessage(message -> message.remove("search_request"), "err.request.bad");
        refusedMessage(message -> item(message).remove("reference_id"), "err.request.bad");
        refusedMessage(message -> item(message).put("locale", "English, please"), "err.request.bad");
        refusedMessage(message -> item(message).put("timestamp", "yesterday"), "err.request.bad");
        refusedMessage(message -> criteria(message).put("query_type", "sql"), "err.request.bad");
        refusedMessage(message -> criteria(message).putObject("pagination").put("page_size", 0), "err.request.bad");
    }

    private static ObjectNode item(ObjectNode message) {
        return (ObjectNode) message.path("search_request").get(0);
    }

    private static ObjectNode criteria(ObjectNode message) {
        return (ObjectNode) item(message).path("search_criteria");
    }

    @Test
    void a_signature_has_to_be_there_and_to_fit() {
        ObjectNode unsigned =
                (ObjectNode) PartnerSystem.message(new String(envelope(), StandardCharsets.UTF_8).replace('\'', ' '));
        unsigned.remove("signature");
        refused(partner.request(SYNC, bytes(unsigned)), 200, "err.signature.missing");
        refused(partner.request(SYNC, bytes(unsigned.put("signature", ""))), 200, "err.signature.missing");
        refused(partner.request(SYNC, bytes(unsigned.put("signature", "x"))), 200, "err.signature.invalid");

        byte[] changed = new String(envelope(), StandardCharsets.UTF_8)
                .replace("\"value\":\"1\"", "\"value\":\"2\"")
                .getBytes(StandardCharsets.UTF_8);
        refused(partner.request(SYNC, changed), 200, "err.signature.invalid");

        partner.change(draft -> draft.with(new Partner.Terms(
                SignaturePolicy.OPTIONAL, draft.terms().signer(), draft.terms().profile(), false, false)));
        refused(partner.request(SYNC, changed), 200, "err.signature.invalid");
        unsigned.remove("signature");
        HttpResponse<byte[]> answer = partner.send(partner.request(SYNC, bytes(unsigned)));
        assertThat(PartnerSystem.json(answer).at("/header/status").asString()).isEqualTo("succ");
        assertThat(partner.believes(answer.body())).isTrue();
    }

    private static byte[] bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void a_message_that_comes_twice_has_an_effect_once() {
        byte[] async = envelope();
        assertThat(PartnerSystem.json(partner.send(partner.request(ASYNC, async)))
                        .at("/message/ack_status")
                        .asString())
                .isEqualTo("ACK");
        HttpResponse<byte[]> again = partner.send(partner.request(ASYNC, async));
        refused(again, 200, "err.request.bad");
        assertThat(PartnerSystem.json(again).at("/message/error/message").asString())
                .startsWith("rjct.message_id.duplicate: ");

        byte[] sync = envelope();
        partner.send(partner.request(SYNC, sync));
        rejectedWhole(partner.send(partner.request(SYNC, sync)), "rjct.message_id.duplicate");
    }

    private void rejectedWhole(HttpResponse<byte[]> response, String reason) {
        JsonNode answer = PartnerSystem.json(response);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(answer.at("/header/status").asString()).isEqualTo("rjct");
        assertThat(answer.at("/header/status_reason_code").asString()).isEqualTo(reason);
        assertThat(answer.at("/message/search_response")).isEmpty();
        assertThat(partner.believes(response.body())).isTrue();
        assertThat(DciSpecification.faultsIfHere(
                        "social", "/components/schemas/MsgCallbackHeader_V1.0.0", answer.path("header")))
                .isEmpty();
        assertThat(DciSpecification.faultsIfHere(
                        "social", "/components/schemas/SearchResponse", answer.path("message")))
                .isEmpty();
    }

    @Test
    void a_header_says_why_the_first_item_was_rejected_where_all_were() {
        JsonNode answer = PartnerSystem.json(partner.send(partner.request(
                SYNC,
                partner.signed(
                        partner.header("search", 1),
                        PartnerSystem.search("{'query_type':'expression','query':{'shoe_size':{'$eq':43}}}")))));
        JsonNode item = answer.at("/message/search_response/0");

        assertThat(answer.at("/header/status_reason_code").asString()).isEqualTo("rjct.errors.too_many");
        assertThat(item.path("status_reason_message").asString()).contains("shoe_size");
        assertThat(answer.at("/header/status_reason_message").asString())
                .isEqualTo("no item could be answered; the first: "
                        + item.path("status_reason_code").asString() + ", "
                        + item.path("status_reason_message").asString());
    }

    @Test
    void a_wrong_number_of_items_rejects_the_message() {
        byte[] two = partner.signed(partner.header("search", 2), PartnerSystem.search(ITEM));
        rejectedWhole(partner.send(partner.request(SYNC, two)), "rjct.total_count.invalid");
        HttpResponse<byte[]> refused = partner.send(
                partner.request(ASYNC, partner.signed(partner.header("search", 2), PartnerSystem.search(ITEM))));
        refused(refused, 200, "err.request.bad");
        assertThat(PartnerSystem.json(refused).at("/message/error/message").asString())
                .startsWith("rjct.total_count.invalid: ");

        partner.change(draft -> draft.with(new Partner.Limits(1, 1_000, 1_000, 100, false, null, 3_600)));
        byte[] many = partner.signed(partner.header("search", 2), PartnerSystem.search(ITEM, ITEM));
        rejectedWhole(partner.send(partner.request(SYNC, many)), "rjct.total_count.limit_exceeded");
    }

    @Test
    void a_bad_item_is_rejected_and_the_others_are_answered() {
        JsonNode answer = partner.tell(
                SYNC,
                "search",
                7,
                PartnerSystem.search(
                        ITEM,
                        "{'query_type':'expression','query':{'password':{'$eq':'x'}}}",
                        "{'query_type':'expression','query':{'sex':{'$like':'x'}}}",
                        "{'query_type':'idtype-value','query':{'type':'PASSPORT','value':'x'}}",
                        "{'query_type':'graphql','query':'{ everybody }'}",
                        "{'query_type':'expression','query':{'sex':'female'},'sort':[{'attribute_name':'x'}]}",
                        "{'query_type':'expression','query':{'sex':'female'},'pagination':{'page_size':5000}}"));

        JsonNode items = answer.at("/message/search_response");
        assertThat(answer.at("/header/status").asString()).isEqualTo("succ");
        assertThat(items.get(0).path("status").asString()).isEqualTo("succ");
        String[] reasons = {
            "rjct.search_criteria.invalid",
            "rjct.search_criteria.invalid",
            "rjct.search_criteria.invalid",
            "rjct.search_criteria.invalid",
            "rjct.sort.invalid",
            "rjct.pagination.invalid"
        };
        for (int i = 0; i < reasons.length; i++) {
            assertThat(items.get(i + 1).path("status_reason_code").asString()).isEqualTo(reasons[i]);
            assertThat(items.get(i + 1).has("data")).isFalse();
        }
        assertThat(DciSpecification.faultsIfHere(
                        "social", "/components/schemas/SearchResponse", answer.path("message")))
                .isEmpty();
    }

    @Test
    void a_suspended_partner_is_nobody_any_more_although_its_token_lives() {
        partner.token();
        partner.partners().suspend(PartnerSystem.ADMINISTRATOR, partner.partner.id(), true, "test");
        refused(partner.request(SYNC, envelope()), 200, "err.sender_id.invalid");
        refused(
                partner.askForToken(
                        "/oauth2/client/token",
                        "application/x-www-form-urlencoded",
                        "grant_type=client_credentials&client_id=" + partner.clientId() + "&client_secret="
                                + partner.secret()),
                401,
                "err.request.unauthorized");
    }

    @Test
    void tokens_are_given_at_both_paths_for_forms_and_json_and_only_for_what_was_agreed() {
        for (String path : new String[] {"/oauth2/token", "/oauth2/client/token"}) {
            JsonNode token = PartnerSystem.json(partner.askForToken(
                    path,
                    "application/json",
                    "{\"grant_type\":\"client_credentials\",\"client_id\":\"" + partner.clientId()
                            + "\",\"client_secret\":\"" + partner.secret()
                            + "\",\"scope\":\"registry/search\"}"));
            assertThat(token.path("token_type").asString()).isEqualToIgnoringCase("bearer");
            assertThat(token.path("expires_in").isNumber()).isTrue();
            assertThat(token.path("access_token").asString()).isNotEmpty();
            refused(
                    partner.askForToken(
                            path,
                            "application/x-www-form-urlencoded",
                            "grant_type=client_credentials&client_id=" + partner.clientId() + "&client_secret="
                                    + partner.secret() + "&scope=everything"),
                    400,
                    "err.request.bad");
            refused(
                    partner.askForToken(
                            path,
                            "application/x-www-form-urlencoded",
                            "grant_type=client_credentials&client_id=" + partner.clientId() + "&client_secret=wrong"),
                    401,
                    "err.request.unauthorized");
        }
    }

    @Test
    void attributes_that_a_partner_may_not_know_are_neither_told_nor_askable() {
        try (PartnerSystem poor = world.partner(draft -> draft)) {
            refused(
                    poor.request(SYNC, poor.signed(poor.header("search", 1), PartnerSystem.search(ITEM))),
                    403,
                    "err.request.forbidden");
            poor.mayKnow("sr", "", Set.of("identifier", "sex"), Set.of("name", "phone_number"));
            JsonNode answer = poor.tell(
                    SYNC,
                    "search",
                    2,
                    PartnerSystem.search(
                            PartnerSystem.byReference(somebody()),
                            "{'query_type':'expression','query':{'birth_date':{'$gt':'1900-01-01'}}}"));
            JsonNode person = answer.at("/message/search_response/0/data/reg_records/0/demographic_info");

            assertThat(person.has("birth_date")).isFalse();
            assertThat(person.at("/name/given_name").asString()).contains("•");
            assertThat(answer.at("/message/search_response/1/status_reason_code")
                            .asString())
                    .isEqualTo("rjct.search_criteria.invalid");
        }
    }

    @Test
    void where_consent_is_demanded_an_item_without_it_is_rejected_and_the_purpose_decides_what_is_told() {
        partner.change(draft -> draft.with(new Partner.Terms(
                draft.terms().signatures(),
                draft.terms().signer(),
                draft.terms().profile(),
                false,
                true)));
        partner.mayKnow("sr", "school-feeding", Set.of("identifier", "birth_date"), Set.of());
        String query = "'query_type':'idtype-value','query':{'type':'PERSON_REF','value':'" + somebody() + "'}";
        JsonNode answer = partner.tell(
                SYNC,
                "search",
                3,
                PartnerSystem.search(
                        "{" + query + "}",
                        "{" + query + ",'consent':{'@type':'Consent','purpose':{'code':'school-feeding'}}}",
                        "{" + query + ",'consent':{'@type':'Consent','purpose':{'code':'marketing'}}}"));
        JsonNode items = answer.at("/message/search_response");

        assertThat(items.get(0).path("status").asString()).isEqualTo("rjct");
        assertThat(items.get(1).at("/data/reg_records/0/demographic_info").has("birth_date"))
                .isTrue();
        assertThat(items.get(1).at("/data/reg_records/0/demographic_info").has("sex"))
                .isFalse();
        assertThat(items.get(2).path("status").asString()).isEqualTo("rjct");
    }

    @Test
    void unsolicited_answers_are_acknowledged_and_have_no_effect() {
        JsonNode ack = partner.tell(
                "/dci/sr/registry/on-search",
                "on-search",
                1,
                PartnerSystem.message(
                        "{'transaction_id':'t','correlation_id':'" + UUID.randomUUID() + "','search_response':[]}"));

        assertThat(ack.at("/message/ack_status").asString()).isEqualTo("ACK");
    }
}
