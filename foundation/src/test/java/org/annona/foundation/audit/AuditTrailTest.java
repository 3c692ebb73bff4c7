package org.annona.foundation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.annona.foundation.TestDatabases;
import org.annona.foundation.audit.AuditVerification.ChainReport;
import org.annona.foundation.database.Database;
import org.annona.foundation.scope.Scope;
import org.annona.foundation.sealing.MasterKey;
import org.annona.postgres.DatabaseAddress;
import org.annona.testing.TestPostgres;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTrailTest {

    private static final AuditSeal SEAL = AuditSeal.of(MasterKey.random());

    private final DatabaseAddress address = TestPostgres.with("foundation");
    private final Database database = TestDatabases.open(address);
    private final AuditTrail trail = new AuditTrail("registry");

    @TempDir
    Path folder;

    @BeforeEach
    void seal() {
        AuditTrail.seal(database, SEAL);
    }

    @Test
    void an_untouched_trail_verifies_entry_by_entry() {
        append(50);
        assertThat(report().sound()).isTrue();
        assertThat(report().entries()).isEqualTo(50);
    }

    @Test
    void entries_of_concurrent_transactions_form_one_chain() throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        var threads = IntStream.range(0, 4)
                .mapToObj(i -> Thread.ofVirtual().start(() -> {
                    try {
                        start.await();
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                    }
                    append(25);
                }))
                .toList();
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(report().sound()).isTrue();
        assertThat(report().entries()).isEqualTo(100);
    }

    @Test
    void an_entry_of_a_transaction_that_is_rolled_back_never_was() {
        append(2);
        assertThatThrownBy(() -> database.transact(tx -> {
                    trail.append(tx, AuditEvent.of("amina", "registry.test", "person/1"));
                    throw new IllegalStateException("the change fails");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(report().entries()).isEqualTo(2);
        assertThat(report().sound()).isTrue();
    }

    @Test
    void the_application_can_neither_change_nor_remove_nor_forge_an_entry() {
        append(3);
        for (String attempt : new String[] {
            "update foundation.audit_entry set actor = 'other'",
            "delete from foundation.audit_entry",
            "insert into foundation.audit_entry select * from foundation.audit_entry",
            "update foundation.audit_chain set seq = 0",
            "truncate foundation.audit_entry"
        }) {
            assertThatThrownBy(() -> database.sql().execute(attempt))
                    .as(attempt)
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void a_changed_entry_shows_at_its_place() throws Exception {
        append(10);
        asOwnerOfTables("update foundation.audit_entry set actor = 'someone else' where seq = 4");
        assertThat(report().fault()).isEqualTo("entry 4 was changed");
    }

    @Test
    void a_removed_entry_and_a_cut_off_end_show() throws Exception {
        append(10);
        asOwnerOfTables("delete from foundation.audit_entry where seq = 7");
        assertThat(report().fault()).isEqualTo("entry 7 is missing");
        asOwnerOfTables("delete from foundation.audit_entry where seq > 5");
        assertThat(report().fault()).isEqualTo("entries after 5 are missing");
    }

    /** As somebody who has the database, knows how the hashes are made, and takes an entry out without a trace in them. */
    private void writeAnew(String change) throws Exception {
        asOwnerOfTables(change);
        asOwnerOfTables("""
                do $$
                declare entry foundation.audit_entry; last bytea := sha256('annona'); number bigint := 0;
                begin
                  for entry in select * from foundation.audit_entry order by seq loop
                    number := number + 1;
                    delete from foundation.audit_entry where seq = entry.seq;
                    entry.seq := number; entry.previous := last;
                    entry.hash := sha256(foundation.audit_content(entry)); last := entry.hash;
                    insert into foundation.audit_entry select entry.*;
                  end loop;
                  update foundation.audit_chain set seq = number, hash = last;
                end $$""");
    }

    @Test
    void a_trail_that_is_written_anew_without_the_key_shows_also_where_every_hash_fits() throws Exception {
        append(10);
        writeAnew("delete from foundation.audit_entry where seq = 4");

        assertThat(new AuditVerification(database, null).verify().getFirst().sound())
                .isTrue();
        assertThat(report().fault())
                .isEqualTo("entry 4 and 5 later ones were written without the key of this installation");
    }

    @Test
    void an_entry_is_sealed_once_and_by_nobody_later() {
        append(2);
        database.sql().execute("select foundation.seal_audit('registry', 1, '\\x00')");
        database.sql().execute("select foundation.seal_audit('registry', 2, '\\x00')");

        assertThat(report().sound()).isTrue();
    }

    @Test
    void heads_that_were_kept_tell_that_the_end_of_a_trail_was_cut_off() throws Exception {
        AuditHeads heads = new AuditHeads(database, SEAL);
        append(10);
        heads.writeToday(folder, Clock.systemUTC());
        Path file = folder.resolve(LocalDate.now(ZoneOffset.UTC) + ".txt");
        append(3);
        // As the command does it, which acts for no organisation.
        Scope.NOTHING.run(() -> assertThat(heads.compare(file)).isEmpty());

        // Every hash and every seal of what is left is right.
        asOwnerOfTables("delete from foundation.audit_entry where seq > 8");
        asOwnerOfTables(
                "update foundation.audit_chain c set seq = 8, hash = (select hash from foundation.audit_entry where seq = 8)");
        assertThat(report().sound()).isTrue();
        assertThat(heads.compare(file)).singleElement().asString().startsWith("entry 10 of registry is not the one of");
    }

    @Test
    void a_file_of_heads_that_was_changed_or_is_something_else_is_told() throws Exception {
        AuditHeads heads = new AuditHeads(database, SEAL);
        append(2);
        heads.writeToday(folder, Clock.systemUTC());
        Path file = folder.resolve(LocalDate.now(ZoneOffset.UTC) + ".txt");
        Files.writeString(file, Files.readString(file).replace("registry 2", "registry 1"));
        assertThat(heads.compare(file)).contains("the file was changed, or is of another installation");

        Files.writeString(file, "something else");
        assertThat(heads.compare(file)).containsExactly("it is no file of audit heads");
        assertThat(heads.compare(folder.resolve("missing.txt"))).containsExactly("the file cannot be read");
    }

    @Test
    void the_file_of_today_follows_the_trail_and_that_of_an_earlier_day_stays() throws Exception {
        AuditHeads heads = new AuditHeads(database, SEAL);
        append(1);
        Clock yesterday = Clock.offset(Clock.systemUTC(), Duration.ofDays(-1));
        heads.writeToday(folder, yesterday);
        heads.writeToday(folder, Clock.systemUTC());
        append(1);
        heads.writeToday(folder, Clock.systemUTC());

        assertThat(Files.readString(folder.resolve(LocalDate.now(ZoneOffset.UTC) + ".txt")))
                .contains("registry 2 ");
        assertThat(Files.readString(folder.resolve(LocalDate.now(yesterday) + ".txt")))
                .contains("registry 1 ");
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }

    private void append(int entries) {
        for (int i = 0; i < entries; i++) {
            int number = i;
            database.transact(tx -> trail.append(
                    tx,
                    AuditEvent.of("amina", "registry.test", "person/" + number)
                            .because("job/1")
                            .touching(number)
                            .resultingIn(new byte[] {1, (byte) number})
                            .forReason("größe|12:x \"quoted\"")
                            .with("size", "größe|12:x \"quoted\"")));
        }
    }

    private ChainReport report() {
        return new AuditVerification(database, SEAL).verify().getFirst();
    }

    private void asOwnerOfTables(String sql) throws Exception {
        try (Connection owner = address.connect(
                        TestPostgres.ROLES.migrator(), TestPostgres.PASSWORDS.of(TestPostgres.ROLES.migrator()));
                Statement statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }
}
