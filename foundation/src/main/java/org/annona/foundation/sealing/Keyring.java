package org.annona.foundation.sealing;

import static org.annona.foundation.internal.tables.Tables.KEYSET;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.prf.PredefinedPrfParameters;
import com.google.crypto.tink.prf.PrfConfig;
import com.google.crypto.tink.prf.PrfSet;
import com.google.crypto.tink.subtle.AesGcmJce;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.annona.foundation.database.Database;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The data keys of an installation, one keyset per class of data, kept in the database wrapped by the master key and made
 * at first use. Processes that share a database share the keys.
 */
public final class Keyring {

    static {
        try {
            AeadConfig.register();
            PrfConfig.register();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private final Database database;
    private final Aead wrapping;
    private final Map<String, KeysetHandle> opened = new ConcurrentHashMap<>();

    public Keyring(Database database, MasterKey master) {
        this.database = database;
        this.wrapping = wrapping(master);
    }

    private static Aead wrapping(MasterKey master) {
        try {
            return new AesGcmJce(master.derive("key-encryption key"));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Whether a master key opens every one of these keysets. @param wrapped as they are stored, by their names */
    public static boolean opens(MasterKey master, Map<String, byte[]> wrapped) {
        Aead wrapping = wrapping(master);
        return wrapped.entrySet().stream().allMatch(one -> {
            try {
                TinkProtoKeysetFormat.parseEncryptedKeyset(one.getValue(), wrapping, associatedData(one.getKey()));
                return true;
            } catch (GeneralSecurityException wrongKey) {
                return false;
            }
        });
    }

    /** For values of one class of data, such as {@code registry.person}. */
    public Sealer sealer(String dataClass) {
        try {
            return new Sealer(keyset("seal " + dataClass, PredefinedAeadParameters.AES256_GCM)
                    .getPrimitive(RegistryConfiguration.get(), Aead.class));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** For exact look-ups of one class of data, such as {@code registry.identifier}. */
    public BlindIndex blindIndex(String dataClass) {
        try {
            return new BlindIndex(keyset("index " + dataClass, PredefinedPrfParameters.HMAC_SHA256_PRF)
                    .getPrimitive(RegistryConfiguration.get(), PrfSet.class));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private KeysetHandle keyset(String name, Parameters parameters) {
        return opened.computeIfAbsent(name, absent -> {
            byte[] wrapped = stored(name);
            if (wrapped == null) {
                database.sql()
                        .insertInto(KEYSET, KEYSET.NAME, KEYSET.WRAPPED)
                        .values(name, wrapNew(name, parameters))
                        .onConflictDoNothing()
                        .execute();
                wrapped = stored(name);
            }
            return unwrap(name, Objects.requireNonNull(wrapped));
        });
    }

    private byte @Nullable [] stored(String name) {
        return database.sql()
                .select(KEYSET.WRAPPED)
                .from(KEYSET)
                .where(KEYSET.NAME.eq(name))
                .fetchOne(KEYSET.WRAPPED);
    }

    private byte[] wrapNew(String name, Parameters parameters) {
        try {
            return TinkProtoKeysetFormat.serializeEncryptedKeyset(
                    KeysetHandle.generateNew(parameters), wrapping, associatedData(name));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private KeysetHandle unwrap(String name, byte[] wrapped) {
        try {
            return TinkProtoKeysetFormat.parseEncryptedKeyset(wrapped, wrapping, associatedData(name));
        } catch (GeneralSecurityException wrongKey) {
            throw Problem.of(FoundationProblem.WRONG_MASTER_KEY).causedBy(wrongKey);
        }
    }

    private static byte[] associatedData(String name) {
        return ("foundation.keyset|" + name).getBytes(StandardCharsets.UTF_8);
    }
}
