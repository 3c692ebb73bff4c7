package org.annona.payments;

import java.util.List;
import org.annona.foundation.database.Database;
import org.annona.payments.ledger.LedgerCheck;

/** What can be said about payments while nothing of them runs: no job, no bank. */
public final class PaymentsAtRest {

    private PaymentsAtRest() {}

    /** One sentence per broken invariant of money; an empty list means that all hold. */
    public static List<String> faults(Database database) {
        return new LedgerCheck(database).faults();
    }
}
