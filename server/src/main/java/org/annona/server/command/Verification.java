package org.annona.server.command;

import java.nio.file.Path;
import java.util.List;
import org.annona.foundation.audit.AuditHeads;
import org.annona.foundation.audit.AuditSeal;
import org.annona.foundation.audit.AuditVerification;
import org.annona.foundation.database.Database;
import org.annona.payments.PaymentsAtRest;
import org.annona.server.StandingDatabase;

/** Reads the whole audit trail and every posting, and tells what it found. */
final class Verification {

    private Verification() {}

    /**
     * @param heads files of audit heads that were kept
     * @return whether everything holds
     */
    static boolean tell(StandingDatabase standing, List<Path> heads) {
        boolean sound = true;
        Database foundation = standing.forReading("foundation");
        AuditSeal seal = AuditSeal.of(standing.key());
        for (AuditVerification.ChainReport chain : new AuditVerification(foundation, seal).verify()) {
            System.out.printf(
                    "audit trail %-12s %,9d entries  %s%n",
                    chain.chain(), chain.entries(), chain.sound() ? "unbroken" : "BROKEN: " + chain.fault());
            System.out.printf("  newest hash %s%n", chain.head());
            sound &= chain.sound();
        }
        for (Path file : heads) {
            List<String> contradictions = new AuditHeads(foundation, seal).compare(file);
            System.out.printf(
                    "since %-30s %s%n",
                    file.getFileName(),
                    contradictions.isEmpty() ? "the trail goes on from it" : "BROKEN: " + contradictions);
            sound &= contradictions.isEmpty();
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
