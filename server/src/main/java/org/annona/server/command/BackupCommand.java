package org.annona.server.command;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.annona.postgres.backup.Backup;
import org.annona.postgres.backup.Manifest;
import org.annona.server.Refusal;
import org.annona.server.Settings;
import org.annona.server.StandingDatabase;

/** {@code backup}: writes all rows into one file, as they were at one moment; a running server goes on meanwhile. */
public final class BackupCommand {

    private BackupCommand() {}

    public static int run(List<String> words, Settings environment) throws SQLException {
        Arguments given = Arguments.read(words, Set.of(), Set.of());
        if (given.others().size() != 1) {
            throw new Refusal("Name the file to be written: ./annona backup FILE");
        }
        Path file = Path.of(given.others().getFirst()).toAbsolutePath();
        try (StandingDatabase standing = StandingDatabase.open(environment);
                Connection owner = standing.connectAsOwner()) {
            Manifest written = new Backup(owner).write(standing.schemas(), RestoreCommand.version(), file);
            System.out.printf(
                    "%s holds %,d rows of %d tables as they were at %s.%n",
                    file, written.rows(), written.tables().size(), written.takenAt());
            System.out.println(
                    "The master key is not in it. Keep the key elsewhere: without it the backup is of no use, and"
                            + " with it everything can be read.");
            return 0;
        }
    }
}
