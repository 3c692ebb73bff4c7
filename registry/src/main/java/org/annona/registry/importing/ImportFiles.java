package org.annona.registry.importing;

import static org.annona.registry.internal.tables.Tables.IMPORT_PIECE;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.security.DigestInputStream;
import java.util.Enumeration;
import java.util.UUID;
import org.annona.foundation.database.Database;
import org.annona.foundation.digest.RowDigest;
import org.annona.foundation.problem.Problem;
import org.annona.registry.RegistryProblem;
import org.annona.registry.identifier.RegistryKeys;
import org.jooq.DSLContext;

/** Keeps imported files in the database, sealed piece by piece, so that any process can go on with them. */
final class ImportFiles {

    static final long LARGEST_FILE_BYTES = 1_000_000_000L;
    private static final int PIECE_BYTES = 512 * 1024;

    private final Database database;
    private final RegistryKeys keys;

    ImportFiles(Database database, RegistryKeys keys) {
        this.database = database;
        this.keys = keys;
    }

    record Stored(int pieces, long bytes, byte[] hash, byte[] start) {}

    /** Takes the file in, holding one piece in memory at a time. */
    Stored store(DSLContext tx, UUID importId, InputStream file) throws IOException {
        DigestInputStream digesting = new DigestInputStream(file, RowDigest.sha256());
        int number = 0;
        long bytes = 0;
        byte[] start = new byte[0];
        for (byte[] piece = digesting.readNBytes(PIECE_BYTES);
                piece.length > 0;
                piece = digesting.readNBytes(PIECE_BYTES)) {
            bytes += piece.length;
            if (bytes > LARGEST_FILE_BYTES) {
                throw Problem.of(RegistryProblem.FILE_TOO_LARGE, "limit", "1 GB");
            }
            if (number == 0) {
                start = piece;
            }
            append(tx, importId, number, piece);
            number++;
        }
        return new Stored(number, bytes, digesting.getMessageDigest().digest(), start);
    }

    void append(DSLContext tx, UUID importId, int number, byte[] piece) {
        tx.insertInto(IMPORT_PIECE)
                .set(IMPORT_PIECE.IMPORT_ID, importId)
                .set(IMPORT_PIECE.NUMBER, number)
                .set(IMPORT_PIECE.CONTENT, keys.seal(RegistryKeys.IMPORT_PIECE, place(importId, number), piece))
                .execute();
    }

    /** The file from its beginning; pieces are fetched as they are read. */
    InputStream open(UUID importId, int pieces) {
        return new SequenceInputStream(new Enumeration<>() {
            private int next;

            @Override
            public boolean hasMoreElements() {
                return next < pieces;
            }

            @Override
            public InputStream nextElement() {
                return new ByteArrayInputStream(piece(importId, next++));
            }
        });
    }

    byte[] piece(UUID importId, int number) {
        byte[] sealed = database.sql()
                .select(IMPORT_PIECE.CONTENT)
                .from(IMPORT_PIECE)
                .where(IMPORT_PIECE.IMPORT_ID.eq(importId), IMPORT_PIECE.NUMBER.eq(number))
                .fetchSingle()
                .value1();
        return keys.open(RegistryKeys.IMPORT_PIECE, place(importId, number), sealed);
    }

    private static String place(UUID importId, int number) {
        return importId + "/" + number;
    }
}
