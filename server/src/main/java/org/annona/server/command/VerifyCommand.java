package org.annona.server.command;

import java.util.List;
import java.util.Set;
import org.annona.server.Settings;
import org.annona.server.StandingDatabase;

/**
 * {@code verify}: reads the whole audit trail and every posting, and says whether anything was changed or does not add up. It only
 * reads, so that a restored copy can be verified beside the installation that it is a copy of.
 */
public final class VerifyCommand {

    private VerifyCommand() {}

    public static int run(List<String> words, Settings environment) {
        Arguments.read(words, Set.of(), Set.of());
        try (StandingDatabase standing = StandingDatabase.open(environment)) {
            return Verification.tell(standing) ? 0 : 1;
        }
    }
}
