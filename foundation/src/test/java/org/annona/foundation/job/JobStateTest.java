package org.annona.foundation.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.annona.foundation.TestDatabases;
import org.annona.foundation.database.Database;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.outbox.OutboxList;
import org.junit.jupiter.api.Test;

class JobStateTest {

    private static final Database DATABASE = TestDatabases.fresh();

    /** The enum is written by hand, so that the compiler does not see whether it fits. */
    @Test
    void the_states_are_those_that_the_database_allows() {
        String check = DATABASE.sql()
                .fetchSingle("select pg_get_constraintdef(oid) from pg_constraint where conname = 'job_state_check'")
                .get(0, String.class);
        List<String> allowed = Pattern.compile("'(\\w+)'")
                .matcher(check)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();

        assertThat(Arrays.stream(JobState.values()).map(JobState::code)).containsExactlyElementsOf(allowed);
        assertThat(allowed)
                .allSatisfy(code -> assertThat(JobState.of(code).code()).isEqualTo(code));
    }

    @Test
    void a_list_of_a_state_that_does_not_exist_is_empty() {
        PageRequest request = new PageRequest("", false, null, 10, Map.of("state", "nonsense"));
        assertThat(new JobList(DATABASE).page(request).rows()).isEmpty();
        assertThat(new OutboxList(DATABASE).page(request).rows()).isEmpty();
    }
}
