package org.annona.interop.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyRevocation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import org.annona.interop.http.AddressRules;
import org.annona.interop.http.PartnerHttp;
import org.annona.interop.key.PublishedKeys;
import org.annona.interop.key.SigningKey;
import org.annona.interop.key.VerificationKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Keys over real HTTP, from a partner that rotates them, falls silent or talks nonsense. */
class FetchedKeysTest {

    private static final FetchedKeys.Times TIMES =
            new FetchedKeys.Times(Duration.ofMinutes(10), Duration.ofSeconds(30), Duration.ofHours(1));

    private final SettableClock clock = new SettableClock();
    private volatile int status = 200;
    private volatile String document = "{}";
    private volatile int asked;
    private HttpServer partner;
    private PartnerHttp http;

    private static final class SettableClock extends Clock {
        private volatile Instant now = Instant.parse("2026-01-15T10:30:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @BeforeEach
    void open() throws IOException {
        partner = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        partner.createContext("/keys", exchange -> {
            asked++;
            byte[] body = document.getBytes(StandardCharsets.UTF_8);
            if (status == 302) {
                exchange.getResponseHeaders().set("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        partner.createContext("/elsewhere", exchange -> {
            throw new IllegalStateException("a redirect was followed");
        });
        partner.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        partner.start();
        http = new PartnerHttp(
                AddressRules.forDevelopment(),
                new PartnerHttp.Limits(
                        2, Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(2), 100_000));
    }

    @AfterEach
    void close() throws IOException {
        http.close();
        partner.stop(0);
    }

    private String address() {
        return "http://127.0.0.1:" + partner.getAddress().getPort() + "/keys";
    }

    private FetchedKeys keys() {
        return new FetchedKeys(http, address(), TIMES, clock);
    }

    private static SigningKey key(String id) throws Exception {
        ECKey key = new ECKeyGenerator(Curve.P_256)
                .keyUse(KeyUse.SIGNATURE)
                .keyID(id)
                .generate();
        return SigningKey.of(key);
    }

    private void publishes(SigningKey... keys) throws Exception {
        document = JsonMapper.shared()
                .writeValueAsString(PublishedKeys.document(
                        "partner",
                        List.of(keys),
                        List.of(new RSAKeyGenerator(2048).keyID("e").generate())));
    }

    @Test
    void a_key_is_found_under_both_its_names_and_the_one_for_encryption_is_not_taken_for_it() throws Exception {
        SigningKey key = key("k1");
        publishes(key);
        FetchedKeys keys = keys();

        assertThat(keys.keys("partner|k1|es256")).hasSize(1);
        assertThat(keys.keys(key.thumbprint())).hasSize(1);
        assertThat(keys.keys(null)).hasSize(2);
        assertThat(keys.keys("e")).isEmpty();
        assertThat(asked).isEqualTo(1);
        assertThat(document).doesNotContain("\"d\"").doesNotContain("\"p\"");
    }

    @Test
    void a_new_key_is_fetched_at_once_yet_not_again_and_again() throws Exception {
        publishes(key("k1"));
        FetchedKeys keys = keys();
        keys.keys("partner|k1|es256");
        publishes(key("k2"), key("k1"));
        clock.pass(Duration.ofSeconds(31));

        assertThat(keys.keys("partner|k2|es256")).hasSize(1);
        for (int i = 0; i < 100; i++) {
            assertThat(keys.keys("invented " + i)).isEmpty();
        }
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void a_retired_key_is_forgotten_when_the_kept_ones_are_no_longer_fresh() throws Exception {
        publishes(key("k1"));
        FetchedKeys keys = keys();
        keys.keys("partner|k1|es256");
        publishes(key("k2"));
        clock.pass(Duration.ofMinutes(11));

        assertThat(keys.keys("partner|k1|es256")).isEmpty();
    }

    @Test
    void while_the_partner_is_away_the_last_good_keys_serve_and_then_nothing_is_known() throws Exception {
        publishes(key("k1"));
        FetchedKeys keys = keys();
        keys.keys("partner|k1|es256");
        status = 503;
        clock.pass(Duration.ofMinutes(59));
        assertThat(keys.keys("partner|k1|es256")).hasSize(1);

        clock.pass(Duration.ofMinutes(2));
        assertThatThrownBy(() -> keys.keys("partner|k1|es256")).isInstanceOf(KeysUnreachable.class);
    }

    @Test
    void one_strange_key_does_not_cost_the_others() throws Exception {
        publishes(key("k1"));
        String good = document.substring(document.indexOf('[') + 1);
        for (String strange : List.of(
                "null",
                "7",
                "{}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"use\":\"sig\",\"x\":\"AAAA\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Foo\",\"use\":\"sig\",\"x\":\"AAAA\"}",
                "{\"kty\":\"EC\",\"crv\":\"brainpoolP256r1\",\"use\":\"sig\",\"x\":\"AA\",\"y\":\"AA\"}",
                "{\"kty\":\"oct\",\"use\":\"sig\"}",
                "{\"kty\":\"RSA\",\"kid\":5,\"exp\":\"x\"}")) {
            document = "{\"keys\":[" + strange + "," + good;
            assertThat(keys().keys("partner|k1|es256")).as(strange).hasSize(1);
        }
    }

    @Test
    void a_key_that_was_revoked_is_not_valid_yet_or_is_for_nothing_in_particular_does_not_count() throws Exception {
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID("k").generate();
        for (ECKey unfit : List.of(
                key,
                new ECKey.Builder(key).keyUse(KeyUse.ENCRYPTION).build(),
                new ECKey.Builder(key)
                        .keyUse(KeyUse.SIGNATURE)
                        .keyRevocation(new KeyRevocation(new Date(0), KeyRevocation.Reason.COMPROMISED))
                        .build())) {
            document = JsonMapper.shared().writeValueAsString(new JWKSet(unfit.toPublicJWK()).toJSONObject());
            assertThat(keys().keys("k")).isEmpty();
        }
        ECKey tomorrow = new ECKey.Builder(key)
                .notBeforeTime(Date.from(clock.instant().plusSeconds(86_400)))
                .build();
        assertThat(VerificationKey.of(tomorrow).isValid(clock.instant())).isFalse();
    }

    @Test
    void a_partner_that_answers_letter_by_letter_is_left_in_the_end() throws Exception {
        partner.createContext("/slow", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try {
                for (int i = 0; i < 1_000; i++) {
                    exchange.getResponseBody().write('x');
                    exchange.getResponseBody().flush();
                    Thread.sleep(100);
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        partner.createContext("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] piece = new byte[100_000];
            while (true) {
                exchange.getResponseBody().write(piece);
            }
        });
        for (String path : List.of("/slow", "/endless")) {
            long begin = System.nanoTime();
            assertThatThrownBy(() -> http.get(address().replace("/keys", path)))
                    .as(path)
                    .isInstanceOf(IOException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).as(path).isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void neither_nonsense_nor_a_redirect_nor_an_endless_answer_is_a_set_of_keys() throws Exception {
        for (String nonsense : List.of("", "<html>", "[]", "{}", "{\"keys\":{}}", "x".repeat(200_000))) {
            document = nonsense;
            FetchedKeys keys = keys();
            assertThatThrownBy(() -> keys.keys("k")).as(nonsense).isInstanceOf(KeysUnreachable.class);
        }
        publishes(key("k1"));
        status = 302;
        assertThatThrownBy(() -> keys().keys("k")).isInstanceOf(KeysUnreachable.class);
    }

    @Test
    void outside_development_a_partner_on_this_machine_is_never_called() throws Exception {
        publishes(key("k1"));
        try (PartnerHttp guarded =
                new PartnerHttp(AddressRules.hosts(Set.of("localhost")), PartnerHttp.Limits.DEFAULT)) {
            String address = "https://localhost:" + partner.getAddress().getPort() + "/keys";
            assertThatThrownBy(() -> guarded.get(address)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> guarded.postJson(address(), new byte[0], Map.of()))
                    .isInstanceOf(IOException.class);
        }
        assertThat(asked).isZero();
    }

    @Test
    void a_signature_cannot_be_called_wrong_while_the_keys_are_out_of_reach() throws Exception {
        status = 500;
        String body = "{\"signature\":\"e30.e30.AA\",\"header\":{},\"message\":{}}";
        SignatureVerifier verifier = new SignatureVerifier(keys(), SignatureVerifier.Rules.DEFAULT, clock);
        String signed = body.replace(
                "e30.e30.AA", Signer.DETACHED_JWS.sign(json("{}"), json("{}"), "partner", key("k1"), clock));

        assertThat(verifier.verify(ReceivedEnvelope.of(signed.getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(Verdict.Undecided.class);
    }

    private static org.annona.interop.json.CanonicalJson json(String text) {
        return org.annona.interop.json.CanonicalJson.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
