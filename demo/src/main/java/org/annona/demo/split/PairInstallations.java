package org.annona.demo.split;

import java.util.Set;
import org.annona.access.Actor;
import org.annona.exchange.Disclosure;
import org.annona.exchange.asking.RemoteRegistries;
import org.annona.exchange.partner.DisclosureRule;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.PartnerDraft;
import org.annona.exchange.partner.Partners;
import org.annona.interop.search.Outcome;
import org.annona.server.Refusal;

/**
 * Introduces two installations to each other, as their administrators would on the pages of partners. Both demand signatures
 * and encryption.
 */
public final class PairInstallations {

    /** Sender id of the installation that has the registry. */
    public static final String REGISTRY = "annona-registry";

    /** Sender id of the installation that has the programmes. */
    public static final String PROGRAMMES = "annona-programmes";

    private static final String KEYS = "/.well-known/jwks.json";
    private static final int ROWS_AT_ONCE = 10_000;
    private static final int OFTEN = 100_000;

    private final Partners partners;
    private final Actor administrator;

    public PairInstallations(Partners partners, Actor administrator) {
        this.partners = partners;
        this.administrator = administrator;
    }

    /** With which the programmes ask the registry. */
    public record Client(String id, String secret) {

        @Override
        public String toString() {
            return "Client[" + id + "]";
        }
    }

    private static PartnerDraft draft(String senderId, String name, String address) {
        return PartnerDraft.of(senderId, name)
                .withKeysAt(address + KEYS)
                .with(new Partner.Terms(
                        Partner.Terms.DEFAULT.signatures(),
                        Partner.Terms.DEFAULT.signer(),
                        Partner.Terms.DEFAULT.profile(),
                        true,
                        false))
                .with(new Partner.Limits(1_000, ROWS_AT_ONCE, OFTEN, 100, false, null, 3_600));
    }

    /** In the installation of the registry: the programmes may read changes and look people up. */
    public Client welcomeProgrammes(String senderId, String address) {
        PartnerDraft draft = draft(senderId, "Programmes, in another installation", address);
        Partner partner = partners.withSenderId(senderId)
                .map(known -> {
                    partners.change(administrator, known.id(), known.version(), draft);
                    return known;
                })
                .orElseGet(() -> partners.onboard(administrator, draft).partner());
        partners.disclose(
                administrator,
                partner.id(),
                new DisclosureRule("sr", "", new Disclosure(Set.of("identifier"), Set.of())));
        partners.disclose(
                administrator,
                partner.id(),
                new DisclosureRule(
                        "changes",
                        "",
                        new Disclosure(Set.of("households", "people", "memberships", "accounts"), Set.of())));
        return new Client(partner.clientId(), partners.renewSecret(administrator, partner.id()));
    }

    /** In the installation of the programmes: how the registry is asked. The connection is tested at once. */
    public void meetRegistry(RemoteRegistries remotes, String senderId, String address, Client client) {
        PartnerDraft draft = draft(senderId, "Registry, in another installation", address);
        Partner partner = partners.withSenderId(senderId)
                .map(known -> {
                    partners.change(administrator, known.id(), known.version(), draft);
                    return known;
                })
                .orElseGet(() -> partners.onboard(administrator, draft).partner());
        remotes.agree(
                administrator,
                partner.id(),
                address + "/dci/sr",
                address + "/oauth2/client/token",
                client.id(),
                client.secret(),
                1_000);
        Outcome outcome = remotes.test(administrator, partner.id()).outcome();
        if (!(outcome instanceof Outcome.Answered)) {
            throw new Refusal(
                    "The registry of the other installation does not answer: " + RemoteRegistries.reason(outcome));
        }
    }
}
