package org.annona.foundation.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.annona.foundation.TestDatabases;
import org.annona.foundation.database.Database;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.outbox.OutboxList;
import org.junit.jupiter.api.Test;

class JobStateTest {

    private static final Database DATABASE = TestDatabases.fresh();

    /** It is written by hand, so that the compiler does not see whether it fits. */
    @Test
    void the_states_that_other_modules_see_are_those_of_the_database() {
        var stored = org.annona.foundation.internal.tables.states.JobState.values();

        assertThat(JobState.values()).extracting(JobState::stored).containsExactly(stored);
        assertThat(stored).extracting(JobState::of).containsExactly(JobState.values());
    }

    @Test
    void a_list_of_a_state_that_does_not_exist_is_empty() {
        PageRequest request = new PageRequest("", false, null, 10, Map.of("state", "nonsense"));
        assertThat(new JobList(DATABASE).page(request).rows()).isEmpty();
        assertThat(new OutboxList(DATABASE).page(request).rows()).isEmpty();
    }
}
