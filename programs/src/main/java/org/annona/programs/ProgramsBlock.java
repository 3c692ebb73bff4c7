package org.annona.programs;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.annona.access.Permission;
import org.annona.console.ConsoleBlock;
import org.annona.console.Formats;
import org.annona.console.NavigationEntry;
import org.annona.console.PersonLinks;
import org.annona.console.WaitingItem;
import org.annona.console.WaitingSource;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.job.Recurring;
import org.annona.foundation.job.Work;
import org.annona.foundation.sealing.Keyring;
import org.annona.programs.approval.Approvals;
import org.annona.programs.beneficiary.Beneficiaries;
import org.annona.programs.cycle.AccountConcernPages;
import org.annona.programs.cycle.AccountConcerns;
import org.annona.programs.cycle.ComputeEntitlements;
import org.annona.programs.cycle.Cycle;
import org.annona.programs.cycle.CyclePages;
import org.annona.programs.cycle.Cycles;
import org.annona.programs.cycle.FreezeRoster;
import org.annona.programs.cycle.HandOver;
import org.annona.programs.cycle.PaymentOutcomes;
import org.annona.programs.deciding.ApprovalPages;
import org.annona.programs.deciding.Deciding;
import org.annona.programs.duplication.BlindQuestions;
import org.annona.programs.duplication.CheckMembers;
import org.annona.programs.duplication.CheckReports;
import org.annona.programs.duplication.CheckedPeople;
import org.annona.programs.duplication.Checks;
import org.annona.programs.duplication.DuplicationPages;
import org.annona.programs.duplication.PartnerTagLists;
import org.annona.programs.duplication.Reviews;
import org.annona.programs.duplication.Sources;
import org.annona.programs.duplication.TypedQuestions;
import org.annona.programs.eligibility.AssessSubjects;
import org.annona.programs.eligibility.AssessmentPages;
import org.annona.programs.eligibility.Assessments;
import org.annona.programs.enrolment.EnrolEligible;
import org.annona.programs.enrolment.EnrolmentEndPages;
import org.annona.programs.enrolment.EnrolmentEnds;
import org.annona.programs.enrolment.EnrolmentPages;
import org.annona.programs.enrolment.Enrolments;
import org.annona.programs.matching.Exchanges;
import org.annona.programs.matching.PrepareExchange;
import org.annona.programs.overview.ProgrammePages;
import org.annona.programs.population.PopulationRefresh;
import org.annona.programs.population.RefreshPopulation;
import org.annona.programs.programme.Programmes;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Puts this block together. Needs a database of schema {@code programs}, {@link ProgramsSettings}, the ports
 * {@link Population}, {@link PersonDirectory}, {@link AreaDirectory}, {@link PayeeAccounts} and {@link PaymentGateway}, and {@link Topics}.
 */
@Configuration(proxyBeanMethods = false)
public class ProgramsBlock {

    /**
     * Topics of the messages that something changed at the other side of a port.
     *
     * @param poll how often a population that cannot send such messages is asked; null where it can
     */
    public record Topics(
            String populationChanged,
            String paymentsChanged,
            @Nullable Duration poll) {}

    private static final int MARKS_PER_PAGE = 10_000;
    private static final int PEOPLE_PER_LISTING = 2_000;

    /** Where the population is in another installation. */
    @Bean
    Recurring pollPopulation(PopulationRefresh refresh, Topics topics) {
        Duration pause = Objects.requireNonNullElse(topics.poll(), Duration.ofDays(1));
        return new Recurring("programs.poll-population", pause, () -> {
            while (topics.poll() != null && refresh.fetch().more()) {
                // until there is nothing new
            }
        });
    }

    @Bean
    Programmes programmes(
            @Qualifier("programsDatabase") Database database,
            ProgramsSettings settings,
            AreaDirectory areas,
            Clock clock) {
        return new Programmes(database, settings, areas, clock);
    }

    @Bean
    Approvals approvals(@Qualifier("programsDatabase") Database database, Clock clock) {
        return new Approvals(database, clock);
    }

    @Bean
    PopulationRefresh populationRefresh(
            @Qualifier("programsDatabase") Database database, Population population, Clock clock) {
        return new PopulationRefresh(database, population, clock);
    }

    @Bean
    RefreshPopulation refreshPopulation(
            @Qualifier("programsDatabase") Database database, PopulationRefresh refresh, Topics topics) {
        return new RefreshPopulation(database, refresh, topics.populationChanged());
    }

    @Bean
    Assessments assessments(@Qualifier("programsDatabase") Database database, Programmes programmes, Clock clock) {
        return new Assessments(database, programmes, clock);
    }

    @Bean
    Work assessHouseholds(
            @Qualifier("programsDatabase") Database database,
            Programmes programmes,
            PopulationRefresh refresh,
            Clock clock) {
        return new AssessSubjects(database, programmes, refresh, clock);
    }

    @Bean
    Beneficiaries beneficiaries(
            @Qualifier("programsDatabase") Database database,
            PersonDirectory directory,
            Exchanges exchanges,
            ProgramsSettings settings,
            Clock clock) {
        return new Beneficiaries(database, directory, exchanges, settings.currency(), clock);
    }

    @Bean
    Exchanges matchingExchanges(
            @Qualifier("programsDatabase") Database database, PersonDirectory directory, Keyring keyring, Clock clock) {
        return new Exchanges(database, directory, keyring, MARKS_PER_PAGE, clock);
    }

    @Bean
    Work prepareExchange(
            @Qualifier("programsDatabase") Database database,
            Exchanges exchanges,
            PersonDirectory directory,
            Clock clock) {
        return new PrepareExchange(database, exchanges, directory, PEOPLE_PER_LISTING, clock);
    }

    @Bean
    Recurring forgetExchanges(Exchanges exchanges) {
        return new Recurring("programs.forget-exchanges", Duration.ofHours(1), exchanges::forgetOver);
    }

    @Bean
    Enrolments enrolments(
            @Qualifier("programsDatabase") Database database,
            Programmes programmes,
            Assessments assessments,
            Clock clock) {
        return new Enrolments(database, programmes, assessments, clock);
    }

    @Bean
    Work enrolEligible(@Qualifier("programsDatabase") Database database, DuplicationOracle duplication, Clock clock) {
        return new EnrolEligible(database, duplication, clock);
    }

    @Bean
    Sources duplicationSources(
            @Qualifier("programsDatabase") Database database, BeneficiaryRegistries registries, Clock clock) {
        return new Sources(database, registries, clock);
    }

    @Bean
    CheckReports checkReports(@Qualifier("programsDatabase") Database database, Clock clock) {
        return new CheckReports(database, clock);
    }

    @Bean
    Reviews duplicationReviews(@Qualifier("programsDatabase") Database database, Clock clock) {
        return new Reviews(database, clock);
    }

    @Bean
    PartnerTagLists theirLists(@Qualifier("programsDatabase") Database database, Clock clock) {
        return new PartnerTagLists(database, clock);
    }

    @Bean
    Recurring forgetTheirLists(PartnerTagLists lists) {
        return new Recurring("programs.forget-their-lists", Duration.ofMinutes(10), lists::forgetUseless);
    }

    @Bean
    BlindQuestions blindQuestions(BeneficiaryRegistries registries, PersonDirectory directory, PartnerTagLists lists) {
        return new BlindQuestions(registries, directory, lists);
    }

    @Bean
    Checks duplicationChecks(
            @Qualifier("programsDatabase") Database database,
            Sources sources,
            BeneficiaryRegistries registries,
            BlindQuestions blind,
            ProgramsSettings settings,
            Clock clock) {
        return new Checks(database, sources, registries, blind, settings.firstRetry(), clock);
    }

    @Bean
    CheckMembers checkMembers(
            @Qualifier("programsDatabase") Database database,
            Sources sources,
            Checks checks,
            CheckReports reports,
            BlindQuestions blind,
            PopulationRefresh population,
            ProgramsSettings settings,
            Clock clock) {
        return new CheckMembers(
                database,
                sources,
                checks,
                reports,
                blind,
                population,
                new Jobs(database),
                settings.firstRetry(),
                clock);
    }

    @Bean
    CheckedPeople checkedPeople(
            @Qualifier("programsDatabase") Database database, PersonDirectory directory, Clock clock) {
        return new CheckedPeople(database, directory, clock);
    }

    @Bean
    TypedQuestions typedQuestions(
            @Qualifier("programsDatabase") Database database,
            Sources sources,
            Checks checks,
            PersonDirectory directory) {
        return new TypedQuestions(database, sources, checks, directory);
    }

    @Bean
    NavigationEntry typedQuestionsEntry() {
        return new NavigationEntry(
                331, "Assisted elsewhere?", "/assisted-elsewhere", List.of(ProgramsPermission.ASK_DUPLICATES));
    }

    @Bean
    DuplicationPages duplicationPages(
            Sources sources,
            Checks checks,
            CheckReports reports,
            CheckedPeople people,
            Reviews reviews,
            TypedQuestions typedQuestions,
            CheckMembers members,
            BlindQuestions blind,
            Programmes programmes,
            @Qualifier("programsDatabase") Database database,
            Formats formats) {
        return new DuplicationPages(
                sources,
                checks,
                reports,
                people,
                reviews,
                typedQuestions,
                members,
                blind,
                programmes,
                new Jobs(database),
                formats);
    }

    @Bean
    NavigationEntry doublesEntry() {
        return new NavigationEntry(330, "Duplicates", "/duplication-checks", List.of(ProgramsPermission.VIEW));
    }

    @Bean
    WaitingSource doublesWaiting(CheckReports checks) {
        return actor -> actor.may(ProgramsPermission.REVIEW_DUPLICATES)
                ? List.of(new WaitingItem(
                        "Perhaps assisted elsewhere",
                        "Another registry tells of an enrolment. Decide whether it is a duplicate.",
                        checks.countToReview(),
                        "/duplication-checks?f.review=open",
                        false))
                : List.of();
    }

    @Bean
    Recurring recheckDuplicates(CheckMembers members) {
        return new Recurring("programs.recheck-duplicates", Duration.ofMinutes(10), members::recheckDue);
    }

    @Bean
    Cycles cycles(
            @Qualifier("programsDatabase") Database database,
            Programmes programmes,
            PaymentGateway payments,
            Clock clock) {
        return new Cycles(database, programmes, payments, clock);
    }

    @Bean
    Work freezeRoster(@Qualifier("programsDatabase") Database database, PopulationRefresh refresh) {
        return new FreezeRoster(database, refresh);
    }

    @Bean
    AccountConcerns accountConcerns(
            @Qualifier("programsDatabase") Database database, PersonDirectory people, ProgramsSettings settings) {
        return new AccountConcerns(database, people, settings);
    }

    @Bean
    AccountConcernPages accountConcernPages(
            AccountConcerns concerns, Cycles cycles, ProgramsSettings settings, Formats formats) {
        return new AccountConcernPages(concerns, cycles, settings, formats);
    }

    @Bean
    WaitingSource accountsWaiting(AccountConcerns concerns) {
        return actor -> actor.may(ProgramsPermission.APPROVE)
                ? List.of(new WaitingItem(
                        "Accounts to accept",
                        "Cycles with accounts that are new or serve more than one household.",
                        concerns.waitingFor(actor),
                        "/cycles?f.state=accounts",
                        true))
                : List.of();
    }

    @Bean
    Work computeEntitlements(
            @Qualifier("programsDatabase") Database database, Programmes programmes, PayeeAccounts accounts) {
        return new ComputeEntitlements(database, programmes, accounts);
    }

    @Bean
    Work handOver(
            @Qualifier("programsDatabase") Database database,
            Cycles cycles,
            Approvals approvals,
            PaymentGateway payments) {
        return new HandOver(database, cycles, approvals, payments);
    }

    @Bean
    PaymentOutcomes paymentOutcomes(
            @Qualifier("programsDatabase") Database database, PaymentGateway payments, Clock clock, Topics topics) {
        return new PaymentOutcomes(database, payments, clock, topics.paymentsChanged());
    }

    /** Messages may be late or lost with the other side; the feed is read now and then in any case. */
    @Bean
    Recurring collectOutcomes(PaymentOutcomes outcomes) {
        return new Recurring("programs.collect-outcomes", Duration.ofSeconds(30), outcomes::collect);
    }

    @Bean
    Deciding deciding(
            @Qualifier("programsDatabase") Database database,
            Approvals approvals,
            Programmes programmes,
            Cycles cycles) {
        return new Deciding(database, approvals, programmes, cycles);
    }

    @Bean
    Programs programs(
            Programmes programmes,
            Assessments assessments,
            Enrolments enrolments,
            Cycles cycles,
            Approvals approvals,
            Deciding deciding,
            PaymentOutcomes outcomes,
            Sources duplicationSources,
            Checks duplicationChecks,
            CheckReports duplicationReports,
            CheckMembers duplicationMembers,
            @Qualifier("programsDatabase") Database database) {
        return new Programs(
                programmes,
                assessments,
                enrolments,
                cycles,
                approvals,
                deciding,
                outcomes,
                duplicationSources,
                duplicationChecks,
                duplicationReports,
                duplicationMembers,
                new Jobs(database));
    }

    @Bean
    ProgrammePages programmePages(
            Programmes programmes,
            Assessments assessments,
            Enrolments enrolments,
            Cycles cycles,
            Approvals approvals,
            PopulationRefresh population,
            AreaDirectory areas,
            @Qualifier("programsDatabase") Database database,
            Formats formats,
            Clock clock) {
        return new ProgrammePages(
                programmes, assessments, enrolments, cycles, approvals, population, areas, database, formats, clock);
    }

    @Bean
    AssessmentPages assessmentPages(Assessments assessments, Programmes programmes, Formats formats) {
        return new AssessmentPages(assessments, programmes, formats);
    }

    @Bean
    EnrolmentPages enrolmentPages(
            Enrolments enrolments,
            Programmes programmes,
            Assessments assessments,
            Cycles cycles,
            Sources sources,
            CheckReports checks,
            EnrolmentEnds ends,
            Formats formats) {
        return new EnrolmentPages(enrolments, programmes, assessments, cycles, sources, checks, ends, formats);
    }

    @Bean
    EnrolmentEnds enrolmentEnds(@Qualifier("programsDatabase") Database database) {
        return new EnrolmentEnds(database);
    }

    @Bean
    EnrolmentEndPages enrolmentEndPages(EnrolmentEnds ends, Formats formats) {
        return new EnrolmentEndPages(ends, formats);
    }

    @Bean
    WaitingSource endsWaiting(EnrolmentEnds ends) {
        return actor -> {
            List<WaitingItem> items = new ArrayList<>();
            if (actor.may(ProgramsPermission.APPROVE)) {
                items.add(new WaitingItem(
                        "Ends of enrolments",
                        "Programme managers ask for them; they end when you confirm.",
                        ends.waitingFor(actor),
                        "/enrolment-ends",
                        true));
            }
            if (actor.may(ProgramsPermission.ENROL)) {
                items.add(new WaitingItem(
                        "Ends of enrolments that you asked for",
                        "They wait for an approver. Withdraw one that was an error.",
                        ends.askedBy(actor),
                        "/enrolment-ends",
                        false));
            }
            return items;
        };
    }

    @Bean
    CyclePages cyclePages(
            Cycles cycles,
            Programmes programmes,
            Approvals approvals,
            @Qualifier("programsDatabase") Database database,
            Formats formats) {
        return new CyclePages(cycles, programmes, approvals, database, formats);
    }

    @Bean
    ApprovalPages approvalPages(
            Approvals approvals, Deciding deciding, Programmes programmes, Cycles cycles, Formats formats) {
        return new ApprovalPages(approvals, deciding, programmes, cycles, formats);
    }

    @Bean
    NavigationEntry programmesEntry() {
        return new NavigationEntry(300, "Programmes", "/programmes", List.of(ProgramsPermission.VIEW));
    }

    @Bean
    NavigationEntry cyclesEntry() {
        return new NavigationEntry(310, "Cycles", "/cycles", List.of(ProgramsPermission.VIEW));
    }

    @Bean
    NavigationEntry approvalsEntry() {
        return new NavigationEntry(320, "Approvals", "/approvals", List.of(ProgramsPermission.VIEW));
    }

    @Bean
    WaitingSource programsWaiting(Approvals approvals) {
        return actor -> actor.mayAny(List.of(ProgramsPermission.APPROVE, ProgramsPermission.RELEASE))
                ? List.of(new WaitingItem(
                        "Decisions",
                        "Prepared by others, and waiting for your approval or release.",
                        approvals.waitingFor(actor),
                        "/approvals?f.mine=yes",
                        true))
                : List.of();
    }

    @Bean
    WaitingSource householdsWaiting(Enrolments enrolments, Cycles cycles) {
        return actor -> actor.may(ProgramsPermission.ENROL) ? waiting(enrolments, cycles) : List.of();
    }

    private static List<WaitingItem> waiting(Enrolments enrolments, Cycles cycles) {
        List<WaitingItem> items = new ArrayList<>();
        for (Enrolments.Waiting one : enrolments.waiting()) {
            boolean applied = one.state().equals("applied");
            items.add(new WaitingItem(
                    (applied ? "Applicants of " : "Held as possible duplicates in ") + one.programmeName(),
                    applied
                            ? "Preview the programme, and enrol those who are eligible."
                            : "The other registry or an approver clears them.",
                    one.households(),
                    "/programmes/" + one.programmeId() + "/beneficiaries?f.state=" + one.state(),
                    false));
        }
        for (Cycle cycle : cycles.holding()) {
            items.add(new WaitingItem(
                    "Held in " + cycle.programmeName() + ", " + cycle.code(),
                    "They are not paid in this cycle. See why, and mend it before the next one.",
                    cycle.summary().heldTotal(),
                    "/cycles/" + cycle.id() + "?f.state=held",
                    false));
        }
        return items;
    }

    @Bean
    PersonLinks enrolmentsOfPerson(Enrolments enrolments) {
        return (actor, person) -> actor.may(ProgramsPermission.VIEW)
                ? enrolments.ofPerson(person).stream()
                        .map(one -> new PersonLinks.Link(
                                "Enrolment in " + one.programmeName() + (one.ended() ? ", ended" : "")
                                        + (one.memberToday() ? "" : ", of a former household"),
                                "/enrolments/" + one.id()))
                        .toList()
                : List.of();
    }

    @Bean
    PersonLinks checksOfPerson(Enrolments enrolments) {
        return (actor, person) -> actor.mayAny(List.of(ProgramsPermission.VIEW, ProgramsPermission.ASK_DUPLICATES))
                        && enrolments.isKnown(person)
                ? List.of(new PersonLinks.Link("Assisted elsewhere?", "/duplication-checks/of/" + person))
                : List.of();
    }

    @Bean
    ConsoleBlock.ProblemCodes programsProblems() {
        return ProgramsProblem::values;
    }

    @Bean
    Permission.OfBlock programsPermissions() {
        return ProgramsPermission::values;
    }
}
