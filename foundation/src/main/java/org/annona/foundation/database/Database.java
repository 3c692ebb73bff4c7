package org.annona.foundation.database;

import static org.jooq.impl.DSL.currentOffsetDateTime;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.annona.postgres.DatabaseAddress;
import org.annona.postgres.RoleNames;
import org.annona.postgres.RolePasswords;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;

/**
 * One block's way to its own schema, as the role that may reach nothing else. Transactions are lambdas, so that a reader
 * sees where they begin and end. Each connection carries the {@code Scope} of the work that takes it.
 */
public final class Database implements AutoCloseable {

    private static final Duration WAIT_FOR_CONNECTION = Duration.ofSeconds(8);

    private final String schema;
    private final HikariDataSource pool;
    private final DataSource connections;
    private final DSLContext sql;

    private Database(String schema, HikariDataSource pool) {
        this.schema = schema;
        this.pool = pool;
        this.connections = new ScopedConnections(pool);
        this.sql = DSL.using(
                connections,
                SQLDialect.POSTGRES,
                new Settings()
                        .withRenderQuotedNames(RenderQuotedNames.EXPLICIT_DEFAULT_UNQUOTED)
                        .withExecuteLogging(false)
                        .withBatchSize(1000));
    }

    /** Whether the database plans a statement anew each time, or keeps the plan for the next time. */
    public enum Plans {
        /** For work in bulk: a plan made for empty tables must not be kept while an import fills them. */
        ANEW,
        /** For the same few small statements thousands of times a second, each by an index. */
        KEPT
    }

    public static Database open(
            DatabaseAddress address, RoleNames roles, RolePasswords passwords, String schema, int connections) {
        return open(address, roles, passwords, schema, connections, Plans.ANEW);
    }

    public static Database open(
            DatabaseAddress address,
            RoleNames roles,
            RolePasswords passwords,
            String schema,
            int connections,
            Plans plans) {
        return new Database(
                schema, new HikariDataSource(config(address, roles, passwords, schema, connections, plans, "")));
    }

    /** For looking only: the database itself refuses every change that is asked for this way. */
    public static Database openForReading(
            DatabaseAddress address, RoleNames roles, RolePasswords passwords, String schema) {
        HikariConfig config =
                config(address, roles, passwords, schema, 2, Plans.ANEW, " -c default_transaction_read_only=on");
        return new Database(schema, new HikariDataSource(config));
    }

    private static HikariConfig config(
            DatabaseAddress address,
            RoleNames roles,
            RolePasswords passwords,
            String schema,
            int connections,
            Plans plans,
            String options) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(schema);
        config.setJdbcUrl(address.jdbcUrl());
        config.setUsername(roles.of(schema));
        config.setPassword(passwords.of(roles.of(schema)));
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(WAIT_FOR_CONNECTION.toMillis());
        config.setInitializationFailTimeout(-1);
        config.setAutoCommit(true);
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("ApplicationName", "annona " + schema);
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("socketTimeout", "600");
        // Errors of the server would repeat the values of the row.
        config.addDataSourceProperty("logServerErrorDetail", "false");
        config.addDataSourceProperty("prepareThreshold", plans == Plans.ANEW ? "0" : "5");
        config.addDataSourceProperty("options", "-c search_path=" + schema + ",public" + options);
        return config;
    }

    public String schema() {
        return schema;
    }

    /** Statements that each commit by themselves. */
    public DSLContext sql() {
        return sql;
    }

    public DataSource dataSource() {
        return connections;
    }

    /**
     * The time of the database, one for all processes that share it: what one process writes down, such as a lease, another one
     * judges. Within a transaction it is the time of its beginning.
     */
    public static Instant now(DSLContext sql) {
        return sql.select(currentOffsetDateTime()).fetchSingle().value1().toInstant();
    }

    /** Runs the work in one transaction; it is rolled back when the work throws. */
    public <T> T inTransaction(Function<DSLContext, T> work) {
        return sql.transactionResult(configuration -> work.apply(configuration.dsl()));
    }

    public void transact(Consumer<DSLContext> work) {
        sql.transaction(configuration -> work.accept(configuration.dsl()));
    }

    /** Runs reads that belong together on one unchanging picture of the data. */
    public <T> T onOneSnapshot(Function<DSLContext, T> reads) {
        return inTransaction(tx -> {
            // Such reads are large or by what a stranger chose, so that their values decide the plan.
            tx.execute("""
                    set local plan_cache_mode = force_custom_plan;
                    set transaction isolation level repeatable read, read only""");
            return reads.apply(tx);
        });
    }

    @Override
    public void close() {
        pool.close();
    }
}
