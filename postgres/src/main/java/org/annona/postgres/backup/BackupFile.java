package org.annona.postgres.backup;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A file that {@link Backup} wrote. */
public final class BackupFile implements AutoCloseable {

    private final ZipFile zip;
    private final Manifest manifest;

    private BackupFile(ZipFile zip, Manifest manifest) {
        this.zip = zip;
        this.manifest = manifest;
    }

    public static BackupFile open(Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new UnfitBackup("There is no file '" + file + "' that can be read.");
        }
        try {
            ZipFile zip = new ZipFile(file.toFile());
            ZipEntry manifest = zip.getEntry(Manifest.NAME);
            if (manifest == null) {
                zip.close();
                throw new UnfitBackup("The file " + file + " is no backup of Annona.");
            }
            try (InputStream in = zip.getInputStream(manifest)) {
                return new BackupFile(zip, Manifest.read(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
            }
        } catch (IOException damaged) {
            throw new UnfitBackup(
                    "The file " + file + " cannot be read as a backup: " + damaged.getMessage()
                            + ". It may be cut off; use another copy.",
                    damaged);
        }
    }

    public Manifest manifest() {
        return manifest;
    }

    InputStream rows(Manifest.Table table) throws IOException {
        ZipEntry entry = zip.getEntry(table.entry());
        if (entry == null) {
            throw new UnfitBackup("The backup has no rows of " + table.schema() + "." + table.name()
                    + ", which it lists. Use another copy.");
        }
        return zip.getInputStream(entry);
    }

    /** All rows of a small table as PostgreSQL writes them, in the order of the given columns; for texts without odd characters. */
    public List<List<String>> values(String schema, String name, List<String> columns) {
        Optional<Manifest.Table> table = manifest.tables().stream()
                .filter(one -> one.schema().equals(schema) && one.name().equals(name))
                .findFirst();
        List<List<String>> values = new ArrayList<>();
        if (table.isEmpty()) {
            return values;
        }
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(rows(table.get()), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] cells = line.split("\t", -1);
                values.add(columns.stream()
                        .map(column -> cells[table.get().columns().indexOf(column)].replace("\\\\", "\\"))
                        .toList());
            }
            return values;
        } catch (IOException damaged) {
            throw new UnfitBackup("The backup is damaged in " + schema + "." + name + ". Use another copy.", damaged);
        }
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException ending) {
            throw new UnfitBackup("The backup could not be closed: " + ending.getMessage(), ending);
        }
    }
}
