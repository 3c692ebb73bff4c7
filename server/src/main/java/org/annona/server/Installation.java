package org.annona.server;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.annona.foundation.audit.AuditSeal;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.Database.Plans;
import org.annona.foundation.sealing.MasterKey;
import org.annona.foundation.sealing.StoredKeysets;
import org.annona.postgres.CacheFolder;
import org.annona.postgres.DatabaseAddress;
import org.annona.postgres.DatabaseUnavailable;
import org.annona.postgres.EmbeddedPostgres;
import org.annona.postgres.Provisioning;
import org.annona.postgres.RoleNames;
import org.annona.postgres.RolePasswords;
import org.annona.postgres.WrongPassword;
import org.annona.postgres.backup.UnfinishedRestore;
import org.jspecify.annotations.Nullable;

/** Key and database of an installation, ready for use: the server runs, roles exist, every schema has its newest version. */
public final class Installation implements AutoCloseable {

    static final String DATABASE = "annona";

    static final String REGISTRY_FOR_PARTNERS = "registry for partners";
    static final String HEALTH = "health";

    /** In order of their dependence. */
    private static final List<Connections> CONNECTIONS = List.of(
            new Connections("foundation", "foundation", 8, Plans.ANEW),
            // The health check must not wait behind users.
            new Connections(HEALTH, "foundation", 1, Plans.KEPT),
            new Connections("access", "access", 4, Plans.ANEW),
            new Connections("exchange", "exchange", 16, Plans.KEPT),
            new Connections("registry", "registry", 12, Plans.ANEW),
            // What partners ask for must not keep clerks waiting.
            new Connections(REGISTRY_FOR_PARTNERS, "registry", 12, Plans.KEPT),
            new Connections("tokens", "tokens", 8, Plans.ANEW),
            new Connections("programs", "programs", 8, Plans.ANEW),
            new Connections("mapper", "mapper", 4, Plans.ANEW),
            new Connections("payments", "payments", 8, Plans.ANEW));

    /** @param most open at once */
    private record Connections(String name, String schema, int most, Plans plans) {}

    private final MasterKey masterKey;
    private final @Nullable EmbeddedPostgres embedded;
    private final DatabaseAddress address;
    private final Map<String, Database> databases = new LinkedHashMap<>();

    private Installation(MasterKey masterKey, @Nullable EmbeddedPostgres embedded, DatabaseAddress address) {
        this.masterKey = masterKey;
        this.embedded = embedded;
        this.address = address;
    }

    public static Installation open(Settings settings) {
        String url = settings.databaseUrl();
        if (url != null) {
            DatabaseAddress address = address(url);
            return new Installation(keyOf(address, settings), null, address).prepared(settings);
        }
        Path folder = settings.dataFolder().resolve("postgres");
        MasterKey key = EmbeddedPostgres.isIn(folder)
                ? InstallationKey.beside(folder.toString(), settings)
                : InstallationKey.forNewData(settings);
        EmbeddedPostgres server = startedWith(key, folder);
        try {
            DatabaseAddress address = server.createDatabase(DATABASE, RoleNames.DEFAULT);
            return new Installation(keyOf(address, settings), server, address).prepared(settings);
        } catch (RuntimeException failed) {
            server.close();
            throw failed;
        }
    }

    static EmbeddedPostgres startedWith(MasterKey key, Path folder) {
        try {
            return EmbeddedPostgres.start(
                    new EmbeddedPostgres.Settings(folder, CacheFolder.ofThisUser(), adminPassword(key), 0, true));
        } catch (WrongPassword wrong) {
            throw InstallationKey.wrong(folder.toString());
        }
    }

    /** Beside data, the key that opens it; nothing is prepared, and no password of a role changed, with any other. */
    private static MasterKey keyOf(DatabaseAddress address, Settings settings) {
        try (Connection admin = Provisioning.connect(address)) {
            refuseUnfinishedRestore(admin, address);
            if (!StoredKeysets.isThere(admin)) {
                return InstallationKey.forNewData(settings);
            }
            MasterKey key = InstallationKey.beside(address.toString(), settings);
            InstallationKey.requireFor(key, admin, address);
            return key;
        } catch (SQLException failed) {
            throw unreachable(address, failed);
        }
    }

    static DatabaseUnavailable unreachable(DatabaseAddress address, SQLException failed) {
        return new DatabaseUnavailable(
                "The database " + address + " cannot be read: " + failed.getMessage()
                        + ". Check that it runs, that the address is right and that its user may create roles.",
                failed);
    }

    /** Of the embedded server. */
    static String adminPassword(MasterKey key) {
        return key.password("postgres");
    }

    static DatabaseAddress address(String url) {
        try {
            return DatabaseAddress.parse(url);
        } catch (IllegalArgumentException unreadable) {
            throw new Refusal("ANNONA_DATABASE_URL cannot be read: " + unreadable.getMessage()
                    + ". It looks like postgresql://user:password@host:5432/database.");
        }
    }

    static void refuseUnfinishedRestore(Connection admin, DatabaseAddress address) throws SQLException {
        if (UnfinishedRestore.isThere(admin)) {
            throw new Refusal(
                    "A restore into " + address + " was interrupted, or is still running. If none runs, repeat it with"
                            + " './annona restore FILE': it takes away what the interrupted one left. Until then nothing is run on it.");
        }
    }

    /** In order of their dependence. */
    static List<String> schemas(Settings.Topology topology) {
        return CONNECTIONS.stream()
                .map(Connections::schema)
                .filter(topology::has)
                .distinct()
                .toList();
    }

    private Installation prepared(Settings settings) {
        RolePasswords passwords = role -> InstallationKey.rolePassword(masterKey, role);
        Settings.Topology topology = settings.standing().topology();
        new Provisioning(address, RoleNames.DEFAULT, passwords).prepare(schemas(topology));
        CONNECTIONS.stream()
                .filter(one -> topology.has(one.schema()))
                .forEach(one -> databases.put(
                        one.name(),
                        Database.open(address, RoleNames.DEFAULT, passwords, one.schema(), one.most(), one.plans())));
        databases.values().forEach(database -> AuditTrail.seal(database, AuditSeal.of(masterKey)));
        return this;
    }

    public MasterKey masterKey() {
        return masterKey;
    }

    /** @param name a schema, {@link #REGISTRY_FOR_PARTNERS} or {@link #HEALTH} */
    public Database database(String name) {
        return Objects.requireNonNull(databases.get(name), name);
    }

    public List<String> schemas() {
        return databases.values().stream().map(Database::schema).distinct().toList();
    }

    /** The administrator's address, for operators and tests. */
    public DatabaseAddress address() {
        return address;
    }

    public @Nullable EmbeddedPostgres embedded() {
        return embedded;
    }

    @Override
    public void close() {
        databases.values().forEach(Database::close);
        if (embedded != null) {
            embedded.close();
        }
    }
}
