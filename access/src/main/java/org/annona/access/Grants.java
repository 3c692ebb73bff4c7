package org.annona.access;

import static org.annona.access.internal.tables.Tables.USER_ACCOUNT;
import static org.annona.access.internal.tables.Tables.USER_GRANT;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.scope.Scope;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Roles of users in organisations. An administrator grants those of the organisation for which the administrator acts; one of the
 * installation names and removes administrators everywhere, and accepts what waits anywhere. A role with a sensitive permission is
 * in force when a second administrator has accepted it.
 */
public final class Grants {

    private static final SqlFile LIST = SqlFile.beside(Grants.class, "grants.sql");
    private static final SqlFile WAITING = SqlFile.beside(Grants.class, "waiting-grants.sql");

    private final Database database;
    private final Roles roles;
    private final Clock clock;
    private final Consumer<String> endSessionsOf;
    private final AuditTrail audit = new AuditTrail("access");

    Grants(Database database, Roles roles, Clock clock, Consumer<String> endSessionsOf) {
        this.database = database;
        this.roles = roles;
        this.clock = clock;
        this.endSessionsOf = endSessionsOf;
    }

    /** @param oldest since when it waits; null where nothing does */
    public record Waiting(long count, @Nullable Instant oldest) {}

    /** Whether the actor grants this role there, or asks for it. */
    public static boolean mayGrant(Actor actor, short organisation, String role) {
        return actor.may(AccessPermission.MANAGE_USERS) && actor.organisation() == organisation
                || actor.may(AccessPermission.MANAGE_ORGANISATIONS) && role.equals(Role.ADMINISTRATOR.code());
    }

    private static boolean mayDecide(Actor actor, short organisation) {
        return actor.may(AccessPermission.MANAGE_USERS) && actor.organisation() == organisation
                || actor.may(AccessPermission.MANAGE_ORGANISATIONS);
    }

    /** Whether the actor, who sees the grant, may accept or refuse it. */
    public static boolean mayAccept(Actor actor, Grant grant) {
        return !grant.inForce()
                && mayDecide(actor, grant.organisation())
                && !actor.name().equals(grant.grantedBy())
                && !actor.name().equals(grant.user());
    }

    /** Whether the actor may take the grant away, refuse or withdraw it. */
    public static boolean mayEnd(Actor actor, Grant grant) {
        return mayDecide(actor, grant.organisation()) && !actor.name().equals(grant.user());
    }

    /** @return whether the role is in force now; otherwise it waits for a second administrator */
    public boolean grant(Actor actor, String typedUser, short organisation, String role) {
        actor.require(AccessPermission.MANAGE_USERS);
        String user = Users.normalised(typedUser);
        if (user.equals(actor.name())) {
            throw Problem.of(AccessProblem.OWN_ROLES);
        }
        if (!mayGrant(actor, organisation, role)) {
            throw Problem.of(AccessProblem.OTHER_ORGANISATION);
        }
        boolean inForce = in(organisation, tx -> add(tx, actor.name(), user, organisation, List.of(role), false) == 0);
        if (inForce) {
            endSessionsOf.accept(user);
        }
        return inForce;
    }

    /**
     * Adds the roles and their audit entries, which come last in the transaction.
     *
     * @param immediate for set-up by the operator, who needs no second person
     * @return how many of them wait for a second administrator
     */
    int add(DSLContext tx, String by, String user, short organisation, Collection<String> codes, boolean immediate) {
        oneAtATime(tx);
        Organisations.keepActive(tx, organisation);
        lockUser(tx, user);
        Set<String> together = new HashSet<>();
        for (Grant grant : list(tx, null, user, null, organisation, false)) {
            together.addAll(roles.of(tx, grant.role()));
        }
        List<AuditEvent> events = new ArrayList<>();
        int waiting = 0;
        for (String code : codes) {
            Set<String> given = roles.toBeGranted(tx, code);
            together.addAll(given);
            boolean needsSecond = !immediate && roles.needsSecond(given);
            UUID id = UUID.randomUUID();
            int added = tx.insertInto(USER_GRANT)
                    .set(USER_GRANT.ID, id)
                    .set(USER_GRANT.USER_NAME, user)
                    .set(USER_GRANT.ORGANISATION_ID, organisation)
                    .set(USER_GRANT.ROLE, code)
                    .set(USER_GRANT.GRANTED_BY, by)
                    .set(USER_GRANT.GRANTED_AT, clock.instant())
                    .set(USER_GRANT.NEEDS_SECOND, needsSecond)
                    .onConflictDoNothing()
                    .execute();
            if (added == 0) {
                throw Problem.of(AccessProblem.GRANT_EXISTS, "name", user);
            }
            waiting += needsSecond ? 1 : 0;
            events.add(event(by, needsSecond ? "access.grant.ask" : "access.grant.give", user, organisation, code));
        }
        roles.refuseConflict(tx, together);
        events.forEach(event -> audit.append(tx, event));
        return waiting;
    }

    /** A second administrator agrees; from now on the role is in force. */
    public void accept(Actor actor, UUID id) {
        actor.require(AccessPermission.MANAGE_USERS);
        Grant seen = find(actor, id);
        in(seen.organisation(), tx -> {
            oneAtATime(tx);
            Organisations.keepActive(tx, seen.organisation());
            Grant grant = waiting(tx, id);
            if (!mayAccept(actor, grant)) {
                throw Problem.of(AccessProblem.SECOND_ADMINISTRATOR, "name", grant.user());
            }
            tx.update(USER_GRANT)
                    .set(USER_GRANT.ACCEPTED_BY, actor.name())
                    .set(USER_GRANT.ACCEPTED_AT, clock.instant())
                    .where(USER_GRANT.ID.eq(id))
                    .execute();
            audit.append(
                    tx,
                    event(actor.name(), "access.grant.accept", grant.user(), grant.organisation(), grant.role())
                            .with("askedBy", grant.grantedBy()));
            return id;
        });
        endSessionsOf.accept(seen.user());
    }

    /**
     * Takes a role away; of one that waits, it is the withdrawal or the refusal.
     *
     * @return whose it was
     */
    public String end(Actor actor, UUID id) {
        actor.require(AccessPermission.MANAGE_USERS);
        Grant seen = find(actor, id);
        in(seen.organisation(), tx -> {
            oneAtATime(tx);
            Grant grant = list(tx, id, null, null, null, false).stream()
                    .findFirst()
                    .orElseThrow(() -> Problem.of(AccessProblem.GRANT_OVER));
            if (actor.name().equals(grant.user())) {
                throw Problem.of(AccessProblem.OWN_ROLES);
            }
            tx.deleteFrom(USER_GRANT).where(USER_GRANT.ID.eq(id)).execute();
            if (grant.inForce() && grant.gives(Role.ADMINISTRATOR)) {
                refuseWithoutAdministrator(tx, actor, grant.user(), List.of(grant));
            }
            String action = grant.inForce() ? "take" : actor.name().equals(grant.grantedBy()) ? "withdraw" : "refuse";
            audit.append(
                    tx,
                    event(actor.name(), "access.grant." + action, grant.user(), grant.organisation(), grant.role())
                            .with("askedBy", grant.grantedBy()));
            return id;
        });
        if (seen.inForce()) {
            endSessionsOf.accept(seen.user());
        }
        return seen.user();
    }

    /** Those that wait and that the actor may see, oldest first. */
    public List<Grant> waiting(Actor actor) {
        actor.require(AccessPermission.VIEW_USERS);
        return list(database.sql(), null, null, null, reach(actor), true).stream()
                .sorted(Comparator.comparing(Grant::grantedAt))
                .toList();
    }

    /** What the actor may accept or refuse. */
    public Waiting waitingFor(Actor actor) {
        if (!actor.may(AccessPermission.MANAGE_USERS)) {
            return new Waiting(0, null);
        }
        Map<String, Object> values = new HashMap<>();
        values.put("organisation", actor.may(AccessPermission.MANAGE_ORGANISATIONS) ? null : actor.organisation());
        values.put("actor", actor.name());
        return Objects.requireNonNull(WAITING.first(
                database.sql(), values, (row, number) -> new Waiting(row.getLong("waiting"), instant(row, "oldest"))));
    }

    /** Of users who may log in: all that are in force in the organisation for which the actor acts. */
    public List<Grant> inForce(Actor actor) {
        actor.require(AccessPermission.VIEW_USERS);
        return list(database.sql(), null, null, null, actor.organisation(), false).stream()
                .filter(grant -> grant.inForce() && grant.enabled())
                .toList();
    }

    /** Users who have a role, or wait for it, where the actor sees users. */
    public List<Grant> holders(Actor actor, String role) {
        actor.require(AccessPermission.VIEW_USERS);
        return list(database.sql(), null, null, role, reach(actor), false);
    }

    /** Who administers it, may log in and has chosen a password; a second one is needed to accept. */
    public int administrators(short organisation) {
        return administrators(database.sql(), organisation);
    }

    private static int administrators(DSLContext sql, short organisation) {
        return sql.fetchCount(sql.selectOne()
                .from(USER_GRANT)
                .join(USER_ACCOUNT)
                .on(USER_ACCOUNT.NAME.eq(USER_GRANT.USER_NAME))
                .where(USER_GRANT.ROLE.eq(Role.ADMINISTRATOR.code()), USER_GRANT.ORGANISATION_ID.eq(organisation))
                .and(USER_GRANT.IN_FORCE)
                .and(USER_ACCOUNT.ENABLED)
                .and(USER_ACCOUNT.PASSWORD_HASH.isNotNull()));
    }

    /** Nobody else could accept what the actor asks for. */
    public boolean isAlone(Actor actor) {
        return actor.may(AccessPermission.MANAGE_USERS)
                && !database.sql()
                        .fetchExists(
                                USER_GRANT.join(USER_ACCOUNT).on(USER_ACCOUNT.NAME.eq(USER_GRANT.USER_NAME)),
                                USER_GRANT
                                        .ROLE
                                        .eq(Role.ADMINISTRATOR.code())
                                        .and(USER_GRANT.ORGANISATION_ID.in(
                                                Actor.FIRST_ORGANISATION, actor.organisation()))
                                        .and(USER_GRANT.IN_FORCE)
                                        .and(USER_ACCOUNT.ENABLED)
                                        .and(USER_ACCOUNT.PASSWORD_HASH.isNotNull())
                                        .and(USER_ACCOUNT.NAME.ne(actor.name())));
    }

    /** The installation keeps one in any case; another organisation loses its last one by an administrator of the installation alone. */
    static void refuseWithoutAdministrator(DSLContext tx, Actor actor, String user, Collection<Grant> lost) {
        for (Grant grant : lost) {
            boolean first = grant.organisation() == Actor.FIRST_ORGANISATION;
            boolean kept = !first && actor.may(AccessPermission.MANAGE_ORGANISATIONS);
            if (!kept && administrators(tx, grant.organisation()) == 0) {
                throw Problem.of(
                        first ? AccessProblem.LAST_ADMINISTRATOR : AccessProblem.LAST_OF_ORGANISATION,
                        "name",
                        user,
                        "organisation",
                        grant.organisationName());
            }
        }
    }

    /** Two changes at the same moment would each leave the administrator whom the other takes away. */
    static void oneAtATime(DSLContext tx) {
        tx.execute("lock table access.user_grant in share row exclusive mode");
    }

    static void lockUser(DSLContext tx, String user) {
        boolean there = tx.select(USER_ACCOUNT.NAME)
                .from(USER_ACCOUNT)
                .where(USER_ACCOUNT.NAME.eq(user))
                .forUpdate()
                .fetchOptional()
                .isPresent();
        if (!there) {
            throw Problem.of(AccessProblem.USER_UNKNOWN, "name", user);
        }
    }

    static List<Grant> of(DSLContext sql, @Nullable String user) {
        return list(sql, null, user, null, null, false);
    }

    /** The organisation alone whose users the actor sees; null for those of the installation, who see all. */
    static @Nullable Short reach(Actor actor) {
        return actor.organisation() == Actor.FIRST_ORGANISATION ? null : actor.organisation();
    }

    /** The account as a whole (its password, whether it may log in) is for those who see all its organisations. */
    static void refuseOutOfReach(DSLContext sql, Actor actor, String user) {
        Short own = reach(actor);
        Condition elsewhere = own == null ? DSL.falseCondition() : USER_GRANT.ORGANISATION_ID.ne(own);
        if (sql.fetchExists(USER_GRANT, USER_GRANT.USER_NAME.eq(user).and(elsewhere))) {
            boolean here =
                    sql.fetchExists(USER_GRANT, USER_GRANT.USER_NAME.eq(user).and(USER_GRANT.ORGANISATION_ID.eq(own)));
            throw Problem.of(here ? AccessProblem.USER_OF_OTHERS : AccessProblem.USER_UNKNOWN, "name", user);
        }
    }

    private Grant find(Actor actor, UUID id) {
        Short own = reach(actor);
        Optional<Grant> found =
                list(database.sql(), id, null, null, own, false).stream().findFirst();
        return found.filter(grant -> mayDecide(actor, grant.organisation()))
                .orElseThrow(() -> Problem.of(AccessProblem.GRANT_OVER));
    }

    private static Grant waiting(DSLContext tx, UUID id) {
        return list(tx, id, null, null, null, true).stream()
                .findFirst()
                .orElseThrow(() -> Problem.of(AccessProblem.GRANT_OVER));
    }

    /** In the scope of the organisation, so that the entry stands in its audit trail, also where the installation acts. */
    private <T> T in(short organisation, Function<DSLContext, T> work) {
        return Scope.of(organisation).<T, RuntimeException>call(() -> database.inTransaction(work));
    }

    private static AuditEvent event(String by, String action, String user, short organisation, String role) {
        return AuditEvent.of(by, action, "user/" + user)
                .with("organisation", organisation)
                .with("role", role);
    }

    private static List<Grant> list(
            DSLContext sql,
            @Nullable UUID id,
            @Nullable String user,
            @Nullable String role,
            @Nullable Short organisation,
            boolean waiting) {
        Map<String, Object> values = new HashMap<>();
        values.put("id", id);
        values.put("user", user);
        values.put("role", role);
        values.put("organisation", organisation);
        values.put("waiting", waiting);
        return LIST.list(sql, values, Grants::read);
    }

    private static Grant read(ResultSet row, int number) throws SQLException {
        Array permissions = row.getArray("permissions");
        return new Grant(
                row.getObject("id", UUID.class),
                row.getString("user_name"),
                row.getShort("organisation_id"),
                row.getString("organisation_code"),
                row.getString("organisation_name"),
                row.getBoolean("active"),
                row.getString("role"),
                row.getString("title"),
                row.getBoolean("built_in"),
                Set.of((String[]) permissions.getArray()),
                row.getString("granted_by"),
                Objects.requireNonNull(instant(row, "granted_at")),
                row.getString("accepted_by"),
                instant(row, "accepted_at"),
                row.getBoolean("in_force"),
                row.getBoolean("enabled"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
