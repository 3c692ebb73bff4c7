package org.annona.access;

import static org.annona.access.internal.tables.Tables.WEB_SESSION;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.jooq.Condition;

/** Ends sessions whose time is over: a while without a request, or a working day after they began. */
final class Sessions {

    static final Duration LONGEST = Duration.ofHours(12);

    private final Database database;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("access");

    Sessions(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    void endOld() {
        Instant now = clock.instant();
        end("idle", WEB_SESSION.EXPIRY_TIME.lt(now.toEpochMilli()));
        end("longest", WEB_SESSION.CREATION_TIME.lt(now.minus(LONGEST).toEpochMilli()));
    }

    void endOf(String user) {
        database.sql()
                .deleteFrom(WEB_SESSION)
                .where(WEB_SESSION.PRINCIPAL_NAME.eq(user))
                .execute();
    }

    private void end(String after, Condition condition) {
        database.transact(tx -> tx
                .deleteFrom(WEB_SESSION)
                .where(condition)
                .returning(WEB_SESSION.PRINCIPAL_NAME)
                .fetch(WEB_SESSION.PRINCIPAL_NAME)
                .stream()
                .filter(name -> name != null)
                .sorted()
                .forEach(name -> audit.append(
                        tx,
                        AuditEvent.of(Actor.SYSTEM, "access.session.expired", "user/" + name)
                                .with("after", after))));
    }
}
