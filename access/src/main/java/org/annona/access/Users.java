package org.annona.access;

import static org.annona.access.internal.tables.Tables.KNOWN_PLACE;
import static org.annona.access.internal.tables.Tables.USER_ACCOUNT;

import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.scope.Scope;
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
    private final Grants grants;
    private final PasswordEncoder encoder;
    private final AuditTrail audit;
    private final Clock clock;
    private final Consumer<String> endSessionsOf;

    /** @param endSessionsOf logs a user out everywhere, at once */
    Users(Database database, Grants grants, PasswordEncoder encoder, Clock clock, Consumer<String> endSessionsOf) {
        this.database = database;
        this.grants = grants;
        this.encoder = encoder;
        this.audit = new AuditTrail("access");
        this.clock = clock;
        this.endSessionsOf = endSessionsOf;
    }

    /**
     * Those who have a role in the organisation for which the actor acts, and those who have none anywhere; for the installation, all.
     * What they have in other organisations is not told.
     */
    public List<UserAccount> list(Actor actor) {
        actor.require(AccessPermission.VIEW_USERS);
        Short own = Grants.reach(actor);
        return fetch(DSL.noCondition(), null).stream()
                .filter(user -> own == null || user.grants().isEmpty() || user.isOf(own))
                .map(user -> own == null ? user : user.seenBy(own))
                .toList();
    }

    /** One of the list. */
    public UserAccount view(Actor actor, String name) {
        return list(actor).stream()
                .filter(user -> user.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Problem.of(AccessProblem.USER_UNKNOWN, "name", name));
    }

    /** Whether the actor may change the account as a whole: whether it may log in, its lock-outs, its password. */
    public boolean mayManage(Actor actor, String name) {
        Short own = Grants.reach(actor);
        return actor.may(AccessPermission.MANAGE_USERS)
                && (own == null
                        || find(name).orElseThrow().grants().stream().allMatch(grant -> grant.organisation() == own));
    }

    public Optional<UserAccount> find(String name) {
        String key = normalised(name);
        return fetch(USER_ACCOUNT.NAME.eq(key), key).stream().findFirst();
    }

    public boolean nobodyYet() {
        return !database.sql().fetchExists(USER_ACCOUNT);
    }

    /**
     * Makes a user without a password, whom nobody can be until {@link PasswordResets} let the user choose the first one.
     *
     * @param roles by their codes, in the organisation for which the actor acts; sensitive ones wait for a second administrator
     */
    public UserAccount create(Actor actor, String name, String displayName, Collection<String> roles) {
        actor.require(AccessPermission.MANAGE_USERS);
        return add(actor.name(), name, displayName, actor.organisation(), roles, null, false, false);
    }

    /**
     * For set-up by the operator of the machine, before anybody can log in; gives the user that is already there. The roles are in
     * force at once, in the first organisation.
     */
    public UserAccount createIfAbsent(
            String name, String displayName, Set<Role> roles, String password, boolean mustChange) {
        return createIfAbsent(name, displayName, Actor.FIRST_ORGANISATION, roles, password, mustChange);
    }

    /** The same in another organisation; who is there already gets the roles of it too. */
    public UserAccount createIfAbsent(
            String name, String displayName, short organisation, Set<Role> roles, String password, boolean mustChange) {
        Set<String> codes = roles.stream().map(Role::code).collect(Collectors.toSet());
        return find(name)
                .map(user -> addedRoles(user, organisation, codes))
                .orElseGet(() -> add(Actor.SYSTEM, name, displayName, organisation, codes, password, mustChange, true));
    }

    private UserAccount addedRoles(UserAccount user, short organisation, Set<String> codes) {
        if (organisation == Actor.FIRST_ORGANISATION) {
            return user;
        }
        Set<String> missing = codes.stream()
                .filter(code -> user.grants().stream()
                        .noneMatch(grant -> grant.organisation() == organisation
                                && grant.role().equals(code)))
                .collect(Collectors.toSet());
        Scope.of(organisation)
                .run(() -> database.transact(
                        tx -> grants.add(tx, Actor.SYSTEM, user.name(), organisation, missing, true)));
        endSessionsOf.accept(user.name());
        return find(user.name()).orElseThrow();
    }

    /**
     * Makes an administrator of the installation with a first password. For the operator of the machine, where there is no second
     * administrator who could accept one.
     */
    public void createAdministrator(String name, String password) {
        add(OPERATOR, name, "", Actor.FIRST_ORGANISATION, Set.of(Role.ADMINISTRATOR.code()), password, true, true);
    }

    private UserAccount add(
            String by,
            String name,
            String displayName,
            short organisation,
            Collection<String> roles,
            @Nullable String password,
            boolean mustChange,
            boolean immediate) {
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
            grants.add(tx, by, key, organisation, roles, immediate);
            audit.append(tx, AuditEvent.of(by, "access.user.create", "user/" + key));
        });
        return find(key).orElseThrow();
    }

    public void setEnabled(Actor actor, String name, boolean enabled) {
        actor.require(AccessPermission.MANAGE_USERS);
        String key = normalised(name);
        database.transact(tx -> {
            Grants.oneAtATime(tx);
            Grants.lockUser(tx, key);
            Grants.refuseOutOfReach(tx, actor, key);
            tx.update(USER_ACCOUNT)
                    .set(USER_ACCOUNT.ENABLED, enabled)
                    .where(USER_ACCOUNT.NAME.eq(key))
                    .execute();
            Grants.refuseWithoutAdministrator(
                    tx,
                    actor,
                    key,
                    Grants.of(tx, key).stream()
                            .filter(grant -> grant.inForce() && grant.gives(Role.ADMINISTRATOR))
                            .toList());
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
        if (!user.enabled() || !user.isAdministrator()) {
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
        scopeOf(key)
                .run(() -> database.transact(tx -> {
                    Grants.lockUser(tx, key);
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
                }));
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
            Grants.lockUser(tx, key);
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
        scopeOf(name)
                .run(() -> database.transact(tx -> {
                    more.accept(tx);
                    tx.update(USER_ACCOUNT)
                            .set(USER_ACCOUNT.LAST_LOGIN_AT, clock.instant())
                            .where(USER_ACCOUNT.NAME.eq(name))
                            .execute();
                    audit.append(
                            tx,
                            AuditEvent.of(name, "access.login", "user/" + name).with("address", address));
                }));
    }

    void noteLogout(String name) {
        scopeOf(name)
                .run(() -> database.transact(
                        tx -> audit.append(tx, AuditEvent.of(name, "access.logout", "user/" + name))));
    }

    static String normalised(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    private static void refuseWeak(String name, String displayName, String password) {
        PasswordRules.fault(name, displayName, password).ifPresent(reason -> {
            throw Problem.of(AccessProblem.PASSWORD_WEAK, "reason", reason);
        });
    }

    /** What a user does at the edge of the program, where nobody acts for an organisation yet: it belongs to the user's first one. */
    Scope scopeOf(String name) {
        return find(name).map(user -> user.actor().scope()).orElse(Scope.NOTHING);
    }

    private List<UserAccount> fetch(Condition condition, @Nullable String user) {
        Map<String, List<Grant>> granted =
                Grants.of(database.sql(), user).stream().collect(Collectors.groupingBy(Grant::user));
        return database.sql()
                .selectFrom(USER_ACCOUNT)
                .where(condition)
                .orderBy(USER_ACCOUNT.NAME)
                .fetch(row -> new UserAccount(
                        row.getName(),
                        row.getDisplayName(),
                        granted.getOrDefault(row.getName(), List.of()),
                        row.getEnabled(),
                        row.getPasswordHash() != null,
                        row.getMustChangePassword(),
                        row.getLastLoginAt(),
                        row.getPasswordResetAt(),
                        row.getPasswordResetBy()));
    }
}
