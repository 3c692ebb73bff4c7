package org.annona.postgres.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.annona.postgres.SchemaVersions;
import org.postgresql.PGConnection;

/**
 * Writes all rows of all tables into one file, as they were at one moment, while others go on working. What is sealed stays sealed.
 * The file has its name only once it is complete.
 */
public final class Backup {

    private final Connection connection;

    /** @param connection of somebody who may read all tables; a transaction of its own is used and ended */
    public Backup(Connection connection) {
        this.connection = connection;
    }

    /** @param annona version of the program that writes it */
    public Manifest write(List<String> schemas, String annona, Path file) {
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        if (Files.exists(file)) {
            throw new UnfitBackup("There is a file " + file + " already. Choose another name.");
        }
        try {
            Files.deleteIfExists(unfinished);
            Files.createFile(
                    unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Manifest manifest = writeUnfinished(schemas, annona, unfinished);
            try (FileChannel written = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            return manifest;
        } catch (IOException failed) {
            throw new UnfitBackup(
                    "The backup could not be written to " + file + ": " + failed.getMessage()
                            + ". Make room, or choose another place.",
                    failed);
        } catch (SQLException failed) {
            throw new UnfitBackup(
                    "The database could not be read to its end: " + failed.getMessage() + ". No backup was written.",
                    failed);
        }
    }

    private Manifest writeUnfinished(List<String> schemas, String annona, Path file) throws IOException, SQLException {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setReadOnly(true);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.setLevel(Deflater.BEST_SPEED);
            Instant takenAt = beginSnapshot();
            Map<String, List<String>> versions = new LinkedHashMap<>();
            for (String schema : schemas) {
                versions.put(schema, SchemaVersions.of(connection, schema));
            }
            Catalogue catalogue = new Catalogue(connection, schemas);
            List<Manifest.Table> tables = new ArrayList<>();
            for (Catalogue.Table table : catalogue.tables()) {
                tables.add(copy(table, zip));
            }
            Manifest manifest = new Manifest(annona, takenAt, versions, tables, catalogue.sequences());
            zip.putNextEntry(new ZipEntry(Manifest.NAME));
            zip.write(manifest.text().getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
            return manifest;
        } finally {
            connection.rollback();
        }
    }

    private Instant beginSnapshot() throws SQLException {
        try (Statement sql = connection.createStatement()) {
            // Nothing of how rows are written may depend on how this server happens to be set up.
            sql.execute("set local search_path = pg_catalog");
            sql.execute("set local bytea_output = 'hex'");
            sql.execute("set local intervalstyle = 'postgres'");
            sql.execute("set local extra_float_digits = 1");
            try (ResultSet now = sql.executeQuery("select now()")) {
                now.next();
                return now.getObject(1, OffsetDateTime.class).toInstant();
            }
        }
    }

    private Manifest.Table copy(Catalogue.Table table, ZipOutputStream zip) throws IOException, SQLException {
        MessageDigest digest = sha256();
        Manifest.Table unread = new Manifest.Table(table.schema(), table.name(), 0, "", table.columns());
        zip.putNextEntry(new ZipEntry(unread.entry()));
        OutputStream rows = new DigestOutputStream(zip, digest);
        long count = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("copy " + table.quoted() + columns(table.columns()) + " to stdout", rows);
        zip.closeEntry();
        return new Manifest.Table(
                table.schema(), table.name(), count, HexFormat.of().formatHex(digest.digest()), table.columns());
    }

    static String columns(List<String> columns) {
        return columns.stream().map(Catalogue::quoted).collect(Collectors.joining(", ", " (", ")"));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
