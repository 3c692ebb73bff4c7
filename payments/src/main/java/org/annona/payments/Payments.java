package org.annona.payments;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.feed.FeedPart;
import org.annona.payments.envelope.Envelope;
import org.annona.payments.envelope.Envelopes;
import org.annona.payments.envelope.Intake;
import org.annona.payments.envelope.PaymentFeed;
import org.annona.payments.funding.Funding;
import org.annona.payments.ledger.LedgerCheck;
import org.annona.payments.statement.Statements;

/** What this block does for others: orders in, outcomes out, funds and statements. */
public final class Payments {

    private final Intake intake;
    private final Envelopes envelopes;
    private final PaymentFeed feed;
    private final Funding funding;
    private final Statements statements;
    private final LedgerCheck check;

    Payments(
            Intake intake,
            Envelopes envelopes,
            PaymentFeed feed,
            Funding funding,
            Statements statements,
            LedgerCheck check) {
        this.intake = intake;
        this.envelopes = envelopes;
        this.feed = feed;
        this.funding = funding;
        this.statements = statements;
        this.check = check;
    }

    /** Announces an order; the same order again has no effect, another one under its key is refused. */
    public void open(PaymentOrder order) {
        intake.open(order);
    }

    public void deliver(String orderKey, List<PaymentLine> lines) {
        intake.deliver(orderKey, lines);
    }

    /** Ends the delivery; refused unless count, sum and digest are as announced. */
    public void complete(String orderKey) {
        intake.complete(orderKey);
    }

    public Optional<EnvelopeProgress> progress(String orderKey) {
        return envelopes.progress(orderKey);
    }

    public FeedPart<PaymentChange> changes(String after, int limit) {
        return feed.changes(after, limit);
    }

    /** What can be committed for a payment in that year, in minor units; never more than the bank has. */
    public long availableMinor(String programmeCode, int year) {
        return funding.availableMinor(programmeCode, year);
    }

    public AnnouncedFunds announcedFunds(String programmeCode, int year) {
        return funding.announced(programmeCode, year);
    }

    /** In minor units, of this year's fund. */
    public long availableMinor(String programmeCode) {
        return funding.availableMinor(programmeCode);
    }

    /** @return the reference under which the treasury has to transfer */
    public String announceFunds(Actor actor, String programmeCode, String currency, long amountMinor) {
        return funding.announce(actor, programmeCode, funding.thisYear(), currency, amountMinor)
                .reference();
    }

    /** The newest announcement for a programme that the bank has not shown yet. */
    public Optional<FundsAnnouncement> awaitedFunds(String programmeCode) {
        return funding.awaited(programmeCode)
                .map(awaited -> new FundsAnnouncement(awaited.reference(), awaited.amountMinor()));
    }

    /** Everything that was announced and that the bank has not shown yet; at most 1,000, the oldest first. */
    public List<FundsAnnouncement> awaitedFunds() {
        return funding.awaited().stream()
                .map(awaited -> new FundsAnnouncement(awaited.reference(), awaited.amountMinor()))
                .toList();
    }

    /** Fetches new statements from the bank. @return how many were taken */
    public int fetchStatements() {
        return statements.fetchNew();
    }

    public Optional<UUID> envelopeOf(String orderKey) {
        return envelopes.findByKey(orderKey).map(Envelope::id);
    }

    public List<EnvelopeTotals> totals(UUID envelopeId) {
        return envelopes.counts(envelopeId).stream()
                .map(count -> new EnvelopeTotals(
                        count.state(),
                        count.payments(),
                        count.amountMinor(),
                        count.settledMinor(),
                        count.returnedMinor()))
                .toList();
    }

    /** Gives up the payments of an envelope for which no account is known. */
    public void cancelUnresolved(Actor actor, UUID envelopeId, String reason) {
        envelopes.cancelUnresolved(actor, envelopeId, reason);
    }

    /** What all lists together sent, to be compared with the book of the bank. */
    public SettledTotals settledTotals() {
        return envelopes.settledTotals();
    }

    public LedgerTotals ledgerTotals(String currency) {
        return check.totals(currency);
    }

    /** Checks every invariant of money; an empty list means that all hold. */
    public List<String> checkLedger() {
        return check.faults();
    }
}
