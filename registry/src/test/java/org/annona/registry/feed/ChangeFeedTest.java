package org.annona.registry.feed;

import static org.annona.registry.RegistryWorld.HEADER;
import static org.annona.registry.RegistryWorld.REGISTRAR;
import static org.annona.registry.RegistryWorld.person;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.annona.foundation.feed.FeedPart;
import org.annona.registry.MembershipChange;
import org.annona.registry.PersonChange;
import org.annona.registry.RegistryWorld;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChangeFeedTest {

    private final RegistryWorld world = new RegistryWorld();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void a_reader_in_small_steps_meets_everyone_once() {
        List<String> rows = new ArrayList<>(List.of(HEADER));
        for (int i = 0; i < 57; i++) {
            rows.add(person("H" + i, "head", "Name" + i, "Family", "F", "1990-01-01", ""));
        }
        world.take(rows.toArray(String[]::new));
        world.awaitFeeds();
        List<UUID> seen = new ArrayList<>();
        String position = "";
        FeedPart<PersonChange> part;
        do {
            part = world.feed.people(position, 10);
            part.rows().forEach(change -> seen.add(change.id()));
            position = part.position();
        } while (part.more());
        assertThat(seen).hasSize(57).doesNotHaveDuplicates();
        assertThat(world.feed.people(position, 10).rows()).isEmpty();
    }

    @Test
    void what_commits_late_is_not_missed_by_a_reader_who_was_faster() throws Exception {
        world.take(HEADER, person("H1", "head", "First", "One", "F", "1990-01-01", ""));
        UUID first = (UUID) world.database.sql().fetchValue("select id from registry.person");
        try (Connection slow = world.database.dataSource().getConnection();
                Statement sql = slow.createStatement()) {
            slow.setAutoCommit(false);
            sql.execute("update registry.person set sex = 'M' where id = '" + first + "'");
            world.take(HEADER, person("H2", "head", "Second", "Two", "F", "1990-01-01", ""));
            FeedPart<PersonChange> early = world.feed.people("", 10);
            slow.commit();
            FeedPart<PersonChange> late = world.feed.people(early.position(), 10);
            assertThat(late.rows()).extracting(PersonChange::id).contains(first);
            List<PersonChange> all = new ArrayList<>(early.rows());
            all.addAll(late.rows());
            assertThat(all).extracting(PersonChange::id).doesNotContainNull().hasSizeGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void a_death_ends_the_membership_and_both_appear_in_the_feed() {
        world.take(HEADER, person("H1", "head", "First", "One", "F", "1990-01-01", ""));
        world.awaitFeeds();
        String people = world.feed.people("", 10).position();
        String memberships = world.feed.memberships("", 10).position();
        UUID id = (UUID) world.database.sql().fetchValue("select id from registry.person");
        world.people.recordDeath(REGISTRAR, id, world.today());
        world.awaitFeeds();
        assertThat(world.feed.people(people, 10).rows())
                .extracting(PersonChange::active)
                .containsExactly(false);
        MembershipChange ended = world.feed.memberships(memberships, 10).rows().getFirst();
        assertThat(ended.to()).isEqualTo(world.today());
    }

    @Test
    void a_position_of_another_server_or_made_up_means_reading_from_the_start() {
        world.take(HEADER, person("H1", "head", "First", "One", "F", "1990-01-01", ""));
        world.awaitFeeds();
        assertThat(world.feed.people("999:123456789:" + new UUID(0, 0), 10).rows())
                .hasSize(1);
        assertThat(world.feed.people("nonsense", 10).rows()).hasSize(1);
    }
}
