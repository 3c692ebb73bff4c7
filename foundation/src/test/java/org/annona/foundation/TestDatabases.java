package org.annona.foundation;

import org.annona.foundation.database.Database;
import org.annona.postgres.DatabaseAddress;
import org.annona.testing.TestPostgres;

/** Databases with the foundation's tables, entered as the application role. */
public final class TestDatabases {

    private TestDatabases() {}

    public static Database fresh() {
        return open(TestPostgres.with("foundation"));
    }

    public static Database open(DatabaseAddress address) {
        return Database.open(address, TestPostgres.ROLES, TestPostgres.PASSWORDS, "foundation", 8);
    }
}
