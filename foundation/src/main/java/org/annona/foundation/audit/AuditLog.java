package org.annona.foundation.audit;

import static org.annona.foundation.internal.tables.Tables.AUDIT_ENTRY;
import static org.jooq.impl.DSL.noCondition;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.annona.foundation.database.Database;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Reads the audit trail. Filters: actor, action, subject, chain. */
public final class AuditLog {

    private static final Field<String> KEY = DSL.concat(
            AUDIT_ENTRY.CHAIN, DSL.inline("/"), DSL.lpad(AUDIT_ENTRY.SEQ.cast(String.class), 19, DSL.inline("0")));
    private static final Keyset ORDER = new Keyset(Map.of("at", AUDIT_ENTRY.AT), "at", true, KEY);

    private final Database database;

    public AuditLog(Database database) {
        this.database = database;
    }

    public record Entry(
            String chain,
            long seq,
            Instant at,
            String actor,
            String action,
            String subject,
            @Nullable String cause,
            @Nullable String reason,
            @Nullable Long rows,
            byte @Nullable [] after,
            String detail) {}

    public Page<Entry> page(PageRequest request) {
        Condition condition = noCondition()
                .and(equal(AUDIT_ENTRY.ACTOR, request.filter("actor")))
                .and(equal(AUDIT_ENTRY.CHAIN, request.filter("chain")))
                .and(equal(AUDIT_ENTRY.SUBJECT, request.filter("subject")))
                .and(beginning(AUDIT_ENTRY.ACTION, request.filter("action")));
        return ORDER.page(
                        database.sql(),
                        List.of(
                                AUDIT_ENTRY.CHAIN,
                                AUDIT_ENTRY.SEQ,
                                AUDIT_ENTRY.AT,
                                AUDIT_ENTRY.ACTOR,
                                AUDIT_ENTRY.ACTION,
                                AUDIT_ENTRY.SUBJECT,
                                AUDIT_ENTRY.CAUSE,
                                AUDIT_ENTRY.REASON,
                                AUDIT_ENTRY.ROW_COUNT,
                                AUDIT_ENTRY.AFTER_DIGEST,
                                AUDIT_ENTRY.DETAIL,
                                KEY),
                        AUDIT_ENTRY,
                        condition,
                        request)
                .map(row -> new Entry(
                        row.get(AUDIT_ENTRY.CHAIN),
                        row.get(AUDIT_ENTRY.SEQ),
                        row.get(AUDIT_ENTRY.AT),
                        row.get(AUDIT_ENTRY.ACTOR),
                        row.get(AUDIT_ENTRY.ACTION),
                        row.get(AUDIT_ENTRY.SUBJECT),
                        row.get(AUDIT_ENTRY.CAUSE),
                        row.get(AUDIT_ENTRY.REASON),
                        row.get(AUDIT_ENTRY.ROW_COUNT),
                        row.get(AUDIT_ENTRY.AFTER_DIGEST),
                        row.get(AUDIT_ENTRY.DETAIL).data()));
    }

    private static Condition equal(Field<String> field, String text) {
        return text.isEmpty() ? noCondition() : field.eq(text);
    }

    private static Condition beginning(Field<String> field, String text) {
        return text.isEmpty() ? noCondition() : field.startsWith(text);
    }
}
