package org.annona.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.access.Users;
import org.annona.foundation.scope.AcrossOrganisations;
import org.annona.foundation.scope.Scope;
import org.annona.payments.Payments;
import org.annona.postgres.DatabaseUnavailable;
import org.annona.server.command.BackupCommand;
import org.annona.server.command.RestoreCommand;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

class BackupAndRestoreTest {

    private static final Actor FINANCE = new Actor("omar", "Omar", Set.of(Role.FINANCE_OFFICER));
    private static final String SEQUENCES =
            "select schemaname || '.' || sequencename || ' ' || coalesce(last_value, 0) from pg_sequences order by 1";

    /** Some hold ids of transactions, which a restore gives anew, and some what the restore itself writes. */
    private static final Set<String> CHANGED = Set.of("payments.restoration", "exchange.event_position");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path files;

    private static TestInstallations installations;
    private static Path backup;

    /** An installation in which something happened, written down while its server runs. */
    @BeforeAll
    static void backUp() throws Exception {
        installations = new TestInstallations();
        backup = files.resolve("installation.backup");
        Settings settings = installations.settings("installation", Map.of());
        try (Installation installation = Installation.open(settings);
                RunningServer server = RunningServer.start(settings, installation, TestInstallations::withProgrammes)) {
            server.part(Users.class)
                    .createIfAbsent(
                            "amina", "Amina, \"ጸጋዬ\"\t\\N", Set.of(Role.REGISTRAR), "a horse and a stapler", false);
            TestInstallations.inFirstOrganisation(
                    () -> server.part(Payments.class).announceFunds(FINANCE, "CASH", "KES", 100));
            // As far as a server of many years.
            installations.column(
                    "installation", "insert into exchange.event_position values ('here', '999999999:7') returning 1");
            assertThat(BackupCommand.run(List.of(backup.toString()), settings)).isZero();
        }
    }

    @AfterAll
    static void close() {
        installations.close();
    }

    @Test
    void what_was_backed_up_is_there_again_with_its_sequences() throws Exception {
        Settings settings = installations.settings("again", Map.of());
        assertThat(RestoreCommand.run(List.of(backup.toString()), settings)).isZero();

        Path second = files.resolve("again.backup");
        assertThat(BackupCommand.run(List.of(second.toString()), settings)).isZero();
        Map<String, String> before = lines(backup);
        Map<String, String> after = lines(second);
        assertThat(after.keySet()).isEqualTo(before.keySet());
        Set<String> differing = new HashSet<>();
        before.forEach((table, line) -> {
            if (!line.equals(after.get(table))) {
                differing.add(table);
            }
        });
        assertThat(differing).isSubsetOf(CHANGED);
        assertThat(before.get("payments.funding")).startsWith("1 ");
        assertThat(installations.column("again", "select position from exchange.event_position"))
                .allMatch(position -> position.endsWith(":7") && !position.startsWith("999999999"))
                .hasSize(1);
        assertThat(installations.column("again", SEQUENCES)).contains("registry.person_number 0");
        assertThat(Files.readString(backup, java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain(TestInstallations.KEY);
        // A restored installation goes on: the next entry of the trail fits, and every guard is back.
        try (Installation installation = Installation.open(settings);
                RunningServer server = RunningServer.start(settings, installation, TestInstallations::withProgrammes)) {
            TestInstallations.inFirstOrganisation(
                    () -> server.part(Payments.class).announceFunds(FINANCE, "CASH", "KES", 200));
        }
        assertThat(org.annona.server.command.VerifyCommand.run(List.of(), settings))
                .isZero();
        assertThat(installations.column("again", GUARDS)).isEqualTo(installations.column("installation", GUARDS));
    }

    private static final String GUARDS = """
            select pg_get_constraintdef(k.oid) || k.convalidated::text from pg_constraint k where k.contype = 'f'
            union all select t.tgname::text || t.tgenabled::text from pg_trigger t where not t.tgisinternal
            union all select p.tablename || p.policyname || p.qual from pg_policies p
            union all select c.relname::text from pg_class c where c.relrowsecurity
            order by 1""";

    @Test
    void a_folder_that_was_restored_has_the_data_of_the_backup() {
        Path folder = files.resolve("embedded");
        Settings settings =
                Settings.from(Map.of("ANNONA_DATA", folder.toString(), "ANNONA_MASTER_KEY", TestInstallations.KEY));
        assertThat(RestoreCommand.run(List.of(backup.toString()), settings)).isZero();
        try (StandingDatabase standing = StandingDatabase.open(settings)) {
            int fundings = Scope.across(AcrossOrganisations.OPERATION)
                    .call(() -> standing.forReading("payments").sql().fetchCount(org.jooq.impl.DSL.table("funding")));
            assertThat(fundings).isEqualTo(1);
            // Another process finds the server that runs on the folder.
            Path copy = files.resolve("of-the-running-one.backup");
            assertThat(org.assertj.core.api.Assertions.catchThrowable(
                            () -> BackupCommand.run(List.of(copy.toString()), settings)))
                    .isNull();
            assertThat(copy).exists();
        }
    }

    private static void assertRefused(String target, Map<String, String> more, String file, String sentence) {
        Settings settings = installations.settings(target, more);
        assertThatThrownBy(() -> RestoreCommand.run(List.of(file), settings)).hasMessageContaining(sentence);
        assertThat(installations.contents(target)).isEmpty();
    }

    @Test
    void a_restore_without_the_master_key_is_refused() {
        assertRefused("no-key", Map.of("ANNONA_MASTER_KEY", ""), backup.toString(), "not in the backup");
    }

    @Test
    void a_restore_with_another_master_key_is_refused() {
        assertRefused(
                "other-key",
                Map.of("ANNONA_MASTER_KEY", TestInstallations.OTHER_KEY),
                backup.toString(),
                "does not belong to the data in the backup");
    }

    @Test
    void a_backup_whose_rows_were_changed_is_refused_and_nothing_of_it_kept() throws Exception {
        String damaged = altered("tables/payments.funding", "damaged", text -> text.replace("CASH", "RICH"));
        assertRefused("damaged", Map.of(), damaged, "payments.funding are not those that were written");
    }

    @Test
    void a_backup_that_was_cut_off_or_is_another_file_is_refused() throws Exception {
        byte[] whole = Files.readAllBytes(backup);
        Path cut = Files.write(files.resolve("cut"), java.util.Arrays.copyOf(whole, whole.length / 2));
        assertRefused("cut", Map.of(), cut.toString(), "cannot be read as a backup");
        Path archive = files.resolve("archive");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            zip.putNextEntry(new ZipEntry("letter"));
        }
        assertRefused("cut", Map.of(), archive.toString(), "is no backup of Annona");
    }

    @Test
    void a_backup_of_another_format_is_refused() throws Exception {
        String later = altered("manifest", "later", text -> text.replace("annona-backup\t1", "annona-backup\t2"));
        assertRefused("later", Map.of(), later, "has format 2");
    }

    @Test
    void a_backup_of_other_migrations_is_refused() throws Exception {
        String other = altered("manifest", "other", text -> text.replace("schema\tmapper\t1:", "schema\tmapper\t7:"));
        assertRefused("other", Map.of(), other, "those of another version of Annona");
    }

    @Test
    void nothing_is_restored_over_an_installation() {
        Map<String, String> contents = installations.contents("installation");
        assertThatThrownBy(() -> RestoreCommand.run(
                        List.of(backup.toString()), installations.settings("installation", Map.of())))
                .hasMessageContaining("There is an installation in");
        assertThat(installations.contents("installation")).isEqualTo(contents);
    }

    @Test
    void no_backup_is_written_over_a_file() {
        assertThatThrownBy(() ->
                        BackupCommand.run(List.of(backup.toString()), installations.settings("installation", Map.of())))
                .hasMessageContaining("already. Choose another name");
    }

    @Test
    void a_restore_reads_the_audit_trail_and_the_ledger_and_says_what_is_broken() throws Exception {
        Settings sound = installations.settings("sound", Map.of());
        assertThat(printed(0, () -> RestoreCommand.run(List.of(backup.toString()), sound)))
                .contains("unbroken", "every invariant holds", "Nothing is paid or sent until finance")
                .doesNotContain("BROKEN");
        installations.execute("sound", """
                alter table foundation.audit_entry disable trigger user;
                update foundation.audit_entry set actor = 'nobody' where seq = 1;
                alter table foundation.audit_entry enable trigger user""");
        Path forged = files.resolve("forged.backup");
        assertThat(BackupCommand.run(List.of(forged.toString()), sound)).isZero();

        Settings told = installations.settings("told", Map.of());
        assertThat(printed(1, () -> RestoreCommand.run(List.of(forged.toString()), told)))
                .contains("BROKEN");
    }

    private static String printed(int status, java.util.function.IntSupplier command) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF));
        try {
            assertThat(command.getAsInt()).isEqualTo(status);
        } finally {
            System.setOut(before);
        }
        return printed.toString(UTF);
    }

    @Test
    void a_restore_that_was_killed_is_repeated_and_nothing_runs_before() {
        Settings settings = installations.settings("killed", Map.of());
        // As when the process ends: its connection is gone before a row is loaded, and it takes nothing away.
        installations.execute("killed", """
                create function die() returns event_trigger language plpgsql as $$
                begin
                  if to_regclass('payments.funding') is not null and current_query() like 'alter table % drop constraint %' or current_query() like 'drop schema%' then
                    perform pg_terminate_backend(pg_backend_pid());
                  end if;
                end $$;
                create event trigger die on ddl_command_start execute function die()""");
        assertThatThrownBy(() -> RestoreCommand.run(List.of(backup.toString()), settings))
                .isInstanceOf(DatabaseUnavailable.class);
        installations.execute("killed", "drop event trigger die; drop function die()");
        assertThat(installations.contents("killed")).containsKey("payments.funding");

        assertThatThrownBy(() -> Installation.open(settings))
                .hasMessageContaining("was interrupted")
                .hasMessageContaining("./annona restore FILE");
        assertThatThrownBy(() -> BackupCommand.run(
                        List.of(files.resolve("of-half.backup").toString()), settings))
                .hasMessageContaining("was interrupted");
        assertThat(RestoreCommand.run(List.of(backup.toString()), settings)).isZero();
        assertThat(installations.column("killed", "select count(*) from payments.funding"))
                .containsExactly("1");
        try (Installation installation = Installation.open(settings)) {
            assertThat(installation).isNotNull();
        }
    }

    /** What the manifest says of each table: rows and digest. */
    private static Map<String, String> lines(Path file) throws IOException {
        Map<String, String> lines = new TreeMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            String manifest =
                    new String(zip.getInputStream(zip.getEntry("manifest")).readAllBytes(), UTF);
            manifest.lines()
                    .filter(line -> line.startsWith("table\t") || line.startsWith("sequence\t"))
                    .map(line -> line.split("\t"))
                    .forEach(words -> lines.put(words[1] + "." + words[2], words[3] + " " + words[4]));
        }
        return lines;
    }

    private static final java.nio.charset.Charset UTF = java.nio.charset.StandardCharsets.UTF_8;

    private static String altered(String entry, String name, java.util.function.UnaryOperator<String> change)
            throws IOException {
        Path altered = files.resolve(name);
        try (ZipFile zip = new ZipFile(backup.toFile());
                OutputStream out = Files.newOutputStream(altered);
                ZipOutputStream copy = new ZipOutputStream(out)) {
            for (ZipEntry one : zip.stream().toList()) {
                byte[] bytes = zip.getInputStream(one).readAllBytes();
                copy.putNextEntry(new ZipEntry(one.getName()));
                copy.write(
                        one.getName().equals(entry)
                                ? change.apply(new String(bytes, UTF)).getBytes(UTF)
                                : bytes);
                copy.closeEntry();
            }
        }
        return altered.toString();
    }
}
