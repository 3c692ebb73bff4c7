package org.annona.server.wiring;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.annona.foundation.feed.FeedPart;
import org.annona.payments.AnnouncedFunds;
import org.annona.payments.EnvelopeProgress;
import org.annona.payments.PaymentChange;
import org.annona.payments.PaymentLine;
import org.annona.payments.PaymentOrder;
import org.annona.payments.Payments;
import org.annona.programs.PaymentGateway;

/** The payments block as the payer of the programmes block. */
public final class PaymentsBehindPrograms implements PaymentGateway {

    private final Payments payments;

    public PaymentsBehindPrograms(Payments payments) {
        this.payments = payments;
    }

    @Override
    public Funds fundsOf(String programmeCode, String currency, LocalDate payOn) {
        // The announcements first: money that arrives in between counts twice for a moment, and is not announced twice.
        AnnouncedFunds announced = payments.announcedFunds(programmeCode, payOn.getYear());
        return new Funds(
                payments.availableMinor(programmeCode, payOn.getYear()),
                announced.minor(),
                announced.since(),
                currency);
    }

    @Override
    public void open(Order order) {
        payments.open(new PaymentOrder(
                order.key(),
                order.programmeCode(),
                order.programmeName(),
                order.cycleCode(),
                order.currency(),
                order.lines(),
                order.totalMinor(),
                order.digest(),
                order.payOn(),
                order.preparedBy(),
                order.approvedBy(),
                order.releasedBy()));
    }

    @Override
    public void deliver(String orderKey, List<Line> lines) {
        payments.deliver(
                orderKey,
                lines.stream()
                        .map(line -> new PaymentLine(
                                line.key(), line.beneficiaryId(), line.amountMinor(), line.accountVersion()))
                        .toList());
    }

    @Override
    public void complete(String orderKey) {
        payments.complete(orderKey);
    }

    @Override
    public Optional<Progress> progress(String orderKey) {
        return payments.progress(orderKey).map(PaymentsBehindPrograms::progress);
    }

    private static Progress progress(EnvelopeProgress envelope) {
        return new Progress(envelope.state(), envelope.note(), envelope.closed());
    }

    @Override
    public FeedPart<Change> changes(String after, int limit) {
        return payments.changes(after, limit).map(PaymentsBehindPrograms::change);
    }

    private static Change change(PaymentChange change) {
        return new Change(
                change.orderKey(),
                change.lineKey(),
                status(change.status()),
                change.reason(),
                change.reference(),
                change.settledMinor(),
                change.returnedMinor(),
                change.accountVersion());
    }

    private static Status status(PaymentChange.Status status) {
        return switch (status) {
            case PENDING -> Status.INSTRUCTED;
            case UNKNOWN -> Status.UNKNOWN;
            case PAID -> Status.SETTLED;
            case RETURNED -> Status.RETURNED;
            case REJECTED -> Status.FAILED;
            case CANCELLED -> Status.CANCELLED;
        };
    }
}
