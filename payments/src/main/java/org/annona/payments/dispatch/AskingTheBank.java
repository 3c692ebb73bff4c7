package org.annona.payments.dispatch;

import static org.annona.payments.internal.tables.Tables.ATTEMPT;
import static org.annona.payments.internal.tables.Tables.BATCH;
import static org.annona.payments.internal.tables.Tables.ENVELOPE;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.selectOne;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.annona.foundation.database.Database;
import org.annona.foundation.scope.Scope;
import org.annona.payments.PaymentsSettings;
import org.annona.payments.internal.tables.tables.records.BatchRecord;
import org.annona.payments.rail.Answer;
import org.annona.payments.rail.Rail;
import org.annona.payments.restored.Restored;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks about messages whose outcome is not known, until it is. The same bytes are sent again under the same references (payments
 * reference, 4.1, class C) where the bank has never heard of a message, has had the time to, and the statements until the end of the
 * booking day were read and do not show its payments: a bank that forgot what it paid says "never heard" too.
 */
public final class AskingTheBank {

    private static final Logger LOG = LoggerFactory.getLogger(AskingTheBank.class);
    private static final Duration OLD = Duration.ofDays(2);
    private static final int MOST_AT_ONCE = 50;

    private final Database database;
    private final Rail rail;
    private final Dispatch dispatch;
    private final Outcomes outcomes;
    private final PaymentsSettings settings;
    private final ZoneId zone;

    public AskingTheBank(
            Database database,
            Rail rail,
            Dispatch dispatch,
            Outcomes outcomes,
            PaymentsSettings settings,
            ZoneId zone) {
        this.database = database;
        this.rail = rail;
        this.dispatch = dispatch;
        this.outcomes = outcomes;
        this.settings = settings;
        this.zone = zone;
    }

    /** Asks about everything that is due. */
    public void askDue() {
        due().forEach((id, organisation) -> Scope.of(organisation).run(() -> {
            BatchRecord batch = hold(id);
            if (batch != null) {
                ask(batch);
            }
        }));
    }

    /** Lets old messages be asked about again of which the bank accepted a payment and no statement shows it yet. */
    public void remindOfAccepted() {
        Instant now = Database.now(database.sql());
        database.sql()
                .update(BATCH)
                .set(BATCH.STATE, "unknown")
                .set(BATCH.NEXT_QUERY_AT, now)
                .where(BATCH.STATE.eq("answered"), BATCH.SENT_AT.lt(now.minus(OLD)))
                .and(exists(
                        selectOne().from(ATTEMPT).where(ATTEMPT.BATCH_ID.eq(BATCH.ID), ATTEMPT.STATE.eq("accepted"))))
                .execute();
    }

    /** Messages in doubt, and those whose sender fell silent while it was sending, with the organisation of each; oldest first. */
    private Map<UUID, Short> due() {
        Instant now = Database.now(database.sql());
        return database.sql()
                .select(BATCH.ID, ENVELOPE.ORGANISATION_ID)
                .from(BATCH)
                .join(ENVELOPE)
                .on(ENVELOPE.ID.eq(BATCH.ENVELOPE_ID))
                .where(BATCH.STATE.in("sending", "unknown"), BATCH.NEXT_QUERY_AT.le(now))
                .and(BATCH.LEASE_UNTIL.isNull().or(BATCH.LEASE_UNTIL.lt(now)))
                .orderBy(BATCH.NEXT_QUERY_AT)
                .limit(MOST_AT_ONCE)
                .fetchMap(BATCH.ID, ENVELOPE.ORGANISATION_ID);
    }

    /** Takes the message; whoever had it before can write nothing more about it. */
    private @Nullable BatchRecord hold(UUID id) {
        Instant now = Database.now(database.sql());
        return database.sql()
                .update(BATCH)
                .set(BATCH.FENCE, BATCH.FENCE.plus(1))
                .set(BATCH.LEASE_UNTIL, now.plus(settings.bankTimeout().multipliedBy(2)))
                .where(BATCH.ID.eq(id), BATCH.STATE.in("sending", "unknown"))
                .and(BATCH.LEASE_UNTIL.isNull().or(BATCH.LEASE_UNTIL.lt(now)))
                .returning()
                .fetchOne();
    }

    private void ask(BatchRecord batch) {
        Answer answer = rail.ask(batch.getMessageId());
        outcomes.record(batch, answer instanceof Answer.NotSent away ? new Answer.NoAnswer(away.reason()) : answer);
        Instant sent = Objects.requireNonNull(batch.getSentAt());
        Instant believable = sent.plus(settings.bankTimeout().multipliedBy(2)).plus(settings.settlingTime());
        if (answer instanceof Answer.UnknownToRail
                && !Restored.waits(database.sql())
                && !dispatch.isShown(batch)
                && Database.now(database.sql()).isAfter(believable)
                && BookingDay.isOver(database.sql(), BookingDay.of(sent, zone, settings.bookingDays()), sent)) {
            sendAgain(batch);
        }
    }

    private void sendAgain(BatchRecord batch) {
        BatchRecord claimed = dispatch.claim(batch, "unknown");
        if (claimed != null) {
            LOG.info("message {} never reached the bank; the same bytes are sent again", batch.getMessageId());
            outcomes.record(claimed, dispatch.submit(claimed));
        }
    }
}
