package org.annona.foundation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.annona.foundation.TestDatabases;
import org.annona.foundation.audit.AuditVerification.ChainReport;
import org.annona.foundation.database.Database;
import org.annona.postgres.DatabaseAddress;
import org.annona.testing.TestPostgres;
import org.junit.jupiter.api.Test;

class AuditTrailTest {

    private final DatabaseAddress address = TestPostgres.with("foundation");
    private final Database database = TestDatabases.open(address);
    private final AuditTrail trail = new AuditTrail("registry");

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

    private void append(int entries) {
        for (int i = 0; i < entries; i++) {
            int number = i;
            database.transact(tx -> trail.append(
                    tx,
                    AuditEvent.of("amina", "registry.test", "person/" + number)
                            .because("job/1")
                            .touching(number)
                            .resultingIn(new byte[] {1, (byte) number})
                            .with("reason", "größe|12:x \"quoted\"")));
        }
    }

    private ChainReport report() {
        return new AuditVerification(database).verify().getFirst();
    }

    private void asOwnerOfTables(String sql) throws Exception {
        try (Connection owner = address.connect(
                        TestPostgres.ROLES.migrator(), TestPostgres.PASSWORDS.of(TestPostgres.ROLES.migrator()));
                Statement statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }
}
