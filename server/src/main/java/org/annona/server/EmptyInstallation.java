package org.annona.server;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.MasterKey;
import org.annona.foundation.sealing.StoredKeysets;
import org.annona.payments.PaymentsAtRest;
import org.annona.postgres.DatabaseAddress;
import org.annona.postgres.EmbeddedPostgres;
import org.annona.postgres.Provisioning;
import org.annona.postgres.RoleNames;
import org.annona.postgres.SchemaVersions;
import org.annona.postgres.backup.BackupFile;
import org.annona.postgres.backup.Restore;
import org.annona.postgres.backup.UnfinishedRestore;

/** A folder or a database in which there is nothing yet, to be filled from a backup. */
public final class EmptyInstallation {

    private final MasterKey key;
    private final DatabaseAddress address;
    private final List<String> schemas;

    private EmptyInstallation(MasterKey key, DatabaseAddress address, List<String> schemas) {
        this.key = key;
        this.address = address;
        this.schemas = schemas;
    }

    public static void restore(Settings settings, BackupFile file) {
        List<String> schemas = Installation.schemas(settings.standing().topology());
        if (!List.copyOf(file.manifest().schemas().keySet()).equals(schemas)) {
            throw new Refusal(
                    "The backup is of the blocks " + file.manifest().schemas().keySet() + ", and here run " + schemas
                            + ". Set ANNONA_BLOCKS as it was there.");
        }
        MasterKey key = keyOf(settings, file);
        String url = settings.databaseUrl();
        if (url != null) {
            new EmptyInstallation(key, Installation.address(url), schemas).fill(file);
            return;
        }
        Path folder = settings.dataFolder().resolve("postgres");
        try (DataFolder taken = DataFolder.take(settings.dataFolder());
                EmbeddedPostgres server = Installation.startedWith(key, folder)) {
            DatabaseAddress address = server.createDatabase(Installation.DATABASE, RoleNames.DEFAULT);
            new EmptyInstallation(key, address, schemas).fill(file);
        }
    }

    /** A backup without its key would become an installation that nobody can use, so the key is asked for first. */
    private static MasterKey keyOf(Settings settings, BackupFile file) {
        MasterKey key = InstallationKey.given(settings)
                .orElseThrow(
                        () -> new Refusal("The master key of the installation that was backed up is needed; it is not"
                                + " in the backup. Put it at " + InstallationKey.file(settings)
                                + ", or give it as ANNONA_MASTER_KEY."));
        Map<String, byte[]> keysets = file.values("foundation", "keyset", List.of("name", "wrapped")).stream()
                .collect(Collectors.toMap(
                        List::getFirst,
                        row -> HexFormat.of().parseHex(row.getLast().replace("\\x", ""))));
        if (!Keyring.opens(key, keysets)) {
            throw InstallationKey.wrong("the backup");
        }
        return key;
    }

    private void fill(BackupFile file) {
        try (Connection admin = Provisioning.connect(address)) {
            boolean again = UnfinishedRestore.isThere(admin);
            if (!again && StoredKeysets.isThere(admin)) {
                throw new Refusal("There is an installation in " + address
                        + " already. A backup is restored only into an empty folder (ANNONA_DATA) or an empty database"
                        + " (ANNONA_DATABASE_URL). Nothing was changed.");
            }
            refuseOtherVersions(file);
            if (!UnfinishedRestore.begin(admin)) {
                throw new Refusal("Another process restores into " + address + ". Wait until it has ended.");
            }
            Provisioning provisioning =
                    new Provisioning(address, RoleNames.DEFAULT, role -> InstallationKey.rolePassword(key, role));
            if (again) {
                provisioning.prepare(List.of());
                try (Connection owner = connectAsOwner()) {
                    Provisioning.remove(owner, schemas);
                }
            }
            provisioning.prepare(schemas);
            try (Connection owner = connectAsOwner()) {
                load(owner, file);
            } catch (RuntimeException failed) {
                // Empty tables would look like an installation that begins.
                try (Connection owner = connectAsOwner()) {
                    Provisioning.remove(owner, schemas);
                }
                UnfinishedRestore.end(admin);
                throw failed;
            }
            UnfinishedRestore.end(admin);
        } catch (SQLException failed) {
            throw Installation.unreachable(address, failed);
        }
    }

    private void refuseOtherVersions(BackupFile file) {
        for (String schema : schemas) {
            if (!SchemaVersions.shipped(address, schema)
                    .equals(file.manifest().schemas().get(schema))) {
                throw new Refusal("The tables of " + schema + " in the backup are those of another version of Annona ("
                        + file.manifest().annona() + "). Restore it with that version, and start this one afterwards.");
            }
        }
    }

    private Connection connectAsOwner() throws SQLException {
        String owner = RoleNames.DEFAULT.migrator();
        return address.connect(owner, InstallationKey.rolePassword(key, owner));
    }

    private void load(Connection owner, BackupFile file) {
        new Restore(owner, file).load(loaded -> {
            if (schemas.contains("payments")) {
                PaymentsAtRest.markRestored(loaded, file.manifest().takenAt());
            }
        });
    }
}
