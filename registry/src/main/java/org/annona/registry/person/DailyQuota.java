package org.annona.registry.person;

import static org.annona.registry.internal.tables.Tables.DAILY_USE;

import java.time.Clock;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Objects;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.problem.Problem;
import org.annona.registry.RegistryProblem;
import org.annona.registry.RegistrySettings;
import org.jooq.DSLContext;

/** How often a user may do on one day what tells who people are. The first refusal of a day is in the audit trail. */
final class DailyQuota {

    private final Database database;
    private final RegistrySettings settings;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("registry");

    DailyQuota(Database database, RegistrySettings settings, Clock clock) {
        this.database = database;
        this.settings = settings;
        this.clock = clock;
    }

    enum Kind {
        REVEAL("people in clear", "ANNONA_REVEALS_PER_DAY"),
        SEARCH("searches by name or number", "ANNONA_SEARCHES_PER_DAY");

        private final String what;
        private final String setting;

        Kind(String what, String setting) {
            this.what = what;
            this.setting = setting;
        }

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Uses one, together with what it is used for. @return whether there was one left */
    boolean take(DSLContext tx, Actor actor, Kind kind) {
        int allowed = allowed(kind);
        return allowed > 0
                && tx.insertInto(DAILY_USE)
                                .set(DAILY_USE.USER_NAME, actor.name())
                                .set(DAILY_USE.DAY, LocalDate.now(clock))
                                .set(DAILY_USE.KIND, kind.code())
                                .set(DAILY_USE.USED, 1)
                                .onConflict(DAILY_USE.USER_NAME, DAILY_USE.DAY, DAILY_USE.KIND)
                                .doUpdate()
                                .set(DAILY_USE.USED, DAILY_USE.USED.plus(1))
                                .where(DAILY_USE.USED.lt(allowed))
                                .execute()
                        > 0;
    }

    /** Notes that there was none left. @return the refusal */
    Problem refusal(Actor actor, Kind kind) {
        database.transact(tx -> {
            Integer refused = tx.insertInto(DAILY_USE)
                    .set(DAILY_USE.USER_NAME, actor.name())
                    .set(DAILY_USE.DAY, LocalDate.now(clock))
                    .set(DAILY_USE.KIND, kind.code())
                    .set(DAILY_USE.USED, 0)
                    .set(DAILY_USE.REFUSED, 1)
                    .onConflict(DAILY_USE.USER_NAME, DAILY_USE.DAY, DAILY_USE.KIND)
                    .doUpdate()
                    .set(DAILY_USE.REFUSED, DAILY_USE.REFUSED.plus(1))
                    .returning(DAILY_USE.REFUSED)
                    .fetchSingle(DAILY_USE.REFUSED);
            if (Objects.requireNonNull(refused) == 1) {
                audit.append(
                        tx,
                        AuditEvent.of(actor.name(), "registry.quota.used_up", "user/" + actor.name())
                                .with("of", kind.code())
                                .with("allowed", allowed(kind)));
            }
        });
        return Problem.of(
                RegistryProblem.QUOTA_USED, "allowed", allowed(kind), "what", kind.what, "setting", kind.setting);
    }

    int left(Actor actor, Kind kind) {
        Integer used = database.sql()
                .select(DAILY_USE.USED)
                .from(DAILY_USE)
                .where(DAILY_USE.USER_NAME.eq(actor.name()))
                .and(DAILY_USE.DAY.eq(LocalDate.now(clock)))
                .and(DAILY_USE.KIND.eq(kind.code()))
                .fetchOne(DAILY_USE.USED);
        return Math.max(0, allowed(kind) - (used == null ? 0 : used));
    }

    private int allowed(Kind kind) {
        return kind == Kind.REVEAL ? settings.revealsADay() : settings.searchesADay();
    }
}
