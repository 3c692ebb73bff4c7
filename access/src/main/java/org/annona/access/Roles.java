package org.annona.access;

import static org.annona.access.internal.tables.Tables.PERMISSION_CONFLICT;
import static org.annona.access.internal.tables.Tables.ROLE;
import static org.annona.access.internal.tables.Tables.ROLE_PERMISSION;
import static org.annona.access.internal.tables.Tables.USER_GRANT;
import static org.jooq.impl.DSL.countDistinct;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.annona.access.internal.tables.tables.records.RoleRecord;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.Sqlstate;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.text.Texts;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * Sets of permissions with a name. Those that are built in stand in the program beside the operations; administrators of the
 * installation make others, which hold in each organisation in which somebody is granted one.
 */
public final class Roles {

    static final String CODE = "[a-z][a-z0-9_]{1,39}";
    static final int LONGEST_NAME = 60;

    private final Database database;
    private final Permissions permissions;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("access");

    Roles(Database database, Permissions permissions, Clock clock) {
        this.database = database;
        this.permissions = permissions;
        this.clock = clock;
    }

    /**
     * A role as the list shows it.
     *
     * @param permissions by their codes
     * @param sensitive it is granted by two administrators
     * @param holders users who have it in any organisation, or wait for it
     */
    public record Entry(
            String code,
            String name,
            boolean builtIn,
            Set<String> permissions,
            boolean sensitive,
            int holders,
            int version,
            @Nullable Instant retiredAt) {

        public boolean isRetired() {
            return retiredAt != null;
        }

        /** What a built-in role is for; empty for others. */
        public String duty() {
            return builtIn ? Role.read(code).duty() : "";
        }
    }

    /** Two permissions that one person may not hold together. */
    public record Conflict(String permission, String other) {

        boolean within(Set<String> codes) {
            return codes.contains(permission) && codes.contains(other);
        }
    }

    /** Own ones first, then those that are built in, then retired ones. */
    public List<Entry> list(Actor actor) {
        actor.require(AccessPermission.VIEW_USERS);
        return entries(database.sql());
    }

    public Entry find(Actor actor, String code) {
        return list(actor).stream()
                .filter(role -> role.code().equals(code))
                .findFirst()
                .orElseThrow(() -> unknown(code));
    }

    public List<Permission> permissions() {
        return permissions.all();
    }

    /** In words, by their codes; a code that no block knows any more stands for itself. */
    public String words(String code) {
        return permissions.find(code).map(one -> one.words(Texts.ENGLISH)).orElse(code);
    }

    public List<Conflict> conflicts() {
        return conflicts(database.sql());
    }

    private static List<Conflict> conflicts(DSLContext sql) {
        return sql.selectFrom(PERMISSION_CONFLICT)
                .orderBy(PERMISSION_CONFLICT.PERMISSION, PERMISSION_CONFLICT.OTHER)
                .fetch(row -> new Conflict(row.getPermission(), row.getOther()));
    }

    private List<Entry> entries(DSLContext sql) {
        Map<String, List<String>> own =
                sql.selectFrom(ROLE_PERMISSION).fetchGroups(ROLE_PERMISSION.ROLE, ROLE_PERMISSION.PERMISSION);
        Map<String, Integer> holders = sql.select(USER_GRANT.ROLE, countDistinct(USER_GRANT.USER_NAME))
                .from(USER_GRANT)
                .groupBy(USER_GRANT.ROLE)
                .fetchMap(row -> row.value1(), row -> row.value2());
        return sql.selectFrom(ROLE)
                .orderBy(ROLE.RETIRED_AT.isNotNull(), ROLE.BUILT_IN, ROLE.NAME)
                .fetch(row -> {
                    Set<String> codes = row.getBuiltIn()
                            ? permissions.of(Role.read(row.getCode()))
                            : new TreeSet<>(own.getOrDefault(row.getCode(), List.of()));
                    return new Entry(
                            row.getCode(),
                            row.getName(),
                            row.getBuiltIn(),
                            codes,
                            permissions.anySensitive(codes),
                            holders.getOrDefault(row.getCode(), 0),
                            row.getVersion(),
                            row.getRetiredAt());
                });
    }

    public void create(Actor actor, String typedCode, String typedName, Collection<String> codes) {
        actor.require(AccessPermission.MANAGE_ROLES);
        String code = typedCode.strip();
        String name = name(typedName);
        if (!code.matches(CODE)) {
            throw Problem.of(
                    AccessProblem.ROLE_UNFIT, "reason", "the code has 2 to 40 lower-case letters, digits or _");
        }
        Set<String> wanted = known(codes);
        refusingTaken(
                name,
                () -> database.transact(tx -> {
                    refuseConflict(tx, wanted);
                    int added = tx.insertInto(ROLE)
                            .set(ROLE.CODE, code)
                            .set(ROLE.NAME, name)
                            .set(ROLE.CREATED_BY, actor.name())
                            .onConflict(ROLE.CODE)
                            .doNothing()
                            .execute();
                    if (added == 0) {
                        throw Problem.of(AccessProblem.ROLE_EXISTS, "name", code);
                    }
                    store(tx, code, wanted);
                    audit.append(
                            tx,
                            AuditEvent.of(actor.name(), "access.role.create", "role/" + code)
                                    .with("permissions", String.join(",", wanted)));
                }));
    }

    /**
     * Changes the name and the permissions of an own role. Users with the role have the new permissions at the next request; so one
     * that is granted to somebody takes no permission for which two administrators would be needed.
     *
     * @param version that the actor looked at
     */
    public void change(Actor actor, String code, int version, String typedName, Collection<String> codes) {
        actor.require(AccessPermission.MANAGE_ROLES);
        String name = name(typedName);
        Set<String> wanted = known(codes);
        refusingTaken(
                name,
                () -> database.transact(tx -> {
                    Grants.oneAtATime(tx);
                    RoleRecord role = locked(tx, code);
                    if (role.getVersion() != version) {
                        throw Problem.of(FoundationProblem.CHANGED_MEANWHILE, "what", "role");
                    }
                    refuseConflict(tx, wanted);
                    Set<String> before = ofOwn(tx, code);
                    Set<String> more = new TreeSet<>(wanted);
                    more.removeAll(before);
                    refuseWidened(tx, role, more, wanted);
                    tx.update(ROLE)
                            .set(ROLE.NAME, name)
                            .set(ROLE.VERSION, version + 1)
                            .where(ROLE.CODE.eq(code))
                            .execute();
                    tx.deleteFrom(ROLE_PERMISSION)
                            .where(ROLE_PERMISSION.ROLE.eq(code))
                            .execute();
                    store(tx, code, wanted);
                    audit.append(
                            tx,
                            AuditEvent.of(actor.name(), "access.role.change", "role/" + code)
                                    .with("before", String.join(",", before))
                                    .with("after", String.join(",", wanted)));
                }));
    }

    /** The role is granted to nobody any more, and to nobody again. */
    public void retire(Actor actor, String code) {
        actor.require(AccessPermission.MANAGE_ROLES);
        database.transact(tx -> {
            RoleRecord role = locked(tx, code);
            long holders = holders(tx, code);
            if (holders > 0) {
                throw Problem.of(AccessProblem.ROLE_HELD, "name", role.getName(), "users", holders);
            }
            tx.update(ROLE)
                    .set(ROLE.RETIRED_AT, clock.instant())
                    .where(ROLE.CODE.eq(code))
                    .execute();
            audit.append(tx, AuditEvent.of(actor.name(), "access.role.retire", "role/" + code));
        });
    }

    private void refuseWidened(DSLContext tx, RoleRecord role, Set<String> more, Set<String> wanted) {
        if (more.isEmpty() || holders(tx, role.getCode()) == 0) {
            return;
        }
        more.stream()
                .filter(code -> permissions.anySensitive(List.of(code)))
                .findFirst()
                .ifPresent(code -> {
                    throw Problem.of(AccessProblem.ROLE_WIDENED, "name", role.getName(), "words", words(code));
                });
        Map<String, Set<String>> byRole =
                entries(tx).stream().collect(Collectors.toMap(Entry::code, Entry::permissions));
        var held = USER_GRANT.as("held");
        tx.select(USER_GRANT.USER_NAME, USER_GRANT.ORGANISATION_ID, USER_GRANT.ROLE)
                .from(USER_GRANT)
                .join(held)
                .on(held.USER_NAME.eq(USER_GRANT.USER_NAME), held.ORGANISATION_ID.eq(USER_GRANT.ORGANISATION_ID))
                .where(held.ROLE.eq(role.getCode()))
                .fetchGroups(row -> row.value1() + "/" + row.value2(), row -> row.value3())
                .values()
                .forEach(roles -> refuseConflict(
                        tx,
                        roles.stream()
                                .map(code -> code.equals(role.getCode()) ? wanted : byRole.get(code))
                                .filter(Objects::nonNull)
                                .flatMap(Set::stream)
                                .collect(Collectors.toSet())));
    }

    private static long holders(DSLContext tx, String code) {
        return tx.select(countDistinct(USER_GRANT.USER_NAME))
                .from(USER_GRANT)
                .where(USER_GRANT.ROLE.eq(code))
                .fetchSingle()
                .value1();
    }

    /** An own role that is in use, alone with it: nobody is granted it at the same time. */
    private static RoleRecord locked(DSLContext tx, String code) {
        RoleRecord role =
                tx.selectFrom(ROLE).where(ROLE.CODE.eq(code)).forUpdate().fetchOne();
        if (role == null) {
            throw unknown(code);
        }
        if (role.getBuiltIn()) {
            throw Problem.of(AccessProblem.ROLE_BUILT_IN, "name", role.getName());
        }
        if (role.getRetiredAt() != null) {
            throw Problem.of(AccessProblem.ROLE_RETIRED, "name", role.getName());
        }
        return role;
    }

    private static void store(DSLContext tx, String role, Set<String> codes) {
        for (String code : codes) {
            tx.insertInto(ROLE_PERMISSION)
                    .set(ROLE_PERMISSION.ROLE, role)
                    .set(ROLE_PERMISSION.PERMISSION, code)
                    .execute();
        }
    }

    private static Set<String> ofOwn(DSLContext tx, String code) {
        return new TreeSet<>(tx.select(ROLE_PERMISSION.PERMISSION)
                .from(ROLE_PERMISSION)
                .where(ROLE_PERMISSION.ROLE.eq(code))
                .fetch(ROLE_PERMISSION.PERMISSION));
    }

    /** What a role gives that is about to be granted. It is neither changed nor retired before the grant is committed. */
    Set<String> toBeGranted(DSLContext tx, String code) {
        RoleRecord role =
                tx.selectFrom(ROLE).where(ROLE.CODE.eq(code)).forShare().fetchOne();
        if (role == null) {
            throw unknown(code);
        }
        if (role.getRetiredAt() != null) {
            throw Problem.of(AccessProblem.ROLE_RETIRED, "name", role.getName());
        }
        return of(tx, code);
    }

    Set<String> of(DSLContext tx, String code) {
        boolean builtIn = Stream.of(Role.values()).anyMatch(role -> role.code().equals(code));
        return builtIn ? permissions.of(Role.read(code)) : ofOwn(tx, code);
    }

    boolean needsSecond(Set<String> codes) {
        return permissions.anySensitive(codes);
    }

    void refuseConflict(DSLContext tx, Set<String> codes) {
        conflicts(tx).stream().filter(pair -> pair.within(codes)).findFirst().ifPresent(pair -> {
            throw Problem.of(
                    AccessProblem.PERMISSIONS_CONFLICT,
                    "words",
                    words(pair.permission()),
                    "other",
                    words(pair.other()));
        });
    }

    /** The refusal with the own roles that would be enough, beside the built-in ones. */
    public Problem explained(Problem refusal) {
        if (refusal.code() != AccessProblem.NOT_PERMITTED) {
            return refusal;
        }
        String permission = refusal.argument("permission");
        List<String> own = database.sql()
                .select(ROLE.NAME)
                .from(ROLE)
                .join(ROLE_PERMISSION)
                .on(ROLE_PERMISSION.ROLE.eq(ROLE.CODE))
                .where(ROLE_PERMISSION.PERMISSION.eq(permission), ROLE.RETIRED_AT.isNull())
                .orderBy(ROLE.NAME)
                .fetch(ROLE.NAME);
        return own.isEmpty()
                ? refusal
                : Problem.of(
                        AccessProblem.NOT_PERMITTED,
                        "words",
                        refusal.argument("words"),
                        "permission",
                        permission,
                        "roles",
                        Stream.concat(Stream.of(refusal.argument("roles")), own.stream())
                                .filter(name -> !name.isEmpty())
                                .collect(Collectors.joining(" or ")));
    }

    private Set<String> known(Collection<String> codes) {
        Set<String> wanted = new TreeSet<>(codes);
        wanted.stream()
                .filter(code -> permissions.find(code).isEmpty())
                .findFirst()
                .ifPresent(code -> {
                    throw Problem.of(AccessProblem.ROLE_UNFIT, "reason", "there is no such permission");
                });
        if (wanted.isEmpty()) {
            throw Problem.of(AccessProblem.ROLE_UNFIT, "reason", "it has no permission");
        }
        return wanted;
    }

    private static String name(String typed) {
        String name = typed.strip();
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw Problem.of(AccessProblem.ROLE_UNFIT, "reason", "the name has 1 to " + LONGEST_NAME + " characters");
        }
        return name;
    }

    private static void refusingTaken(String name, Runnable work) {
        try {
            work.run();
        } catch (DataAccessException refused) {
            if (Sqlstate.constraint(refused).equals("role_name")) {
                throw Problem.of(AccessProblem.ROLE_EXISTS, "name", name).causedBy(refused);
            }
            throw refused;
        }
    }

    private static Problem unknown(String code) {
        return Problem.of(AccessProblem.ROLE_UNKNOWN, "name", code.toLowerCase(Locale.ROOT));
    }
}
