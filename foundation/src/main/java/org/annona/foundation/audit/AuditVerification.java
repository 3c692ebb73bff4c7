package org.annona.foundation.audit;

import static org.annona.foundation.internal.tables.Tables.AUDIT_CHAIN;
import static org.annona.foundation.internal.tables.Tables.AUDIT_ENTRY;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.annona.foundation.database.Database;
import org.annona.foundation.digest.RowDigest;
import org.annona.foundation.scope.AcrossOrganisations;
import org.annona.foundation.scope.Scope;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/**
 * Reads every chain from its first entry and computes each hash anew, here and not in the database. A changed, removed,
 * inserted or reordered entry shows at its place; a cut-off end shows against the chain's head.
 */
public final class AuditVerification {

    private static final byte[] GENESIS = RowDigest.ofText("annona");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int FETCH_SIZE = 2_000;

    private final Database database;
    private final @Nullable AuditSeal seal;

    /** @param seal of this installation; null to look at the hashes alone */
    public AuditVerification(Database database, @Nullable AuditSeal seal) {
        this.database = database;
        this.seal = seal;
    }

    /** @param head hash of the newest entry; kept outside, it proves later that nothing was cut off */
    public record ChainReport(
            String chain,
            long entries,
            String head,
            @Nullable String fault) implements Serializable {

        public boolean sound() {
            return fault == null;
        }
    }

    /** Of the entries of all organisations. */
    public List<ChainReport> verify() {
        return Scope.across(AcrossOrganisations.OPERATION)
                .call(() -> database.onOneSnapshot(tx -> {
                    List<ChainReport> reports = new ArrayList<>();
                    for (Record chain : tx.selectFrom(AUDIT_CHAIN)
                            .orderBy(AUDIT_CHAIN.CHAIN)
                            .fetch()) {
                        reports.add(verify(tx, chain));
                    }
                    return reports;
                }));
    }

    private ChainReport verify(DSLContext tx, Record chain) {
        String name = chain.get(AUDIT_CHAIN.CHAIN);
        long expected = 1;
        byte[] previous = GENESIS;
        long unsealed = 0;
        long firstUnsealed = 0;
        try (Cursor<? extends Record> entries = tx.select(AUDIT_ENTRY.fields())
                .from(AUDIT_ENTRY)
                .where(AUDIT_ENTRY.CHAIN.eq(name))
                .orderBy(AUDIT_ENTRY.SEQ)
                .fetchSize(FETCH_SIZE)
                .fetchLazy()) {
            for (Record entry : entries) {
                long seq = entry.get(AUDIT_ENTRY.SEQ);
                if (seq != expected) {
                    return fault(name, expected - 1, previous, "entry " + expected + " is missing");
                }
                byte[] hash = RowDigest.ofBytes(content(entry));
                if (!Arrays.equals(previous, entry.get(AUDIT_ENTRY.PREVIOUS))
                        || !Arrays.equals(hash, entry.get(AUDIT_ENTRY.HASH))) {
                    return fault(name, seq, previous, "entry " + seq + " was changed");
                }
                if (seal != null && !seal.fits(name, seq, hash, entry.get(AUDIT_ENTRY.SEAL))) {
                    unsealed++;
                    firstUnsealed = firstUnsealed == 0 ? seq : firstUnsealed;
                }
                previous = hash;
                expected++;
            }
        }
        long entries = expected - 1;
        if (chain.get(AUDIT_CHAIN.SEQ) != entries || !Arrays.equals(chain.get(AUDIT_CHAIN.HASH), previous)) {
            return fault(name, entries, previous, "entries after " + entries + " are missing");
        }
        if (unsealed > 0) {
            return fault(
                    name,
                    entries,
                    previous,
                    "entry " + firstUnsealed
                            + (unsealed > 1 ? " and " + (unsealed - 1) + " later ones were" : " was")
                            + " written without the key of this installation");
        }
        return new ChainReport(name, entries, HexFormat.of().formatHex(previous), null);
    }

    private static ChainReport fault(String chain, long entries, byte[] head, String fault) {
        return new ChainReport(chain, entries, HexFormat.of().formatHex(head), fault);
    }

    /** The same bytes as the database function {@code audit_content}. */
    private static byte[] content(Record entry) {
        List<@Nullable String> parts = new ArrayList<>();
        parts.add(entry.get(AUDIT_ENTRY.CHAIN));
        parts.add(entry.get(AUDIT_ENTRY.SEQ).toString());
        parts.add(TIME.format(entry.get(AUDIT_ENTRY.AT)));
        parts.add(entry.get(AUDIT_ENTRY.ACTOR));
        parts.add(entry.get(AUDIT_ENTRY.ACTION));
        parts.add(entry.get(AUDIT_ENTRY.SUBJECT));
        Short organisation = entry.get(AUDIT_ENTRY.ORGANISATION);
        parts.add(organisation == null ? null : organisation.toString());
        parts.add(entry.get(AUDIT_ENTRY.CAUSE));
        parts.add(entry.get(AUDIT_ENTRY.REASON));
        Long rows = entry.get(AUDIT_ENTRY.ROW_COUNT);
        parts.add(rows == null ? null : rows.toString());
        parts.add(hex(entry.get(AUDIT_ENTRY.BEFORE_DIGEST)));
        parts.add(hex(entry.get(AUDIT_ENTRY.AFTER_DIGEST)));
        parts.add(entry.get(AUDIT_ENTRY.DETAIL).data());
        parts.add(hex(entry.get(AUDIT_ENTRY.PREVIOUS)));
        StringBuilder text = new StringBuilder();
        for (String part : parts) {
            text.append(text.isEmpty() ? "" : "|");
            text.append(part == null ? "-:" : part.getBytes(StandardCharsets.UTF_8).length + ":" + part);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable String hex(byte @Nullable [] bytes) {
        return bytes == null ? null : HexFormat.of().formatHex(bytes);
    }
}
