package org.annona.foundation;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.annona.foundation.database.Database;
import org.annona.postgres.DatabaseAddress;
import org.annona.testing.TestPostgres;

/** Databases with the foundation's tables, entered as the application role. */
public final class TestDatabases {

    private TestDatabases() {}

    public static Database fresh() {
        return open(TestPostgres.with("foundation"));
    }

    /** Tables of every kind of column that rows may be copied into, which row level security does not allow. */
    public static Database withoutRowSecurity() {
        DatabaseAddress address = TestPostgres.with("foundation");
        try (Connection admin = TestPostgres.asAdministrator(address.database());
                Statement sql = admin.createStatement()) {
            sql.execute("alter table foundation.outbox disable row level security");
            sql.execute("alter table foundation.job disable row level security");
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
        return open(address);
    }

    public static Database open(DatabaseAddress address) {
        return Database.open(address, TestPostgres.ROLES, TestPostgres.PASSWORDS, "foundation", 8);
    }
}
