package org.annona.server.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.annona.server.Refusal;
import org.annona.server.Settings;
import org.annona.server.StandingDatabase;

/**
 * {@code verify}: reads the whole audit trail and every posting, and says whether anything was changed or does not add up; with
 * {@code --since}, also whether the trail goes on from the heads in a file that was kept elsewhere. It only
 * reads, so that a restored copy can be verified beside the installation that it is a copy of.
 */
public final class VerifyCommand {

    private VerifyCommand() {}

    public static int run(List<String> words, Settings environment) {
        Arguments given = Arguments.read(words, Set.of("since"), Set.of());
        String since = given.options().get("since");
        List<Path> heads = since == null ? List.of() : heads(Path.of(since));
        try (StandingDatabase standing = StandingDatabase.open(environment)) {
            return Verification.tell(standing, heads) ? 0 : 1;
        }
    }

    /** The file, or every file of the folder in the order of their days. */
    private static List<Path> heads(Path given) {
        if (!Files.isDirectory(given)) {
            if (!Files.exists(given)) {
                throw new Refusal(
                        "There is no file " + given + ". Name a file of audit heads, or a folder of such files.");
            }
            return List.of(given);
        }
        try (Stream<Path> files = Files.list(given)) {
            List<Path> heads = files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .toList();
            if (heads.isEmpty()) {
                throw new Refusal("There is no file of audit heads in " + given + ".");
            }
            return heads;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
