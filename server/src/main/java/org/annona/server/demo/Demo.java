package org.annona.server.demo;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.foundation.audit.AuditVerification;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.money.Money;
import org.annona.payments.EnvelopeTotals;
import org.annona.payments.FundsAnnouncement;
import org.annona.payments.LedgerTotals;
import org.annona.payments.Payments;
import org.annona.programs.AssessmentStatus;
import org.annona.programs.CycleStatus;
import org.annona.programs.DecisionRequest;
import org.annona.programs.ProgrammeStatus;
import org.annona.programs.Programs;
import org.annona.server.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Runs one programme from a list of people to the last cent, as six users would. Every step is an operation that the console
 * offers too, and looks first at what is already there: after a crash the demo goes on where it stopped, and run again it
 * changes nothing.
 */
public final class Demo {

    private static final String PROGRAMME = "FAMILY";
    private static final String CYCLE = "first cycle";
    private static final int MOST_DAYS = 200;
    private static final Duration LENGTH_OF_A_DAY = Duration.ofMillis(800);

    private final Importing importing;
    private final Programs programs;
    private final Payments payments;
    private final Jobs jobs;
    private final AuditVerification audit;
    private final DemoUsers users;
    private final BankSwitches bank;
    private final String currency;
    private final Clock clock;
    private final Journal journal = new Journal(System.out);
    private final Waiting waiting;
    private final @Nullable TokenDemo tokens;
    private final @Nullable DoublesDemo doubles;
    private final @Nullable SourceDemo source;
    private @Nullable Summary summary;

    /**
     * @param tokens where the registry is in this house and a token seeder runs beside it; else null
     * @param doubles where another registry of beneficiaries does; else null
     * @param source where another social registry does; else null
     */
    public Demo(
            Importing importing,
            Programs programs,
            Payments payments,
            Jobs jobs,
            AuditVerification audit,
            DemoUsers users,
            BankSwitches bank,
            String currency,
            Clock clock,
            @Nullable TokenDemo tokens,
            @Nullable DoublesDemo doubles,
            @Nullable SourceDemo source) {
        this.source = source;
        this.tokens = tokens;
        this.doubles = doubles;
        this.clock = clock;
        this.importing = importing;
        this.programs = programs;
        this.payments = payments;
        this.jobs = jobs;
        this.waiting = new Waiting(jobs, journal);
        this.audit = audit;
        this.users = users;
        this.bank = bank;
        this.currency = currency;
    }

    /** @return whether every sum holds */
    public boolean run(Path folder, int people, long seed) {
        Instant begin = Instant.now();
        journal.heading("A sample country with " + Journal.number(people) + " people, seed " + seed);
        users.create();
        SampleCountry.Lists lists = SampleCountry.write(folder, people, seed);
        journal.step(
                "Files",
                Journal.number(lists.rows()) + " rows of people in " + Journal.number(lists.households())
                        + " households: " + lists.people());
        Imported imported = importing.take(lists, journal::step);
        if (tokens != null) {
            tokens.run(journal, waiting);
        }
        ProgrammeStatus programme = programme();
        enrol(programme);
        if (doubles != null) {
            doubles.run(programme.id(), lists.people(), journal, waiting);
        }
        if (source != null) {
            source.run(PROGRAMME, programme.id(), journal, waiting);
        }
        CycleStatus cycle = computed(programme);
        fund(programme, cycle);
        decide(cycle);
        pay(cycle.id());
        CycleStatus closed = reconcile(cycle.id());
        boolean sound = sums(lists, imported, closed);
        summary = summary(imported, closed);
        journal.more("");
        System.out.printf(
                Locale.ROOT,
                "%n%s after %.1f s.%n",
                sound ? "Every sum holds" : "SOME SUMS ARE BROKEN",
                Duration.between(begin, Instant.now()).toMillis() / 1000.0);
        return sound;
    }

    /** What came of it, to be compared with another run. */
    public record Summary(
            long imported,
            long rejected,
            long households,
            long payable,
            long totalMinor,
            Map<String, Long> householdsByOutcome,
            Map<String, Long> minorByOutcome,
            long ledgerMinor) {}

    private Summary summary(Imported imported, CycleStatus cycle) {
        return new Summary(
                imported.imported(),
                imported.rejected(),
                cycle.households(),
                cycle.payable(),
                cycle.totalMinor(),
                cycle.outcomes().stream()
                        .collect(Collectors.toMap(CycleStatus.Outcome::state, CycleStatus.Outcome::households)),
                cycle.outcomes().stream()
                        .collect(Collectors.toMap(CycleStatus.Outcome::state, CycleStatus.Outcome::amountMinor)),
                payments.ledgerTotals(currency).debitsMinor());
    }

    /** After {@link #run}. */
    public Summary summary() {
        return Objects.requireNonNull(summary, "the demo has not run");
    }

    private ProgrammeStatus programme() {
        Actor manager = users.actor(Role.PROGRAMME_MANAGER);
        ProgrammeStatus programme = programs.programme(manager, PROGRAMME)
                .orElseGet(() -> programs.draft(manager, "family", Map.of("code", PROGRAMME)));
        if (programme.state().equals("draft")) {
            programs.submit(manager, programme.id());
        }
        approve(Role.APPROVER, programme.id(), 1);
        ProgrammeStatus active = programs.programme(manager, PROGRAMME).orElseThrow();
        journal.step("Programme", active.name() + ", from a template; terms approved by a second person");
        journal.more(active.rule());
        return active;
    }

    private void approve(Role role, UUID subject, int stage) {
        Actor actor = users.actor(role);
        programs.requestOn(actor, subject)
                .filter(DecisionRequest::open)
                .filter(request -> request.stage() == stage)
                .ifPresent(request -> programs.approve(actor, request.id(), request.digest(), "demo"));
    }

    private void enrol(ProgrammeStatus programme) {
        Actor manager = users.actor(Role.PROGRAMME_MANAGER);
        if (programs.newestAssessment(manager, programme.id()).isEmpty()) {
            programs.assess(manager, programme.id());
        }
        String subject = "programme/" + programme.id();
        waiting.until(
                subject,
                () -> programs.newestAssessment(manager, programme.id())
                        .orElseThrow()
                        .done());
        AssessmentStatus found =
                programs.newestAssessment(manager, programme.id()).orElseThrow();
        journal.step(
                "Preview",
                Journal.number(found.eligible()) + " households are eligible, " + Journal.number(found.notEligible())
                        + " are not, " + Journal.number(found.unknown()) + " are unknown; one cycle costs "
                        + money(found.costMinor()));
        journal.more("unknown because of: "
                + found.missing().entrySet().stream()
                        .map(lack -> lack.getKey() + " (" + Journal.number(lack.getValue()) + ")")
                        .collect(Collectors.joining(", ")));
        if (!programs.enrolled(manager, programme.id()).containsKey("enrolled")) {
            programs.enrol(manager, found.id());
        }
        waiting.until(
                subject,
                () -> jobs.ofSubject(subject, 20).stream()
                        .allMatch(job -> job.state().isEnded()));
        journal.step(
                "Enrolment",
                programs.enrolled(manager, programme.id()).entrySet().stream()
                        .map(count -> Journal.number(count.getValue()) + " households are " + count.getKey())
                        .collect(Collectors.joining(", ")));
    }

    private CycleStatus computed(ProgrammeStatus programme) {
        Actor manager = users.actor(Role.PROGRAMME_MANAGER);
        CycleStatus cycle = programs.cycle(manager, programme.id(), CYCLE)
                .orElseGet(() -> programs.openCycle(manager, programme.id(), CYCLE, LocalDate.now(clock)));
        UUID id = cycle.id();
        waiting.until(
                "cycle/" + id,
                () -> !List.of("planned", "frozen")
                        .contains(programs.cycle(manager, id).state()));
        CycleStatus done = programs.cycle(manager, id);
        journal.step(
                "Cycle",
                Journal.number(done.households()) + " households on the frozen roster, "
                        + Journal.number(done.payable()) + " receive " + money(done.totalMinor()) + held(done));
        return done;
    }

    private static String held(CycleStatus cycle) {
        return cycle.held().isEmpty() ? "" : "; held: " + cycle.held();
    }

    private void fund(ProgrammeStatus programme, CycleStatus cycle) {
        boolean reserved = List.of("released", "closed").contains(cycle.state());
        if (!reserved && payments.availableMinor(programme.code()) < cycle.totalMinor()) {
            Actor finance = users.actor(Role.FINANCE_OFFICER);
            FundsAnnouncement awaited = payments.awaitedFunds(programme.code()).orElseGet(() -> {
                payments.announceFunds(finance, programme.code(), currency, cycle.totalMinor() + 1_000_000);
                return payments.awaitedFunds(programme.code()).orElseThrow();
            });
            bank.deposit(awaited.reference(), awaited.amountMinor());
            bank.closeDays(1);
            waiting.until(programme.code(), () -> payments.availableMinor(programme.code()) >= cycle.totalMinor());
        }
        journal.step(
                "Funds",
                "announced by finance, paid in at the bank, recognised on its statement; "
                        + money(payments.availableMinor(programme.code())) + " available");
    }

    private void decide(CycleStatus cycle) {
        approve(Role.APPROVER, cycle.id(), 1);
        journal.step("Approval", "one person approved the list by its digest");
        approve(Role.FINANCE_OFFICER, cycle.id(), 2);
        journal.step("Release", "another person released the money by the same digest");
    }

    private void pay(UUID cycleId) {
        Actor auditor = users.actor(Role.AUDITOR);
        if (!programs.cycle(auditor, cycleId).state().equals("released")) {
            return;
        }
        // What a bank does on an ordinary bad day.
        bank.misbehave("silentAfterAccepting=1&errorAfterAccepting=1&errorBeforeAccepting=1");
        String key = Programs.orderKey(cycleId);
        waiting.until("cycle/" + cycleId, () -> payments.envelopeOf(key).isPresent());
        UUID envelope = payments.envelopeOf(key).orElseThrow();
        waiting.until(
                "envelope/" + envelope,
                () -> payments.progress(key).orElseThrow().dispatched());
        journal.step(
                "Dispatch",
                "every account looked up and every payment sent, while the bank lost an answer, failed"
                        + " after accepting, and failed before");
        waiting.until(
                "envelope/" + envelope,
                () -> count(envelope, "in_flight", "unknown", "ready", "received") == 0
                        || payments.totals(envelope).stream()
                                .noneMatch(total -> List.of("unknown", "ready").contains(total.state())));
        journal.step(
                "Outcomes",
                payments.totals(envelope).stream()
                        .map(total -> Journal.number(total.payments()) + " "
                                + total.state().replace('_', ' '))
                        .collect(Collectors.joining(", ")));
        if (count(envelope, "parked") > 0) {
            payments.giveUpParked(users.actor(Role.FINANCE_OFFICER), envelope, "no account is known; paid by hand");
            journal.step("Without account", "given up by finance with a reason; their money goes back to the fund");
        }
    }

    private long count(UUID envelope, String... states) {
        return payments.totals(envelope).stream()
                .filter(total -> List.of(states).contains(total.state()))
                .mapToLong(EnvelopeTotals::payments)
                .sum();
    }

    private CycleStatus reconcile(UUID cycleId) {
        Actor auditor = users.actor(Role.AUDITOR);
        int days = 0;
        while (!programs.cycle(auditor, cycleId).state().equals("closed")) {
            if (days == MOST_DAYS) {
                throw new Refusal("The cycle is not closed after " + days + " days of the bank. Look at /envelopes for"
                        + " payments that wait for somebody.");
            }
            bank.closeDays(1);
            days++;
            Instant evening = Instant.now().plus(LENGTH_OF_A_DAY);
            waiting.until(
                    "cycle/" + cycleId,
                    () -> Instant.now().isAfter(evening)
                            || programs.cycle(auditor, cycleId).state().equals("closed"));
        }
        CycleStatus closed = programs.cycle(auditor, cycleId);
        journal.step(
                "Reconciliation",
                "statements of " + days + " days; the cycle is " + closed.state()
                        + ": "
                        + closed.outcomes().stream()
                                .map(outcome -> Journal.number(outcome.households()) + " " + outcome.state())
                                .collect(Collectors.joining(", ")));
        return closed;
    }

    private boolean sums(SampleCountry.Lists lists, Imported imported, CycleStatus cycle) {
        journal.heading("The sums");
        boolean people = journal.sum(
                "people in files = imported + rejected rows",
                lists.rows() == imported.imported() + imported.rejected(),
                Journal.number(lists.rows()) + " = " + Journal.number(imported.imported()) + " + "
                        + Journal.number(imported.rejected()));
        Map<String, CycleStatus.Outcome> outcomes =
                cycle.outcomes().stream().collect(Collectors.toMap(CycleStatus.Outcome::state, outcome -> outcome));
        long settled = amount(outcomes, "settled");
        long failed = amount(outcomes, "failed") + amount(outcomes, "cancelled");
        long returned = amount(outcomes, "returned");
        long unknown = amount(outcomes, "unknown");
        boolean approved = journal.sum(
                "amount approved = settled + failed + returned + unknown",
                cycle.totalMinor() == settled + failed + returned + unknown,
                money(cycle.totalMinor()) + " = " + money(settled) + " + " + money(failed) + " + " + money(returned)
                        + " + " + money(unknown));
        LedgerTotals ledger = payments.ledgerTotals(currency);
        List<String> faults = payments.checkLedger();
        boolean zero = journal.sum(
                "the ledger sums to zero and every invariant of money holds",
                ledger.debitsMinor() == ledger.creditsMinor() && faults.isEmpty(),
                money(ledger.debitsMinor()) + " debited - " + money(ledger.creditsMinor()) + " credited = "
                        + money(ledger.debitsMinor() - ledger.creditsMinor())
                        + (faults.isEmpty() ? "" : "; " + faults));
        BankSwitches.BankBook book = bank.book();
        long calledSettled = cycle.outcomes().stream()
                .mapToLong(CycleStatus.Outcome::settledMinor)
                .sum();
        long calledReturned = cycle.outcomes().stream()
                .mapToLong(CycleStatus.Outcome::returnedMinor)
                .sum();
        boolean bankAgrees = journal.sum(
                "the bank's own book = what we call settled, and nobody is paid twice",
                book.paidMinor() == calledSettled
                        && book.returnedMinor() == calledReturned
                        && book.referencesPaidTwice() == 0
                        && book.accountsPaidTwice() == 0,
                "bank paid " + money(book.paidMinor()) + " and took back " + money(book.returnedMinor()) + "; we: "
                        + money(calledSettled) + " and " + money(calledReturned) + "; accounts paid twice: "
                        + book.accountsPaidTwice());
        List<AuditVerification.ChainReport> chains = audit.verify();
        boolean audited = journal.sum(
                "the audit chain is verified",
                chains.stream().allMatch(AuditVerification.ChainReport::sound) && !chains.isEmpty(),
                chains.stream()
                        .map(chain -> chain.chain() + " " + Journal.number(chain.entries())
                                + (chain.sound() ? "" : " BROKEN: " + chain.fault()))
                        .collect(Collectors.joining(", ")));
        boolean tokenised = tokens == null || tokens.sum(journal);
        boolean found = doubles == null || doubles.sum(journal);
        boolean fetched = source == null || source.sum(journal);
        return people && approved && zero && bankAgrees && audited && tokenised && found && fetched;
    }

    private static long amount(Map<String, CycleStatus.Outcome> outcomes, String state) {
        CycleStatus.Outcome outcome = outcomes.get(state);
        return outcome == null ? 0 : outcome.amountMinor();
    }

    private String money(long minor) {
        return Money.of(minor, currency).toString();
    }
}
