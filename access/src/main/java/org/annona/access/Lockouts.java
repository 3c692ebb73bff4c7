package org.annona.access;

import static org.annona.access.internal.tables.Tables.LOGIN_FAILURE;
import static org.annona.access.internal.tables.Tables.USER_ACCOUNT;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.problem.Problem;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** What failed attempts keep a user from, and how an administrator lifts it. */
public final class Lockouts {

    /** Long enough for a call and a login. */
    static final Duration LIFTED_FOR = Duration.ofMinutes(15);

    private final Database database;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("access");

    Lockouts(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * @param kind {@code pair}: from this address; {@code device}: from a device of the user; {@code name}: from anywhere new
     */
    public record Lockout(String kind, @Nullable String address, int failures, Instant until) {}

    public List<Lockout> of(Actor actor, String name) {
        actor.require(AccessPermission.VIEW_USERS);
        return database.sql()
                .select(LOGIN_FAILURE.KIND, LOGIN_FAILURE.ADDRESS, LOGIN_FAILURE.FAILURES, LOGIN_FAILURE.BLOCKED_UNTIL)
                .from(LOGIN_FAILURE)
                .where(LOGIN_FAILURE.USER_NAME.eq(Users.normalised(name)))
                .and(LOGIN_FAILURE.BLOCKED_UNTIL.gt(clock.instant()))
                .orderBy(LOGIN_FAILURE.BLOCKED_UNTIL.desc(), LOGIN_FAILURE.SOURCE)
                .limit(20)
                .fetch(row -> new Lockout(row.value1(), row.value2(), row.value3(), row.value4()));
    }

    /** For a while, what strangers try with the name elsewhere locks nobody out; each place counts its own failures anew. */
    public void lift(Actor actor, String name) {
        actor.require(AccessPermission.MANAGE_USERS);
        String key = Users.normalised(name);
        database.transact(tx -> {
            Grants.refuseOutOfReach(tx, actor, key);
            int changed = tx.update(USER_ACCOUNT)
                    .set(USER_ACCOUNT.LIFTED_UNTIL, clock.instant().plus(LIFTED_FOR))
                    .where(USER_ACCOUNT.NAME.eq(key))
                    .execute();
            if (changed == 0) {
                throw Problem.of(AccessProblem.USER_UNKNOWN, "name", key);
            }
            int lifted = forget(tx, key);
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "access.user.lift_lockout", "user/" + key)
                            .touching(lifted));
        });
    }

    static int forget(DSLContext tx, String user) {
        // In the order in which failures lock them, so that an attack does not make this fail.
        List<byte[]> sources = tx.select(LOGIN_FAILURE.SOURCE)
                .from(LOGIN_FAILURE)
                .where(LOGIN_FAILURE.USER_NAME.eq(user))
                .orderBy(DSL.field(LOGIN_FAILURE.KIND.eq(LoginThrottle.Kind.NAME.code())), LOGIN_FAILURE.SOURCE)
                .forUpdate()
                .fetch(LOGIN_FAILURE.SOURCE);
        return tx.deleteFrom(LOGIN_FAILURE)
                .where(LOGIN_FAILURE.SOURCE.in(sources))
                .execute();
    }
}
