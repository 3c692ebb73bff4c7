package org.annona.postgres.backup;

import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/**
 * Loads a backup into tables that the same migrations made, in one transaction. Triggers rest meanwhile, because what they would do is in
 * the rows already; foreign keys are taken away and made again, which checks every row. For both, the owner of the tables suffices.
 */
public final class Restore {

    private final Connection owner;
    private final BackupFile file;

    /** @param owner of the tables; a transaction of its own is used and ended */
    public Restore(Connection owner, BackupFile file) {
        this.owner = owner;
        this.file = file;
    }

    /** @param last what is to be committed together with the rows */
    public void load(Consumer<Connection> last) {
        Manifest manifest = file.manifest();
        Catalogue catalogue = new Catalogue(owner, manifest.schemas().keySet());
        try {
            owner.setAutoCommit(false);
            execute("set local search_path = pg_catalog");
            List<Catalogue.Table> tables = catalogue.tables();
            refuseOtherTables(manifest, tables);
            List<Catalogue.ForeignKey> keys = catalogue.foreignKeys();
            for (Catalogue.ForeignKey key : keys) {
                execute("alter table " + key.table() + " drop constraint " + key.name());
            }
            // The migrations put some rows in; the backup has them too.
            execute("truncate table "
                    + tables.stream().map(Catalogue.Table::quoted).collect(Collectors.joining(", ")));
            for (Catalogue.Table table : tables) {
                execute("alter table " + table.quoted() + " disable trigger user");
            }
            for (Manifest.Table table : manifest.tables()) {
                copy(table);
            }
            renewTransactionIds(catalogue);
            for (Catalogue.Table table : tables) {
                execute("alter table " + table.quoted() + " enable trigger user");
            }
            for (Catalogue.ForeignKey key : keys) {
                execute("alter table " + key.table() + " add constraint " + key.name() + " " + key.definition());
            }
            for (Manifest.Sequence sequence : manifest.sequences()) {
                execute("select setval('" + Catalogue.quoted(sequence.schema()) + "."
                        + Catalogue.quoted(sequence.name()) + "', " + sequence.last() + ", " + sequence.begun() + ")");
            }
            last.accept(owner);
            owner.commit();
            owner.setAutoCommit(true);
            execute("analyze");
        } catch (SQLException | IOException failed) {
            undo();
            throw new UnfitBackup(
                    "The backup could not be loaded: " + failed.getMessage() + ". Nothing of it was kept.", failed);
        } catch (RuntimeException failed) {
            undo();
            throw failed;
        }
    }

    private void undo() {
        try {
            owner.rollback();
        } catch (SQLException gone) {
            // The database undoes by itself what nobody committed.
        }
    }

    private static void refuseOtherTables(Manifest manifest, List<Catalogue.Table> tables) {
        List<String> here = tables.stream()
                .map(one -> one.schema() + "." + one.name() + one.columns())
                .sorted()
                .toList();
        List<String> there = manifest.tables().stream()
                .map(one -> one.schema() + "." + one.name() + one.columns())
                .sorted()
                .toList();
        if (!here.equals(there)) {
            throw new UnfitBackup(
                    "The tables of the backup are not those of this Annona. Restore it with the version that wrote it ("
                            + manifest.annona() + ").");
        }
    }

    private void copy(Manifest.Table table) throws IOException, SQLException {
        MessageDigest digest = Backup.sha256();
        long rows;
        try (InputStream in = new DigestInputStream(file.rows(table), digest)) {
            rows = owner.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "copy " + Catalogue.quoted(table.schema()) + "." + Catalogue.quoted(table.name())
                                    + Backup.columns(table.columns()) + " from stdin",
                            in);
        }
        if (rows != table.rows() || !HexFormat.of().formatHex(digest.digest()).equals(table.digest())) {
            throw new UnfitBackup("The backup is damaged: the rows of " + table.schema() + "." + table.name()
                    + " are not those that were written. Use another copy. Nothing of it was kept.");
        }
    }

    /**
     * Feeds are ordered by the ids of transactions, and those of another server may be far ahead of the ones here: what changes next
     * would seem older than what a reader has read. So every row counts as changed by the restore, and a reader of events, whose
     * position ends with the number of an event, goes on behind that number. Other readers notice the other server and begin anew.
     */
    private void renewTransactionIds(Catalogue catalogue) throws SQLException {
        for (Catalogue.Column column : catalogue.transactionIds()) {
            execute("update " + column.table() + " set " + column.name() + " = pg_current_xact_id()");
        }
        for (Catalogue.Column column : catalogue.positions()) {
            execute("update " + column.table() + " set " + column.name()
                    + " = pg_current_xact_id()::text || ':' || split_part(" + column.name() + ", ':', 2) where "
                    + column.name() + " ~ '^[0-9]+:[0-9]+$'");
        }
    }

    private void execute(String statement) throws SQLException {
        try (Statement sql = owner.createStatement()) {
            sql.execute(statement);
        }
    }
}
