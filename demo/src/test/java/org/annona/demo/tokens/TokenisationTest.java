package org.annona.demo.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.annona.access.Role;
import org.annona.foundation.criteria.domain.DomainReader.Dialect;
import org.annona.foundation.problem.Problem;
import org.annona.interop.key.VerificationKey;
import org.annona.interop.signature.BodySignature;
import org.annona.tokens.ConnectorStatus;
import org.annona.tokens.ConnectorTerms;
import org.annona.tokens.ConnectorTerms.Delivery;
import org.annona.tokens.RetentionTerms;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens from a seeder that behaves, and from one that does not: over real HTTP, into the real registry. */
class TokenisationTest {

    private static final AtomicInteger NUMBER = new AtomicInteger(1000);
    private static TokenHouse house;

    @BeforeAll
    static void open() throws IOException {
        house = new TokenHouse();
    }

    @AfterAll
    static void close() {
        house.close();
    }

    /** People of a test of their own; the first digit decides what the authority says. */
    private static String[] vids(char first, int count) {
        int begin = NUMBER.getAndAdd(count);
        return IntStream.range(begin, begin + count)
                .mapToObj(number -> first + String.format("%09d", number))
                .toArray(String[]::new);
    }

    private static void register(String... vids) {
        String[] rows = new String[vids.length];
        for (int i = 0; i < vids.length; i++) {
            rows[i] = TokenHouse.person(vids[i]);
        }
        assertThat(house.take(rows).rowsCreated()).isEqualTo(vids.length);
    }

    private static String only(String... vids) {
        return "[['reg_ids.value','in',['" + String.join("','", vids)
                + "']],'!',['reg_ids.id_type','=','MOSIP UIN TOKEN']]";
    }

    private static ConnectorTerms terms(Delivery delivery, String... vids) {
        return with(house.terms(delivery), only(vids), 100);
    }

    private static ConnectorTerms with(ConnectorTerms terms, String filter, int batch) {
        return new ConnectorTerms(
                terms.seederUrl(),
                filter,
                terms.dialect(),
                terms.fields(),
                terms.mapping(),
                terms.outputFormat(),
                terms.language(),
                terms.delivery(),
                terms.callback(),
                terms.intervalMinutes(),
                batch,
                terms.maxAttempts(),
                terms.backOff(),
                terms.requestTimeout(),
                terms.patience(),
                terms.virtualIdType(),
                terms.tokenType(),
                terms.tokenPattern(),
                terms.purpose(),
                terms.basis(),
                terms.basisReference(),
                terms.proof(),
                terms.form());
    }

    private static ConnectorTerms under(
            ConnectorTerms terms,
            int interval,
            ConnectorTerms.Basis basis,
            String reference,
            ConnectorTerms.Proof proof) {
        return new ConnectorTerms(
                terms.seederUrl(),
                terms.filter(),
                terms.dialect(),
                terms.fields(),
                terms.mapping(),
                terms.outputFormat(),
                terms.language(),
                terms.delivery(),
                terms.callback(),
                interval,
                terms.batch(),
                terms.maxAttempts(),
                terms.backOff(),
                terms.requestTimeout(),
                terms.patience(),
                terms.virtualIdType(),
                terms.tokenType(),
                terms.tokenPattern(),
                terms.purpose(),
                basis,
                reference,
                proof,
                terms.form());
    }

    private static ConnectorStatus run(ConnectorTerms terms) {
        return house.run(terms, UnaryOperator.identity());
    }

    private static void allTokenised(ConnectorStatus status, int people) {
        assertThat(status.people()).isEqualTo(java.util.Map.of("tokenised", (long) people));
        assertThat(status.state()).isEqualTo("completed");
        assertThat(house.value("select count(*) from (select person_id from registry.identifier"
                        + " where type = 'identity_token' group by person_id having count(*) > 1) twice"))
                .isEqualTo("0");
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void everybody_with_a_virtual_id_gets_a_token(Delivery delivery) {
        String[] vids = vids('1', 5);
        register(vids);
        long before = house.tokensInRegistry();
        allTokenised(run(terms(delivery, vids)), 5);
        assertThat(house.tokensInRegistry() - before).isEqualTo(5);
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
        "http, 500x1, DOWNLOAD",
        "reset, 2, CALLBACK_AND_POLL",
        "resetAfterAccepting, 1, CALLBACK_AND_POLL",
        "resetAfterAccepting, 1, DOWNLOAD",
        "garbage, 1, CALLBACK_AND_POLL",
        "emptyFile, 2, DOWNLOAD",
        "truncateFile, 1, DOWNLOAD",
        "race, 400, DOWNLOAD",
        "race, 400, CALLBACK_AND_POLL",
        "stuck, 1, DOWNLOAD",
        "stuck, 1, CALLBACK_AND_POLL",
        "nullToken, 2, DOWNLOAD",
        "shortToken, 2, CALLBACK_AND_POLL",
        "ownError, 1, DOWNLOAD",
        "ownError, 30, CALLBACK_AND_POLL",
        "oddIdentifier, 2, DOWNLOAD",
    })
    void a_seeder_that_misbehaves_costs_time_and_nothing_else(String fault, String value, Delivery delivery) {
        String[] vids = vids('1', 7);
        register(vids);
        house.seeder.misbehave(fault, value);
        try {
            allTokenised(run(with(terms(delivery, vids), only(vids), 3)), 7);
        } finally {
            house.seeder.misbehave(fault, fault.equals("http") ? "500x0" : value.equals("true") ? "false" : "0");
        }
    }

    @Test
    void a_callback_that_is_contradicted_keeps_its_first_answer_and_is_told() {
        String[] vids = vids('1', 2);
        register(vids);
        house.seeder.misbehave("contradictoryCallbacks", "1");
        allTokenised(run(terms(Delivery.CALLBACK_AND_POLL, vids)), 2);
        await().atMost(Duration.ofSeconds(5))
                .until(() -> !house.value("select max(contradictions) from tokens.request")
                        .equals("0"));
        assertThat(house.value("select count(*) from foundation.audit_entry where action = 'tokens.answer.suspicious'"))
                .isNotEqualTo("0");
    }

    @Test
    void a_run_that_broke_is_seen_on_its_connector() {
        String vid = vids('1', 1)[0];
        register(vid);
        UUID id = house.connector(terms(Delivery.DOWNLOAD, vid));
        house.tokens().start(house.actor(Role.REGISTRAR), id);
        allTokenised(house.awaitEnd(), 1);
        house.change("update foundation.job set state = 'failed', message = 'broken' where subject = 'connector/" + id
                + "'");
        house.change("update tokens.connector set state = 'started', next_run_at = null where id = '" + id + "'");
        await().atMost(Duration.ofSeconds(15))
                .until(() -> house.newest().state().equals("failed"));
        assertThat(house.newest().reason()).isEqualTo("broken");
        house.tokens().start(house.actor(Role.REGISTRAR), id);
        assertThat(house.awaitEnd().state()).isEqualTo("completed");
    }

    @Test
    void a_seeder_that_forgets_everything_is_asked_again() {
        String[] vids = vids('1', 3);
        register(vids);
        house.seeder.misbehave("stuck", "1");
        UUID id = house.connector(terms(Delivery.DOWNLOAD, vids));
        house.tokens().start(house.actor(Role.REGISTRAR), id);
        await().until(() -> house.newest().of("sent") == 3);
        house.seeder.restart();
        allTokenised(house.awaitEnd(), 3);
    }

    @Test
    void what_the_authority_says_of_the_data_waits_for_other_data() {
        String[] wrong = vids('9', 2);
        String[] several = vids('8', 1);
        String[] good = vids('1', 1);
        String[] all = {wrong[0], wrong[1], several[0], good[0]};
        register(all);
        ConnectorStatus status = run(terms(Delivery.DOWNLOAD, all));
        assertThat(status.of("failed")).isEqualTo(3);
        assertThat(status.of("tokenised")).isEqualTo(1);
        // The next run leaves them alone, until their data are others.
        house.tokens().start(house.actor(Role.REGISTRAR), status.id());
        assertThat(house.awaitEnd().of("failed")).isEqualTo(3);
        long asked = house.seeder.book().authentications();
        house.take(TokenHouse.person(wrong[0]).replace("1976-01-01", "1977-01-01"));
        house.tokens().start(house.actor(Role.REGISTRAR), status.id());
        assertThat(house.awaitEnd().of("failed")).isEqualTo(3);
        assertThat(house.seeder.book().authentications() - asked).isEqualTo(1);
    }

    @Test
    void an_authority_that_is_out_of_order_is_tried_again_and_in_the_end_somebody_has_to_look() {
        String[] vids = {vids('7', 1)[0], vids('6', 1)[0]};
        register(vids);
        long asked = house.seeder.book().authentications();
        ConnectorStatus status = run(terms(Delivery.DOWNLOAD, vids));
        assertThat(status.of("gave_up")).isEqualTo(2);
        assertThat(house.seeder.book().authentications() - asked).isEqualTo(10);
    }

    @Test
    void a_token_of_another_person_opens_a_case_and_changes_nothing() {
        int number = NUMBER.getAndAdd(1);
        String first = "1" + String.format("%09d", number);
        String second = "5" + String.format("%09d", number);
        register(first);
        allTokenised(run(terms(Delivery.DOWNLOAD, first)), 1);
        register(second);
        ConnectorStatus status = run(terms(Delivery.DOWNLOAD, second));
        assertThat(status.of("collision")).isEqualTo(1);
        assertThat(house.value(
                        "select count(*) from tokens.token_case where decided_at is null and kind = 'same_token'"))
                .isEqualTo("1");
    }

    @Test
    void someone_of_whom_something_is_missing_is_not_sent() {
        String vid = vids('1', 1)[0];
        house.take(TokenHouse.person(vid).replace("1976-01-01", ""));
        long records = house.seeder.book().records();
        ConnectorStatus status = run(terms(Delivery.DOWNLOAD, vid));
        assertThat(status.of("failed")).isEqualTo(1);
        assertThat(house.seeder.book().records()).isEqualTo(records);
        assertThat(house.value("select message from tokens.tokenisation where code = 'LOCAL-DATA'"))
                .isEqualTo("not known: dob");
    }

    @Test
    void a_seeder_that_refuses_what_is_agreed_stops_the_connector_with_its_reason() {
        String vid = vids('1', 1)[0];
        register(vid);
        house.seeder.misbehave("http", "403x1");
        ConnectorStatus status = run(terms(Delivery.DOWNLOAD, vid));
        assertThat(status.state()).isEqualTo("failed");
        assertThat(status.reason()).contains("403");
        house.tokens().start(house.actor(Role.REGISTRAR), status.id());
        allTokenised(house.awaitEnd(), 1);
    }

    @Test
    void a_stopped_connector_sends_nothing_more_and_takes_what_is_open() {
        String[] vids = vids('1', 4);
        register(vids);
        house.seeder.misbehave("processDelay", "800");
        try {
            UUID id = house.connector(with(terms(Delivery.CALLBACK_AND_POLL, vids), only(vids), 2));
            house.tokens().start(house.actor(Role.REGISTRAR), id);
            await().until(() -> house.newest().of("sent") > 0);
            house.tokens().stop(house.actor(Role.REGISTRAR), id);
            ConnectorStatus status = house.awaitEnd();
            assertThat(status.state()).isEqualTo("stopped");
            assertThat(status.of("sent")).isZero();
        } finally {
            house.seeder.misbehave("processDelay", "20");
        }
    }

    @Test
    void a_gateway_before_the_seeder_lets_in_what_our_published_keys_have_signed() throws Exception {
        HttpResponse<String> published = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(house.server.url() + "/.well-known/jwks.json"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        Map<String, VerificationKey> keys = new HashMap<>();
        for (JWK key : JWKSet.parse(published.body()).getKeys()) {
            if (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE)) {
                keys.put(key.computeThumbprint().toString(), VerificationKey.of(key));
            }
        }
        String vid = vids('1', 1)[0];
        register(vid);
        house.seeder.demandSignature((signature, body) -> BodySignature.verifies(signature, body, keys::get));
        try {
            ConnectorStatus unsigned = run(terms(Delivery.DOWNLOAD, vid));
            assertThat(unsigned.state()).isEqualTo("failed");
            assertThat(unsigned.reason()).contains("HTTP-401");
            ConnectorTerms law = terms(Delivery.CALLBACK_AND_POLL, vid);
            allTokenised(
                    run(under(
                            law,
                            law.intervalMinutes(),
                            law.basis(),
                            law.basisReference(),
                            ConnectorTerms.Proof.SIGNATURE)),
                    1);
        } finally {
            house.seeder.demandSignature((signature, body) -> true);
        }
    }

    @Test
    void without_consent_nobody_is_sent_where_consent_is_the_ground() {
        String vid = vids('1', 1)[0];
        register(vid);
        long records = house.seeder.book().records();
        ConnectorTerms law = terms(Delivery.DOWNLOAD, vid);
        UUID id = house.connector(under(law, 60, ConnectorTerms.Basis.CONSENT, "", law.proof()));
        house.tokens().start(house.actor(Role.REGISTRAR), id);
        ConnectorStatus status = house.awaitEnd();
        assertThat(status.of("failed")).isEqualTo(1);
        assertThat(house.seeder.book().records()).isEqualTo(records);
        house.tokens().stop(house.actor(Role.REGISTRAR), id);
    }

    @Test
    void a_virtual_id_goes_with_the_arrival_of_the_token_and_what_was_there_before_by_the_sweep() {
        String[] before = vids('1', 2);
        register(before);
        allTokenised(run(terms(Delivery.DOWNLOAD, before)), 2);
        String[] after = vids('1', 2);
        register(after);
        String mine = "[['reg_ids.value','in',['" + before[0] + "','" + before[1] + "','" + after[0] + "','" + after[1]
                + "']],['reg_ids.id_type','=','MOSIP UIN TOKEN']]";
        UUID rule = house.tokens()
                .createRetentionRule(
                        house.actor(Role.ADMINISTRATOR),
                        "virtual IDs",
                        true,
                        new RetentionTerms(
                                mine,
                                Dialect.ODOO_17,
                                Set.of("virtual_id"),
                                Set.of("identity_token"),
                                7,
                                true,
                                true,
                                5));
        assertThat(rule).isNotNull();
        allTokenised(run(terms(Delivery.CALLBACK_AND_POLL, after)), 2);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> house.value(
                                "select count(*) from registry.retired_identifier where value_sealed is not null")
                        .equals("4"));
        assertThat(house.value("select sum(taken) from tokens.retention_run")).isEqualTo("2");
    }

    @Test
    void an_agreement_that_does_not_fit_is_not_kept() {
        ConnectorTerms good = house.terms(Delivery.DOWNLOAD);
        assertThatThrownBy(() -> house.connector(with(good, "[['name','ilike','a']]", 100)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("sealed");
        assertThatThrownBy(() -> house.connector(with(good, "[]", 0)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("People in one message");
        assertThatThrownBy(() ->
                        house.tokens().createConnector(house.actor(Role.REGISTRAR), "x", good, java.util.Map.of()))
                .isInstanceOf(Problem.class);
    }

    @Test
    void answers_at_addresses_that_are_not_awaited_are_refused() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(house.server.url() + "/tokens/answers/" + "A".repeat(43)))
                                .POST(HttpRequest.BodyPublishers.ofString("[{\"ref\":\"x\"}]"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(404);
    }

    @Test
    void nothing_that_names_a_person_stands_in_the_tables_of_this_block() {
        String vid = vids('1', 1)[0];
        register(vid);
        run(terms(Delivery.DOWNLOAD, vid));
        for (String table : new String[] {"tokenisation", "request", "attempt", "connector", "connector_version"}) {
            assertThat(house.value("select string_agg(t::text, ' ') from tokens." + table + " t"))
                    .satisfies(text -> assertThat(String.valueOf(text))
                            .doesNotContain(vid)
                            .doesNotContain("Asha")
                            .doesNotContain("12 Main St"));
        }
    }
}
