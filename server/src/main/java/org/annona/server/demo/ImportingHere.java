package org.annona.server.demo;

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

/** As a registrar does it in the registry of this house. */
public final class ImportingHere implements Importing {

    private final Registry registry;
    private final DemoUsers users;
    private final Waiting waiting;

    public ImportingHere(Registry registry, Jobs jobs, DemoUsers users) {
        this.registry = registry;
        this.users = users;
        this.waiting = new Waiting(jobs, new Journal(System.out));
    }

    @Override
    public Imported take(SampleCountry.Lists lists, BiConsumer<String, String> step) {
        Actor registrar = users.actor(Role.REGISTRAR);
        try (InputStream areas = Files.newInputStream(lists.areas());
                InputStream people = Files.newInputStream(lists.people())) {
            var loaded = registry.loadAreas(registrar, areas);
            step.accept(
                    "Areas",
                    Journal.number(loaded.added()) + " added, " + Journal.number(loaded.unchanged()) + " known");
            ImportStatus file = registry.uploadPeople(registrar, "people.csv", people);
            UUID id = file.id();
            if (file.state() == ImportStatus.State.UPLOADED) {
                file = registry.checkImport(registrar, id, file.mapping(), file.dateOrder(), "sample country");
            }
            if (file.state() == ImportStatus.State.CHECKING) {
                file = awaited("import/" + id, () -> registry.importStatus(registrar, id), ImportStatus.State.CHECKING);
                step.accept(
                        "Check, dry run",
                        Journal.number(file.rowsTotal()) + " rows: " + Journal.number(file.rowsImported())
                                + " can be imported, " + Journal.number(file.rowsRejected()) + " are rejected");
            }
            if (file.state() == ImportStatus.State.CHECKED) {
                file = registry.applyImport(registrar, id);
            }
            file = awaited("import/" + id, () -> registry.importStatus(registrar, id), ImportStatus.State.APPLYING);
            step.accept(
                    "Import",
                    Journal.number(file.rowsTotal()) + " rows: " + Journal.number(file.rowsImported()) + " people, "
                            + Journal.number(file.rowsRejected()) + " rejected with their reasons");
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
