package org.annona.postgres;

/**
 * The database roles of one installation. The owner holds the database and cannot log in; the migrator owns schemas and
 * tables; each schema has one application role, which reads and writes its own schema and nothing of another block;
 * all application roles belong to the group {@link #application()}, to which the shared tables are granted.
 *
 * @param prefix tells installations apart that share one PostgreSQL server, because roles belong to the server
 */
public record RoleNames(String prefix) {

    public static final RoleNames DEFAULT = new RoleNames("annona");

    public RoleNames {
        if (!prefix.matches("[a-z][a-z0-9_]{0,30}")) {
            throw new DatabaseUnavailable("The prefix of the database roles must be lower-case letters, digits and _"
                    + " (at most 31); it is '" + prefix + "'.");
        }
    }

    public String owner() {
        return prefix + "_owner";
    }

    public String migrator() {
        return prefix + "_migrator";
    }

    public String application() {
        return prefix + "_application";
    }

    public String of(String schema) {
        return prefix + "_" + schema;
    }
}
