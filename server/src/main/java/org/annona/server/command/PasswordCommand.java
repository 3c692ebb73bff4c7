package org.annona.server.command;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.annona.access.AccessBlock;
import org.annona.foundation.sealing.MasterKey;
import org.annona.server.Refusal;
import org.annona.server.Settings;
import org.annona.server.StandingDatabase;

/**
 * {@code password}: gives an administrator a first password, where nobody else can accept a reset. Whoever operates the machine can
 * do that; a server may run meanwhile.
 */
public final class PasswordCommand {

    private PasswordCommand() {}

    public static int run(List<String> words, Settings environment) {
        Arguments given = Arguments.read(words, Set.of(), Set.of());
        if (given.others().size() != 1) {
            throw new Refusal("Name the administrator: ./annona password NAME");
        }
        String name = given.others().getFirst();
        try (StandingDatabase standing = StandingDatabase.open(environment)) {
            String password = firstPassword();
            AccessBlock.usersOfOperator(standing.forWriting("access"), Clock.system(environment.zone()))
                    .giveAdministratorFirstPassword(name, password);
            System.out.println("The password of '" + name + "' is " + password
                    + " (shown only now; it has to be changed at the next login). The sessions of this user are over.");
            return 0;
        }
    }

    /** 96 bits, which nobody guesses. */
    static String firstPassword() {
        return MasterKey.random().password("first password").substring(0, 24);
    }
}
