package org.annona.interop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressRulesTest {

    private static final AddressRules RULES = AddressRules.hosts(Set.of("partner.example", "127.0.0.1", "localhost"));

    @Test
    void only_https_at_an_agreed_host_is_called() throws Exception {
        assertThat(RULES.allowed("https://Partner.Example:8443/registry/on-search?x=1")
                        .getPath())
                .isEqualTo("/registry/on-search");
        for (String bad : List.of(
                "http://partner.example/",
                "https://other.example/",
                "https://partner.example.evil.example/",
                "https://partner.example@evil.example/",
                "https://user:secret@partner.example/",
                "https://partner.example/#x",
                "https:///path",
                "https:partner.example",
                "//partner.example/",
                "ftp://partner.example/",
                "file:///etc/passwd",
                "https://partner.example:99999999/",
                "https://partner.example/a b",
                "",
                "https://partner.example/" + "x".repeat(3_000))) {
            assertThatThrownBy(() -> RULES.allowed(bad)).as(bad).isInstanceOf(ForbiddenAddress.class);
        }
    }

    @Test
    void a_host_in_a_network_of_ours_is_not_called_even_when_it_is_agreed() {
        for (String host : List.of("127.0.0.1", "localhost", "::1", "0.0.0.0")) {
            assertThatThrownBy(() -> RULES.resolve(host)).as(host).isInstanceOf(UnknownHostException.class);
        }
    }

    @Test
    void every_special_network_is_known() throws Exception {
        for (String inside : List.of(
                "0.1.2.3",
                "10.0.0.1",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.2",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.2.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:10.0.0.1",
                "::ffff:127.0.0.1",
                "64:ff9b::a00:1",
                "fc00::1",
                "fd12::1",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "2001::1",
                "2001:db8::1",
                "2002:a00:1::")) {
            assertThat(AddressRules.isPublic(InetAddress.getByName(inside)))
                    .as(inside)
                    .isFalse();
        }
        for (String outside : List.of(
                "1.1.1.1", "100.63.255.255", "100.128.0.1", "172.32.0.1", "198.20.0.1", "2606:4700::1111", "2a00::1")) {
            assertThat(AddressRules.isPublic(InetAddress.getByName(outside)))
                    .as(outside)
                    .isTrue();
        }
    }

    @Test
    void while_developing_a_partner_may_live_on_this_machine() throws Exception {
        AddressRules rules = AddressRules.forDevelopment();

        assertThat(rules.allowed("http://127.0.0.1:8080/x").getHost()).isEqualTo("127.0.0.1");
        assertThat(rules.resolve("127.0.0.1")).isNotEmpty();
    }
}
