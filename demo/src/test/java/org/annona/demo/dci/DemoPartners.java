package org.annona.demo.dci;

import java.util.Set;
import java.util.function.UnaryOperator;
import org.annona.demo.ServerWorld;
import org.annona.exchange.PartnerSystem;
import org.annona.exchange.keys.OurKeys;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.PartnerDraft;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.partner.TokenScope;
import tools.jackson.databind.json.JsonMapper;

/** Systems that speak with the installation of the demo. */
public final class DemoPartners {

    /** Tests that compare the people and enrolments of the demo do not run while others change them. */
    static final String PEOPLE = "the people of the demo";

    /** There is one partner of our own name at a time. */
    public static final String OURSELVES = "the partner that is ourselves";

    private DemoPartners() {}

    public static PartnerSystem knowingEverything(ServerWorld world) {
        return PartnerSystem.knowingEverything(world.server.url(), world.server.part(Partners.class));
    }

    static PartnerSystem agreed(ServerWorld world, UnaryOperator<PartnerDraft> agreement) {
        return new PartnerSystem(world.server.url(), world.server.part(Partners.class), agreement);
    }

    /** This installation as a partner of itself, with its own keys; there is one at a time. */
    static PartnerSystem ourselves(ServerWorld world) {
        world.value("with freed as (update exchange.partner set sender_id = 'annona-' || id where sender_id = 'annona'"
                + " returning id) select count(*) from freed");
        String keys = JsonMapper.shared()
                .writeValueAsString(world.server.part(OurKeys.class).published());
        return agreed(
                world,
                draft -> PartnerDraft.of("annona", "Ourselves")
                        .with(Set.of(TokenScope.values()))
                        .with(new Partner.Limits(1_000, 1_000, 100_000, 100, false, null, 3_600))
                        .withKeys(keys));
    }

    /** Frees our name, too. */
    static void noLongerOurselves(ServerWorld world, PartnerSystem ourselves) {
        world.value("with freed as (update exchange.partner set sender_id = 'annona-' || id where id = '"
                + ourselves.partner.id() + "' returning id) select count(*) from freed");
        ourselves.close();
    }
}
