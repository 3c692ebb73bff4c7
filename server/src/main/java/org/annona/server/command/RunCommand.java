package org.annona.server.command;

import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import org.annona.access.Role;
import org.annona.access.Users;
import org.annona.server.DataFolder;
import org.annona.server.Settings;

/** {@code run}: serves until it is stopped. */
public final class RunCommand {

    private static final String FIRST_USER = "root";

    private RunCommand() {}

    public static int run(List<String> words, Settings environment) throws InterruptedException {
        Arguments given = Arguments.read(words, Set.of("port"), Set.of());
        Settings settings = environment.withPort((int) given.number("port", environment.port(), 0, 65535));
        try (DataFolder folder = DataFolder.take(settings.dataFolder())) {
            try (Running running = Running.start(settings, folder)) {
                makeFirstUser(running);
                System.out.println("Annona is at " + running.server().url() + "; data is in " + folder.path());
                if (settings.bankUrl() == null) {
                    System.out.println("No bank is connected, so payments wait."
                            + (Files.exists(folder.path().resolve("demo"))
                                    ? " This is the data of a demo: './annona demo' serves it together with its simulated bank."
                                    : " Set ANNONA_BANK_URL and ANNONA_BANK_TOKEN."));
                }
                running.awaitEnd();
                return 0;
            }
        }
    }

    private static void makeFirstUser(Running running) {
        Users users = running.server().part(Users.class);
        if (users.nobodyYet()) {
            String password = PasswordCommand.firstPassword();
            users.createIfAbsent(FIRST_USER, "First administrator", Set.of(Role.ADMINISTRATOR), password, true);
            System.out.println("The first user is '" + FIRST_USER + "' with the password " + password
                    + " (shown only now; it has to be changed at the first login).");
        }
    }
}
