package org.annona.access;

import static org.annona.access.internal.tables.Tables.KNOWN_PLACE;
import static org.annona.access.internal.tables.Tables.USER_ACCOUNT;
import static org.annona.access.internal.tables.Tables.USER_ROLE;
import static org.jooq.impl.DSL.multiset;
import static org.jooq.impl.DSL.select;

import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.problem.Problem;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;

/** The users of this installation. */
public final class Users {

    private static final String OPERATOR = "operator";
    /** In the audit trail these are the machine and who operates it. */
    private static final Set<String> RESERVED = Set.of(Actor.SYSTEM, OPERATOR, LoginThrottle.STRANGER);

    private final Database database;
    private final PasswordEncoder encoder;
    private final AuditTrail audit;
    private final Clock clock;
    private final Consumer<String> endSessionsOf;

    /** @param endSessionsOf logs a user out everywhere, at once */
    public Users(Database database, PasswordEncoder encoder, Clock clock, Consumer<String> endSessionsOf) {
        this.database = database;
        this.encoder = encoder;
        this.audit = new AuditTrail("access");
        this.clock = clock;
        this.endSessionsOf = endSessionsOf;
    }

    public List<UserAccount> list(Actor actor) {
        actor.require(AccessPermission.VIEW_USERS);
        return fetch(DSL.noCondition());
    }

    public Optional<UserAccount> find(String name) {
        return fetch(USER_ACCOUNT.NAME.eq(normalised(name))).stream().findFirst();
    }

    public boolean nobodyYet() {
        return !database.sql().fetchExists(USER_ACCOUNT);
    }

    /** Makes a user without a password, whom nobody can be until {@link PasswordResets} let the user choose the first one. */
    public UserAccount create(Actor actor, String name, String displayName, Set<Role> roles) {
        actor.require(AccessPermission.MANAGE_USERS);
        return add(actor.name(), name, displayName, roles, null, false);
    }

    /** For set-up by the operator of the machine, before anybody can log in; gives the user that is already there. */
    public UserAccount createIfAbsent(
            String name, String displayName, Set<Role> roles, String password, boolean mustChange) {
        return find(name).orElseGet(() -> add(Actor.SYSTEM, name, displayName, roles, password, mustChange));
    }

    private UserAccount add(
            String by,
            String name,
            String displayName,
            Set<Role> roles,
            @Nullable String password,
            boolean mustChange) {
        String key = normalised(name);
        if (!key.matches("[a-z][a-z0-9._-]{1,39}") || RESERVED.contains(key)) {
            throw Problem.of(AccessProblem.NAME_UNFIT, "name", name);
        }
        String shown = displayName.isBlank() ? key : displayName.strip();
        String hash = null;
        if (password != null) {
            refuseWeak(key, shown, password);
            hash = encoder.encode(password);
        }
        String stored = hash;
        database.transact(tx -> {
            int added = tx.insertInto(USER_ACCOUNT)
                    .set(USER_ACCOUNT.NAME, key)
                    .set(USER_ACCOUNT.DISPLAY_NAME, shown.substring(0, Math.min(80, shown.length())))
                    .set(USER_ACCOUNT.PASSWORD_HASH, stored)
                    .set(USER_ACCOUNT.MUST_CHANGE_PASSWORD, mustChange)
                    .set(USER_ACCOUNT.CREATED_BY, by)
                    .set(USER_ACCOUNT.KNOWN_SINCE, clock.instant())
                    .onConflictDoNothing()
                    .execute();
            if (added == 0) {
                throw Problem.of(AccessProblem.USER_EXISTS, "name", key);
            }
            grant(tx, by, key, roles);
            audit.append(
                    tx, AuditEvent.of(by, "access.user.create", "user/" + key).with("roles", codes(roles)));
        });
        return find(key).orElseThrow();
    }

    public void changeRoles(Actor actor, String name, Set<Role> roles) {
        actor.require(AccessPermission.MANAGE_USERS);
        String key = normalised(name);
        if (key.equals(actor.name())) {
            throw Problem.of(AccessProblem.OWN_ROLES);
        }
        database.transact(tx -> {
            oneAtATime(tx);
            lock(tx, key);
            Set<Role> before = rolesOf(tx, key);
            tx.deleteFrom(USER_ROLE).where(USER_ROLE.USER_NAME.eq(key)).execute();
            grant(tx, actor.name(), key, roles);
            refuseWithoutAdministrator(tx, key);
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "access.user.roles", "user/" + key)
                            .with("before", codes(before))
                            .with("after", codes(roles)));
        });
        endSessionsOf.accept(key);
    }

    public void setEnabled(Actor actor, String name, boolean enabled) {
        actor.require(AccessPermission.MANAGE_USERS);
        String key = normalised(name);
        database.transact(tx -> {
            oneAtATime(tx);
            lock(tx, key);
            tx.update(USER_ACCOUNT)
                    .set(USER_ACCOUNT.ENABLED, enabled)
                    .where(USER_ACCOUNT.NAME.eq(key))
                    .execute();
            refuseWithoutAdministrator(tx, key);
            audit.append(
                    tx, AuditEvent.of(actor.name(), "access.user." + (enabled ? "enable" : "disable"), "user/" + key));
        });
        if (!enabled) {
            endSessionsOf.accept(key);
        }
    }

    /**
     * Gives an administrator a new first password, which has to be changed at the next login. For the operator of the machine,
     * where no other administrator can accept a reset.
     */
    public void giveAdministratorFirstPassword(String name, String password) {
        String key = normalised(name);
        UserAccount user = find(key).orElseThrow(() -> Problem.of(AccessProblem.USER_UNKNOWN, "name", key));
        if (!user.enabled() || !user.roles().contains(Role.ADMINISTRATOR)) {
            throw Problem.of(AccessProblem.NO_ADMINISTRATOR, "name", key);
        }
        refuseWeak(key, user.displayName(), password);
        store(OPERATOR, key, password, true, "access.user.first_password", tx -> forgetPlaces(tx, key));
        endSessionsOf.accept(key);
    }

    /** What strangers tried, and where the user was known, no longer counts. */
    private void forgetPlaces(DSLContext tx, String key) {
        Lockouts.forget(tx, key);
        tx.deleteFrom(KNOWN_PLACE).where(KNOWN_PLACE.USER_NAME.eq(key)).execute();
        tx.update(USER_ACCOUNT)
                .set(USER_ACCOUNT.KNOWN_SINCE, clock.instant())
                .where(USER_ACCOUNT.NAME.eq(key))
                .execute();
    }

    /**
     * Sets the password that a user chose in the browser in which the reset began. Who had one before is told at the next login.
     *
     * @param acceptance runs in the transaction, and gives who accepted it or refuses
     */
    void resetPassword(String key, String displayName, String wanted, Function<DSLContext, String> acceptance) {
        refuseWeak(key, displayName, wanted);
        String hash = encoder.encode(wanted);
        database.transact(tx -> {
            lock(tx, key);
            String acceptedBy = acceptance.apply(tx);
            Condition replaced = USER_ACCOUNT.PASSWORD_HASH.isNotNull();
            tx.update(USER_ACCOUNT)
                    .set(USER_ACCOUNT.PASSWORD_HASH, hash)
                    .set(USER_ACCOUNT.MUST_CHANGE_PASSWORD, false)
                    .set(USER_ACCOUNT.PASSWORD_RESET_AT, DSL.when(replaced, DSL.val(clock.instant())))
                    .set(USER_ACCOUNT.PASSWORD_RESET_BY, DSL.when(replaced, DSL.val(acceptedBy)))
                    .where(USER_ACCOUNT.NAME.eq(key))
                    .execute();
            forgetPlaces(tx, key);
            audit.append(
                    tx,
                    AuditEvent.of(LoginThrottle.STRANGER, "access.user.reset_password", "user/" + key)
                            .with("acceptedBy", acceptedBy));
        });
        endSessionsOf.accept(key);
    }

    /** The user has read who accepted the reset of the password, and when. */
    public void acknowledgeReset(Actor actor) {
        database.transact(tx -> {
            int told = tx.update(USER_ACCOUNT)
                    .setNull(USER_ACCOUNT.PASSWORD_RESET_AT)
                    .setNull(USER_ACCOUNT.PASSWORD_RESET_BY)
                    .where(USER_ACCOUNT.NAME.eq(actor.name()), USER_ACCOUNT.PASSWORD_RESET_AT.isNotNull())
                    .execute();
            if (told > 0) {
                audit.append(tx, AuditEvent.of(actor.name(), "access.user.reset_told", "user/" + actor.name()));
            }
        });
    }

    public void changeOwnPassword(Actor actor, String current, String wanted) {
        String hash = database.sql()
                .select(USER_ACCOUNT.PASSWORD_HASH)
                .from(USER_ACCOUNT)
                .where(USER_ACCOUNT.NAME.eq(actor.name()))
                .fetchSingle()
                .value1();
        if (!encoder.matches(current, hash)) {
            throw Problem.of(AccessProblem.LOGIN_REFUSED);
        }
        refuseWeak(actor.name(), actor.displayName(), wanted);
        if (encoder.matches(wanted, hash)) {
            throw Problem.of(AccessProblem.PASSWORD_WEAK, "reason", "it is the old one");
        }
        store(actor.name(), actor.name(), wanted, false, "access.user.change_password", tx -> {});
        endSessionsOf.accept(actor.name());
    }

    private void store(
            String by, String key, String password, boolean mustChange, String action, Consumer<DSLContext> more) {
        String hash = encoder.encode(password);
        database.transact(tx -> {
            lock(tx, key);
            tx.update(USER_ACCOUNT)
                    .set(USER_ACCOUNT.PASSWORD_HASH, hash)
                    .set(USER_ACCOUNT.MUST_CHANGE_PASSWORD, mustChange)
                    .where(USER_ACCOUNT.NAME.eq(key))
                    .execute();
            more.accept(tx);
            audit.append(tx, AuditEvent.of(by, action, "user/" + key));
        });
    }

    Optional<String> passwordHash(String name) {
        return database.sql()
                .select(USER_ACCOUNT.PASSWORD_HASH)
                .from(USER_ACCOUNT)
                .where(USER_ACCOUNT.NAME.eq(normalised(name)), USER_ACCOUNT.ENABLED.isTrue())
                .fetchOptional(USER_ACCOUNT.PASSWORD_HASH);
    }

    /** @param more in the same transaction */
    void noteLogin(String name, String address, Consumer<DSLContext> more) {
        database.transact(tx -> {
            more.accept(tx);
            tx.update(USER_ACCOUNT)
                    .set(USER_ACCOUNT.LAST_LOGIN_AT, clock.instant())
                    .where(USER_ACCOUNT.NAME.eq(name))
                    .execute();
            audit.append(tx, AuditEvent.of(name, "access.login", "user/" + name).with("address", address));
        });
    }

    void noteLogout(String name) {
        database.transact(tx -> audit.append(tx, AuditEvent.of(name, "access.logout", "user/" + name)));
    }

    static String normalised(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    private static void refuseWeak(String name, String displayName, String password) {
        PasswordRules.fault(name, displayName, password).ifPresent(reason -> {
            throw Problem.of(AccessProblem.PASSWORD_WEAK, "reason", reason);
        });
    }

    private static void lock(DSLContext tx, String key) {
        boolean there = tx.select(USER_ACCOUNT.NAME)
                .from(USER_ACCOUNT)
                .where(USER_ACCOUNT.NAME.eq(key))
                .forUpdate()
                .fetchOptional()
                .isPresent();
        if (!there) {
            throw Problem.of(AccessProblem.USER_UNKNOWN, "name", key);
        }
    }

    /** Two changes at the same moment would each leave the administrator whom the other takes away. */
    private static void oneAtATime(DSLContext tx) {
        tx.execute("lock table access.user_role in share row exclusive mode");
    }

    private static void refuseWithoutAdministrator(DSLContext tx, String name) {
        boolean left = tx.fetchExists(tx.selectOne()
                .from(USER_ROLE)
                .join(USER_ACCOUNT)
                .on(USER_ACCOUNT.NAME.eq(USER_ROLE.USER_NAME))
                .where(USER_ROLE.ROLE.eq(Role.ADMINISTRATOR.code()), USER_ACCOUNT.ENABLED.isTrue())
                .and(USER_ACCOUNT.PASSWORD_HASH.isNotNull()));
        if (!left) {
            throw Problem.of(AccessProblem.LAST_ADMINISTRATOR, "name", name);
        }
    }

    private static void grant(DSLContext tx, String by, String key, Set<Role> roles) {
        for (Role role : roles) {
            tx.insertInto(USER_ROLE)
                    .set(USER_ROLE.USER_NAME, key)
                    .set(USER_ROLE.ROLE, role.code())
                    .set(USER_ROLE.GRANTED_BY, by)
                    .execute();
        }
    }

    private static Set<Role> rolesOf(DSLContext tx, String key) {
        return new HashSet<>(tx.select(USER_ROLE.ROLE)
                .from(USER_ROLE)
                .where(USER_ROLE.USER_NAME.eq(key))
                .fetch(row -> Role.read(row.value1())));
    }

    private static String codes(Set<Role> roles) {
        return roles.stream().map(Role::code).sorted().collect(Collectors.joining(","));
    }

    private List<UserAccount> fetch(Condition condition) {
        return database.sql()
                .select(
                        USER_ACCOUNT.NAME,
                        USER_ACCOUNT.DISPLAY_NAME,
                        USER_ACCOUNT.ENABLED,
                        USER_ACCOUNT.MUST_CHANGE_PASSWORD,
                        USER_ACCOUNT.LAST_LOGIN_AT,
                        USER_ACCOUNT.PASSWORD_RESET_AT,
                        USER_ACCOUNT.PASSWORD_RESET_BY,
                        USER_ACCOUNT.PASSWORD_HASH.isNotNull(),
                        multiset(select(USER_ROLE.ROLE)
                                        .from(USER_ROLE)
                                        .where(USER_ROLE.USER_NAME.eq(USER_ACCOUNT.NAME)))
                                .as("roles"))
                .from(USER_ACCOUNT)
                .where(condition)
                .orderBy(USER_ACCOUNT.NAME)
                .fetch(row -> new UserAccount(
                        row.value1(),
                        row.value2(),
                        row.value9().stream()
                                .map(role -> Role.read(role.value1()))
                                .collect(Collectors.toCollection(TreeSet::new)),
                        row.value3(),
                        row.value8(),
                        row.value4(),
                        row.value5(),
                        row.value6(),
                        row.value7()));
    }
}
