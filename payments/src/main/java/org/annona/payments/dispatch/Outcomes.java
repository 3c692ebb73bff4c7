package org.annona.payments.dispatch;

import static org.annona.payments.internal.tables.Tables.ATTEMPT;
import static org.annona.payments.internal.tables.Tables.BATCH;
import static org.annona.payments.internal.tables.Tables.ENVELOPE;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.outbox.Outbox;
import org.annona.foundation.retry.BackOff;
import org.annona.payments.PaymentsTopics;
import org.annona.payments.internal.tables.tables.records.BatchRecord;
import org.annona.payments.internal.tables.tables.records.EnvelopeRecord;
import org.annona.payments.ledger.LedgerAccounts;
import org.annona.payments.rail.Answer;
import org.annona.payments.rail.Answer.Outcome;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what an answer of the bank means. Only the process that holds the message may write. */
public final class Outcomes {

    private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);
    private static final BackOff BACK_OFF = BackOff.doubling(Duration.ofSeconds(1), Duration.ofMinutes(5));
    private static final Set<String> DUPLICATE = Set.of("AM05", "DU01", "DU02", "DU03", "DU04", "DU05");
    private static final SqlFile ACCEPTED = SqlFile.beside(Outcomes.class, "mark-accepted.sql");
    private static final SqlFile REJECTED = SqlFile.beside(Outcomes.class, "mark-rejected.sql");
    private static final SqlFile REST_UNKNOWN = SqlFile.beside(Outcomes.class, "mark-rest-unknown.sql");
    private static final SqlFile BACK_TO_PREPARED = SqlFile.beside(Outcomes.class, "back-to-prepared.sql");
    private static final SqlFile POST_UNSEND = SqlFile.beside(Outcomes.class, "post-unsend.sql");
    private static final SqlFile OPEN_ITEMS = SqlFile.beside(Outcomes.class, "count-open-items.sql");

    private final Database database;
    private final Outbox outbox = new Outbox("payments");

    public Outcomes(Database database) {
        this.database = database;
    }

    /** @param batch as it was claimed; its fence tells whether this process still holds it */
    public void record(BatchRecord batch, Answer answer) {
        database.transact(tx -> {
            BatchRecord held = tx.selectFrom(BATCH)
                    .where(BATCH.ID.eq(batch.getId()), BATCH.FENCE.eq(batch.getFence()))
                    .forUpdate()
                    .fetchOne();
            if (held == null) {
                LOG.warn("an answer about message {} came too late to be written down", batch.getMessageId());
                return;
            }
            write(tx, held, answer);
            outbox.post(tx, PaymentsTopics.CHANGED, "batch/" + batch.getId() + "/" + batch.getFence(), Map.of());
        });
    }

    private void write(DSLContext tx, BatchRecord batch, Answer answer) {
        switch (answer) {
            case Answer.Heard heard -> heard(tx, batch, heard);
            case Answer.NotSent away -> notSent(tx, batch, away.reason());
            case Answer.UnknownToRail() -> unknown(tx, batch, "the bank says that it never heard of the message");
            case Answer.NoAnswer silence -> unknown(tx, batch, silence.reason());
        }
    }

    private record Said(String reference, String reason) {}

    private void heard(DSLContext tx, BatchRecord batch, Answer.Heard heard) {
        List<Said> accepted = new ArrayList<>();
        List<Said> rejected = new ArrayList<>();
        heard.outcomes().forEach((reference, outcome) -> {
            Said said = new Said(reference, outcome.reason());
            if (outcome.accepted()) {
                accepted.add(said);
            } else if (isDuplicate(outcome)) {
                LOG.warn("the bank calls a payment of message {} a repetition; it is asked", batch.getMessageId());
            } else {
                rejected.add(said);
            }
        });
        Outcome whole = heard.whole();
        if (whole != null && !isDuplicate(whole)) {
            List<Said> open = openReferences(tx, batch).stream()
                    .filter(reference -> !heard.outcomes().containsKey(reference))
                    .map(reference -> new Said(reference, whole.reason()))
                    .toList();
            (whole.accepted() ? accepted : rejected).addAll(open);
        }
        ACCEPTED.run(tx, values(batch, accepted));
        REJECTED.run(tx, values(batch, rejected));
        // Before any money is taken back: what the bank did not mention stays in flight.
        REST_UNKNOWN.run(tx, Map.of("batch", batch.getId(), "reason", "NOT_MENTIONED"));
        takeBack(tx, batch);
        Integer open = OPEN_ITEMS.first(tx, Map.of("batch", batch.getId()), (row, number) -> row.getInt(1));
        boolean settled = open == null || open == 0;
        batch.setState(settled ? "answered" : "unknown");
        batch.setNote(settled ? "" : open + " payments were not mentioned");
        batch.setQueries(settled ? batch.getQueries() : batch.getQueries() + 1);
        batch.setNextQueryAt(settled ? null : Database.now(tx).plus(BACK_OFF.after(batch.getQueries())));
        batch.setLeaseUntil(null);
        batch.update();
    }

    private static List<String> openReferences(DSLContext tx, BatchRecord batch) {
        return tx.select(ATTEMPT.REFERENCE)
                .from(ATTEMPT)
                .where(ATTEMPT.BATCH_ID.eq(batch.getId()), ATTEMPT.STATE.in("sending", "unknown"))
                .fetch(ATTEMPT.REFERENCE);
    }

    /** ISO 20022 AM05, DU01 to DU05: the bank knows it already. That is no refusal; what became of it is asked for. */
    private static boolean isDuplicate(Outcome outcome) {
        return DUPLICATE.contains(outcome.reason());
    }

    /** Takes what is rejected, or provably never left, out of what is in flight. */
    private static void takeBack(DSLContext tx, BatchRecord batch) {
        EnvelopeRecord envelope = tx.fetchSingle(ENVELOPE, ENVELOPE.ID.eq(batch.getEnvelopeId()));
        POST_UNSEND.run(
                tx,
                Map.of(
                        "batch",
                        batch.getId(),
                        "committed",
                        LedgerAccounts.committed(tx, envelope.getId(), envelope.getCurrency())));
    }

    private static Map<String, Object> values(BatchRecord batch, List<Said> said) {
        return Map.of(
                "batch", batch.getId(),
                "reference", SqlFile.column("text", said, Said::reference),
                "reason", SqlFile.column("text", said, Said::reason));
    }

    /** The same attempts with the same references may be sent again, because nothing left. */
    private void notSent(DSLContext tx, BatchRecord batch, String reason) {
        if (batch.getSubmissions() > 1) {
            // An earlier submission may have arrived, so the outcome of the message is as unknown as before.
            unknown(tx, batch, reason);
            return;
        }
        takeBack(tx, batch);
        BACK_TO_PREPARED.run(tx, Map.of("batch", batch.getId()));
        batch.setState("prepared");
        batch.setSubmissions(0);
        batch.setQueries(batch.getQueries() + 1);
        batch.setNote(reason);
        batch.setNextQueryAt(null);
        batch.setLeaseUntil(null);
        batch.update();
    }

    private void unknown(DSLContext tx, BatchRecord batch, String reason) {
        REST_UNKNOWN.run(tx, Map.of("batch", batch.getId(), "reason", "NO_ANSWER"));
        batch.setState("unknown");
        batch.setNote(reason);
        batch.setQueries(batch.getQueries() + 1);
        batch.setNextQueryAt(Database.now(tx).plus(BACK_OFF.after(batch.getQueries())));
        batch.setLeaseUntil(null);
        batch.update();
    }
}
