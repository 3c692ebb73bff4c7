package org.annona.exchange.asking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.annona.exchange.ExchangeWorld;
import org.annona.exchange.PartnerSystem;
import org.annona.exchange.partner.Partner;
import org.annona.interop.client.DciClient;
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
    private String tokens = "";
    private volatile Writes writes = Writes.SIGNED;

    @BeforeEach
    void open(ExchangeWorld world) {
        remotes = world.part(RemoteRegistries.class);
        registry = world.partnerKnowingEverything();
        registry.change(draft -> draft.with(new Partner.Terms(
                SignaturePolicy.OPTIONAL, draft.terms().signer(), draft.terms().profile(), false, false)));
        tokens = registry.serve(
                "/token", none -> "{\"access_token\":\"t\",\"expires_in\":900}".getBytes(StandardCharsets.UTF_8));
        String search = registry.serve("/dci/sr/registry/sync/search", this::answer);
        agree(search.substring(0, search.indexOf("/registry/")));
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

    private void agree(String address) {
        remotes.agree(PartnerSystem.ADMINISTRATOR, registry.partner.id(), address, tokens, "annona", "secret", 100);
    }

    private Outcome ask() {
        return remotes.ask(
                        registry.senderId,
                        "ibr",
                        List.of(new DciClient.Question("test", DciClient.byIdentifier("UIN", "1", "Beneficiary"))))
                .get("test");
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

    @Test
    void the_address_as_typed_is_the_one_that_test_and_checks_call() {
        List<String> called = new CopyOnWriteArrayList<>();
        for (String path : List.of("", "/api/v1", "/national/beneficiaries")) {
            String url = registry.serve(path + "/registry/sync/search", request -> {
                called.add(path);
                return answer(request);
            });
            String base = url.substring(0, url.indexOf("/registry/"));
            for (String typed : List.of(base, base + "/")) {
                called.clear();
                agree(typed);

                assertThat(test().outcome()).as(typed).isInstanceOf(Outcome.Answered.class);
                assertThat(ask().isSurelyNothing()).as(typed).isTrue();
                assertThat(called).as(typed).containsExactly(path, path);
            }
        }
    }

    @Test
    void an_address_that_is_not_right_is_named_in_the_error() {
        String wrong = tokens.replace("/token", "/nowhere");
        agree(wrong);
        assertThat(RemoteRegistries.reason(ask())).contains(wrong + "/registry/sync/search");
        assertThat(RemoteRegistries.reason(test().outcome())).contains(wrong + "/registry/sync/search");

        String gone = "http://127.0.0.1:1/api/v1";
        agree(gone);
        assertThat(RemoteRegistries.reason(ask())).contains("no answer came from " + gone + "/registry/sync/search");

        assertThatThrownBy(() -> agree(wrong + "/registry/sync/search")).hasMessageContaining("which is added to it");
        assertThatThrownBy(() -> agree(wrong + "?key=1")).hasMessageContaining("which is added to it");
    }
}
