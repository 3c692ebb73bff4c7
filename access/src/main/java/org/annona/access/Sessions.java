package org.annona.access;

import static org.annona.access.internal.tables.Tables.WEB_SESSION;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.scope.Scope;
import org.jooq.Condition;

/** Ends sessions whose time is over: a while without a request, or a working day after they began. */
final class Sessions {

    static final Duration LONGEST = Duration.ofHours(12);

    private final Database database;
    private final Function<String, Scope> scopeOf;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("access");

    /** @param scopeOf a user: to whose organisation the end of a session belongs */
    Sessions(Database database, Function<String, Scope> scopeOf, Clock clock) {
        this.database = database;
        this.scopeOf = scopeOf;
        this.clock = clock;
    }

    void endOld() {
        Instant now = clock.instant();
        end("idle", WEB_SESSION.EXPIRY_TIME.lt(now.toEpochMilli()));
        end("longest", WEB_SESSION.CREATION_TIME.lt(now.minus(LONGEST).toEpochMilli()));
    }

    static void endOf(Database database, String user) {
        database.sql()
                .deleteFrom(WEB_SESSION)
                .where(WEB_SESSION.PRINCIPAL_NAME.eq(user))
                .execute();
    }

    private void end(String after, Condition condition) {
        database.sql()
                .deleteFrom(WEB_SESSION)
                .where(condition, WEB_SESSION.PRINCIPAL_NAME.isNull())
                .execute();
        database.sql()
                .selectDistinct(WEB_SESSION.PRINCIPAL_NAME)
                .from(WEB_SESSION)
                .where(condition)
                .orderBy(WEB_SESSION.PRINCIPAL_NAME)
                .fetch(WEB_SESSION.PRINCIPAL_NAME)
                .forEach(user -> scopeOf.apply(user).run(() -> end(after, condition, user)));
    }

    private void end(String after, Condition condition, String user) {
        database.transact(tx -> {
            int ended = tx.deleteFrom(WEB_SESSION)
                    .where(condition, WEB_SESSION.PRINCIPAL_NAME.eq(user))
                    .execute();
            for (int i = 0; i < ended; i++) {
                audit.append(
                        tx,
                        AuditEvent.of(Actor.SYSTEM, "access.session.expired", "user/" + user)
                                .with("after", after));
            }
        });
    }
}
