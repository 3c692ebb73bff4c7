package org.annona.payments.funding;

import static org.annona.payments.internal.tables.Tables.LEDGER_ACCOUNT;
import static org.annona.payments.internal.tables.Tables.TRANSFER;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.money.Money;
import org.annona.foundation.problem.Problem;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.PaymentsSettings;
import org.annona.payments.ProgrammeDirectory;
import org.annona.payments.decision.Decidable;
import org.annona.payments.decision.Decision;
import org.annona.payments.decision.DecisionKind;
import org.annona.payments.ledger.LedgerAccounts;
import org.jooq.DSLContext;

/**
 * Carries what a programme did not spend in a year over to the next one. The budget law says whether that is allowed; two finance
 * officers say that it does. Money that goes back to the treasury instead is a debit of the bank, which is explained as such.
 */
public final class CarryOver implements Decidable {

    private final PaymentsSettings settings;
    private final ProgrammeDirectory programmes;
    private final Clock clock;

    public CarryOver(PaymentsSettings settings, ProgrammeDirectory programmes, Clock clock) {
        this.settings = settings;
        this.programmes = programmes;
        this.clock = clock;
    }

    /** What is asked for, as it is kept with the decision. */
    record Rest(String programme, int year, long minor) {

        static Rest parse(String detail) {
            String[] words = detail.split(" ");
            if (words.length != 3 || !words[1].matches("\\d{4}") || !words[2].matches("\\d{1,18}")) {
                throw notPossible("the request names no fund and amount");
            }
            return new Rest(words[0], Integer.parseInt(words[1]), Long.parseLong(words[2]));
        }

        String text() {
            return programme + " " + year + " " + minor;
        }

        /** There is one open request about a fund. */
        UUID subject() {
            return UUID.nameUUIDFromBytes(
                    LedgerAccounts.fundCode(programme, year).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public DecisionKind kind() {
        return DecisionKind.CARRY_OVER;
    }

    @Override
    public void check(DSLContext tx, Decision decision) {
        Rest rest = Rest.parse(decision.detail());
        if (!decision.subject().equals(rest.subject())) {
            throw notPossible("the request is about another fund");
        }
        int thisYear = LocalDate.now(clock).getYear();
        if (rest.year() > thisYear) {
            throw notPossible("the year " + rest.year() + " has not begun");
        }
        if (!programmes.programmes().containsKey(rest.programme())) {
            throw notPossible("there is no programme with the code '" + rest.programme()
                    + "', or it is over; give its money back to the treasury");
        }
        String currency = settings.currency().getCurrencyCode();
        LedgerAccounts.lock(tx, LedgerAccounts.bank(tx, settings.bankAccount(), currency));
        int fund = LedgerAccounts.fund(tx, rest.programme(), rest.year(), currency);
        LedgerAccounts.lock(tx, fund);
        long free = tx.select(LEDGER_ACCOUNT.CREDITS.minus(LEDGER_ACCOUNT.DEBITS))
                .from(LEDGER_ACCOUNT)
                .where(LEDGER_ACCOUNT.ID.eq(fund))
                .fetchSingle()
                .value1();
        if (rest.minor() < 1 || rest.minor() > free) {
            throw notPossible(
                    "the fund holds " + Money.of(free, currency) + " that are not reserved; ask for that or for less");
        }
    }

    @Override
    public void carryOut(DSLContext tx, Actor confirming, Decision decision) {
        Rest rest = Rest.parse(decision.detail());
        String currency = settings.currency().getCurrencyCode();
        tx.insertInto(TRANSFER)
                .set(TRANSFER.ID, Ids.next())
                .set(TRANSFER.KIND, "carry_over")
                .set(TRANSFER.DEBIT_ACCOUNT, LedgerAccounts.fund(tx, rest.programme(), rest.year(), currency))
                .set(TRANSFER.CREDIT_ACCOUNT, LedgerAccounts.fund(tx, rest.programme(), rest.year() + 1, currency))
                .set(TRANSFER.AMOUNT_MINOR, rest.minor())
                .set(TRANSFER.CURRENCY, currency)
                .execute();
    }

    @Override
    public Sight sight(Decision decision) {
        Rest rest = Rest.parse(decision.detail());
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Programme", rest.programme());
        facts.put("From", Integer.toString(rest.year()));
        facts.put("To", Integer.toString(rest.year() + 1));
        facts.put(
                "Amount",
                Money.of(rest.minor(), settings.currency().getCurrencyCode()).toString());
        return new Sight(
                "/funds",
                facts,
                List.of("Payments of " + rest.year()
                        + " cannot use this money any more. Whether it may be carried over, the"
                        + " budget law says."));
    }

    private static Problem notPossible(String reason) {
        return Problem.of(PaymentsProblem.NOT_POSSIBLE, "reason", reason);
    }
}
