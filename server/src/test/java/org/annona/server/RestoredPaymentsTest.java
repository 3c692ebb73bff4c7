package org.annona.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.foundation.digest.RowDigest;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.sealing.Sensitive;
import org.annona.payments.AddressBook;
import org.annona.payments.PaymentLine;
import org.annona.payments.PaymentOrder;
import org.annona.payments.Payments;
import org.annona.payments.decision.DecisionKind;
import org.annona.payments.decision.Decisions;
import org.annona.payments.restored.Restored;
import org.annona.server.command.BackupCommand;
import org.annona.server.command.RestoreCommand;
import org.annona.simulators.bank.SimulatedBank;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A backup taken in the middle of payments, restored beside a bank that went on. */
class RestoredPaymentsTest {

    private static final Actor FINANCE = new Actor("omar", "Omar", Set.of(Role.FINANCE_OFFICER));
    private static final Actor OTHER_FINANCE = new Actor("olga", "Olga", Set.of(Role.FINANCE_OFFICER));
    private static final String TOKEN = "token-of-the-tests";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path files;

    private int bankPort;

    @Test
    void nothing_is_sent_before_finance_confirms_and_then_nobody_is_paid_twice() throws Exception {
        Path backup = files.resolve("middle.backup");
        try (SimulatedBank bank = new SimulatedBank(new SimulatedBank.Settings(
                        files.resolve("bank"),
                        TOKEN,
                        "GOV0001",
                        "KES",
                        "seed",
                        0,
                        0,
                        LocalDate.now(ZoneOffset.UTC),
                        0));
                TestInstallations installations = new TestInstallations()) {
            bank.start();
            bankPort = bank.port();
            Settings first = settings(installations, "first");
            try (Installation installation = Installation.open(first);
                    RunningServer server = RunningServer.start(first, installation, RestoredPaymentsTest::ports)) {
                Payments payments = server.part(Payments.class);
                String now = TestInstallations.inFirstOrganisation(
                        () -> payments.announceFunds(FINANCE, "CASH", "KES", 7_000));
                String later = TestInstallations.inFirstOrganisation(
                        () -> payments.announceFunds(FINANCE, "CASH", "KES", 3_000));
                admin("deposit?reference=" + now + "&minor=7000");
                admin("clock?days=1");
                await(() -> TestInstallations.inFirstOrganisation(() -> payments.availableMinor("CASH")) == 7_000);
                TestInstallations.forFirstOrganisation(() -> order(payments, "settled", 3));
                await(() -> messages() == 1);
                admin("clock?days=1");
                await(() -> count(installations, "first", "settled", "paid") == 3);
                admin("faults?outage=true");
                TestInstallations.forFirstOrganisation(() -> order(payments, "doubted", 4));
                await(() -> count(installations, "first", "doubted", "unknown") == 4);
                TestInstallations.forFirstOrganisation(() -> order(payments, "ready", 3));
                await(() -> installations
                                .column("first", "select 1 from payments.envelope where state = 'waiting_for_funds'")
                                .size()
                        == 1);

                assertThat(BackupCommand.run(List.of(backup.toString()), first)).isZero();

                admin("deposit?reference=" + later + "&minor=3000");
                admin("faults?outage=false");
                // Its statement shows that the bank never had what is in doubt, and the money of the other order.
                admin("clock?days=1");
                await(() -> messages() == 3);
                admin("clock?days=1");
                await(() -> count(installations, "first", "ready", "paid") == 3);
                await(() -> count(installations, "first", "doubted", "paid") == 4);
            }
            admin("faults?outage=true");

            Settings second = settings(installations, "second");
            assertThat(RestoreCommand.run(List.of(backup.toString()), second)).isZero();

            try (Installation installation = Installation.open(second);
                    RunningServer server = RunningServer.start(second, installation, RestoredPaymentsTest::ports)) {
                Payments payments = server.part(Payments.class);
                Restored restored = server.part(Restored.class);
                assertThat(count(installations, "second", "doubted", "unknown")).isEqualTo(4);
                assertThatThrownBy(() -> TestInstallations.forFirstOrganisation(() -> restored.confirm(FINANCE)))
                        .isInstanceOfSatisfying(
                                Problem.class,
                                problem -> assertThat(problem.sentence()).contains("was read since the restore"));

                admin("faults?outage=false");
                // What was known is settled by the statement; the rest waits, and says why, even when there is money
                // for it.
                await(() -> count(installations, "second", "doubted", "paid") == 4);
                String again = TestInstallations.inFirstOrganisation(
                        () -> payments.announceFunds(FINANCE, "CASH", "KES", 3_000));
                admin("deposit?reference=" + again + "&minor=3000");
                admin("clock?days=1");
                await(() -> installations
                                .column(
                                        "second",
                                        "select 1 from foundation.job where state = 'waiting' and message like 'restored from a backup%'")
                                .size()
                        == 1);
                assertThat(messages()).isEqualTo(3);
                assertThat(count(installations, "second", "ready", "ready")).isEqualTo(3);

                TestInstallations.forFirstOrganisation(() -> restored.confirm(FINANCE));

                // Those that the backup forgot are recognised on the statement and not sent again.
                await(() -> count(installations, "second", "ready", "unknown") == 3);
                Decisions decisions = server.part(Decisions.class);
                TestInstallations.forFirstOrganisation(() -> explain(installations, decisions));
                assertThat(count(installations, "second", "ready", "paid")).isEqualTo(3);
                String more = TestInstallations.inFirstOrganisation(
                        () -> payments.announceFunds(FINANCE, "CASH", "KES", 2_000));
                admin("deposit?reference=" + more + "&minor=2000");
                admin("clock?days=1");
                TestInstallations.forFirstOrganisation(() -> order(payments, "new", 2));
                await(() -> messages() == 4);
                admin("clock?days=1");
                await(() -> count(installations, "second", "new", "paid") == 2);

                JsonNode book = admin("");
                assertThat(book.get("paidCount").asLong()).isEqualTo(12);
                assertThat(book.get("accountsPaidTwice").asLong()).isZero();
                assertThat(book.get("referencesPaidTwice").asLong()).isZero();
                assertThat(payments.checkLedger()).isEmpty();
            }
        }
    }

    private static void explain(TestInstallations installations, Decisions decisions) {
        List<String> lines = installations.column(
                "second",
                "select statement_id || ' ' || number || ' ' || reference from payments.statement_line where open_minor > 0");
        assertThat(lines).hasSize(3);
        for (String line : lines) {
            String[] words = line.split(" ");
            decisions.confirm(
                    OTHER_FINANCE,
                    decisions.ask(
                            FINANCE,
                            DecisionKind.EXPLAIN_LINE,
                            UUID.fromString(words[0]),
                            Integer.parseInt(words[1]),
                            "settlement " + words[2],
                            "sent after the backup"));
        }
    }

    private Settings settings(TestInstallations installations, String name) {
        return installations.settings(
                name,
                Map.of(
                        "ANNONA_BANK_URL",
                        "http://127.0.0.1:" + bankPort,
                        "ANNONA_BANK_TOKEN",
                        TOKEN,
                        "ANNONA_BANK_TIMEOUT",
                        "0.8",
                        "ANNONA_BANK_SETTLING",
                        "0.2",
                        "ANNONA_ZONE",
                        "UTC"));
    }

    /** Everybody has an account. */
    private static void ports(GenericApplicationContext beans) {
        TestInstallations.withProgrammes(beans);
        beans.registerBean(
                "accountsOfEverybody",
                AddressBook.class,
                () -> ids -> ids.stream().map(RestoredPaymentsTest::account).toList(),
                bean -> bean.setPrimary(true));
    }

    private static AddressBook.Answer account(UUID beneficiary) {
        String number = "4" + Math.abs(beneficiary.getMostSignificantBits() % 1_000_000_000_000L);
        return new AddressBook.Answer.Found("account", "bank1", Sensitive.of(number), 1);
    }

    private static void order(Payments payments, String key, int count) {
        List<PaymentLine> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(new PaymentLine(key + i, UUID.randomUUID(), 1_000, 1));
        }
        RowDigest digest = new RowDigest();
        lines.stream()
                .sorted(Comparator.comparing(PaymentLine::key))
                .forEach(line ->
                        digest.add(line.key(), line.beneficiary(), line.amountMinor(), "KES", line.accountVersion()));
        payments.open(new PaymentOrder(
                key,
                "CASH",
                "Cash",
                "2026-11",
                "KES",
                count,
                1_000L * count,
                digest.finish(),
                LocalDate.now(ZoneOffset.UTC),
                "manuel",
                "lena",
                "omar"));
        payments.deliver(key, lines);
        payments.complete(key);
    }

    private static long count(TestInstallations installations, String installation, String order, String state) {
        return installations
                .column(
                        installation,
                        "select 1 from payments.disbursement d join payments.envelope e on e.id = d.envelope_id where e.key = '"
                                + order + "' and d.state = '" + state + "'")
                .size();
    }

    private static void await(Callable<Boolean> done) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(done);
    }

    private long messages() throws Exception {
        return admin("").get("messages").asLong();
    }

    private JsonNode admin(String what) throws Exception {
        boolean read = what.isEmpty();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + bankPort + "/admin/" + (read ? "book" : what)))
                .header("Authorization", "Bearer " + TOKEN)
                .method(read ? "GET" : "POST", HttpRequest.BodyPublishers.noBody())
                .build();
        return JsonMapper.shared()
                .readTree(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.ofString())
                        .body());
    }
}
