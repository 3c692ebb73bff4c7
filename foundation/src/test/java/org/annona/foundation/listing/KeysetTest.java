package org.annona.foundation.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.table;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.annona.foundation.TestDatabases;
import org.annona.foundation.database.Database;
import org.annona.foundation.problem.Problem;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.Test;

class KeysetTest {

    private static final Field<Integer> ID = field("id", SQLDataType.INTEGER);
    private static final Field<Instant> AT = field("at", SQLDataType.INSTANT);
    private static final Keyset LIST = new Keyset(Map.of("at", AT, "id", ID), "at", true, ID);

    private final Database database = TestDatabases.fresh();

    private Page<Record> page(PageRequest request) {
        return LIST.page(
                database.sql(),
                List.of(ID, AT),
                table("(select i as id, timestamptz '2026-11-21' + (i / 3) * interval '1 minute' as at"
                        + " from generate_series(1, 20) i) rows"),
                noCondition(),
                request);
    }

    @Test
    void going_forward_meets_every_row_once_although_many_are_equal() {
        List<Integer> seen = new ArrayList<>();
        Keyset.forEach(request -> page(request.ofSize(6)), PageRequest.first(6), row -> seen.add(row.get(ID)));
        assertThat(seen).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void going_back_leads_to_the_page_where_one_was() {
        Page<Record> first = page(PageRequest.first(6));
        Page<Record> second = page(PageRequest.first(6).at(first.next()));
        Page<Record> back = page(PageRequest.first(6).at(second.previous()));
        assertThat(back.rows()).isEqualTo(first.rows());
        assertThat(first.previous()).isNull();
        assertThat(back.previous()).isNull();
        assertThat(back.next()).isNotNull();
    }

    @Test
    void the_last_page_has_no_next_one() {
        PageRequest ascending = new PageRequest("id", false, null, 20, Map.of());
        assertThat(page(ascending).next()).isNull();
        assertThat(page(ascending.ofSize(19)).next()).isNotNull();
    }

    @Test
    void a_made_up_position_or_column_is_refused() {
        assertThatThrownBy(() -> page(PageRequest.first(5).at("nonsense"))).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> page(new PageRequest("password", false, null, 5, Map.of())))
                .isInstanceOf(Problem.class);
    }
}
