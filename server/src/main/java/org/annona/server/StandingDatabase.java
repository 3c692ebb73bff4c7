package org.annona.server;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.annona.foundation.audit.AuditSeal;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.sealing.MasterKey;
import org.annona.foundation.sealing.StoredKeysets;
import org.annona.postgres.DatabaseAddress;
import org.annona.postgres.DatabaseUnavailable;
import org.annona.postgres.EmbeddedPostgres;
import org.annona.postgres.Provisioning;
import org.annona.postgres.RoleNames;
import org.annona.postgres.SchemaVersions;

/**
 * The database of an installation as it stands, for those who look at it or copy it. Nothing is made, brought up to date or sent, no
 * job and no server is started; only the embedded database is, where no other Annona runs it.
 */
public final class StandingDatabase implements AutoCloseable {

    private final MasterKey key;
    private final DatabaseAddress address;
    private final List<String> schemas;
    private final List<AutoCloseable> opened = new ArrayList<>();

    private StandingDatabase(MasterKey key, DatabaseAddress address, List<String> schemas) {
        this.key = key;
        this.address = address;
        this.schemas = schemas;
    }

    public static StandingDatabase open(Settings settings) {
        String url = settings.databaseUrl();
        if (url != null) {
            DatabaseAddress address = Installation.address(url);
            return looked(new StandingDatabase(
                    InstallationKey.beside(address.toString(), settings), address, schemas(settings)));
        }
        Path folder = settings.dataFolder().resolve("postgres");
        if (!EmbeddedPostgres.isIn(folder)) {
            throw new Refusal("There is no installation in " + settings.dataFolder()
                    + ". Name the folder of one with ANNONA_DATA, or a database with ANNONA_DATABASE_URL.");
        }
        MasterKey key = InstallationKey.beside(folder.toString(), settings);
        Optional<DatabaseAddress> running =
                EmbeddedPostgres.running(folder, Installation.DATABASE, Installation.adminPassword(key));
        if (running.isPresent()) {
            return looked(new StandingDatabase(key, running.get(), schemas(settings)));
        }
        DataFolder taken = DataFolder.take(settings.dataFolder());
        EmbeddedPostgres server;
        try {
            server = Installation.startedWith(key, folder);
        } catch (DatabaseUnavailable | Refusal failed) {
            taken.close();
            throw failed;
        }
        StandingDatabase standing = new StandingDatabase(key, server.address(Installation.DATABASE), schemas(settings));
        standing.opened.add(taken);
        standing.opened.add(server);
        return looked(standing);
    }

    private static List<String> schemas(Settings settings) {
        return Installation.schemas(settings.standing().topology());
    }

    private static StandingDatabase looked(StandingDatabase standing) {
        try (Connection admin = Provisioning.connect(standing.address)) {
            Installation.refuseUnfinishedRestore(admin, standing.address);
            if (!StoredKeysets.isThere(admin)) {
                throw new Refusal("There is no installation in the database " + standing.address + ".");
            }
            InstallationKey.requireFor(standing.key, admin, standing.address);
            standing.refuseOtherVersions();
            return standing;
        } catch (SQLException failed) {
            standing.close();
            throw Installation.unreachable(standing.address, failed);
        } catch (RuntimeException refused) {
            standing.close();
            throw refused;
        }
    }

    /** Reading brings nothing up to date, and would misread the tables of another version. */
    private void refuseOtherVersions() throws SQLException {
        try (Connection owner = connectAsOwner()) {
            for (String schema : schemas) {
                if (!SchemaVersions.of(owner, schema).equals(SchemaVersions.shipped(address, schema))) {
                    throw new Refusal(
                            "The tables of " + schema + " in " + address + " are those of another version of Annona."
                                    + " Use that version; or start this one once with './annona run', which brings an older one up"
                                    + " to date.");
                }
            }
        }
    }

    public MasterKey key() {
        return key;
    }

    public DatabaseAddress address() {
        return address;
    }

    public List<String> schemas() {
        return schemas;
    }

    /** As the owner of the tables, who may read all of them. */
    public Connection connectAsOwner() throws SQLException {
        String owner = RoleNames.DEFAULT.migrator();
        return address.connect(owner, InstallationKey.rolePassword(key, owner));
    }

    /** The database itself refuses every change that is asked for this way. It is closed together with this. */
    public Database forReading(String schema) {
        Database database = Database.openForReading(
                address, RoleNames.DEFAULT, role -> InstallationKey.rolePassword(key, role), schema);
        opened.add(database);
        return database;
    }

    /** As the block itself, which may run beside it. It is closed together with this. */
    public Database forWriting(String schema) {
        Database database =
                Database.open(address, RoleNames.DEFAULT, role -> InstallationKey.rolePassword(key, role), schema, 1);
        AuditTrail.seal(database, AuditSeal.of(key));
        opened.add(database);
        return database;
    }

    @Override
    public void close() {
        for (AutoCloseable one : opened.reversed()) {
            try {
                one.close();
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        }
    }
}
