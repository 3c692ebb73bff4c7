package org.annona.payments.restored;

import static org.annona.payments.internal.tables.Tables.RESTORATION;
import static org.annona.payments.internal.tables.Tables.STATEMENT;
import static org.annona.payments.internal.tables.Tables.STATEMENT_LINE;
import static org.jooq.impl.DSL.max;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.problem.Problem;
import org.annona.payments.PaymentsPermission;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.PaymentsSettings;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A backup does not know what was sent after it. So after a restore nothing is sent until a statement was read that has to show all of
 * that, and a finance officer has said that payments may go on.
 */
public final class Restored {

    /** Why a job waits, for those who look at it. */
    public static final String WAITS =
            "restored from a backup: nothing is sent until finance has read what the bank did"
                    + " since and confirmed it on the page Restores";

    private final Database database;
    private final PaymentsSettings settings;
    private final ZoneId zone;
    private final AuditTrail audit = new AuditTrail("payments");

    public Restored(Database database, PaymentsSettings settings, ZoneId zone) {
        this.database = database;
        this.settings = settings;
        this.zone = zone;
    }

    /** Whether nothing may be sent. */
    public static boolean waits(DSLContext sql) {
        return sql.fetchExists(RESTORATION, RESTORATION.CONFIRMED_AT.isNull());
    }

    public record Restoration(
            Instant backupTakenAt,
            Instant restoredAt,
            @Nullable String confirmedBy,
            @Nullable Instant confirmedAt) {}

    /** The newest first. */
    public List<Restoration> all(Actor actor) {
        actor.require(PaymentsPermission.VIEW);
        return database.sql()
                .selectFrom(RESTORATION)
                .orderBy(RESTORATION.RESTORED_AT.desc())
                .fetch(row -> new Restoration(
                        row.getBackupTakenAt(), row.getRestoredAt(), row.getConfirmedBy(), row.getConfirmedAt()));
    }

    public boolean waits() {
        return waits(database.sql());
    }

    /** Lines of statements since the last restore that nobody has explained: among them what the backup did not know. */
    public int unexplained(Actor actor) {
        actor.require(PaymentsPermission.VIEW);
        return database.sql()
                .fetchCount(database.sql()
                        .selectOne()
                        .from(STATEMENT_LINE)
                        .join(STATEMENT)
                        .on(STATEMENT.ID.eq(STATEMENT_LINE.STATEMENT_ID))
                        .where(STATEMENT_LINE.OPEN_MINOR.gt(0L), STATEMENT_LINE.CREDIT.isFalse())
                        .and(STATEMENT.TAKEN_AT.gt(database.sql()
                                .select(max(RESTORATION.RESTORED_AT))
                                .from(RESTORATION))));
    }

    /** Lets payments go on. */
    public void confirm(Actor actor) {
        actor.require(PaymentsPermission.OPERATE);
        database.transact(tx -> {
            List<Instant> waiting = tx.select(RESTORATION.RESTORED_AT)
                    .from(RESTORATION)
                    .where(RESTORATION.CONFIRMED_AT.isNull())
                    .orderBy(RESTORATION.RESTORED_AT)
                    .forUpdate()
                    .fetch(RESTORATION.RESTORED_AT);
            if (waiting.isEmpty()) {
                throw refused("no restore waits for it");
            }
            Instant restored = waiting.getLast();
            // What left before the restore is booked so many days later at the latest.
            LocalDate day = LocalDate.ofInstant(restored, zone).plusDays(settings.bookingDays());
            // A day may be split over several statements, the last of them late: only one of a later day comes after
            // all of them.
            if (!tx.fetchExists(STATEMENT, STATEMENT.TAKEN_AT.gt(restored).and(STATEMENT.DAY.gt(day)))) {
                throw refused(
                        "no statement of the bank of a day after " + day + " was read since the restore, and only with"
                                + " such a one everything that was sent before has been shown");
            }
            tx.update(RESTORATION)
                    .set(RESTORATION.CONFIRMED_BY, actor.name())
                    .set(RESTORATION.CONFIRMED_AT, Database.now(tx))
                    .where(RESTORATION.CONFIRMED_AT.isNull())
                    .execute();
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "payments.restored.confirm", "restore/" + restored)
                            .with("statements", "read"));
        });
    }

    private static Problem refused(String reason) {
        return Problem.of(PaymentsProblem.NOT_POSSIBLE, "reason", reason);
    }
}
