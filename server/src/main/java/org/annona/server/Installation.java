package org.annona.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.annona.foundation.database.Database;
import org.annona.foundation.sealing.MasterKey;
import org.annona.postgres.CacheFolder;
import org.annona.postgres.DatabaseAddress;
import org.annona.postgres.EmbeddedPostgres;
import org.annona.postgres.Provisioning;
import org.annona.postgres.RoleNames;
import org.annona.postgres.RolePasswords;
import org.jspecify.annotations.Nullable;

/** Key and database of an installation, ready for use: the server runs, roles exist, every schema has its newest version. */
public final class Installation implements AutoCloseable {

    /** In order of their dependence, with how many connections each may use. */
    private static final Map<String, Integer> SCHEMAS = new LinkedHashMap<>();

    static {
        SCHEMAS.put("foundation", 8);
        SCHEMAS.put("access", 4);
        SCHEMAS.put("exchange", 16);
        SCHEMAS.put("registry", 12);
        SCHEMAS.put("programs", 8);
        SCHEMAS.put("mapper", 4);
        SCHEMAS.put("payments", 8);
    }

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
        MasterKey key = masterKey(settings);
        if (settings.databaseUrl() != null) {
            return new Installation(key, null, address(settings.databaseUrl())).prepared(settings);
        }
        Path folder = settings.dataFolder().resolve("postgres");
        EmbeddedPostgres server = EmbeddedPostgres.start(
                new EmbeddedPostgres.Settings(folder, CacheFolder.ofThisUser(), key.password("postgres"), 0, true));
        try {
            return new Installation(key, server, server.createDatabase("annona", RoleNames.DEFAULT)).prepared(settings);
        } catch (RuntimeException failed) {
            server.close();
            throw failed;
        }
    }

    private static DatabaseAddress address(String url) {
        try {
            return DatabaseAddress.parse(url);
        } catch (IllegalArgumentException unreadable) {
            throw new Refusal("ANNONA_DATABASE_URL cannot be read: " + unreadable.getMessage()
                    + ". It looks like postgresql://user:password@host:5432/database.");
        }
    }

    private static MasterKey masterKey(Settings settings) {
        try {
            return settings.masterKey() == null
                    ? MasterKey.inFile(settings.dataFolder().resolve("master.key"))
                    : MasterKey.fromBase64(settings.masterKey());
        } catch (IllegalArgumentException unfit) {
            throw new Refusal("The master key cannot be used: " + unfit.getMessage()
                    + ". Restore it from your backup; without it nothing that is sealed can be read.");
        } catch (IOException failed) {
            throw new Refusal("The master key cannot be read: " + failed.getMessage());
        }
    }

    private Installation prepared(Settings settings) {
        RolePasswords passwords = role -> masterKey.password("database role " + role);
        List<String> schemas = SCHEMAS.keySet().stream()
                .filter(schema -> settings.standing().house().has(schema))
                .toList();
        new Provisioning(address, RoleNames.DEFAULT, passwords).prepare(schemas);
        schemas.forEach(schema -> databases.put(
                schema,
                Database.open(
                        address, RoleNames.DEFAULT, passwords, schema, Objects.requireNonNull(SCHEMAS.get(schema)))));
        return this;
    }

    public MasterKey masterKey() {
        return masterKey;
    }

    public Database database(String schema) {
        return Objects.requireNonNull(databases.get(schema), schema);
    }

    public List<String> schemas() {
        return List.copyOf(databases.keySet());
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
