package org.annona.payments;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.foundation.database.Database;
import org.annona.foundation.digest.RowDigest;
import org.annona.foundation.job.JobRunner;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.MasterKey;
import org.annona.foundation.sealing.Sensitive;
import org.annona.payments.bank.IsoBankRail;
import org.annona.payments.decision.DecisionKind;
import org.annona.payments.decision.Decisions;
import org.annona.payments.dispatch.AskingTheBank;
import org.annona.payments.dispatch.Dispatch;
import org.annona.payments.dispatch.Outcomes;
import org.annona.payments.envelope.Envelopes;
import org.annona.payments.envelope.Intake;
import org.annona.payments.envelope.PaymentFeed;
import org.annona.payments.envelope.PaymentRequests;
import org.annona.payments.envelope.ProcessEnvelope;
import org.annona.payments.envelope.Stops;
import org.annona.payments.funding.Funding;
import org.annona.payments.ledger.Ledger;
import org.annona.payments.ledger.LedgerCheck;
import org.annona.payments.restored.Restored;
import org.annona.payments.statement.Statements;
import org.annona.postgres.DatabaseAddress;
import org.annona.simulators.bank.SimulatedBank;
import org.annona.testing.TestPostgres;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The payments block with its jobs, a bank over HTTP, and an address book that a test fills. */
public final class PaymentsWorld implements AutoCloseable {

    public static final Actor FINANCE = new Actor("omar", "Omar", Set.of(Role.FINANCE_OFFICER));
    public static final Actor OTHER_FINANCE = new Actor("olga", "Olga", Set.of(Role.FINANCE_OFFICER));
    public static final Actor REGISTRAR = new Actor("amina", "Amina", Set.of(Role.REGISTRAR));
    private static final Map<String, String> PROGRAMMES = Map.of("FAMILY", "Family grant", "PENSION", "Pension");
    private static final String TOKEN = "token-of-the-tests";

    public final DatabaseAddress address = TestPostgres.with("foundation", "payments");
    public final Database database;
    public SimulatedBank bank;
    private final Path bankFolder;
    private final String bankAccount;
    private final LocalDate firstDayOfBank;
    public final Envelopes envelopes;
    public final Stops stops;
    public final Decisions decisions;
    public final PaymentRequests requests;
    public final Funding funding;
    public final Statements statements;
    public final Payments payments;
    public final LedgerCheck check;
    public final Restored restored;
    private final AskingTheBank asking;
    private final Map<UUID, String> accounts = new ConcurrentHashMap<>();
    private final Map<UUID, Integer> versions = new ConcurrentHashMap<>();
    private final List<JobRunner> runners = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    /** When accounts were given, for all of them. */

    /** Lines that those who ordered them do not want to be paid any more, with the reason. */
    public final Map<String, String> stopped = new ConcurrentHashMap<>();

    private int orders;

    public PaymentsWorld() {
        this(1);
    }

    /** A world with a bank whose days lie so far back that no statement of it is of today before many have passed. */
    public static PaymentsWorld withBankBehind(int days) {
        return new PaymentsWorld(1, "GOV", LocalDate.now().minusDays(days));
    }

    /** @param account of ours at the bank */
    public PaymentsWorld(String account) {
        this(1, account, LocalDate.now());
    }

    /** @param workers processes that do jobs at the same time */
    public PaymentsWorld(int workers) {
        this(workers, "GOV", LocalDate.now());
    }

    private PaymentsWorld(int workers, String account, LocalDate firstDayOfBank) {
        database = Database.open(address, TestPostgres.ROLES, TestPostgres.PASSWORDS, "payments", 4 + 8 * workers);
        try {
            Path folder = Files.createTempDirectory("annona-bank-");
            // A bank on which no account fails unless its number says so, see below.
            bankFolder = folder;
            bankAccount = account;
            this.firstDayOfBank = firstDayOfBank;
            bank = bank(0);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
        PaymentsSettings settings = new PaymentsSettings(
                URI.create("http://127.0.0.1:" + bank.port()),
                TOKEN,
                account,
                Currency.getInstance("KES"),
                Duration.ofMillis(400),
                10,
                Duration.ofMillis(100),
                Duration.ofSeconds(1),
                true,
                2,
                1,
                Duration.ofDays(7),
                Duration.ofMillis(1_500),
                new PaymentsSettings.Pauses(Duration.ofMillis(100), Duration.ofMillis(300)));
        Clock clock = Clock.systemUTC();
        PaymentKeys keys = new PaymentKeys(new Keyring(database, MasterKey.random()));
        IsoBankRail rail = new IsoBankRail(settings);
        Outcomes outcomes = new Outcomes(database);
        Dispatch dispatch = new Dispatch(database, rail, outcomes, keys, settings, clock);
        asking = new AskingTheBank(database, rail, dispatch, outcomes, settings, clock.getZone());
        restored = new Restored(database, settings, clock.getZone());
        envelopes = new Envelopes(database, settings, clock);
        stops = new Stops(database);
        decisions = PaymentsBlock.decisionsOf(database, envelopes, rail, keys, () -> PROGRAMMES, settings, clock);
        requests = new PaymentRequests(database, decisions, this::resolve);
        Ledger ledger = new Ledger(database);
        funding = new Funding(database, ledger, () -> PROGRAMMES, settings, clock);
        statements = new Statements(database, rail, keys, settings, clock);
        check = new LedgerCheck(database);
        payments = new Payments(new Intake(database), envelopes, new PaymentFeed(database), funding, statements, check);
        for (int i = 0; i < workers; i++) {
            JobRunner runner = new JobRunner(
                    database,
                    List.of(new ProcessEnvelope(
                            database, this::resolve, dispatch, (order, lines) -> stopped, keys, settings, clock)),
                    List.of(),
                    new JobRunner.Settings(4, Duration.ofMillis(20), Duration.ofMillis(500)));
            runner.start();
            runners.add(runner);
        }
    }

    private List<AddressBook.Answer> resolve(List<UUID> beneficiaries) {
        return beneficiaries.stream()
                .map(id -> {
                    String number = accounts.get(id);
                    return number == null
                            ? new AddressBook.Answer.NoAccount()
                            : (AddressBook.Answer) new AddressBook.Answer.Found(
                                    "account", "bank1", Sensitive.of(number), versions.get(id));
                })
                .toList();
    }

    /** A beneficiary with an account. */
    public UUID somebody() {
        UUID id = UUID.randomUUID();
        openAccount(id);
        return id;
    }

    public void changeAccount(UUID beneficiary) {
        accounts.put(beneficiary, "4999999999999");
        versions.merge(beneficiary, 1, Integer::sum);
    }

    public void openAccount(UUID beneficiary) {
        versions.merge(beneficiary, 1, Integer::sum);
        accounts.put(beneficiary, "4" + Math.abs(beneficiary.getMostSignificantBits() % 1_000_000_000_000L));
    }

    public List<PaymentLine> lines(int count, long minor) {
        List<PaymentLine> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(new PaymentLine(UUID.randomUUID().toString(), somebody(), minor, 1));
        }
        return lines;
    }

    public static PaymentOrder order(String key, String programme, List<PaymentLine> lines) {
        return order(key, programme, lines, LocalDate.now());
    }

    private static PaymentOrder order(String key, String programme, List<PaymentLine> lines, LocalDate payOn) {
        RowDigest digest = new RowDigest();
        lines.stream()
                .sorted(java.util.Comparator.comparing(PaymentLine::key))
                .forEach(line ->
                        digest.add(line.key(), line.beneficiary(), line.amountMinor(), "KES", line.accountVersion()));
        return new PaymentOrder(
                key,
                programme,
                "Programme " + programme,
                "2026-11",
                "KES",
                lines.size(),
                lines.stream().mapToLong(PaymentLine::amountMinor).sum(),
                digest.finish(),
                payOn,
                "manuel",
                "lena",
                "omar");
    }

    /** Announces and delivers an order completely. @return the envelope */
    public UUID envelope(String programme, List<PaymentLine> lines) {
        return envelope(programme, lines, LocalDate.now());
    }

    public UUID envelope(String programme, List<PaymentLine> lines, LocalDate payOn) {
        PaymentOrder order = order("cycle/" + ++orders, programme, lines, payOn);
        payments.open(order);
        payments.deliver(order.key(), lines);
        payments.complete(order.key());
        return payments.envelopeOf(order.key()).orElseThrow();
    }

    /** Lets money arrive in the fund, over the bank and its statement. */
    public void fund(String programme, long minor) {
        String reference = payments.announceFunds(FINANCE, programme, "KES", minor);
        admin("deposit?reference=" + reference + "&minor=" + minor);
        admin("clock?days=1");
        payments.fetchStatements();
    }

    private SimulatedBank bank(int port) throws IOException {
        SimulatedBank started = new SimulatedBank(
                new SimulatedBank.Settings(bankFolder, TOKEN, bankAccount, "KES", "seed", 0, 0, firstDayOfBank, port));
        started.start();
        return started;
    }

    /** Nobody listens at the address of the bank while this is done. */
    public void withoutBank(Runnable meanwhile) {
        int port = bank.port();
        try {
            bank.close();
            meanwhile.run();
            bank = bank(port);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Lets days pass at the bank and takes its statements in. */
    public void days(int days) {
        admin("clock?days=" + days);
        payments.fetchStatements();
        envelopes.closeFinished();
    }

    public void misbehave(String fault) {
        admin("faults?" + fault);
    }

    /** The bank does not remember any message. */
    public void forget() {
        admin("forget");
    }

    public JsonNode book() {
        return admin("book");
    }

    /** What the bank says of each reference. */
    public JsonNode bankOutcomes() {
        return admin("outcomes");
    }

    private JsonNode admin(String what) {
        boolean read = what.equals("book") || what.equals("outcomes");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + bank.port() + "/admin/" + what))
                .header("Authorization", "Bearer " + TOKEN)
                .method(read ? "GET" : "POST", HttpRequest.BodyPublishers.noBody())
                .build();
        try {
            return JsonMapper.shared()
                    .readTree(http.send(request, HttpResponse.BodyHandlers.ofString())
                            .body());
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Waits until it holds, while the bank is asked about what is unknown. */
    public void await(BooleanSupplier done) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    asking.askDue();
                    return done.getAsBoolean();
                });
    }

    /** Waits until the bank has so many messages, and asks it nothing meanwhile. */
    public void awaitAtBank(int messages) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> book().get("messages").asLong() == messages);
    }

    public void awaitSent(UUID envelope) {
        await(() -> envelopes.show(FINANCE, envelope).state().name().equals("DISPATCHED")
                && count(envelope, "unknown") == 0
                && messagesOnTheirWay() == 0);
    }

    /** As {@link #awaitSent}, where the bank does not know a message: first statements have to show that it was not paid. */
    public void awaitSentOverDays(UUID envelope) {
        await(() -> envelopes.show(FINANCE, envelope).state().name().equals("DISPATCHED") && messagesOnTheirWay() == 0);
        days(2);
        awaitSent(envelope);
    }

    /** One finance officer asks and another one confirms. */
    public void decide(DecisionKind kind, UUID subject) {
        decisions.confirm(OTHER_FINANCE, requests.ask(FINANCE, kind, subject, "the bank wrote it"));
    }

    public long messagesOnTheirWay() {
        return database.sql()
                .fetchSingle("select count(*) from batch where state in ('prepared', 'sending')")
                .get(0, Long.class);
    }

    public long count(UUID envelope, String state) {
        return counts(envelope).getOrDefault(state, 0L);
    }

    public Map<String, Long> counts(UUID envelope) {
        return payments.totals(envelope).stream()
                .collect(Collectors.toMap(EnvelopeTotals::state, EnvelopeTotals::payments));
    }

    @Override
    public void close() {
        runners.forEach(JobRunner::close);
        try {
            bank.close();
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
        database.close();
    }
}
