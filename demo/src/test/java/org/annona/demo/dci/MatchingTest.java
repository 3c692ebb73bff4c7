package org.annona.demo.dci;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.demo.ServerWorld;
import org.annona.exchange.PartnerSystem;
import org.annona.exchange.asking.RemoteRegistries;
import org.annona.programs.Programs;
import org.annona.programs.duplication.CheckMode;
import org.annona.programs.duplication.Sources;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Blind matching over real HTTP, with tokens and signatures, between this installation and itself. */
@ResourceLock(value = DemoPartners.PEOPLE, mode = ResourceAccessMode.READ)
@ResourceLock(DemoPartners.OURSELVES)
class MatchingTest {

    private static final String PATH = "/dci/ibr/registry/sync/matching";
    private static final String OPEN = "{'transaction_id':'TXN','matching_request':{'step':'open'}}";

    private final ServerWorld world = ServerWorld.afterDemo();
    private final Actor manager = world.users.actor(Role.PROGRAMME_MANAGER);

    private PartnerSystem ourselves() {
        String base = "http://127.0.0.1:" + world.server.port();
        PartnerSystem ourselves = DemoPartners.ourselves(world);
        ourselves.mayKnow("ibr", "", Set.of("identifier"), Set.of());
        world.server
                .part(RemoteRegistries.class)
                .agree(
                        PartnerSystem.ADMINISTRATOR,
                        ourselves.partner.id(),
                        base + "/dci/ibr",
                        base + "/oauth2/token",
                        ourselves.clientId(),
                        ourselves.secret(),
                        50);
        return ourselves;
    }

    private UUID checked(String name, CheckMode manner) {
        Programs programs = world.server.part(Programs.class);
        UUID source = world.server
                .part(Sources.class)
                .create(manager, new Sources.Draft(name, "annona", manner, true, "Law", Set.of("OTHER"), null));
        programs.checkAllForDuplicates(
                manager,
                source,
                programs.programme(manager, "FAMILY").orElseThrow().id());
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> !programs.duplication(manager, source).running());
        return source;
    }

    private String results(UUID source) {
        return world.value("select string_agg(person_id || ' ' || result, ',' order by person_id)"
                + " from programs.duplication_check where source_id = '" + source + "'");
    }

    @Test
    void who_is_asked_for_blindly_gets_the_same_result_as_who_is_asked_for_by_number() {
        PartnerSystem ourselves = ourselves();

        UUID plain = checked("Ourselves, plainly", CheckMode.AT_ONCE);
        UUID blind = checked("Ourselves, blindly", CheckMode.BLIND);

        assertThat(results(blind))
                .isEqualTo(results(plain))
                .contains("confirmed_match")
                .contains("not_checked");
        assertThat(world.value("select count(*) > 2 from foundation.audit_entry where action = 'exchange.match'"
                        + " and actor = 'partner:annona'"))
                .isEqualTo("t");
        DemoPartners.noLongerOurselves(world, ourselves);
    }

    @Test
    void whoever_may_not_ask_by_identifiers_may_not_ask_blindly() {
        PartnerSystem other = DemoPartners.knowingEverything(world);

        assertThat(refusal(other, PATH)).isEqualTo("403 err.request.forbidden");
        other.mayKnow("ibr", "", Set.of("programme_name"), Set.of());
        assertThat(refusal(other, PATH)).isEqualTo("403 err.request.forbidden");
        other.mayKnow("ibr", "", Set.of("identifier"), Set.of());
        assertThat(other.tell(PATH, "search", 1, PartnerSystem.message(OPEN))
                        .at("/message/matching_response/exchange")
                        .asString())
                .hasSize(36);
        assertThat(refusal(other, "/dci/sr/registry/sync/matching")).startsWith("404");
        other.close();
    }

    private static String refusal(PartnerSystem partner, String path) {
        HttpResponse<byte[]> answer = partner.send(
                partner.request(path, partner.signed(partner.header("search", 1), PartnerSystem.message(OPEN))));
        return answer.statusCode() + " "
                + PartnerSystem.json(answer).at("/message/error/code").asString("");
    }
}
