package org.annona.server.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.annona.postgres.backup.BackupFile;
import org.annona.server.EmptyInstallation;
import org.annona.server.Refusal;
import org.annona.server.Settings;
import org.annona.server.StandingDatabase;

/** {@code restore}: makes an installation from a backup, where there is none yet, and verifies it. */
public final class RestoreCommand {

    private RestoreCommand() {}

    public static int run(List<String> words, Settings settings) {
        Arguments given = Arguments.read(words, Set.of(), Set.of());
        if (given.others().size() != 1) {
            throw new Refusal("Name the file to be restored: ./annona restore FILE");
        }
        try (BackupFile file = BackupFile.open(Path.of(given.others().getFirst()))) {
            System.out.printf(
                    "The backup of %s was written by Annona %s and holds %,d rows.%n",
                    file.manifest().takenAt(),
                    file.manifest().annona(),
                    file.manifest().rows());
            EmptyInstallation.restore(settings, file);
        }
        try (StandingDatabase standing = StandingDatabase.open(settings)) {
            boolean sound = Verification.tell(standing, List.of());
            System.out.println("Everything is restored. Compare the hashes with those that you keep.");
            if (standing.schemas().contains("payments")) {
                System.out.println(
                        "Nothing is paid or sent until finance has read the statements of the bank since the backup"
                                + " and confirmed it in the console, on the page Restores.");
            }
            return sound ? 0 : 1;
        }
    }

    static String version() {
        return Objects.requireNonNullElse(RestoreCommand.class.getPackage().getImplementationVersion(), "unreleased");
    }
}
