package org.annona.demo;

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
import org.annona.demo.standin.BankSwitches;
import org.annona.foundation.audit.AuditVerification;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.money.Money;
import org.annona.foundation.scope.Scope;
import org.annona.payments.EnvelopeTotals;
import org.annona.payments.FundsAnnouncement;
import org.annona.payments.LedgerTotals;
import org.annona.payments.Payments;
import org.annona.payments.SettledTotals;
import org.annona.programs.AssessmentStatus;
import org.annona.programs.CycleStatus;
import org.annona.programs.DecisionRequest;
import org.annona.programs.OrderKey;
import org.annona.programs.ProgrammeStatus;
import org.annona.programs.Programs;
import org.annona.server.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Runs one programme from a list of people to the last cent, as six users would. Each step is an operation of the console, and
 * looks first at what is there: after a crash the demo continues where it stopped, and a second run changes nothing.
 */
public final class Demo {

    private static final String PROGRAMME = "FAMILY";
    private static final String CYCLE = "first cycle";
    private static final int MOST_DAYS = 200;

    private final Importing importing;
    private final Programs programs;
    private final Payments payments;
    private final Jobs jobs;
    private final AuditVerification audit;
    private final DemoUsers users;
    private final BankSwitches bank;
    private final Duration bankDay;
    private final String currency;
    private final Clock clock;
    private final DemoOutput output;
    private final Waiting waiting;
    private final @Nullable TokenDemo tokens;
    private final @Nullable DuplicatesDemo duplicates;
    private final @Nullable SourceDemo source;
    private @Nullable Summary summary;

    /**
     * @param bankDay how long a day of the simulated bank lasts
     * @param tokens where the registry is in this installation and a token seeder runs beside it; else null
     * @param duplicates where another beneficiary registry runs beside it; else null
     * @param source where another social registry runs beside it; else null
     */
    public Demo(
            Importing importing,
            Programs programs,
            Payments payments,
            Jobs jobs,
            AuditVerification audit,
            DemoUsers users,
            BankSwitches bank,
            Duration bankDay,
            String currency,
            Clock clock,
            DemoOutput output,
            @Nullable TokenDemo tokens,
            @Nullable DuplicatesDemo duplicates,
            @Nullable SourceDemo source) {
        this.source = source;
        this.tokens = tokens;
        this.duplicates = duplicates;
        this.clock = clock;
        this.importing = importing;
        this.programs = programs;
        this.payments = payments;
        this.jobs = jobs;
        this.output = output;
        this.waiting = new Waiting(jobs, output);
        this.audit = audit;
        this.users = users;
        this.bank = bank;
        this.bankDay = bankDay;
        this.currency = currency;
    }

    /** @return whether every sum holds */
    public boolean run(Path folder, int people, long seed) {
        return Scope.of(Actor.FIRST_ORGANISATION).call(() -> runForMinistry(folder, people, seed));
    }

    private boolean runForMinistry(Path folder, int people, long seed) {
        Instant begin = Instant.now();
        output.heading("A sample country with " + DemoOutput.number(people) + " people, seed " + seed);
        users.create();
        SampleCountry.Lists lists = SampleCountry.write(folder, people, seed);
        output.step(
                "Files",
                DemoOutput.number(lists.rows()) + " rows of people in " + DemoOutput.number(lists.households())
                        + " households");
        output.more(lists.people().toString());
        Imported imported = importing.take(lists, output::step);
        if (tokens != null) {
            tokens.run(output, waiting);
        }
        ProgrammeStatus programme = programme();
        enrol(programme);
        if (duplicates != null) {
            duplicates.run(programme.id(), lists.people(), output, waiting);
        }
        if (source != null) {
            source.run(PROGRAMME, programme.id(), output, waiting);
        }
        CycleStatus cycle = computed(programme);
        fund(programme, cycle);
        decide(cycle);
        pay(cycle.id());
        CycleStatus closed = reconcile(cycle.id());
        boolean sound = sums(lists, imported, closed);
        summary = summary(imported, closed);
        output.end(sound, Duration.between(begin, Instant.now()));
        return sound;
    }

    /** The outcome, to be compared with another run. */
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
        output.step("Programme", active.name() + ", made from a template; a second person approved its terms");
        output.more(active.rule());
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
        output.step(
                "Preview",
                DemoOutput.number(found.eligible()) + " households are eligible, "
                        + DemoOutput.number(found.notEligible())
                        + " are not, " + DemoOutput.number(found.unknown()) + " are unknown; one cycle costs "
                        + money(found.costMinor()));
        output.more("unknown because these are missing: "
                + found.missing().entrySet().stream()
                        .map(lack -> lack.getKey() + " (" + DemoOutput.number(lack.getValue()) + ")")
                        .collect(Collectors.joining(", ")));
        if (!programs.enrolled(manager, programme.id()).containsKey("enrolled")) {
            programs.enrol(manager, found.id());
        }
        waiting.until(
                subject,
                () -> jobs.ofSubject(subject, 20).stream()
                        .allMatch(job -> job.state().isEnded()));
        output.step(
                "Enrolment",
                programs.enrolled(manager, programme.id()).entrySet().stream()
                        .map(count -> DemoOutput.number(count.getValue()) + " households are " + count.getKey())
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
        output.step(
                "Cycle",
                DemoOutput.number(done.households()) + " households on the frozen roster, "
                        + DemoOutput.number(done.payable()) + " receive " + money(done.totalMinor()) + held(done));
        return done;
    }

    private static String held(CycleStatus cycle) {
        return cycle.held().entrySet().stream()
                .map(reason -> "; " + DemoOutput.number(reason.getValue()) + " on hold ("
                        + reason.getKey().toLowerCase(Locale.ROOT).replace('_', ' ') + ")")
                .collect(Collectors.joining());
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
        output.step(
                "Funds",
                "announced by finance, paid in by the treasury, seen on the statement of the bank; "
                        + money(payments.availableMinor(programme.code())) + " available");
    }

    private void decide(CycleStatus cycle) {
        approve(Role.APPROVER, cycle.id(), 1);
        output.step("Approval", "the approver approved the list");
        approve(Role.FINANCE_OFFICER, cycle.id(), 2);
        output.step("Release", "the finance officer released the money for exactly that list");
    }

    private void pay(UUID cycleId) {
        Actor auditor = users.actor(Role.AUDITOR);
        if (!programs.cycle(auditor, cycleId).state().equals("released")) {
            return;
        }
        // What a bank does on an ordinary bad day.
        bank.misbehave("silentAfterAccepting=1&errorAfterAccepting=1&errorBeforeAccepting=1");
        String key = OrderKey.of(cycleId);
        waiting.until("cycle/" + cycleId, () -> payments.envelopeOf(key).isPresent());
        UUID envelope = payments.envelopeOf(key).orElseThrow();
        waiting.until(
                "envelope/" + envelope,
                () -> payments.progress(key).orElseThrow().dispatched());
        output.step("Dispatch", "every account was looked up and every payment sent");
        output.more(
                "the simulated bank lost an answer, failed after accepting a message, and failed before accepting one");
        waiting.until("envelope/" + envelope, () -> count(envelope, "ready", "received") == 0);
        if (count(envelope, "unknown") > 0) {
            output.more(
                    "a message of which the bank has no record is sent again after the statement that would show it");
        }
        for (int days = 0; count(envelope, "ready", "unknown") > 0 && days < MOST_DAYS; days++) {
            bank.closeDays(1);
            Instant evening = Instant.now().plus(bankDay);
            waiting.until(
                    "envelope/" + envelope,
                    () -> Instant.now().isAfter(evening) || count(envelope, "ready", "unknown") == 0);
        }
        output.step(
                "Outcomes",
                payments.totals(envelope).stream()
                        .map(total -> DemoOutput.number(total.payments()) + " "
                                + total.state().replace('_', ' '))
                        .collect(Collectors.joining(", ")));
        if (count(envelope, "unresolved") > 0) {
            payments.cancelUnresolved(users.actor(Role.FINANCE_OFFICER), envelope, "no account is known; paid by hand");
            output.step("Without account", "cancelled by finance, with a reason; the money goes back to the fund");
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
                throw new Refusal("The cycle is not closed after " + days
                        + " bank days. The page /envelopes shows which" + " payments need a decision.");
            }
            bank.closeDays(1);
            days++;
            Instant evening = Instant.now().plus(bankDay);
            waiting.until(
                    "cycle/" + cycleId,
                    () -> Instant.now().isAfter(evening)
                            || programs.cycle(auditor, cycleId).state().equals("closed"));
        }
        CycleStatus closed = programs.cycle(auditor, cycleId);
        output.step(
                "Reconciliation",
                "statements of " + days + " bank days; the cycle is " + closed.state()
                        + ": "
                        + closed.outcomes().stream()
                                .map(outcome -> DemoOutput.number(outcome.households()) + " " + outcome.state())
                                .collect(Collectors.joining(", ")));
        return closed;
    }

    private boolean sums(SampleCountry.Lists lists, Imported imported, CycleStatus cycle) {
        output.heading("The sums");
        boolean people = output.sum(
                "people in files = imported + rejected rows",
                lists.rows() == imported.imported() + imported.rejected(),
                DemoOutput.number(lists.rows()) + " = " + DemoOutput.number(imported.imported()) + " + "
                        + DemoOutput.number(imported.rejected()));
        Map<String, CycleStatus.Outcome> outcomes =
                cycle.outcomes().stream().collect(Collectors.toMap(CycleStatus.Outcome::state, outcome -> outcome));
        long settled = amount(outcomes, "settled");
        long failed = amount(outcomes, "failed") + amount(outcomes, "cancelled");
        long returned = amount(outcomes, "returned");
        long unknown = amount(outcomes, "unknown");
        boolean approved = output.sum(
                "amount approved = settled + failed + returned + unknown",
                cycle.totalMinor() == settled + failed + returned + unknown,
                money(cycle.totalMinor()) + " = " + money(settled) + " + " + money(failed) + " + " + money(returned)
                        + " + " + money(unknown));
        LedgerTotals ledger = payments.ledgerTotals(currency);
        List<String> faults = payments.checkLedger();
        boolean zero = output.sum(
                "the ledger sums to zero and every invariant of money holds",
                ledger.debitsMinor() == ledger.creditsMinor() && faults.isEmpty(),
                money(ledger.debitsMinor()) + " debited - " + money(ledger.creditsMinor()) + " credited = "
                        + money(ledger.debitsMinor() - ledger.creditsMinor())
                        + (faults.isEmpty() ? "" : "; " + faults));
        BankSwitches.BankBook book = bank.book();
        SettledTotals ours = payments.settledTotals();
        // Another list may pay the same accounts, rightly.
        boolean onlyThisList = ours.envelopes() == 1;
        boolean bankAgrees = output.sum(
                "the bank's own book = what we call settled, and nobody is paid twice",
                book.paidMinor() == ours.settledMinor()
                        && book.returnedMinor() == ours.returnedMinor()
                        && book.referencesPaidTwice() == 0
                        && (book.accountsPaidTwice() == 0 || !onlyThisList),
                "bank paid " + money(book.paidMinor()) + " and took back " + money(book.returnedMinor()) + "; we: "
                        + money(ours.settledMinor()) + " and " + money(ours.returnedMinor())
                        + (onlyThisList ? "; accounts paid twice: " + book.accountsPaidTwice() : "; for all lists"));
        List<AuditVerification.ChainReport> chains = audit.verify();
        boolean audited = output.sum(
                "the audit chain is verified",
                chains.stream().allMatch(AuditVerification.ChainReport::sound) && !chains.isEmpty(),
                chains.stream()
                        .map(chain -> chain.chain() + " " + DemoOutput.number(chain.entries())
                                + (chain.sound() ? "" : " BROKEN: " + chain.fault()))
                        .collect(Collectors.joining(", ")));
        boolean tokenised = tokens == null || tokens.sum(output);
        boolean found = duplicates == null || duplicates.sum(output);
        boolean fetched = source == null || source.sum(output);
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
