package org.annona.exchange.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.annona.exchange.ExchangeWorld;
import org.annona.exchange.PartnerSystem;
import org.annona.interop.record.EnrollmentStatus;
import org.annona.testing.DciSpecification;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Partners are told of what happens, once they have subscribed and until they end it. */
@ExtendWith(ExchangeWorld.Shared.class)
class SubscriptionTest {

    private static final String WOMEN = "'filter_type':'expression','filter':{'sex':{'$eq':'female'}}";
    private ExchangeWorld world;
    private PartnerSystem partner;

    @BeforeEach
    void open(ExchangeWorld shared) {
        world = shared;
        partner = world.partnerKnowingEverything();
        partner.mayKnow("ibr", "", Set.of("identifier", "group"), Set.of());
    }

    @AfterEach
    void close() {
        partner.close();
    }

    private JsonNode answer(String path, String action, int items, String message) {
        String transaction = UUID.randomUUID().toString();
        JsonNode ack = partner.tell(path, action, items, PartnerSystem.message(message.replace("TXN", transaction)));
        assertThat(ack.at("/message/ack_status").asString()).as(ack.toString()).isEqualTo("ACK");
        return partner.receivesAnswer(transaction);
    }

    private JsonNode subscribe(String registry, String event, String type, String filter) {
        return answer(
                "/dci/" + registry + "/registry/subscribe",
                "subscribe",
                1,
                "{'transaction_id':'TXN','subscribe_request':[{'reference_id':'w-1','timestamp':'2026-01-15T10:30:00Z',"
                        + "'subscribe_criteria':{'reg_event_type':'" + event + "'," + filter
                        + ",'notify_record_type':'" + type + "'}}]}");
    }

    private static String code(JsonNode subscribed) {
        return subscribed
                .at("/message/subscribe_response/0/subscriptions/0/code")
                .asString();
    }

    private JsonNode unsubscribe(String code) {
        return answer(
                "/dci/sr/registry/unsubscribe",
                "unsubscribe",
                1,
                "{'transaction_id':'TXN','timestamp':'2026-01-15T10:30:00Z','subscription_codes':['" + code + "']}");
    }

    private List<JsonNode> notified(String event) {
        return partner.received.stream()
                .filter(one -> one.at("/header/action").asString("").equals("notify"))
                .flatMap(one -> one.at("/message/notify_event").valueStream())
                .filter(one -> one.at("/data/reg_event_type").asString("").equals(event))
                .toList();
    }

    /** Two people of a new household: a woman at its head, and a man. */
    private void register() {
        world.country.register("Zawadi", "Juma", "Otieno");
    }

    @Test
    void registrations_are_told_as_the_filter_says_until_the_subscription_is_ended() {
        JsonNode subscribed = subscribe("sr", "spdci-common:RegistryEventType:register", "Member", WOMEN);
        register();
        world.await(() -> !notified("REGISTER").isEmpty());
        JsonNode ended = unsubscribe(code(subscribed));
        register();
        world.awaitAllTold(partner);

        assertThat(DciSpecification.faultsIfHere(
                        "social", "/components/schemas/SubscribeResponse", subscribed.path("message")))
                .isEmpty();
        assertThat(notified("REGISTER")).hasSize(1);
        JsonNode event = notified("REGISTER").getFirst();
        assertThat(event.at("/data/reg_records/demographic_info/name/given_name")
                        .asString())
                .isEqualTo("Zawadi");
        JsonNode message =
                partner.receives(one -> one.at("/header/action").asString("").equals("notify"));
        assertThat(DciSpecification.faultsIfHere(
                        "social", "/components/schemas/NotifyEventRequest", message.path("message")))
                .isEmpty();
        assertThat(partner.believes(message.toString().getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(ended.at("/message/status").asString()).isEqualTo("succ");
        assertThat(ended.at("/message/subscription_status/0/status").asString()).isEqualTo("unsubscribe");
        assertThat(DciSpecification.faultsIfHere(
                        "social", "/components/schemas/UnSubscribeResponse", ended.path("message")))
                .isEmpty();
    }

    @Test
    void a_subscription_is_found_by_its_code_and_two_of_one_event_are_told_each() {
        String women = code(subscribe("sr", "REGISTER", "Member", WOMEN));
        subscribe("sr", "REGISTER", "Member", WOMEN.replace("female", "male"));
        register();
        world.await(() -> notified("REGISTER").size() >= 2);
        world.awaitAllTold(partner);
        JsonNode status = partner.tell(
                "/dci/sr/registry/sync/txn/status",
                "txn-status",
                1,
                PartnerSystem.message("{'transaction_id':'s','txnstatus_request':{'reference_id':'x','txn_type':"
                        + "'subscribe','attribute_type':'subscription_code_list','attribute_value':['" + women
                        + "']}}"));

        assertThat(notified("REGISTER")).hasSize(2);
        assertThat(status.at("/message/txnstatus_response/txn_status/subscribe_response/0/subscriptions/0/code")
                        .asString())
                .isEqualTo(women);
    }

    @Test
    void new_members_are_told_with_their_household() {
        subscribe("sr", "NewHouseHoldMember", "Group", "'filter_type':'expression','filter':{'group_size':{'$gte':1}}");
        register();
        world.await(() -> !notified("NewHouseHoldMember").isEmpty());

        assertThat(notified("NewHouseHoldMember")
                        .getFirst()
                        .at("/data/reg_records/group_size")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void a_change_of_an_enrolment_is_told() {
        subscribe(
                "ibr",
                "enrollement_status_change",
                "Beneficiary",
                "'filter_type':'expression','filter':{'enrollment_status':{'$eq':'Suspended'}}");
        world.country.setStatus(EnrollmentStatus.SUSPENDED);
        world.await(() -> !notified("enrollement_status_change").isEmpty());
        world.country.setStatus(EnrollmentStatus.ACTIVE);
        JsonNode event = notified("enrollement_status_change").getFirst();
        JsonNode message =
                partner.receives(one -> one.at("/header/action").asString("").equals("notify"));

        assertThat(event.at("/data/reg_records/enrollment_status").asString()).isEqualTo("4");
        assertThat(DciSpecification.faultsIfHere(
                        "ibr", "/components/schemas/NotifyEventRequest", message.path("message")))
                .isEmpty();
    }

    @Test
    void events_that_are_wanted_by_a_schedule_are_collected_and_told_then() {
        subscribe(
                "sr",
                "REGISTER",
                "Member",
                WOMEN + ",'frequency':{'start_time':'2026-01-01T00:00:00Z','end_time':'2099-01-01T00:00:00Z',"
                        + "'frequency':'0 0 3 1 1 ? *'}");
        register();
        world.awaitAllTold(partner);
        assertThat(notified("REGISTER")).isEmpty();
        assertThat(nextTold()).isEqualTo("01-01 03:00:00");

        world.letTimeCome(partner);
        world.await(() -> !notified("REGISTER").isEmpty());
        world.awaitAllTold(partner);

        assertThat(notified("REGISTER")).hasSize(1);
        assertThat(nextTold()).isEqualTo("01-01 03:00:00");
    }

    private String nextTold() {
        return world.value(
                "select to_char(next_told_at at time zone 'UTC', 'MM-DD HH24:MI:SS') from exchange.subscription"
                        + " where partner_id = '" + partner.partner.id() + "'");
    }

    @Test
    void wishes_that_cannot_be_granted_have_their_reasons() {
        assertThat(reason(subscribe("sr", "EARTHQUAKE", "Member", WOMEN))).isEqualTo("rjct.notify_types.invalid");
        assertThat(reason(subscribe("sr", "REGISTER", "Farmer", WOMEN))).isEqualTo("rjct.notify_types.invalid");
        assertThat(reason(subscribe("sr", "REGISTER", "Member", "'filter':{'type':'*','value':'*'}")))
                .isEqualTo("rjct.notify_details.invalid");
        assertThat(reason(subscribe(
                        "sr", "REGISTER", "Member", "'filter_type':'expression','filter':{'password':{'$eq':'x'}}")))
                .isEqualTo("rjct.notify_details.invalid");
        assertThat(reason(subscribe(
                        "sr",
                        "REGISTER",
                        "Member",
                        WOMEN + ",'frequency':{'start_time':'2026-01-01T00:00:00Z','end_time':"
                                + "'2099-01-01T00:00:00Z','frequency':'every day'}")))
                .isEqualTo("rjct.notify_details.invalid");
        String code = code(subscribe("sr", "REGISTER", "Member", WOMEN));
        assertThat(reason(subscribe("sr", "REGISTER", "Member", WOMEN))).isEqualTo("rjct.event.already_subscribed");

        assertThat(unsubscribe("sub-unknown").at("/message/status_reason_code").asString())
                .isEqualTo("rjct.subscription_code.invalid");
        try (PartnerSystem other = world.partnerKnowingEverything()) {
            PartnerSystem mine = partner;
            partner = other;
            assertThat(unsubscribe(code).at("/message/status_reason_code").asString())
                    .isEqualTo("rjct.requester.invalid");
            partner = mine;
        }
        unsubscribe(code);
        assertThat(unsubscribe(code).at("/message/status_reason_code").asString())
                .isEqualTo("rjct.event.already_unsubscribed");
    }

    private static String reason(JsonNode subscribed) {
        return subscribed.at("/message/subscribe_response/0/status_reason_code").asString();
    }
}
