package org.annona.payments.statement;

import static org.annona.payments.internal.tables.Tables.BATCH;
import static org.annona.payments.internal.tables.Tables.FUNDING;
import static org.annona.payments.internal.tables.Tables.STATEMENT_LINE;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.annona.foundation.database.SqlFile;
import org.annona.payments.PaymentsSettings;
import org.annona.payments.dispatch.RailReference;
import org.annona.payments.ledger.LedgerAccounts;
import org.annona.payments.rail.Rail;
import org.jooq.DSLContext;

/**
 * Books the lines of a statement: each gets exactly one meaning and its posting, and the payments that it is about change. What nobody
 * can explain goes to suspense.
 */
final class Booking {

    private static final SqlFile PAYMENTS_ON_THEIR_WAY = SqlFile.beside(Booking.class, "payments-on-their-way.sql");
    private static final SqlFile PAYMENTS_MADE = SqlFile.beside(Booking.class, "payments-made.sql");
    private static final SqlFile STORE_DEBITS = SqlFile.beside(Booking.class, "store-debits.sql");
    private static final SqlFile STORE_CREDITS = SqlFile.beside(Booking.class, "store-credits.sql");
    private static final SqlFile POST_SETTLEMENTS = SqlFile.beside(Booking.class, "post-settlements.sql");
    private static final SqlFile POST_BENEFITS = SqlFile.beside(Booking.class, "post-benefits.sql");
    private static final SqlFile MARK_SETTLED = SqlFile.beside(Booking.class, "mark-settled.sql");
    private static final SqlFile POST_RETURNS = SqlFile.beside(Booking.class, "post-returns.sql");
    private static final SqlFile POST_UNBENEFITS = SqlFile.beside(Booking.class, "post-unbenefits.sql");
    private static final SqlFile MARK_RETURNED = SqlFile.beside(Booking.class, "mark-returned.sql");
    private static final SqlFile PAIR_REVERSALS = SqlFile.beside(Booking.class, "pair-reversals.sql");
    private static final SqlFile POST_SIMPLE = SqlFile.beside(Booking.class, "post-simple.sql");
    private static final SqlFile ANSWER_BATCHES = SqlFile.beside(Booking.class, "answer-batches.sql");
    private static final SqlFile PROGRAMMES = SqlFile.beside(Booking.class, "programmes-of-lines.sql");

    private final Rail rail;
    private final PaymentsSettings settings;
    private final Clock clock;

    Booking(Rail rail, PaymentsSettings settings, Clock clock) {
        this.rail = rail;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * One booking for a message of ours, in the payments of that message; what cannot be told apart stays one line under the id of the
     * message. Debits come first: a booking that takes one back meets a second one that stayed a line before it meets the payments.
     */
    private static List<Unbundled> unbundled(DSLContext tx, List<StatementFile.Line> lines) {
        Map<StatementFile.Line, List<Unbundled>> apart = new IdentityHashMap<>();
        Set<String> seen = new HashSet<>();
        Set<Named> unexplained = new HashSet<>();
        for (boolean credit : List.of(false, true)) {
            for (StatementFile.Line line : lines) {
                String message = line.bundle() == null || line.credit() != credit ? "" : ours(tx, line.bundle());
                if (message.isEmpty()) {
                    continue;
                }
                Named whole = new Named(message, line.amountMinor());
                List<Unbundled> parts = List.of();
                if (!credit && !line.reversal() && seen.add(message)) {
                    parts = parts(tx, PAYMENTS_ON_THEIR_WAY, message, line);
                } else if (credit && line.reversal() && !unexplained.remove(whole) && !isUnexplained(tx, whole)) {
                    parts = parts(tx, PAYMENTS_MADE, message, line);
                }
                if (!credit && parts.isEmpty()) {
                    unexplained.add(whole);
                }
                apart.put(line, parts.isEmpty() ? List.of(new Unbundled(line.under(message), false)) : parts);
            }
        }
        return lines.stream()
                .flatMap(line -> apart.getOrDefault(line, List.of(new Unbundled(line, false))).stream())
                .toList();
    }

    /** @param part of a booking for a message that was told apart */
    private record Unbundled(StatementFile.Line line, boolean part) {}

    /** A booking by the message that it names. */
    private record Named(String message, long amountMinor) {}

    /** @return the id of the message, or an empty text where it is none of ours */
    private static String ours(DSLContext tx, StatementFile.Bundle bundle) {
        String id = bundle.messageId().strip().toUpperCase(Locale.ROOT);
        return tx.fetchExists(BATCH, BATCH.MESSAGE_ID.eq(id)) ? id : "";
    }

    private static boolean isUnexplained(DSLContext tx, Named debit) {
        return tx.fetchExists(
                STATEMENT_LINE,
                STATEMENT_LINE
                        .REFERENCE
                        .eq(debit.message())
                        .and(STATEMENT_LINE.CREDIT.isFalse())
                        .and(STATEMENT_LINE.OPEN_MINOR.eq(debit.amountMinor())));
    }

    private static List<Unbundled> parts(DSLContext tx, SqlFile payments, String message, StatementFile.Line line) {
        int count = Objects.requireNonNull(line.bundle()).payments();
        return payments.list(
                tx,
                Map.of("message", message, "amount", line.amountMinor(), "payments", count),
                (row, number) -> new Unbundled(
                        new StatementFile.Line(
                                line.credit(),
                                row.getLong("amount_minor"),
                                row.getString("reference"),
                                line.bankReference(),
                                "",
                                line.reversal(),
                                false,
                                line.bookedOn(),
                                null),
                        true));
    }

    private record Numbered(int number, StatementFile.Line line, boolean part) {}

    /** What went out first, then what came in: money may come back on the day on which it went out. */
    void book(DSLContext tx, UUID id, StatementFile statement, int bank) {
        List<Numbered> debits = new ArrayList<>();
        List<Numbered> credits = new ArrayList<>();
        List<Unbundled> lines = unbundled(tx, statement.lines());
        for (int i = 0; i < lines.size(); i++) {
            StatementFile.Line line = lines.get(i).line();
            (line.credit() ? credits : debits)
                    .add(new Numbered(i + 1, line, lines.get(i).part()));
        }
        Map<String, Object> of = Map.of("statement", id, "bank", bank, "currency", statement.currency());
        if (!debits.isEmpty()) {
            STORE_DEBITS.run(tx, values(id, debits));
            makeAccounts(tx, id, statement.currency());
            POST_SETTLEMENTS.run(tx, of);
            POST_BENEFITS.run(tx, of);
            MARK_SETTLED.run(tx, Map.of("source", ids(List.of(id))));
            WaitingReturns.clear(tx, List.of(id), settings.bankAccount());
        }
        if (!credits.isEmpty()) {
            STORE_CREDITS.run(tx, values(id, credits));
            makeAccounts(tx, id, statement.currency());
            POST_RETURNS.run(tx, of);
            POST_UNBENEFITS.run(tx, of);
            MARK_RETURNED.run(tx, Map.of("source", ids(List.of(id))));
            PAIR_REVERSALS.run(tx, of);
        }
        postSimple(tx, id, statement.currency(), bank);
        ANSWER_BATCHES.run(tx, Map.of());
    }

    private static Object ids(List<UUID> ids) {
        return SqlFile.column("uuid", ids, id -> id);
    }

    private static Map<String, Object> values(UUID id, List<Numbered> lines) {
        return Map.ofEntries(
                Map.entry("statement", id),
                Map.entry("number", SqlFile.column("int", lines, Numbered::number)),
                Map.entry(
                        "amount",
                        SqlFile.column("bigint", lines, row -> row.line().amountMinor())),
                Map.entry("reference", SqlFile.column("text", lines, row -> reference(row.line()))),
                Map.entry(
                        "bankReference",
                        SqlFile.column("text", lines, row -> row.line().bankReference())),
                Map.entry("returnReason", SqlFile.column("text", lines, row -> returnReason(row.line()))),
                Map.entry(
                        "reversal",
                        SqlFile.column("boolean", lines, row -> row.line().reversal())),
                Map.entry(
                        "charge",
                        SqlFile.column("boolean", lines, row -> row.line().charge())),
                Map.entry("bundled", SqlFile.column("int", lines, row -> bundled(row.line()))),
                Map.entry("part", SqlFile.column("boolean", lines, Numbered::part)),
                Map.entry(
                        "bookedOn",
                        SqlFile.column(
                                "date", lines, row -> row.line().bookedOn().toString())));
    }

    private static String returnReason(StatementFile.Line line) {
        return line.reversal() && line.returnReason().isEmpty() ? "REVERSED" : line.returnReason();
    }

    private static int bundled(StatementFile.Line line) {
        return line.bundle() == null ? 0 : Math.max(2, line.bundle().payments());
    }

    /** Banks trim references and change their case. */
    static String reference(StatementFile.Line line) {
        return RailReference.read(line.reference()).orElse(line.reference());
    }

    /** The accounts that the postings of a statement need, a handful. */
    private static void makeAccounts(DSLContext tx, UUID id, String currency) {
        PROGRAMMES.list(tx, Map.of("statement", id), (row, number) -> {
            LedgerAccounts.ofPayments(
                    tx,
                    row.getShort("organisation_id"),
                    row.getString("programme_code"),
                    row.getString("cycle_code"),
                    currency);
            return id;
        });
    }

    /** Fees, unexplained lines and funds that arrived. */
    private void postSimple(DSLContext tx, UUID id, String currency, int bank) {
        int fees = LedgerAccounts.fees(tx, rail.name(), currency);
        int suspense = LedgerAccounts.suspense(tx, settings.bankAccount(), currency);
        for (var row : tx.select(FUNDING.ID, FUNDING.PROGRAMME_CODE, FUNDING.YEAR, FUNDING.ORGANISATION_ID)
                .from(STATEMENT_LINE)
                .join(FUNDING)
                .on(FUNDING.REFERENCE.eq(STATEMENT_LINE.REFERENCE))
                .where(STATEMENT_LINE.STATEMENT_ID.eq(id), STATEMENT_LINE.MEANING.eq("funding"))
                .fetch()) {
            LedgerAccounts.fund(tx, row.value4(), row.value2(), row.value3(), currency);
            tx.update(FUNDING)
                    .set(FUNDING.RECEIVED_MINOR, FUNDING.AMOUNT_MINOR)
                    .set(FUNDING.RECEIVED_AT, clock.instant())
                    .where(FUNDING.ID.eq(row.value1()))
                    .execute();
        }
        POST_SIMPLE.run(
                tx, Map.of("statement", id, "bank", bank, "fees", fees, "suspense", suspense, "currency", currency));
    }
}
