package org.annona.exchange.asking;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.annona.exchange.ExchangeWorld;
import org.annona.exchange.PartnerSystem;
import org.annona.exchange.partner.Partner;
import org.annona.interop.search.Outcome;
import org.annona.interop.signature.SignaturePolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the test of a connection says of a registry that signs, does not, or signs wrongly. */
@ExtendWith(ExchangeWorld.Shared.class)
class ConnectionTest {

    private enum Writes {
        SIGNED,
        UNSIGNED,
        WRONGLY_SIGNED
    }

    private RemoteRegistries remotes;
    private PartnerSystem registry;
    private volatile Writes writes = Writes.SIGNED;

    @BeforeEach
    void open(ExchangeWorld world) {
        remotes = world.part(RemoteRegistries.class);
        registry = world.partnerKnowingEverything();
        registry.change(draft -> draft.with(new Partner.Terms(
                SignaturePolicy.OPTIONAL, draft.terms().signer(), draft.terms().profile(), false, false)));
        String tokens = registry.serve(
                "/token", none -> "{\"access_token\":\"t\",\"expires_in\":900}".getBytes(StandardCharsets.UTF_8));
        String search = registry.serve("/dci/sr/registry/sync/search", this::answer);
        remotes.agree(
                PartnerSystem.ADMINISTRATOR,
                registry.partner.id(),
                search.substring(0, search.indexOf("/registry/")),
                tokens,
                "annona",
                "secret",
                100);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private byte[] answer(JsonNode request) {
        ObjectNode message = PartnerSystem.message("{'transaction_id':'"
                + request.at("/message/transaction_id").asString()
                + "','correlation_id':'c','search_response':[{'reference_id':'test','timestamp':'2026-01-15T10:30:00Z',"
                + "'status':'succ','data':{'reg_records':[]},'pagination':{'page_size':1,'page_number':1,"
                + "'total_count':0}}]}");
        ObjectNode header = registry.header("on-search", 1).put("status", "succ");
        ObjectNode envelope = PartnerSystem.message(
                new String(registry.signed(header, message), StandardCharsets.UTF_8).replace('\'', ' '));
        switch (writes) {
            case SIGNED -> {}
            case UNSIGNED -> envelope.put("signature", "");
            case WRONGLY_SIGNED -> envelope.withObject("/header").put("total_count", 7);
        }
        return envelope.toString().getBytes(StandardCharsets.UTF_8);
    }

    private RemoteRegistries.Tested test() {
        return remotes.test(PartnerSystem.ADMINISTRATOR, registry.partner.id());
    }

    private boolean verifiedOnce() {
        return remotes.find(registry.partner.id()).orElseThrow().verifiedAt() != null;
    }

    @Test
    void an_unsigned_answer_is_never_said_to_have_a_signature_that_holds() {
        writes = Writes.UNSIGNED;
        RemoteRegistries.Tested tested = test();

        assertThat(tested.outcome()).isInstanceOf(Outcome.Answered.class);
        assertThat(tested.signed()).isFalse();
        assertThat(verifiedOnce()).isFalse();
    }

    @Test
    void a_signature_that_holds_is_said_to_and_one_that_does_not_fails_the_test() {
        writes = Writes.WRONGLY_SIGNED;
        assertThat(test().outcome()).isInstanceOf(Outcome.Unreadable.class);
        assertThat(verifiedOnce()).isFalse();
        writes = Writes.SIGNED;

        assertThat(test().signed()).isTrue();
        assertThat(verifiedOnce()).isTrue();
    }
}
