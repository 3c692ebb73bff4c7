package org.annona.server.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.foundation.job.JobState;
import org.annona.foundation.job.Jobs;
import org.annona.registry.ImportStatus;
import org.annona.registry.ImportStatus.State;
import org.annona.registry.Registry;
import org.annona.server.DataFolder;
import org.annona.server.Refusal;
import org.annona.server.Settings;

/**
 * {@code import}: takes a file of people in. Shows what its columns are taken for and what would happen; writes only with
 * {@code --apply}.
 */
public final class ImportCommand {

    private static final Actor OPERATOR = new Actor("operator", "Operator of this machine", Set.of(Role.REGISTRAR));
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private ImportCommand() {}

    public static int run(List<String> words, Settings environment) throws IOException, InterruptedException {
        try {
            return OPERATOR.scope().<Integer, Exception>call(() -> taken(words, environment));
        } catch (IOException | InterruptedException | RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static int taken(List<String> words, Settings environment) throws IOException, InterruptedException {
        Arguments given = Arguments.read(words, Set.of("areas", "source", "map"), Set.of("apply"));
        if (given.others().size() != 1) {
            throw new Refusal("Name one file: ./annona import FILE.csv");
        }
        Path file = readable(given.others().getFirst());
        Settings settings = environment.withPort(0);
        try (DataFolder folder = DataFolder.take(settings.dataFolder());
                Running running = Running.start(settings, folder)) {
            Registry registry = running.server().part(Registry.class);
            if (given.options().containsKey("areas")) {
                try (InputStream areas =
                        Files.newInputStream(readable(given.options().get("areas")))) {
                    var loaded = registry.loadAreas(OPERATOR, areas);
                    System.out.println("Areas: " + loaded.added() + " added, " + loaded.renamed() + " renamed, "
                            + loaded.unchanged() + " known.");
                }
            }
            ImportStatus status;
            try (InputStream in = Files.newInputStream(file)) {
                status = registry.uploadPeople(OPERATOR, file.getFileName().toString(), in);
            }
            return take(running, registry, status, given);
        }
    }

    private static Path readable(String name) {
        Path file = Path.of(name);
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new Refusal("There is no file '" + name + "' that can be read.");
        }
        return file;
    }

    private static int take(Running running, Registry registry, ImportStatus first, Arguments given)
            throws InterruptedException {
        UUID id = first.id();
        ImportStatus status = first;
        if (status.state() == State.UPLOADED) {
            Map<Integer, String> mapping = new TreeMap<>(status.mapping());
            mapping.putAll(chosen(status, given.options().getOrDefault("map", "")));
            tellColumns(status, mapping);
            String source = given.options().getOrDefault("source", status.source());
            registry.checkImport(OPERATOR, id, mapping, status.dateOrder(), source);
        }
        status = awaitNot(running, registry, id, State.CHECKING);
        System.out.printf(
                "Checked: %,d rows; %,d would be added, %,d changed, %,d are unchanged, %,d are rejected.%n",
                status.rowsTotal(),
                status.rowsCreated(),
                status.rowsUpdated(),
                status.rowsUnchanged(),
                status.rowsRejected());
        if (status.state() == State.CHECKED && !given.has("apply")) {
            System.out.println(
                    "Nothing was changed. The row report is in the console under Imports; write with --apply.");
            return 0;
        }
        if (status.state() == State.CHECKED) {
            registry.applyImport(OPERATOR, id);
        }
        status = awaitNot(running, registry, id, State.APPLYING);
        System.out.printf(
                "Written: %,d added, %,d changed, %,d unchanged, %,d rejected with their reasons.%n",
                status.rowsCreated(), status.rowsUpdated(), status.rowsUnchanged(), status.rowsRejected());
        return status.state() == State.APPLIED ? 0 : 1;
    }

    /** {@code --map "Column=MEANING,Other column="}. */
    private static Map<Integer, String> chosen(ImportStatus status, String text) {
        Map<Integer, String> chosen = new TreeMap<>();
        for (String pair : text.isBlank() ? new String[0] : text.split(",")) {
            String[] sides = pair.split("=", 2);
            int place = status.columns().indexOf(sides[0].strip());
            if (place < 0 || sides.length < 2) {
                throw new Refusal("'" + pair + "' in --map names no column of the file. Its columns are "
                        + status.columns() + ".");
            }
            chosen.put(place, sides[1].strip());
        }
        return chosen;
    }

    private static void tellColumns(ImportStatus status, Map<Integer, String> mapping) {
        System.out.println("Encoding " + status.encoding() + ", cells separated by '"
                + (status.delimiter() == '\t' ? "tab" : status.delimiter()) + "', dates as " + status.dateOrder()
                + ".");
        for (int i = 0; i < status.columns().size(); i++) {
            String meaning = mapping.getOrDefault(i, "");
            System.out.printf(
                    "  %-28s %s%n", status.columns().get(i), meaning.isEmpty() ? "is not read" : "-> " + meaning);
        }
    }

    private static ImportStatus awaitNot(Running running, Registry registry, UUID id, State state)
            throws InterruptedException {
        Jobs jobs = running.server().part(Jobs.class);
        ImportStatus status = registry.importStatus(OPERATOR, id);
        while (status.state() == state) {
            jobs.ofSubject("import/" + id, 1).stream()
                    .filter(job -> job.state() == JobState.FAILED)
                    .findFirst()
                    .ifPresent(job -> {
                        throw new Refusal("The import stopped: " + job.message());
                    });
            Thread.sleep(LOOK_AGAIN);
            status = registry.importStatus(OPERATOR, id);
        }
        return status;
    }
}
