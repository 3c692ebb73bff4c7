package org.annona.foundation.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import javax.sql.DataSource;
import org.annona.foundation.scope.Scope;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Connections that carry the current scope to the database. A pool gives the same connection to one work after the other, so that
 * the scope is set anew whenever it is not the one of the work before.
 */
final class ScopedConnections extends DelegatingDataSource {

    private final Map<PGConnection, Scope> carried = Collections.synchronizedMap(new WeakHashMap<>());

    ScopedConnections(DataSource pool) {
        super(pool);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        try {
            carry(connection, Scope.current());
            return connection;
        } catch (SQLException | RuntimeException failure) {
            connection.close();
            throw failure;
        }
    }

    private void carry(Connection connection, @Nullable Scope scope) throws SQLException {
        PGConnection server = connection.unwrap(PGConnection.class);
        if (Objects.equals(scope, carried.get(server))) {
            return;
        }
        carried.remove(server);
        try (PreparedStatement sql = connection.prepareStatement(
                "select set_config('annona.organisations', ?, false), set_config('annona.organisation', ?, false)")) {
            // Null gives back what the database has by itself.
            sql.setString(1, scope == null ? null : scope.visible());
            sql.setString(2, scope == null ? null : Objects.toString(scope.acting(), ""));
            sql.execute();
        }
        if (scope != null) {
            carried.put(server, scope);
        }
    }
}
