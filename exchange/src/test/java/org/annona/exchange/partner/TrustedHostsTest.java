package org.annona.exchange.partner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.util.Set;
import java.util.UUID;
import org.annona.exchange.ExchangeWorld;
import org.annona.exchange.PartnerSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A partner in the own network, where whoever operates the installation trusts its host. */
@ExtendWith(ExchangeWorld.Shared.class)
class TrustedHostsTest {

    private static final String INSIDE = "http://mis.ministry.internal:8080/";
    private Partners partners;

    @BeforeEach
    void open(ExchangeWorld world) {
        partners = new Partners(world.database(), false, Set.of("MIS.ministry.internal"), Clock.systemUTC());
    }

    private Partners.Onboarded onboard(String base, Set<String> hosts) {
        return partners.onboard(
                PartnerSystem.ADMINISTRATOR,
                PartnerDraft.of("inside-" + UUID.randomUUID(), "Inside")
                        .withKeysAt(base + "jwks.json")
                        .calledAt(base + "on-search", base + "notify", hosts));
    }

    @Test
    void a_trusted_host_counts_for_keys_callbacks_and_notifications_of_a_partner() throws Exception {
        Partner inside = onboard(INSIDE, Set.of("mis.Ministry.internal")).partner();

        assertThat(inside.keysUrl()).isEqualTo(INSIDE + "jwks.json");
        assertThat(partners.addresses(inside).allowed(INSIDE + "dci/sr")).hasPort(8080);
    }

    @Test
    void a_trusted_host_counts_only_where_it_is_agreed_with_the_partner() {
        assertThatThrownBy(() -> onboard(INSIDE, Set.of("partner.example"))).hasMessageContaining("https://");
        assertThatThrownBy(() -> onboard("http://partner.example/", Set.of("partner.example")))
                .hasMessageContaining("https://");
    }
}
