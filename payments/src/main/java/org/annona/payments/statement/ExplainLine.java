package org.annona.payments.statement;

import static org.annona.payments.internal.tables.Tables.ATTEMPT;
import static org.annona.payments.internal.tables.Tables.BATCH;
import static org.annona.payments.internal.tables.Tables.ENVELOPE;
import static org.annona.payments.internal.tables.Tables.FUNDING;
import static org.annona.payments.internal.tables.Tables.LEDGER_ACCOUNT;
import static org.annona.payments.internal.tables.Tables.STATEMENT;
import static org.annona.payments.internal.tables.Tables.STATEMENT_LINE;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.annona.access.Actor;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.money.Money;
import org.annona.foundation.outbox.Outbox;
import org.annona.foundation.problem.Problem;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.PaymentsSettings;
import org.annona.payments.PaymentsTopics;
import org.annona.payments.decision.Decidable;
import org.annona.payments.decision.Decision;
import org.annona.payments.decision.DecisionKind;
import org.annona.payments.internal.tables.tables.records.AttemptRecord;
import org.annona.payments.internal.tables.tables.records.BatchRecord;
import org.annona.payments.internal.tables.tables.records.ClearingRecord;
import org.annona.payments.internal.tables.tables.records.EnvelopeRecord;
import org.annona.payments.internal.tables.tables.records.FundingRecord;
import org.annona.payments.internal.tables.tables.records.LedgerAccountRecord;
import org.annona.payments.internal.tables.tables.records.StatementLineRecord;
import org.annona.payments.internal.tables.tables.records.StatementRecord;
import org.annona.payments.internal.tables.tables.records.TransferRecord;
import org.annona.payments.ledger.LedgerAccounts;
import org.annona.payments.rail.Rail;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;

/** Two people say what a line in suspense is; its money leaves suspense by a posting of its own. */
public final class ExplainLine implements Decidable {

    private static final List<String> ON_THEIR_WAY = List.of("sending", "unknown", "accepted");
    private static final Pattern FUND_OF_YEAR = Pattern.compile("([A-Za-z0-9_-]{1,30}) (\\d{4})");
    private static final Pattern COUNTER_LINE = Pattern.compile("(\\d{1,18})/(\\d{1,9})");
    private static final SqlFile MARK_SETTLED = SqlFile.beside(ExplainLine.class, "mark-settled.sql");

    private final Database database;
    private final Rail rail;
    private final PaymentsSettings settings;
    private final Clock clock;
    private final Outbox outbox = new Outbox("payments");

    public ExplainLine(Database database, Rail rail, PaymentsSettings settings, Clock clock) {
        this.database = database;
        this.rail = rail;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public DecisionKind kind() {
        return DecisionKind.EXPLAIN_LINE;
    }

    @Override
    public void check(DSLContext tx, Decision decision) {
        // One statement, or one line of one, at a time.
        LedgerAccounts.lock(tx, LedgerAccounts.bank(tx, settings.bankAccount(), currency(tx, decision)));
        StatementLineRecord line = open(tx, decision);
        Explanation explanation = Explanation.parse(decision.detail());
        if (!explanation.kind().fits(line.getCredit())) {
            throw notPossible("money that " + (line.getCredit() ? "came in" : "went out") + " is not "
                    + explanation.kind().words());
        }
        switch (explanation.kind()) {
            case SETTLEMENT -> unsettled(tx, explanation, line, line.getOpenMinor());
            case CORRECTED -> {
                long difference = difference(tx, explanation, line).getOpenMinor();
                unsettled(tx, explanation.payment(), line, line.getOpenMinor() - difference);
            }
            case RETURN -> settled(tx, explanation, line);
            case FUNDING -> announced(tx, explanation);
            case REVERSAL -> counter(tx, explanation, line);
            case SURRENDER -> fundWith(tx, decision, explanation, line.getOpenMinor());
            case FEE -> {}
        }
    }

    @Override
    public void carryOut(DSLContext tx, Actor confirming, Decision decision) {
        StatementLineRecord line = open(tx, decision);
        Explanation explanation = Explanation.parse(decision.detail());
        switch (explanation.kind()) {
            case SETTLEMENT -> settle(tx, decision, line, unsettled(tx, explanation, line, line.getOpenMinor()));
            case CORRECTED -> {
                StatementLineRecord difference = difference(tx, explanation, line);
                long minor = line.getOpenMinor() - difference.getOpenMinor();
                List<AttemptRecord> attempts = unsettled(tx, explanation.payment(), line, minor);
                // First, so that the difference does not count as money of the payment that came back.
                reverse(tx, decision, line, difference);
                settle(tx, decision, line, attempts);
            }
            case RETURN -> comeBack(tx, decision, line, settled(tx, explanation, line));
            case FUNDING -> fund(tx, decision, line, announced(tx, explanation));
            case REVERSAL -> reverse(tx, decision, line, counter(tx, explanation, line));
            case SURRENDER ->
                post(
                        tx,
                        decision,
                        line,
                        inserted(tx, decision, line, "surrender"),
                        fundWith(tx, decision, explanation, line.getOpenMinor()));
            case FEE ->
                post(
                        tx,
                        decision,
                        line,
                        inserted(tx, decision, line, "fee"),
                        LedgerAccounts.fees(tx, rail.name(), currency(tx, decision)));
        }
        line.setOpenMinor(0L);
        line.update();
        outbox.post(tx, PaymentsTopics.CHANGED, "explained/" + decision.id(), Map.of());
    }

    /** @param attempts of one message */
    private void settle(DSLContext tx, Decision decision, StatementLineRecord line, List<AttemptRecord> attempts) {
        EnvelopeRecord envelope = envelope(tx, attempts);
        BatchRecord batch =
                tx.fetchSingle(BATCH, BATCH.ID.eq(attempts.getFirst().getBatchId()));
        String currency = envelope.getCurrency();
        int benefit = LedgerAccounts.benefit(tx, envelope.getProgrammeCode(), envelope.getCycleCode(), currency);
        int applied = LedgerAccounts.applied(tx, envelope.getProgrammeCode(), envelope.getCycleCode(), currency);
        int suspense = LedgerAccounts.suspense(tx, settings.bankAccount(), currency);
        List<ClearingRecord> clearings =
                inserted(tx, decision, line, "settlement", attempts, AttemptRecord::getAmountMinor);
        List<TransferRecord> transfers = new ArrayList<>();
        for (ClearingRecord clearing : clearings) {
            transfers.add(transfer("clear", batch.getAccount(), suspense, line, currency, clearing));
            transfers.add(transfer("benefit", benefit, applied, line, currency, clearing));
        }
        tx.batchInsert(transfers).execute();
        List<UUID> settledBy = ids(clearings);
        MARK_SETTLED.run(tx, Map.of("source", SqlFile.column("uuid", settledBy, id -> id)));
        LedgerAccounts.returns(tx, envelope.getProgrammeCode(), currency);
        WaitingReturns.clear(tx, settledBy, settings.bankAccount());
    }

    /** @param attempts of one message */
    private void comeBack(DSLContext tx, Decision decision, StatementLineRecord line, List<AttemptRecord> attempts) {
        EnvelopeRecord envelope = envelope(tx, attempts);
        LedgerAccounts.returns(tx, envelope.getProgrammeCode(), envelope.getCurrency());
        List<ClearingRecord> clearings = inserted(
                tx,
                decision,
                line,
                "return",
                attempts,
                attempt -> attempts.size() == 1 ? line.getOpenMinor() : attempt.getSettledMinor());
        WaitingReturns.post(tx, ids(clearings), settings.bankAccount());
    }

    private static EnvelopeRecord envelope(DSLContext tx, List<AttemptRecord> attempts) {
        return tx.select(ENVELOPE.fields())
                .from(ENVELOPE)
                .join(BATCH)
                .on(BATCH.ENVELOPE_ID.eq(ENVELOPE.ID))
                .where(BATCH.ID.eq(attempts.getFirst().getBatchId()))
                .fetchSingleInto(ENVELOPE);
    }

    private static List<UUID> ids(List<ClearingRecord> clearings) {
        return clearings.stream().map(ClearingRecord::getId).toList();
    }

    private void fund(DSLContext tx, Decision decision, StatementLineRecord line, FundingRecord funding) {
        ClearingRecord clearing = inserted(tx, decision, line, "funding");
        post(
                tx,
                decision,
                line,
                clearing,
                LedgerAccounts.fund(tx, funding.getProgrammeCode(), funding.getYear(), funding.getCurrency()));
        funding.setReceivedMinor(line.getAmountMinor());
        funding.setReceivedAt(clock.instant());
        funding.update();
    }

    private static void reverse(
            DSLContext tx, Decision decision, StatementLineRecord line, StatementLineRecord counter) {
        ClearingRecord clearing = clearing(decision, line, "reversal");
        clearing.setAmountMinor(counter.getOpenMinor());
        clearing.setCounterStatementId(counter.getStatementId());
        clearing.setCounterLineNumber(counter.getNumber());
        clearing.attach(tx.configuration());
        clearing.insert();
        counter.setOpenMinor(0L);
        counter.update();
    }

    private static ClearingRecord inserted(DSLContext tx, Decision decision, StatementLineRecord line, String kind) {
        ClearingRecord clearing = clearing(decision, line, kind);
        clearing.attach(tx.configuration());
        clearing.insert();
        return clearing;
    }

    private static List<ClearingRecord> inserted(
            DSLContext tx,
            Decision decision,
            StatementLineRecord line,
            String kind,
            List<AttemptRecord> attempts,
            ToLongFunction<AttemptRecord> minor) {
        List<ClearingRecord> clearings = attempts.stream()
                .map(attempt -> {
                    ClearingRecord clearing = clearing(decision, line, kind);
                    clearing.setAttemptId(attempt.getId());
                    clearing.setAmountMinor(minor.applyAsLong(attempt));
                    return clearing;
                })
                .toList();
        tx.batchInsert(clearings).execute();
        return clearings;
    }

    private static ClearingRecord clearing(Decision decision, StatementLineRecord line, String kind) {
        ClearingRecord clearing = new ClearingRecord();
        clearing.setId(Ids.next());
        clearing.setStatementId(line.getStatementId());
        clearing.setLineNumber(line.getNumber());
        clearing.setKind(kind);
        clearing.setAmountMinor(line.getOpenMinor());
        clearing.setDecisionId(decision.id());
        return clearing;
    }

    /** Out of suspense to another account: a debit of the bank is a debit of it, a credit a credit. */
    private void post(
            DSLContext tx, Decision decision, StatementLineRecord line, ClearingRecord clearing, int account) {
        String currency = currency(tx, decision);
        int suspense = LedgerAccounts.suspense(tx, settings.bankAccount(), currency);
        TransferRecord transfer = transfer(
                "clear",
                line.getCredit() ? suspense : account,
                line.getCredit() ? account : suspense,
                line,
                currency,
                clearing);
        transfer.attach(tx.configuration());
        transfer.insert();
    }

    private static TransferRecord transfer(
            String kind, int debit, int credit, StatementLineRecord line, String currency, ClearingRecord clearing) {
        TransferRecord transfer = new TransferRecord();
        transfer.setId(Ids.next());
        transfer.setKind(kind);
        transfer.setDebitAccount(debit);
        transfer.setCreditAccount(credit);
        transfer.setAmountMinor(clearing.getAmountMinor());
        transfer.setCurrency(currency);
        transfer.setAttemptId(clearing.getAttemptId());
        transfer.setStatementId(line.getStatementId());
        transfer.setLineNumber(line.getNumber());
        transfer.setClearingId(clearing.getId());
        return transfer;
    }

    private static StatementLineRecord open(DSLContext tx, Decision decision) {
        StatementLineRecord line = tx.selectFrom(STATEMENT_LINE)
                .where(STATEMENT_LINE.STATEMENT_ID.eq(decision.subject()), STATEMENT_LINE.NUMBER.eq(decision.part()))
                .forUpdate()
                .fetchOptional()
                .orElseThrow(() -> Problem.of(PaymentsProblem.LINE_UNKNOWN));
        if (line.getOpenMinor() == 0) {
            throw notPossible("the line is explained");
        }
        return line;
    }

    /** @param minor what the payments have to be together */
    private static List<AttemptRecord> unsettled(
            DSLContext tx, Explanation explanation, StatementLineRecord line, long minor) {
        if (isMessage(tx, explanation)) {
            return ofMessage(tx, explanation, line, minor, ATTEMPT.STATE.in(ON_THEIR_WAY), ATTEMPT.AMOUNT_MINOR);
        }
        AttemptRecord attempt = attempt(tx, explanation);
        if (!ON_THEIR_WAY.contains(attempt.getState())) {
            throw notPossible("the payment with this reference is " + attempt.getState());
        }
        if (attempt.getAmountMinor() != minor) {
            throw notPossible("the payment has another amount than the line, and a line that gives the difference back;"
                    + " ask the bank to correct it");
        }
        return List.of(attempt);
    }

    private static List<AttemptRecord> settled(DSLContext tx, Explanation explanation, StatementLineRecord line) {
        if (isMessage(tx, explanation)) {
            Condition untouched = ATTEMPT.STATE.eq("settled").and(ATTEMPT.RETURNED_MINOR.eq(0L));
            return ofMessage(tx, explanation, line, line.getOpenMinor(), untouched, ATTEMPT.SETTLED_MINOR);
        }
        AttemptRecord attempt = attempt(tx, explanation);
        if (attempt.getSettledMinor() - attempt.getReturnedMinor() < line.getOpenMinor()) {
            throw notPossible("more would come back than the payment brought");
        }
        return List.of(attempt);
    }

    private static boolean isMessage(DSLContext tx, Explanation explanation) {
        return tx.fetchExists(BATCH, BATCH.MESSAGE_ID.eq(messageId(explanation)));
    }

    private static String messageId(Explanation explanation) {
        return explanation.reference().toUpperCase(Locale.ROOT);
    }

    /** All payments of a message that can be meant: the line, or what is left of it, has to be their sum. */
    private static List<AttemptRecord> ofMessage(
            DSLContext tx,
            Explanation explanation,
            StatementLineRecord line,
            long expected,
            Condition which,
            Field<Long> minor) {
        List<AttemptRecord> attempts = tx.select(ATTEMPT.fields())
                .from(ATTEMPT)
                .join(BATCH)
                .on(BATCH.ID.eq(ATTEMPT.BATCH_ID))
                .where(BATCH.MESSAGE_ID.eq(messageId(explanation)), which)
                .orderBy(ATTEMPT.ID)
                .forUpdate()
                .of(ATTEMPT)
                .fetchInto(ATTEMPT);
        long sum = attempts.stream().mapToLong(attempt -> attempt.get(minor)).sum();
        if (sum != expected) {
            throw notPossible("the payments of this message that it can be are " + attempts.size() + " with a sum of "
                    + Money.of(sum, currency(tx, line.getStatementId()))
                    + "; decide first about those of them that the bank did"
                    + " not make");
        }
        return attempts;
    }

    private static AttemptRecord attempt(DSLContext tx, Explanation explanation) {
        return tx.selectFrom(ATTEMPT)
                .where(ATTEMPT.REFERENCE.eq(explanation.reference()))
                .forUpdate()
                .fetchOptional()
                .orElseThrow(() -> notPossible("no payment has the reference " + explanation.reference()));
    }

    private static FundingRecord announced(DSLContext tx, Explanation explanation) {
        FundingRecord funding = tx.selectFrom(FUNDING)
                .where(FUNDING.REFERENCE.eq(explanation.reference()))
                .forUpdate()
                .fetchOptional()
                .orElseThrow(
                        () -> notPossible("no funds were announced with the reference " + explanation.reference()));
        if (funding.getReceivedMinor() != 0) {
            throw notPossible("the funds with this reference have arrived");
        }
        if (funding.getWithdrawnBy() != null) {
            throw notPossible("the announcement with this reference was withdrawn; announce the funds again");
        }
        return funding;
    }

    /** @return the ledger account of the fund, which holds at least so much */
    private static int fundWith(DSLContext tx, Decision decision, Explanation explanation, long minor) {
        Matcher name = FUND_OF_YEAR.matcher(explanation.reference());
        if (!name.matches()) {
            throw notPossible("the fund is given as programme and year, such as FAMILY 2026");
        }
        String code = LedgerAccounts.fundCode(name.group(1).toUpperCase(Locale.ROOT), Integer.parseInt(name.group(2)));
        LedgerAccountRecord fund = tx.selectFrom(LEDGER_ACCOUNT)
                .where(LEDGER_ACCOUNT.CODE.eq(code))
                .fetchOptional()
                .orElseThrow(() -> notPossible("there is no fund " + explanation.reference()));
        LedgerAccounts.lock(tx, fund.getId());
        fund.refresh();
        if (fund.getCredits() - fund.getDebits() < minor) {
            throw notPossible("the fund holds "
                    + Money.of(fund.getCredits() - fund.getDebits(), currency(tx, decision))
                    + " that are not reserved, less than the line");
        }
        return fund.getId();
    }

    private static StatementLineRecord counter(DSLContext tx, Explanation explanation, StatementLineRecord line) {
        StatementLineRecord counter = otherLine(tx, explanation);
        if (counter.getCredit().equals(line.getCredit())
                || !counter.getOpenMinor().equals(line.getOpenMinor())) {
            throw notPossible("the other line is not an unexplained one of the same amount in the other direction");
        }
        return counter;
    }

    /** The credit that gives back what was debited too much. */
    private static StatementLineRecord difference(DSLContext tx, Explanation explanation, StatementLineRecord line) {
        StatementLineRecord difference = otherLine(tx, explanation.difference());
        if (!difference.getCredit()
                || difference.getOpenMinor() == 0
                || difference.getOpenMinor() >= line.getOpenMinor()) {
            throw notPossible("the other line is not an unexplained one that came in with a smaller amount");
        }
        return difference;
    }

    private static StatementLineRecord otherLine(DSLContext tx, Explanation explanation) {
        Matcher place = COUNTER_LINE.matcher(explanation.reference());
        if (!place.matches()) {
            throw notPossible("the other line is given as statement/line, such as 12/3");
        }
        return tx.select(STATEMENT_LINE.fields())
                .from(STATEMENT_LINE)
                .join(STATEMENT)
                .on(STATEMENT.ID.eq(STATEMENT_LINE.STATEMENT_ID))
                .where(STATEMENT.SEQUENCE.eq(Long.valueOf(place.group(1))))
                .and(STATEMENT_LINE.NUMBER.eq(Integer.valueOf(place.group(2))))
                .forUpdate()
                .of(STATEMENT_LINE)
                .fetchOptionalInto(STATEMENT_LINE)
                .orElseThrow(() -> Problem.of(PaymentsProblem.LINE_UNKNOWN));
    }

    private static String currency(DSLContext tx, Decision decision) {
        return currency(tx, decision.subject());
    }

    private static String currency(DSLContext tx, UUID statementId) {
        StatementRecord statement = tx.fetchSingle(STATEMENT, STATEMENT.ID.eq(statementId));
        return statement.getCurrency();
    }

    @Override
    public Sight sight(Decision decision) {
        Explanation explanation = Explanation.parse(decision.detail());
        StatementLineRecord line = database.sql()
                .fetchSingle(
                        STATEMENT_LINE,
                        STATEMENT_LINE
                                .STATEMENT_ID
                                .eq(decision.subject())
                                .and(STATEMENT_LINE.NUMBER.eq(decision.part())));
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "Line",
                (line.getCredit() ? "came in: " : "went out: ")
                        + Money.of(line.getAmountMinor(), currency(database.sql(), decision)));
        facts.put("Reference on the statement", line.getReference());
        facts.put("Explanation", explanation.kind().words());
        if (!explanation.reference().isEmpty()) {
            facts.put("Belongs to", explanation.reference());
        }
        return new Sight(
                "/statements/" + decision.subject() + "/lines/" + decision.part(),
                facts,
                List.of("The money leaves suspense. This cannot be undone here."));
    }

    private static Problem notPossible(String reason) {
        return Problem.of(PaymentsProblem.NOT_POSSIBLE, "reason", reason);
    }
}
