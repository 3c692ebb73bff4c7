package org.annona.access;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.database.Sqlstate;
import org.annona.foundation.problem.Problem;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/** The ministries and departments that share this installation. There are few, and none is ever removed. */
public final class Organisations {

    private static final SqlFile LIST = SqlFile.beside(Organisations.class, "organisations.sql");
    private static final SqlFile CREATE = SqlFile.beside(Organisations.class, "create-organisation.sql");
    private static final SqlFile RENAME = SqlFile.beside(Organisations.class, "rename-organisation.sql");
    private static final SqlFile LOCK = SqlFile.beside(Organisations.class, "lock-organisation.sql");
    private static final SqlFile KEEP = SqlFile.beside(Organisations.class, "keep-organisation.sql");
    private static final SqlFile SET_ACTIVE = SqlFile.beside(Organisations.class, "set-organisation-active.sql");
    private static final int LONGEST_NAME = 120;

    private final Database database;
    private final AuditTrail audit = new AuditTrail("access");

    Organisations(Database database) {
        this.database = database;
    }

    /**
     * @param users who may log in and have a role in it
     * @param administrators of them, those who have chosen a password
     */
    public record Organisation(short id, String code, String name, boolean active, int users, int administrators) {

        public boolean isFirst() {
            return id == Actor.FIRST_ORGANISATION;
        }
    }

    public List<Organisation> list(Actor actor) {
        actor.require(AccessPermission.MANAGE_ORGANISATIONS);
        return all(database.sql());
    }

    private static List<Organisation> all(DSLContext sql) {
        return LIST.list(sql, Map.of(), Organisations::read);
    }

    /** One of those that the actor may name: all for the installation, the own one for others. */
    public List<Organisation> administered(Actor actor) {
        return all(database.sql()).stream()
                .filter(one -> one.active()
                        && (actor.may(AccessPermission.MANAGE_ORGANISATIONS) || one.id() == actor.organisation()))
                .toList();
    }

    public Optional<Organisation> find(short id) {
        return all(database.sql()).stream().filter(one -> one.id() == id).findFirst();
    }

    public short create(Actor actor, String typedCode, String typedName) {
        actor.require(AccessPermission.MANAGE_ORGANISATIONS);
        String code = typedCode.strip();
        String name = name(typedName);
        if (!code.matches("[A-Z][A-Z0-9-]{1,19}")) {
            throw Problem.of(
                    AccessProblem.ORGANISATION_UNFIT,
                    "reason",
                    "the code has 2 to 20 capital letters, digits or hyphens and begins with a letter");
        }
        return refusingTaken(
                code,
                name,
                () -> database.inTransaction(tx -> {
                    Short id = CREATE.first(
                            tx,
                            Map.of("code", code, "name", name, "by", actor.name()),
                            (row, number) -> row.getShort("id"));
                    audit.append(
                            tx,
                            AuditEvent.of(actor.name(), "access.organisation.create", "organisation/" + code)
                                    .with("name", name));
                    return Objects.requireNonNull(id);
                }));
    }

    public void rename(Actor actor, short id, String typedName) {
        actor.require(AccessPermission.MANAGE_ORGANISATIONS);
        String name = name(typedName);
        refusingTaken(
                "",
                name,
                () -> database.inTransaction(tx -> {
                    String code = lock(tx, id);
                    RENAME.run(tx, Map.of("id", id, "name", name));
                    audit.append(
                            tx,
                            AuditEvent.of(actor.name(), "access.organisation.rename", "organisation/" + code)
                                    .with("name", name));
                    return id;
                }));
    }

    /**
     * Nobody can act for an organisation that is not active. One with users stays active, so that nobody loses the way in by the way;
     * what runs in it runs on.
     */
    public void setActive(Actor actor, short id, boolean active) {
        actor.require(AccessPermission.MANAGE_ORGANISATIONS);
        database.transact(tx -> {
            String code = lock(tx, id);
            Organisation one =
                    all(tx).stream().filter(it -> it.id() == id).findFirst().orElseThrow();
            if (!active && one.isFirst()) {
                throw Problem.of(AccessProblem.ORGANISATION_FIRST);
            }
            if (!active && one.users() > 0) {
                throw Problem.of(AccessProblem.ORGANISATION_IN_USE, "name", one.name(), "users", one.users());
            }
            SET_ACTIVE.run(tx, Map.of("id", id, "active", active));
            audit.append(
                    tx,
                    AuditEvent.of(
                            actor.name(),
                            "access.organisation." + (active ? "activate" : "deactivate"),
                            "organisation/" + code));
        });
    }

    /** For a grant: the organisation is not deactivated before it is committed. */
    static void keepActive(DSLContext tx, short id) {
        Boolean active = KEEP.first(tx, Map.of("id", id), (row, number) -> row.getBoolean("active"));
        if (active == null) {
            throw Problem.of(AccessProblem.ORGANISATION_UNKNOWN);
        }
        if (!active) {
            throw Problem.of(AccessProblem.ORGANISATION_INACTIVE);
        }
    }

    private static String lock(DSLContext tx, short id) {
        @Nullable String code = LOCK.first(tx, Map.of("id", id), (row, number) -> row.getString("code"));
        if (code == null) {
            throw Problem.of(AccessProblem.ORGANISATION_UNKNOWN);
        }
        return code;
    }

    private static String name(String typed) {
        String name = typed.strip();
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw Problem.of(
                    AccessProblem.ORGANISATION_UNFIT, "reason", "the name has 1 to " + LONGEST_NAME + " characters");
        }
        return name;
    }

    private static short refusingTaken(String code, String name, Supplier<Short> work) {
        try {
            return work.get();
        } catch (DataAccessException | org.springframework.dao.DataAccessException refused) {
            if (Sqlstate.isConflict(refused)) {
                boolean ofCode = Sqlstate.constraint(refused).equals("organisation_code_key");
                throw Problem.of(AccessProblem.ORGANISATION_EXISTS, "name", ofCode ? code : name)
                        .causedBy(refused);
            }
            throw refused;
        }
    }

    private static Organisation read(ResultSet row, int number) throws SQLException {
        return new Organisation(
                row.getShort("id"),
                row.getString("code"),
                row.getString("name"),
                row.getBoolean("active"),
                row.getInt("users"),
                row.getInt("administrators"));
    }
}
