package org.annona.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.annona.foundation.database.Sqlstate;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.MasterKey;
import org.annona.foundation.sealing.StoredKeysets;
import org.annona.postgres.DatabaseAddress;
import org.annona.postgres.RoleNames;
import org.jooq.exception.DataAccessException;

/**
 * The master key of an installation. It is made only where there is no data yet: beside data, a new key could read nothing and
 * would hide that the right one is missing.
 */
final class InstallationKey {

    private static final String NOT_PERMITTED = "42501";
    private static final String WRONG_PASSWORD = "28P01";

    private InstallationKey() {}

    /** @param where the data is, for people */
    static MasterKey beside(String where, Settings settings) {
        return given(settings)
                .orElseThrow(
                        () -> new Refusal(
                                "The master key is missing: there is data in " + where
                                        + ", and there is neither " + file(settings)
                                        + " nor ANNONA_MASTER_KEY. Put the key back from where you"
                                        + " keep it. No new one was made, because nothing that is sealed there could be read with it."));
    }

    /** For an installation that begins. */
    static MasterKey forNewData(Settings settings) {
        return given(settings).orElseGet(() -> {
            try {
                return MasterKey.newInFile(file(settings));
            } catch (IOException failed) {
                throw new Refusal("The master key cannot be written: " + failed.getMessage());
            }
        });
    }

    static Path file(Settings settings) {
        return settings.dataFolder().resolve("master.key");
    }

    static Optional<MasterKey> given(Settings settings) {
        try {
            if (settings.masterKey() != null) {
                return Optional.of(MasterKey.fromBase64(settings.masterKey()));
            }
            return Files.exists(file(settings)) ? Optional.of(MasterKey.inFile(file(settings))) : Optional.empty();
        } catch (IllegalArgumentException unfit) {
            throw new Refusal("The master key cannot be used: " + unfit.getMessage()
                    + ". Restore it from your backup; without it nothing that is sealed can be read.");
        } catch (IOException failed) {
            throw new Refusal("The master key cannot be read: " + failed.getMessage());
        }
    }

    /** Refuses a key with which the data was not sealed, before anything is changed. */
    static void requireFor(MasterKey key, Connection admin, DatabaseAddress address) {
        if (!Keyring.opens(key, keysets(key, admin, address))) {
            throw wrong(address.toString());
        }
    }

    /** An administrator who may make roles may still not read the tables of others; then their owner does. */
    private static Map<String, byte[]> keysets(MasterKey key, Connection admin, DatabaseAddress address) {
        try {
            return StoredKeysets.read(admin).orElse(Map.of());
        } catch (DataAccessException denied) {
            if (!NOT_PERMITTED.equals(Sqlstate.of(denied))) {
                throw denied;
            }
        }
        String owner = RoleNames.DEFAULT.migrator();
        try (Connection connection = address.connect(owner, rolePassword(key, owner))) {
            return StoredKeysets.read(connection).orElse(Map.of());
        } catch (SQLException refused) {
            if (WRONG_PASSWORD.equals(refused.getSQLState())) {
                throw wrong(address.toString());
            }
            throw new DataAccessException("the keys of " + address + " cannot be read", refused);
        }
    }

    static String rolePassword(MasterKey key, String role) {
        return key.password("database role " + role);
    }

    static Refusal wrong(String where) {
        return new Refusal("The master key does not belong to the data in " + where + ", which was sealed with another"
                + " one. Start with the key of this data (master.key in the data folder, or ANNONA_MASTER_KEY). Nothing"
                + " was changed.");
    }
}
