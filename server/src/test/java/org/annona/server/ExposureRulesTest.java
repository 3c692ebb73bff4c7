package org.annona.server;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Settings with which passwords would cross a network in clear, or nobody could come in. */
class ExposureRulesTest {

    private static void check(Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("ANNONA_DATA", "nowhere");
        ExposureRules.check(Settings.from(all));
    }

    private static void refused(String sentence, Map<String, String> environment) {
        assertThatThrownBy(() -> check(environment)).isInstanceOf(Refusal.class).hasMessageContaining(sentence);
    }

    @Test
    void plain_http_stays_on_this_machine() {
        refused("cross the network in clear", Map.of("ANNONA_ADDRESS", "0.0.0.0"));
        refused("cross the network in clear", Map.of("ANNONA_ADDRESS", "192.0.2.1"));
        assertThatCode(() -> check(Map.of())).doesNotThrowAnyException();
        assertThatCode(() -> check(Map.of("ANNONA_ADDRESS", "::1"))).doesNotThrowAnyException();
        assertThatCode(() -> check(Map.of("ANNONA_ADDRESS", "0.0.0.0", "ANNONA_DEVELOPMENT", "true")))
                .doesNotThrowAnyException();
        assertThatCode(() -> check(Map.of(
                        "ANNONA_ADDRESS",
                        "0.0.0.0",
                        "ANNONA_HTTPS",
                        "true",
                        "ANNONA_PUBLIC_URL",
                        "https://annona.example.gov",
                        "ANNONA_PROXY",
                        "10.1.2.3, 10.2.0.0/16, 2001:db8::/32")))
                .doesNotThrowAnyException();
    }

    @Test
    void with_https_the_public_address_is_said() {
        refused("Set it to the https address", Map.of("ANNONA_HTTPS", "true"));
        refused(
                "Set it to the https address",
                Map.of("ANNONA_HTTPS", "true", "ANNONA_PUBLIC_URL", "http://annona.example.gov"));
    }

    @Test
    void what_cannot_be_read_is_named() {
        refused("ANNONA_PROXY names 'proxy.example'", Map.of("ANNONA_PROXY", "10.1.2.3,proxy.example"));
        refused("ANNONA_PROXY names '10.1.2.3/99'", Map.of("ANNONA_PROXY", "10.1.2.3/99"));
        refused("ANNONA_PUBLIC_URL is 'annona'", Map.of("ANNONA_PUBLIC_URL", "annona"));
        refused("ANNONA_REVEALS_PER_DAY", Map.of("ANNONA_REVEALS_PER_DAY", "many"));
    }
}
