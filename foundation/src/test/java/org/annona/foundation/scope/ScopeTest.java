package org.annona.foundation.scope;

import static org.annona.foundation.internal.tables.Tables.JOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.JobOrder;
import org.annona.foundation.job.Jobs;
import org.annona.testing.TestPostgres;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScopeTest {

    private static final short ONE = 1;
    private static final short TWO = 2;

    /** One connection, so that each work gets the one that the work before it used. */
    private final Database database =
            Database.open(TestPostgres.with("foundation"), TestPostgres.ROLES, TestPostgres.PASSWORDS, "foundation", 1);

    @BeforeEach
    void twoOrganisations() {
        database.sql().execute("insert into organisation (code, name, created_by) values ('TWO', 'Second', 'test')");
        Scope.of(ONE).run(() -> order("of one"));
        Scope.of(TWO).run(() -> order("of two"));
        Scope.NOTHING.run(() -> order("of the installation"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void order(String key) {
        database.transact(
                tx -> Jobs.order(tx, new JobOrder("test", "test.work", key, key, "test/1", "system", Map.of())));
    }

    private List<String> seen() {
        return database.sql().select(JOB.KEY).from(JOB).orderBy(JOB.KEY).fetch(JOB.KEY);
    }

    @Test
    void an_organisation_sees_its_own_rows_and_those_of_the_installation() {
        assertThat(Scope.of(ONE).<List<String>, RuntimeException>call(this::seen))
                .containsExactly("of one", "of the installation");
        assertThat(Scope.of(TWO).<List<String>, RuntimeException>call(this::seen))
                .containsExactly("of the installation", "of two");
        assertThat(Scope.seeing(Set.of(ONE, TWO), ONE).<List<String>, RuntimeException>call(this::seen))
                .hasSize(3);
        assertThat(Scope.across(AcrossOrganisations.OPERATION).<List<String>, RuntimeException>call(this::seen))
                .hasSize(3);
    }

    @Test
    void work_without_a_scope_sees_nothing_of_any_organisation() {
        assertThat(Scope.NOTHING.<List<String>, RuntimeException>call(this::seen))
                .containsExactly("of the installation");
    }

    @Test
    void a_row_cannot_be_given_to_an_organisation_that_the_work_does_not_see() {
        assertThatThrownBy(() -> Scope.of(ONE)
                        .run(() -> database.sql()
                                .update(JOB)
                                .set(JOB.ORGANISATION_ID, TWO)
                                .where(JOB.KEY.eq("of one"))
                                .execute()))
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("row-level security");
        assertThat(Scope.of(ONE)
                        .<Integer, RuntimeException>call(() -> database.sql()
                                .update(JOB)
                                .set(JOB.MESSAGE, "changed")
                                .where(JOB.KEY.eq("of two"))
                                .execute()))
                .isZero();
    }

    @Test
    void a_scope_ends_with_its_work_and_is_not_inherited_by_the_next_user_of_the_connection() {
        Scope.of(TWO).run(() -> assertThat(seen()).contains("of two"));
        Scope.of(ONE).run(() -> {
            Scope.of(TWO).run(() -> assertThat(seen()).contains("of two"));
            assertThat(seen()).doesNotContain("of two");
        });
        assertThat(seen()).as("by default of this test's database").doesNotContain("of two");
    }

    @Test
    void a_scope_that_was_set_in_a_transaction_that_failed_holds_for_nobody_else() {
        assertThatThrownBy(() -> Scope.of(TWO)
                        .run(() -> database.transact(tx -> {
                            throw new IllegalStateException("stopped");
                        })))
                .isInstanceOf(IllegalStateException.class);
        assertThat(Scope.of(TWO).<List<String>, RuntimeException>call(this::seen))
                .contains("of two");
        assertThat(Scope.of(ONE).<List<String>, RuntimeException>call(this::seen))
                .doesNotContain("of two");
    }

    @Test
    void work_on_another_thread_has_the_scope_only_where_it_is_carried() throws Exception {
        try (var threads = Executors.newSingleThreadExecutor()) {
            Scope.of(TWO).run(() -> {
                try {
                    assertThat(threads.submit(Scope.carried(this::seen)).get()).contains("of two");
                    assertThat(threads.submit(this::seen).get()).doesNotContain("of two");
                } catch (Exception failed) {
                    throw new IllegalStateException(failed);
                }
            });
        }
    }
}
