package org.annona.payments.statement;

import static org.annona.payments.internal.tables.Tables.ATTEMPT;
import static org.annona.payments.internal.tables.Tables.BATCH;
import static org.annona.payments.internal.tables.Tables.ENVELOPE;
import static org.annona.payments.internal.tables.Tables.FUNDING;
import static org.annona.payments.internal.tables.Tables.LEDGER_ACCOUNT;
import static org.annona.payments.internal.tables.Tables.STATEMENT;
import static org.annona.payments.internal.tables.Tables.STATEMENT_LINE;
import static org.annona.payments.internal.tables.Tables.TRANSFER;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
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
import org.annona.payments.ledger.LedgerAccounts;
import org.annona.payments.rail.Rail;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Two people say what a line in suspense is; its money leaves suspense by a posting of its own. */
public final class ExplainLine implements Decidable {

    private static final Pattern FUND_OF_YEAR = Pattern.compile("([A-Za-z0-9_-]{1,30}) (\\d{4})");
    private static final Pattern COUNTER_LINE = Pattern.compile("(\\d{1,18})/(\\d{1,9})");
    private static final SqlFile POST_CLEARED_RETURNS = SqlFile.beside(ExplainLine.class, "post-cleared-returns.sql");
    private static final SqlFile MARK_RETURNED = SqlFile.beside(ExplainLine.class, "mark-returned.sql");
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
            case SETTLEMENT -> unsettled(tx, explanation, line);
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
            case SETTLEMENT -> settle(tx, decision, line, unsettled(tx, explanation, line));
            case RETURN -> comeBack(tx, decision, line, settled(tx, explanation, line));
            case FUNDING -> fund(tx, decision, line, announced(tx, explanation));
            case REVERSAL -> reverse(tx, decision, line, counter(tx, explanation, line));
            case SURRENDER ->
                post(
                        tx,
                        decision,
                        line,
                        inserted(tx, decision, line, "surrender", null),
                        fundWith(tx, decision, explanation, line.getOpenMinor()));
            case FEE ->
                post(
                        tx,
                        decision,
                        line,
                        inserted(tx, decision, line, "fee", null),
                        LedgerAccounts.fees(tx, rail.name(), currency(tx, decision)));
        }
        line.setOpenMinor(0L);
        line.update();
        outbox.post(tx, PaymentsTopics.CHANGED, "explained/" + decision.id(), Map.of());
    }

    private void settle(DSLContext tx, Decision decision, StatementLineRecord line, AttemptRecord attempt) {
        ClearingRecord clearing = inserted(tx, decision, line, "settlement", attempt.getId());
        BatchRecord batch = tx.fetchSingle(BATCH, BATCH.ID.eq(attempt.getBatchId()));
        EnvelopeRecord envelope = tx.fetchSingle(ENVELOPE, ENVELOPE.ID.eq(batch.getEnvelopeId()));
        post(tx, decision, line, clearing, batch.getAccount());
        String currency = envelope.getCurrency();
        transfer(
                tx,
                "benefit",
                LedgerAccounts.benefit(tx, envelope.getProgrammeCode(), envelope.getCycleCode(), currency),
                LedgerAccounts.applied(tx, envelope.getProgrammeCode(), envelope.getCycleCode(), currency),
                line,
                currency,
                clearing);
        MARK_SETTLED.run(tx, Map.of("source", ids(clearing)));
    }

    private void comeBack(DSLContext tx, Decision decision, StatementLineRecord line, AttemptRecord attempt) {
        ClearingRecord clearing = inserted(tx, decision, line, "return", attempt.getId());
        BatchRecord batch = tx.fetchSingle(BATCH, BATCH.ID.eq(attempt.getBatchId()));
        EnvelopeRecord envelope = tx.fetchSingle(ENVELOPE, ENVELOPE.ID.eq(batch.getEnvelopeId()));
        LedgerAccounts.returns(tx, envelope.getProgrammeCode(), envelope.getCurrency());
        POST_CLEARED_RETURNS.run(tx, Map.of("clearing", ids(clearing), "bankAccount", settings.bankAccount()));
        MARK_RETURNED.run(tx, Map.of("source", ids(clearing)));
    }

    private static Object ids(ClearingRecord clearing) {
        return SqlFile.column("uuid", List.of(clearing.getId()), id -> id);
    }

    private void fund(DSLContext tx, Decision decision, StatementLineRecord line, FundingRecord funding) {
        ClearingRecord clearing = inserted(tx, decision, line, "funding", null);
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
        clearing.setCounterStatementId(counter.getStatementId());
        clearing.setCounterLineNumber(counter.getNumber());
        clearing.attach(tx.configuration());
        clearing.insert();
        counter.setOpenMinor(0L);
        counter.update();
    }

    private static ClearingRecord inserted(
            DSLContext tx, Decision decision, StatementLineRecord line, String kind, @Nullable UUID attempt) {
        ClearingRecord clearing = clearing(decision, line, kind);
        clearing.setAttemptId(attempt);
        clearing.attach(tx.configuration());
        clearing.insert();
        return clearing;
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
        transfer(
                tx,
                "clear",
                line.getCredit() ? suspense : account,
                line.getCredit() ? account : suspense,
                line,
                currency,
                clearing);
    }

    private static void transfer(
            DSLContext tx,
            String kind,
            int debit,
            int credit,
            StatementLineRecord line,
            String currency,
            ClearingRecord clearing) {
        tx.insertInto(TRANSFER)
                .set(TRANSFER.ID, Ids.next())
                .set(TRANSFER.KIND, kind)
                .set(TRANSFER.DEBIT_ACCOUNT, debit)
                .set(TRANSFER.CREDIT_ACCOUNT, credit)
                .set(TRANSFER.AMOUNT_MINOR, clearing.getAmountMinor())
                .set(TRANSFER.CURRENCY, currency)
                .set(TRANSFER.ATTEMPT_ID, clearing.getAttemptId())
                .set(TRANSFER.STATEMENT_ID, line.getStatementId())
                .set(TRANSFER.LINE_NUMBER, line.getNumber())
                .set(TRANSFER.CLEARING_ID, clearing.getId())
                .execute();
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

    private static AttemptRecord unsettled(DSLContext tx, Explanation explanation, StatementLineRecord line) {
        AttemptRecord attempt = attempt(tx, explanation);
        if (!List.of("sending", "unknown", "accepted").contains(attempt.getState())) {
            throw notPossible("the payment with this reference is " + attempt.getState());
        }
        if (!attempt.getAmountMinor().equals(line.getOpenMinor())) {
            throw notPossible("the payment has another amount than the line; ask the bank to correct it");
        }
        return attempt;
    }

    private static AttemptRecord settled(DSLContext tx, Explanation explanation, StatementLineRecord line) {
        AttemptRecord attempt = attempt(tx, explanation);
        if (attempt.getSettledMinor() - attempt.getReturnedMinor() < line.getOpenMinor()) {
            throw notPossible("more would come back than the payment brought");
        }
        return attempt;
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
        Matcher place = COUNTER_LINE.matcher(explanation.reference());
        if (!place.matches()) {
            throw notPossible("the other line is given as statement/line, such as 12/3");
        }
        StatementLineRecord counter = tx.select(STATEMENT_LINE.fields())
                .from(STATEMENT_LINE)
                .join(STATEMENT)
                .on(STATEMENT.ID.eq(STATEMENT_LINE.STATEMENT_ID))
                .where(STATEMENT.SEQUENCE.eq(Long.valueOf(place.group(1))))
                .and(STATEMENT_LINE.NUMBER.eq(Integer.valueOf(place.group(2))))
                .forUpdate()
                .of(STATEMENT_LINE)
                .fetchOptionalInto(STATEMENT_LINE)
                .orElseThrow(() -> Problem.of(PaymentsProblem.LINE_UNKNOWN));
        if (counter.getCredit().equals(line.getCredit())
                || !counter.getOpenMinor().equals(line.getOpenMinor())) {
            throw notPossible("the other line is not an unexplained one of the same amount in the other direction");
        }
        return counter;
    }

    private static String currency(DSLContext tx, Decision decision) {
        StatementRecord statement = tx.fetchSingle(STATEMENT, STATEMENT.ID.eq(decision.subject()));
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
