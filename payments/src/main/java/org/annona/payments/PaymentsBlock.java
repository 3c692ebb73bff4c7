package org.annona.payments;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.annona.access.Actor;
import org.annona.access.Permission;
import org.annona.console.ConsoleBlock;
import org.annona.console.Formats;
import org.annona.console.NavigationEntry;
import org.annona.console.PersonLinks;
import org.annona.console.WaitingItem;
import org.annona.console.WaitingSource;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.Recurring;
import org.annona.foundation.job.Work;
import org.annona.foundation.sealing.Keyring;
import org.annona.payments.bank.IsoBankRail;
import org.annona.payments.decision.DecisionPages;
import org.annona.payments.decision.Decisions;
import org.annona.payments.dispatch.AskingTheBank;
import org.annona.payments.dispatch.Dispatch;
import org.annona.payments.dispatch.Outcomes;
import org.annona.payments.envelope.AcceptAccount;
import org.annona.payments.envelope.AcceptAccounts;
import org.annona.payments.envelope.DeclareUnpaid;
import org.annona.payments.envelope.EnvelopePages;
import org.annona.payments.envelope.Envelopes;
import org.annona.payments.envelope.GiveBack;
import org.annona.payments.envelope.Intake;
import org.annona.payments.envelope.PaymentFeed;
import org.annona.payments.envelope.PaymentPages;
import org.annona.payments.envelope.PaymentRequests;
import org.annona.payments.envelope.ProcessEnvelope;
import org.annona.payments.envelope.Reissue;
import org.annona.payments.envelope.Stops;
import org.annona.payments.funding.CarryOver;
import org.annona.payments.funding.FundPages;
import org.annona.payments.funding.Funding;
import org.annona.payments.ledger.Ledger;
import org.annona.payments.ledger.LedgerCheck;
import org.annona.payments.ledger.LedgerPages;
import org.annona.payments.rail.Rail;
import org.annona.payments.restored.Restored;
import org.annona.payments.restored.RestoredPages;
import org.annona.payments.statement.ExplainLine;
import org.annona.payments.statement.OpeningBalance;
import org.annona.payments.statement.StatementPages;
import org.annona.payments.statement.Statements;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Puts this block together. Needs a database of schema {@code payments}, the keyring, {@link PaymentsSettings} and the ports
 * {@link AddressBook}, {@link PayeeStanding} and {@link ProgrammeDirectory}.
 */
@Configuration(proxyBeanMethods = false)
public class PaymentsBlock {

    @Bean
    PaymentKeys paymentKeys(Keyring keyring) {
        return new PaymentKeys(keyring);
    }

    @Bean
    Rail rail(PaymentsSettings settings) {
        return new IsoBankRail(settings);
    }

    @Bean
    Outcomes outcomes(@Qualifier("paymentsDatabase") Database database) {
        return new Outcomes(database);
    }

    @Bean
    Dispatch dispatch(
            @Qualifier("paymentsDatabase") Database database,
            Rail rail,
            Outcomes outcomes,
            PaymentKeys keys,
            PaymentsSettings settings,
            Clock clock) {
        return new Dispatch(database, rail, outcomes, keys, settings, clock);
    }

    @Bean
    AskingTheBank askingTheBank(
            @Qualifier("paymentsDatabase") Database database,
            Rail rail,
            Dispatch dispatch,
            Outcomes outcomes,
            PaymentsSettings settings,
            Clock clock) {
        return new AskingTheBank(database, rail, dispatch, outcomes, settings, clock.getZone());
    }

    @Bean
    Envelopes envelopes(@Qualifier("paymentsDatabase") Database database, PaymentsSettings settings, Clock clock) {
        return new Envelopes(database, settings, clock);
    }

    @Bean
    Decisions decisions(
            @Qualifier("paymentsDatabase") Database database,
            Envelopes envelopes,
            Rail rail,
            PaymentKeys keys,
            ProgrammeDirectory programmes,
            PaymentsSettings settings,
            Clock clock) {
        return decisionsOf(database, envelopes, rail, keys, programmes, settings, clock);
    }

    /** With every kind of decision that two people can make. */
    static Decisions decisionsOf(
            Database database,
            Envelopes envelopes,
            Rail rail,
            PaymentKeys keys,
            ProgrammeDirectory programmes,
            PaymentsSettings settings,
            Clock clock) {
        return new Decisions(
                database,
                List.of(
                        new DeclareUnpaid(envelopes, settings, clock.getZone()),
                        new Reissue(envelopes, settings),
                        new AcceptAccount(database, envelopes, keys),
                        new AcceptAccounts(database),
                        new GiveBack(envelopes),
                        new ExplainLine(database, rail, settings, clock),
                        new OpeningBalance(settings),
                        new CarryOver(settings, programmes, clock)),
                settings.decisionLife());
    }

    @Bean
    DecisionPages decisionPages(Decisions decisions, Formats formats) {
        return new DecisionPages(decisions, formats);
    }

    @Bean
    NavigationEntry decisionsEntry() {
        return new NavigationEntry(505, "Decisions by two", "/payment-decisions", List.of(PaymentsPermission.VIEW));
    }

    @Bean
    Work processEnvelope(
            @Qualifier("paymentsDatabase") Database database,
            AddressBook addresses,
            Dispatch dispatch,
            PayeeStanding standing,
            PaymentKeys keys,
            PaymentsSettings settings,
            Clock clock) {
        return new ProcessEnvelope(database, addresses, dispatch, standing, keys, settings, clock);
    }

    @Bean
    Ledger ledger(@Qualifier("paymentsDatabase") Database database) {
        return new Ledger(database);
    }

    @Bean
    LedgerCheck ledgerCheck(@Qualifier("paymentsDatabase") Database database) {
        return new LedgerCheck(database);
    }

    @Bean
    Funding funding(
            @Qualifier("paymentsDatabase") Database database,
            Ledger ledger,
            ProgrammeDirectory programmes,
            PaymentsSettings settings,
            Clock clock) {
        return new Funding(database, ledger, programmes, settings, clock);
    }

    @Bean
    Statements statements(
            @Qualifier("paymentsDatabase") Database database,
            Rail rail,
            PaymentKeys keys,
            PaymentsSettings settings,
            Clock clock) {
        return new Statements(database, rail, keys, settings, clock);
    }

    @Bean
    Payments payments(
            @Qualifier("paymentsDatabase") Database database,
            Envelopes envelopes,
            Funding funding,
            Statements statements,
            LedgerCheck check) {
        return new Payments(new Intake(database), envelopes, new PaymentFeed(database), funding, statements, check);
    }

    @Bean
    Recurring askTheBank(AskingTheBank asking) {
        return new Recurring("payments.ask-the-bank", Duration.ofSeconds(1), asking::askDue);
    }

    @Bean
    Recurring remindOfAccepted(AskingTheBank asking) {
        return new Recurring("payments.remind-of-accepted", Duration.ofHours(6), asking::remindOfAccepted);
    }

    @Bean
    Recurring fetchStatements(Statements statements, PaymentsSettings settings) {
        return new Recurring("payments.fetch-statements", settings.statementsEvery(), statements::fetchNew);
    }

    @Bean
    Recurring closeEnvelopes(Envelopes envelopes) {
        return new Recurring("payments.close-envelopes", Duration.ofSeconds(1), envelopes::closeFinished);
    }

    @Bean
    Recurring stopUnwanted(@Qualifier("paymentsDatabase") Database database, PayeeStanding standing) {
        Stops stops = new Stops(database);
        return new Recurring("payments.stop-unwanted", Duration.ofSeconds(10), () -> stops.unwanted(standing));
    }

    @Bean
    EnvelopePages envelopePages(
            Envelopes envelopes,
            Decisions decisions,
            AddressBook addresses,
            ObjectProvider<PersonLinks> links,
            @Qualifier("paymentsDatabase") Database database,
            Formats formats) {
        return new EnvelopePages(
                envelopes,
                new Stops(database),
                decisions,
                new PaymentRequests(database, decisions, addresses),
                links.stream().toList(),
                database,
                formats);
    }

    @Bean
    PaymentPages paymentPages(Envelopes envelopes, Formats formats) {
        return new PaymentPages(envelopes, formats);
    }

    @Bean
    PersonLinks paymentsOfPerson() {
        return (actor, person) -> actor.may(PaymentsPermission.VIEW)
                ? List.of(new PersonLinks.Link("Payments", "/payments?f.beneficiary=" + person))
                : List.of();
    }

    @Bean
    FundPages fundPages(
            Funding funding, Ledger ledger, Decisions decisions, PaymentsSettings settings, Formats formats) {
        return new FundPages(funding, ledger, decisions, settings, formats);
    }

    @Bean
    StatementPages statementPages(
            Statements statements, Decisions decisions, PaymentsSettings settings, Formats formats, Clock clock) {
        return new StatementPages(statements, decisions, settings, formats, clock);
    }

    @Bean
    LedgerPages ledgerPages(Ledger ledger, LedgerCheck check, Formats formats) {
        return new LedgerPages(ledger, check, formats);
    }

    @Bean
    Restored restored(@Qualifier("paymentsDatabase") Database database, PaymentsSettings settings, Clock clock) {
        return new Restored(database, settings, clock.getZone());
    }

    @Bean
    RestoredPages restoredPages(Restored restored) {
        return new RestoredPages(restored);
    }

    @Bean
    WaitingSource restoredWaiting(Restored restored) {
        return actor -> actor.may(PaymentsPermission.OPERATE)
                ? List.of(new WaitingItem(
                        "Restored from a backup: nothing is sent",
                        "Read the statements of the bank since the backup, then let payments go on.",
                        restored.waits() ? 1 : 0,
                        "/restores",
                        true))
                : List.of();
    }

    @Bean
    NavigationEntry envelopesEntry() {
        return new NavigationEntry(500, "Payments", "/envelopes", List.of(PaymentsPermission.VIEW));
    }

    @Bean
    NavigationEntry fundsEntry() {
        return new NavigationEntry(510, "Funds", "/funds", List.of(PaymentsPermission.VIEW));
    }

    @Bean
    NavigationEntry statementsEntry() {
        return new NavigationEntry(520, "Statements", "/statements", List.of(PaymentsPermission.VIEW));
    }

    @Bean
    NavigationEntry ledgerEntry() {
        return new NavigationEntry(530, "Ledger", "/ledger", List.of(PaymentsPermission.VIEW));
    }

    @Bean
    WaitingSource paymentsWaiting(Envelopes envelopes, Statements statements, Decisions decisions) {
        return actor -> waiting(actor, envelopes, statements, decisions);
    }

    private static List<WaitingItem> waiting(
            Actor actor, Envelopes envelopes, Statements statements, Decisions decisions) {
        if (!actor.may(PaymentsPermission.OPERATE)) {
            return List.of();
        }
        return List.of(
                new WaitingItem(
                        "Requests of colleagues that need a second person",
                        "Confirm or refuse them before they expire.",
                        decisions.waitingFor(actor),
                        "/payment-decisions",
                        true),
                new WaitingItem(
                        "Unexplained lines of statements",
                        "Their money is in suspense. Ask the bank, then explain them; a colleague confirms.",
                        statements.unexplained(),
                        "/suspense",
                        true),
                new WaitingItem(
                        "Payments that came back",
                        "Request to pay them again, or to return the money to the fund.",
                        envelopes.unpaid("returned"),
                        "/unpaid?f.state=returned",
                        false),
                new WaitingItem(
                        "Rejected payments",
                        "Request to pay them again once the reason is mended, or to return the money to the fund.",
                        envelopes.unpaid("rejected"),
                        "/unpaid?f.state=rejected",
                        false),
                new WaitingItem(
                        "A statement that cannot be taken in",
                        "The bank's statement does not fit; until it does, no payment is called settled.",
                        statements.refusal(actor).isPresent() ? 1 : 0,
                        "/statements",
                        true),
                new WaitingItem(
                        "Payments whose account is missing or changed",
                        "Look accounts up again once they are known, request to pay changed ones, or give the payments up.",
                        envelopes.waitingPayments("unresolved"),
                        "/envelopes",
                        false),
                new WaitingItem(
                        "Payments whose outcome is unknown",
                        "The bank is being asked about them by itself.",
                        envelopes.waitingPayments("unknown"),
                        "/envelopes",
                        false),
                new WaitingItem(
                        "Envelopes that wait for funds",
                        "Announce funds; the payments go on when the bank shows the money.",
                        envelopes.waitingForFunds(),
                        "/envelopes?f.state=waiting_for_funds",
                        true));
    }

    @Bean
    ConsoleBlock.ProblemCodes paymentsProblems() {
        return PaymentsProblem::values;
    }

    @Bean
    Permission.OfBlock paymentsPermissions() {
        return PaymentsPermission::values;
    }
}
