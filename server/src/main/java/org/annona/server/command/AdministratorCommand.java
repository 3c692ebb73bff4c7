package org.annona.server.command;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.annona.access.AccessBlock;
import org.annona.server.Refusal;
import org.annona.server.Settings;
import org.annona.server.StandingDatabase;

/**
 * {@code administrator}: makes an administrator of the installation, where no second one could accept that a first one asks for it.
 * Whoever operates the machine can do that; a server may run meanwhile.
 */
public final class AdministratorCommand {

    private AdministratorCommand() {}

    public static int run(List<String> words, Settings environment) {
        Arguments given = Arguments.read(words, Set.of(), Set.of());
        if (given.others().size() != 1) {
            throw new Refusal("Name the new administrator: ./annona administrator NAME");
        }
        String name = given.others().getFirst();
        try (StandingDatabase standing = StandingDatabase.open(environment)) {
            String password = PasswordCommand.firstPassword();
            AccessBlock.usersOfOperator(standing.forWriting("access"), Clock.system(environment.zone()))
                    .createAdministrator(name, password);
            System.out.println("'" + name + "' is an administrator now. The password is " + password
                    + " (shown only now; it has to be changed at the first login).");
            return 0;
        }
    }
}
