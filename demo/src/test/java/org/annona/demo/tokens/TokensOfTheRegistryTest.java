package org.annona.demo.tokens;

import static org.assertj.core.api.Assertions.assertThat;
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
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.annona.access.Role;
import org.annona.foundation.criteria.odoo.DomainReader.Dialect;
import org.annona.interop.key.VerificationKey;
import org.annona.interop.signature.BodySignature;
import org.annona.simulators.odk.SimulatedOdkCentral;
import org.annona.tokens.ConnectorStatus;
import org.annona.tokens.ConnectorTerms;
import org.annona.tokens.ConnectorTerms.Delivery;
import org.annona.tokens.ConnectorTerms.Proof;
import org.annona.tokens.OdkForm;
import org.annona.tokens.RetentionTerms;
import org.annona.tokens.connector.Connectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tokens into the real registry, and messages signed with the published keys. The rest is tested in the module tokens. */
class TokensOfTheRegistryTest {

    private static final AtomicInteger NUMBER = new AtomicInteger(1000);
    private static TokensInstallation installation;

    @BeforeAll
    static void open() throws IOException {
        installation = new TokensInstallation();
    }

    @AfterAll
    static void close() {
        installation.close();
    }

    private static List<String> registered(int count) {
        int begin = NUMBER.getAndAdd(count);
        List<String> vids = IntStream.range(begin, begin + count)
                .mapToObj(number -> "1" + String.format("%09d", number))
                .toList();
        assertThat(installation.register(vids)).isEqualTo(count);
        return vids;
    }

    private static ConnectorTerms terms(Delivery delivery, List<String> vids, Proof proof) {
        String only = "[['reg_ids.value','in',['" + String.join("','", vids)
                + "']],'!',['reg_ids.id_type','=','MOSIP UIN TOKEN']]";
        return TokensInstallation.quick(ConnectorTerms.preset(installation.seeder.url()), only, delivery, proof);
    }

    private static ConnectorStatus run(Delivery delivery, List<String> vids, Proof proof) {
        return installation.run(terms(delivery, vids, proof), Map.of());
    }

    private static void allTokenised(ConnectorStatus status, int people) {
        assertThat(status.people()).isEqualTo(Map.of("tokenised", (long) people));
        assertThat(status.state()).isEqualTo("completed");
        assertThat(installation.value("select count(*) from (select person_id from registry.identifier"
                        + " where type = 'identity_token' group by person_id having count(*) > 1) twice"))
                .isEqualTo("0");
    }

    @Test
    void a_gateway_before_the_seeder_lets_in_what_our_published_keys_have_signed() throws Exception {
        Map<String, VerificationKey> keys = publishedKeys();
        List<String> vids = registered(1);
        long before = installation.tokensInRegistry();
        installation.seeder.demandSignature((signature, body) -> BodySignature.verifies(signature, body, keys::get));
        try {
            ConnectorStatus unsigned = run(Delivery.DOWNLOAD, vids, Proof.NONE);

            assertThat(unsigned.state()).isEqualTo("failed");
            assertThat(unsigned.reason()).contains("HTTP-401");
            allTokenised(run(Delivery.CALLBACK_AND_POLL, vids, Proof.SIGNATURE), 1);
            assertThat(installation.tokensInRegistry() - before).isEqualTo(1);
        } finally {
            installation.seeder.demandSignature((signature, body) -> true);
        }
    }

    private static Map<String, VerificationKey> publishedKeys() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> published = http.send(
                    HttpRequest.newBuilder(URI.create(installation.server.url() + "/.well-known/jwks.json"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            Map<String, VerificationKey> keys = new HashMap<>();
            for (JWK key : JWKSet.parse(published.body()).getKeys()) {
                if (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE)) {
                    keys.put(key.computeThumbprint().toString(), VerificationKey.of(key));
                }
            }
            return keys;
        }
    }

    @Test
    void people_who_are_named_in_a_form_get_their_token() throws IOException {
        Instant from = Instant.parse("2026-01-01T00:00:00Z");
        Instant to = from.plus(Duration.ofDays(1));
        List<String> vids = registered(3);
        try (SimulatedOdkCentral odk = new SimulatedOdkCentral(0)) {
            odk.start();
            vids.forEach(vid -> submit(odk, from.plus(Duration.ofHours(1)), vid));
            submit(odk, from.minusSeconds(60), registered(1).getFirst());
            submit(odk, to, registered(1).getFirst());
            long before = installation.tokensInRegistry();
            ConnectorTerms preset = ConnectorTerms.presetForForm(
                    installation.seeder.url(),
                    new OdkForm(
                            odk.url(),
                            "v1",
                            "",
                            SimulatedOdkCentral.PROJECT,
                            SimulatedOdkCentral.FORM,
                            SimulatedOdkCentral.EMAIL,
                            from,
                            to));

            ConnectorStatus status = installation.run(
                    TokensInstallation.quick(preset, preset.filter(), preset.delivery(), preset.proof()),
                    Map.of(Connectors.FORM_PASSWORD, SimulatedOdkCentral.PASSWORD));

            allTokenised(status, 3);
            assertThat(installation.tokensInRegistry() - before).isEqualTo(3);
        }
    }

    private static void submit(SimulatedOdkCentral odk, Instant at, String vid) {
        odk.submit(
                at,
                Map.of(
                        "vid", vid,
                        "name", "Asha Devi",
                        "gender", "Female",
                        "dob", "1976-01-01",
                        "address", "12 Main St"));
    }

    @Test
    void a_virtual_id_goes_with_the_arrival_of_the_token_and_what_was_there_before_by_the_sweep() {
        List<String> before = registered(2);
        allTokenised(run(Delivery.DOWNLOAD, before, Proof.NONE), 2);
        List<String> after = registered(2);
        String mine = "[['reg_ids.value','in',['" + String.join("','", before) + "','" + String.join("','", after)
                + "']],['reg_ids.id_type','=','MOSIP UIN TOKEN']]";
        UUID rule = installation
                .tokens()
                .createRetentionRule(
                        installation.actor(Role.ADMINISTRATOR),
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

        allTokenised(run(Delivery.CALLBACK_AND_POLL, after, Proof.NONE), 2);

        await().atMost(Duration.ofSeconds(20))
                .until(() -> installation
                        .value("select count(*) from tokens.retention_run where ended_at is not null")
                        .equals("1"));
        assertThat(installation.value(
                        "select count(*) from registry.retired_identifier where value_sealed is not null"))
                .isEqualTo("4");
        assertThat(installation.value("select sum(taken) from tokens.retention_run"))
                .isEqualTo("2");
    }
}
