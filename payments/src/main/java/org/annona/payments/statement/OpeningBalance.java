package org.annona.payments.statement;

import static org.annona.payments.internal.tables.Tables.LEDGER_ACCOUNT;
import static org.annona.payments.internal.tables.Tables.STATEMENT;
import static org.annona.payments.internal.tables.Tables.TRANSFER;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.money.Money;
import org.annona.foundation.problem.Problem;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.PaymentsSettings;
import org.annona.payments.decision.Decidable;
import org.annona.payments.decision.Decision;
import org.annona.payments.decision.DecisionKind;
import org.annona.payments.ledger.LedgerAccounts;
import org.jooq.DSLContext;

/** An account that was in use before Annona begins with money; two people take its balance over, before the first statement. */
public final class OpeningBalance implements Decidable {

    private final PaymentsSettings settings;

    public OpeningBalance(PaymentsSettings settings) {
        this.settings = settings;
    }

    /** What such a decision is about. */
    static UUID subject(String account) {
        return UUID.nameUUIDFromBytes(("account " + account).getBytes(StandardCharsets.UTF_8));
    }

    /** With which our account began. */
    static long minor(DSLContext tx, String account) {
        return tx.select(LEDGER_ACCOUNT.CREDITS.minus(LEDGER_ACCOUNT.DEBITS))
                .from(LEDGER_ACCOUNT)
                .where(LEDGER_ACCOUNT.CODE.eq(LedgerAccounts.openingCode(account)))
                .fetchOptional(0, Long.class)
                .orElse(0L);
    }

    @Override
    public DecisionKind kind() {
        return DecisionKind.OPENING_BALANCE;
    }

    @Override
    public void check(DSLContext tx, Decision decision) {
        if (!decision.subject().equals(subject(settings.bankAccount()))) {
            throw Problem.of(PaymentsProblem.STATEMENT_FOREIGN, "account", decision.subject());
        }
        amount(decision);
        if (tx.fetchExists(STATEMENT) || minor(tx, settings.bankAccount()) != 0) {
            throw Problem.of(
                    PaymentsProblem.NOT_POSSIBLE, "reason", "the account has begun; its balance comes from statements");
        }
    }

    @Override
    public void carryOut(DSLContext tx, Actor confirming, Decision decision) {
        String currency = settings.currency().getCurrencyCode();
        int bank = LedgerAccounts.bank(tx, settings.bankAccount(), currency);
        LedgerAccounts.lock(tx, bank);
        check(tx, decision);
        long amount = amount(decision);
        int opening = LedgerAccounts.opening(tx, settings.bankAccount(), currency);
        tx.insertInto(TRANSFER)
                .set(TRANSFER.ID, Ids.next())
                .set(TRANSFER.KIND, "opening")
                .set(TRANSFER.DEBIT_ACCOUNT, amount > 0 ? bank : opening)
                .set(TRANSFER.CREDIT_ACCOUNT, amount > 0 ? opening : bank)
                .set(TRANSFER.AMOUNT_MINOR, Math.abs(amount))
                .set(TRANSFER.CURRENCY, currency)
                .execute();
    }

    /** Minor units; negative where the account is overdrawn. */
    private static long amount(Decision decision) {
        try {
            long minor = Long.parseLong(decision.detail());
            if (minor != 0) {
                return minor;
            }
        } catch (NumberFormatException unreadable) {
            // Refused below.
        }
        throw Problem.of(PaymentsProblem.NOT_POSSIBLE, "reason", "the balance is not an amount other than zero");
    }

    @Override
    public Sight sight(Decision decision) {
        return new Sight(
                "/statements",
                Map.of(
                        "Account",
                        settings.bankAccount(),
                        "Balance",
                        Money.of(amount(decision), settings.currency().getCurrencyCode())
                                .toString()),
                List.of(
                        "The first statement has to open with exactly this balance. This cannot be changed afterwards."));
    }
}
