package org.annona.server.command;

import java.util.List;
import org.annona.foundation.audit.AuditVerification;
import org.annona.payments.PaymentsAtRest;
import org.annona.server.StandingDatabase;

/** Reads the whole audit trail and every posting, and tells what it found. */
final class Verification {

    private Verification() {}

    /** @return whether everything holds */
    static boolean tell(StandingDatabase standing) {
        boolean sound = true;
        for (AuditVerification.ChainReport chain : new AuditVerification(standing.forReading("foundation")).verify()) {
            System.out.printf(
                    "audit trail %-12s %,9d entries  %s%n",
                    chain.chain(), chain.entries(), chain.sound() ? "unbroken" : "BROKEN: " + chain.fault());
            System.out.printf("  newest hash %s%n", chain.head());
            sound &= chain.sound();
        }
        if (!standing.schemas().contains("payments")) {
            return sound;
        }
        List<String> faults = PaymentsAtRest.faults(standing.forReading("payments"));
        System.out.println("ledger                               "
                + (faults.isEmpty() ? "every invariant holds" : "BROKEN: " + faults));
        return sound && faults.isEmpty();
    }
}
