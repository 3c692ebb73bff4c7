package org.annona.server.command;

import java.util.List;
import java.util.Set;
import org.annona.foundation.audit.AuditVerification;
import org.annona.payments.Payments;
import org.annona.server.DataFolder;
import org.annona.server.Settings;

/** {@code verify}: reads the whole audit trail and every posting, and says whether anything was changed or does not add up. */
public final class VerifyCommand {

    private VerifyCommand() {}

    public static int run(List<String> words, Settings environment) {
        Arguments.read(words, Set.of(), Set.of());
        Settings settings = environment.withPort(0);
        try (DataFolder folder = DataFolder.take(settings.dataFolder());
                Running running = Running.start(settings, folder)) {
            boolean sound = true;
            for (AuditVerification.ChainReport chain :
                    new AuditVerification(running.installation().database("foundation")).verify()) {
                System.out.printf(
                        "audit trail %-12s %,9d entries  %s%n",
                        chain.chain(), chain.entries(), chain.sound() ? "unbroken" : "BROKEN: " + chain.fault());
                System.out.printf("  newest hash %s%n", chain.head());
                sound &= chain.sound();
            }
            if (!settings.standing().house().hasProgrammes()) {
                return sound ? 0 : 1;
            }
            List<String> faults = running.server().part(Payments.class).checkLedger();
            System.out.println("ledger                               "
                    + (faults.isEmpty() ? "every invariant holds" : "BROKEN: " + faults));
            return sound && faults.isEmpty() ? 0 : 1;
        }
    }
}
