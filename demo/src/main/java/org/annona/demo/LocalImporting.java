package org.annona.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.foundation.job.Jobs;
import org.annona.registry.ImportStatus;
import org.annona.registry.Registry;

/** As a registrar does it, in the registry of this installation. */
public final class LocalImporting implements Importing {

    private final Registry registry;
    private final DemoUsers users;
    private final Waiting waiting;

    public LocalImporting(Registry registry, Jobs jobs, DemoUsers users, DemoOutput output) {
        this.registry = registry;
        this.users = users;
        this.waiting = new Waiting(jobs, output);
    }

    @Override
    public Imported take(SampleCountry.Lists lists, BiConsumer<String, String> step) {
        Actor registrar = users.actor(Role.REGISTRAR);
        try (InputStream areas = Files.newInputStream(lists.areas());
                InputStream people = Files.newInputStream(lists.people())) {
            var loaded = registry.loadAreas(registrar, areas);
            step.accept(
                    "Areas",
                    DemoOutput.number(loaded.added()) + " added, " + DemoOutput.number(loaded.unchanged()) + " known");
            ImportStatus file = registry.uploadPeople(registrar, "people.csv", people);
            UUID id = file.id();
            if (file.state() == ImportStatus.State.UPLOADED) {
                file = registry.checkImport(registrar, id, file.mapping(), file.dateOrder(), "sample country");
            }
            if (file.state() == ImportStatus.State.CHECKING) {
                file = awaited("import/" + id, () -> registry.importStatus(registrar, id), ImportStatus.State.CHECKING);
                step.accept(
                        "Check of the list",
                        DemoOutput.number(file.rowsTotal()) + " rows: " + DemoOutput.number(file.rowsImported())
                                + " valid, " + DemoOutput.number(file.rowsRejected()) + " invalid");
            }
            if (file.state() == ImportStatus.State.CHECKED) {
                file = registry.applyImport(registrar, id);
            }
            file = awaited("import/" + id, () -> registry.importStatus(registrar, id), ImportStatus.State.APPLYING);
            step.accept(
                    "Import",
                    DemoOutput.number(file.rowsTotal()) + " rows: " + DemoOutput.number(file.rowsImported())
                            + " people imported, " + DemoOutput.number(file.rowsRejected())
                            + " rejected, each with its reason");
            return new Imported(file.rowsImported(), file.rowsRejected());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private ImportStatus awaited(String subject, Supplier<ImportStatus> status, ImportStatus.State passing) {
        waiting.until(subject, () -> status.get().state() != passing);
        return status.get();
    }
}
