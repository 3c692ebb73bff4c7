package org.annona.payments.envelope;

import static org.annona.payments.internal.tables.Tables.DISBURSEMENT;

import java.util.List;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.database.Database;
import org.annona.foundation.problem.Problem;
import org.annona.payments.AddressBook;
import org.annona.payments.PaymentsPermission;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.decision.DecisionKind;
import org.annona.payments.decision.Decisions;

/** Requests about a payment that a second person decides. A request that moves money to an account names the version of the account. */
public final class PaymentRequests {

    private final Database database;
    private final Decisions decisions;
    private final AddressBook addresses;

    public PaymentRequests(Database database, Decisions decisions, AddressBook addresses) {
        this.database = database;
        this.decisions = decisions;
        this.addresses = addresses;
    }

    /**
     * @param subject the payment, or the envelope where all its changed accounts are meant
     * @return the request
     */
    public UUID ask(Actor actor, DecisionKind kind, UUID subject, String reason) {
        actor.require(PaymentsPermission.OPERATE);
        return decisions.ask(actor, kind, subject, 0, detail(kind, subject), reason);
    }

    private String detail(DecisionKind kind, UUID subject) {
        return switch (kind) {
            case REISSUE, ACCEPT_ACCOUNT -> Integer.toString(accountVersion(subject));
            case ACCEPT_ACCOUNTS -> AcceptAccounts.detail(database.sql(), subject);
            default -> "";
        };
    }

    private int accountVersion(UUID payment) {
        UUID beneficiary = database.sql()
                .select(DISBURSEMENT.BENEFICIARY)
                .from(DISBURSEMENT)
                .where(DISBURSEMENT.ID.eq(payment))
                .fetchOptional(DISBURSEMENT.BENEFICIARY)
                .orElseThrow(() -> Problem.of(PaymentsProblem.DISBURSEMENT_UNKNOWN));
        return switch (addresses.resolve(List.of(beneficiary)).getFirst()) {
            case AddressBook.Answer.Found found -> found.version();
            case AddressBook.Answer.NoAccount() ->
                throw Envelopes.notPossible("the beneficiary has no account; the registry has to know one first");
        };
    }
}
