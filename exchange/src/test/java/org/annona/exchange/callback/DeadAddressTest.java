package org.annona.exchange.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.exchange.ExchangeProblem;
import org.annona.exchange.ExchangeWorld;
import org.annona.exchange.PartnerSystem;
import org.annona.foundation.problem.Problem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** A partner of which one system is away: nobody answers at its port, or somebody takes calls and says nothing. */
@ExtendWith(ExchangeWorld.Shared.class)
class DeadAddressTest {

    private static final int MANY = 60;
    private static final Actor AUDITOR = new Actor("auditor", "Auditor", Set.of(Role.AUDITOR));

    private ExchangeWorld world;
    private Undelivered undelivered;
    private PartnerSystem partner;
    private ServerSocket mute;
    private String closed = "";
    private final Map<String, Instant> asked = new LinkedHashMap<>();

    @BeforeEach
    void open(ExchangeWorld shared) throws IOException {
        world = shared;
        undelivered = world.part(Undelivered.class);
        partner = world.partnerKnowingEverything();
        mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = "127.0.0.1:" + gone.getLocalPort();
        }
    }

    @AfterEach
    void close() throws IOException {
        undelivered.drop(PartnerSystem.ADMINISTRATOR, partner.partner.id(), closed, Instant.now(), "the test is over");
        mute.close();
        partner.close();
    }

    private String muted() {
        return "127.0.0.1:" + mute.getLocalPort();
    }

    private String search(String address) {
        String transaction = UUID.randomUUID().toString();
        tell(
                address,
                "search",
                PartnerSystem.search(PartnerSystem.byReference(
                                world.country.somebody().reference()))
                        .put("transaction_id", transaction));
        return transaction;
    }

    private String subscribe(String address, String sex) {
        String transaction = UUID.randomUUID().toString();
        tell(
                address,
                "subscribe",
                PartnerSystem.message("{'transaction_id':'" + transaction
                        + "','subscribe_request':[{'reference_id':'w-1','timestamp':'2026-01-15T10:30:00Z',"
                        + "'subscribe_criteria':{'reg_event_type':'REGISTER','filter_type':'expression',"
                        + "'filter':{'sex':'" + sex + "'},'notify_record_type':'Member'}}]}"));
        return transaction;
    }

    private void tell(String address, String action, JsonNode message) {
        var header = partner.header(action, 1).put("sender_uri", "http://" + address + "/registry/on-search");
        asked.put(message.path("transaction_id").asString(), Instant.now());
        JsonNode ack = PartnerSystem.json(
                partner.send(partner.request("/dci/sr/registry/" + action, partner.signed(header, message))));
        assertThat(ack.at("/message/ack_status").asString()).as(ack.toString()).isEqualTo("ACK");
    }

    private String healthy() {
        return partner.callbackAddress().substring("http://".length()).replaceFirst("/.*", "");
    }

    private Duration untilAnswered(String transaction) {
        partner.receivesAnswer(transaction);
        return Duration.between(asked.get(transaction), Instant.now());
    }

    private long notified() {
        return partner.received.stream()
                .filter(one -> one.at("/header/action").asString("").equals("notify"))
                .count();
    }

    private List<Undelivered.Trouble> troubles() {
        return undelivered.troubles(PartnerSystem.ADMINISTRATOR, partner.partner.id());
    }

    private Undelivered.Trouble troubleOf(String address) {
        return troubles().stream()
                .filter(one -> one.address().equals(address))
                .findFirst()
                .orElseThrow();
    }

    private boolean isTroubled(String address) {
        return troubles().stream().anyMatch(one -> one.address().equals(address));
    }

    @Test
    void a_dead_and_a_mute_address_of_a_partner_keep_its_healthy_one_waiting_for_nothing() {
        subscribe(closed, "female");
        subscribe(muted(), "female");
        for (int i = 0; i < MANY; i++) {
            search(closed);
            search(muted());
        }
        world.await(() -> isTroubled(closed));

        String subscribed = subscribe(healthy(), "female");
        List<String> searches = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            searches.add(search(healthy()));
        }
        List<Duration> waits = new ArrayList<>();
        searches.forEach(transaction -> waits.add(untilAnswered(transaction)));
        Duration subscription = untilAnswered(subscribed);
        world.country.register("Zawadi", "Juma", "Otieno");
        Instant happened = Instant.now();
        world.await(() -> notified() > 0);
        Duration notification = Duration.between(happened, Instant.now());
        // Once more, after both others have been away for long: each is left alone for an hour.
        world.await(() -> isTroubled(muted()));
        world.database()
                .sql()
                .execute(
                        "update exchange.callback_trouble set silent_until = now() + interval '1 hour' where partner_id = ?",
                        partner.partner.id());
        Duration later = untilAnswered(search(healthy()));
        long before = notified();
        world.country.register("Zawadi", "Juma", "Otieno");
        Instant again = Instant.now();
        world.await(() -> notified() > before);
        Duration laterNotification = Duration.between(again, Instant.now());
        System.out.printf(
                "beside %d messages to a closed port and %d to a mute one: answers after %s ms, on-subscribe %d ms,"
                        + " notification %d ms; while both are left alone for an hour: answer %d ms, notification %d ms%n",
                MANY + 1,
                MANY + 1,
                waits.stream().map(Duration::toMillis).toList(),
                subscription.toMillis(),
                notification.toMillis(),
                later.toMillis(),
                laterNotification.toMillis());

        assertThat(waits).allSatisfy(wait -> assertThat(wait).isLessThan(Duration.ofSeconds(5)));
        assertThat(subscription).isLessThan(Duration.ofSeconds(5));
        assertThat(notification).isLessThan(Duration.ofSeconds(5));
        assertThat(later).isLessThan(Duration.ofSeconds(5));
        assertThat(laterNotification).isLessThan(Duration.ofSeconds(5));
        assertThat(isTroubled(healthy())).isFalse();
        assertThat(troubleOf(closed).waiting()).isGreaterThanOrEqualTo(MANY + 1);
        assertThat(troubleOf(closed).lastError()).isEqualTo("the address could not be reached");
    }

    @Test
    void an_address_that_is_away_is_tried_with_one_message_and_not_with_all_that_wait() {
        for (int i = 0; i < MANY; i++) {
            search(closed);
        }
        world.await(() -> isTroubled(closed) && troubleOf(closed).failures() >= 2);

        assertThat(tried()).isLessThanOrEqualTo(troubleOf(closed).failures());
        assertThat(undelivered.silent(partner.partner.id()))
                .singleElement()
                .satisfies(silent -> assertThat(silent.address()).isEqualTo(closed));
    }

    private long tried() {
        return Long.parseLong(
                String.valueOf(world.value("select sum(attempts) from exchange.callback where lease_until is"
                        + " null and partner_id = '" + partner.partner.id() + "'")));
    }

    @Test
    void what_waits_for_an_address_is_sent_again_at_once_when_somebody_says_so() throws Exception {
        search(closed);
        String transaction = search(closed);
        world.await(() -> isTroubled(closed));
        try (AutoCloseable back = partner.listenAt(Integer.parseInt(closed.substring(closed.indexOf(':') + 1)))) {
            int messages = undelivered.sendAgain(PartnerSystem.ADMINISTRATOR, partner.partner.id(), closed);
            partner.receivesAnswer(transaction);
            world.await(() -> !isTroubled(closed));

            assertThat(messages).isEqualTo(2);
            assertThat(back).isNotNull();
        }
        assertThat(audited("exchange.callback.send_again")).contains(closed);
    }

    private String audited(String action) {
        return String.valueOf(world.value(
                "select string_agg(concat(detail, reason), ' ') from foundation.audit_entry where action = '" + action
                        + "' and subject = 'partner/" + partner.partner.id() + "'"));
    }

    @Test
    void what_waits_for_an_address_is_dropped_with_a_reason_and_only_that() {
        search(closed);
        search(muted());
        world.await(() -> isTroubled(closed));
        Instant seen = Instant.now();
        search(closed);
        world.await(() -> troubleOf(closed).waiting() == 2);

        assertThatThrownBy(() -> undelivered.drop(AUDITOR, partner.partner.id(), closed, seen, "a test system"))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> undelivered.sendAgain(AUDITOR, partner.partner.id(), closed))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> undelivered.drop(PartnerSystem.ADMINISTRATOR, partner.partner.id(), closed, seen, " "))
                .isInstanceOfSatisfying(
                        Problem.class, refusal -> assertThat(refusal.code()).isEqualTo(ExchangeProblem.REASON_NEEDED));
        world.await(() -> undelivered.drop(
                        PartnerSystem.ADMINISTRATOR, partner.partner.id(), closed, seen, "a test system that is gone")
                == 1);

        assertThat(troubleOf(closed).waiting()).isOne();
        assertThat(audited("exchange.callback.drop")).contains("a test system that is gone");
        assertThat(world.value("select count(*) from exchange.callback where state = 'pending' and address = '"
                        + muted() + "'"))
                .isEqualTo("1");
        assertThat(undelivered.troubles(AUDITOR, partner.partner.id())).isNotEmpty();
    }
}
