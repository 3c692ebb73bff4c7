package org.annona.registry.importing;

import static org.annona.registry.RegistryWorld.HEADER;
import static org.annona.registry.RegistryWorld.REGISTRAR;
import static org.annona.registry.RegistryWorld.nationalId;
import static org.annona.registry.RegistryWorld.person;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.annona.foundation.listing.PageRequest;
import org.annona.registry.ImportStatus;
import org.annona.registry.RegistryWorld;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A list leaves each registered household with the head that it had. */
class HeadsOfHouseholdsTest {

    private final RegistryWorld world = new RegistryWorld();
    private final RowReport report = new RowReport(world.database, world.keys);

    @AfterEach
    void close() {
        world.close();
    }

    /** Of each household that has members, how many of them are its head. */
    private List<Long> heads() {
        return world.database
                .sql()
                .fetch("select count(*) filter (where role = 'head') as heads from registry.membership"
                        + " where valid_to is null group by household_id")
                .getValues("heads", Long.class);
    }

    private Map<Long, String> codes(ImportStatus file) {
        Map<Long, String> codes = new TreeMap<>();
        report.page(REGISTRAR, file.id(), PageRequest.first(100)).rows().forEach(line -> {
            if (!line.codes().isEmpty()) {
                codes.put(line.rowNumber(), line.codes().replace("registry.row.", ""));
            }
        });
        return codes;
    }

    private static @Nullable Path shared(String name) {
        for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
            Path file = up.resolve("shared/data/lists").resolve(name);
            if (Files.exists(file)) {
                return file;
            }
        }
        return null;
    }

    @Test
    void after_the_lists_16a_and_16b_each_household_has_exactly_one_head() throws IOException {
        Path before = shared("16a_before_move.csv");
        Path after = shared("16b_after_move.csv");
        Assumptions.assumeTrue(before != null && after != null, "no folder shared/data/lists beside the project");
        world.apply(world.check(world.upload(Files.readString(before))));

        ImportStatus moved = world.apply(world.check(world.upload(Files.readString(after))));

        assertThat(codes(moved)).isEqualTo(Map.of(2L, "head_changes", 3L, "head_changes"));
        assertThat(heads()).containsExactly(1L, 1L, 1L);
        assertThat(moved.householdsWithoutHead()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void nothing_depends_on_the_order_of_rows(int seed) {
        List<String> first = List.of(
                person("H1", "head", "Amina", "Yusuf", "F", "1986-04-01", nationalId(1)),
                person("H1", "spouse", "Bilal", "Yusuf", "M", "1984-04-01", nationalId(2)),
                person("H2", "head", "Chaltu", "Bekele", "F", "1960-04-01", nationalId(3)),
                person("H2", "child", "Dinku", "Bekele", "M", "2000-04-01", nationalId(4)),
                person("H3", "head", "Eleni", "Tesfaye", "F", "1960-04-01", nationalId(5)),
                person("H3", "child", "Feven", "Tesfaye", "F", "2012-04-01", nationalId(6)));
        List<String> second = new ArrayList<>(List.of(
                // Head and spouse change places.
                person("H1", "spouse", "Amina", "Yusuf", "F", "1986-04-01", nationalId(1)),
                person("H1", "head", "Bilal", "Yusuf", "M", "1984-04-01", nationalId(2)),
                // The head goes to a household of her own, and her child stays.
                person("H4", "head", "Chaltu", "Bekele", "F", "1960-04-01", nationalId(3)),
                person("H4", "spouse", "Girma", "Abebe", "M", "1961-04-01", nationalId(7)),
                // A grown child founds one.
                person("H5", "head", "Feven", "Tesfaye", "F", "2012-04-01", nationalId(6))));
        Collections.shuffle(second, new Random(seed));
        world.take(list(first));

        ImportStatus moved = world.take(list(second));

        assertThat(moved.rowsRejected()).isEqualTo(4);
        assertThat(codes(moved).values()).containsOnly("head_changes");
        assertThat(heads()).containsExactly(1L, 1L, 1L, 1L);
    }

    private static String[] list(List<String> rows) {
        List<String> lines = new ArrayList<>(rows);
        lines.addFirst(HEADER);
        return lines.toArray(String[]::new);
    }

    @Test
    void another_change_in_a_household_whose_head_would_change_waits_too() {
        world.take(
                HEADER,
                person("H1", "head", "Amina", "Yusuf", "F", "1986-04-01", nationalId(1)),
                person("H1", "child", "Hana", "Yusuf", "F", "2015-04-01", ""));

        ImportStatus changed = world.take(
                HEADER,
                person("H1", "other", "Amina", "Yusuf", "F", "1986-04-01", nationalId(1)),
                person("H1", "child", "Hana", "Yusuf", "F", "2015-04-01", ""),
                person("H1", "child", "Idris", "Yusuf", "M", "2018-04-01", ""));

        assertThat(codes(changed).values()).containsExactly("head_changes", "head_changes", "head_changes");
        assertThat(world.count("membership")).isEqualTo(2);
        assertThat(heads()).containsExactly(1L);
    }

    @Test
    void a_household_that_moves_as_a_whole_keeps_its_head() {
        world.take(
                HEADER,
                person("H1", "head", "Amina", "Yusuf", "F", "1986-04-01", nationalId(1)),
                person("H1", "child", "Hana", "Yusuf", "F", "2015-04-01", nationalId(2)));

        ImportStatus moved = world.take(
                HEADER,
                person("H9", "child", "Hana", "Yusuf", "F", "2015-04-01", nationalId(2)),
                person("H9", "head", "Amina", "Yusuf", "F", "1986-04-01", nationalId(1)));

        assertThat(codes(moved)).isEmpty();
        assertThat(heads()).containsExactly(1L);
    }

    @Test
    void households_that_would_have_no_head_are_counted_and_named_before_anything_is_written() {
        ImportStatus checked = world.check(
                HEADER,
                person("H1", "head", "Amina", "Yusuf", "F", "1986-02-31", nationalId(1)),
                person("H1", "child", "Hana", "Yusuf", "F", "2015-04-01", ""),
                person("H1", "child", "Idris", "Yusuf", "M", "2018-04-01", ""),
                person("H2", "head", "Jemal", "Ali", "M", "1980-04-01", nationalId(2)));

        assertThat(checked.householdsWithoutHead()).isEqualTo(1);
        assertThat(report.page(REGISTRAR, checked.id(), new PageRequest("", false, null, 10, Map.of("head", "missing")))
                        .rows())
                .extracting(RowReport.Line::rowNumber)
                .containsExactly(3L, 4L);
    }

    @Test
    void the_head_that_comes_later_ends_the_warning() {
        world.take(HEADER, person("H1", "child", "Hana", "Yusuf", "F", "2015-04-01", ""));
        world.households.countWithoutHead();
        assertThat(world.households.withoutHead()).isEqualTo(1);
        ImportStatus later =
                world.take(HEADER, person("H1", "head", "Amina", "Yusuf", "F", "1986-04-01", nationalId(1)));

        assertThat(later.householdsWithoutHead()).isZero();
        world.households.countWithoutHead();
        assertThat(world.households.withoutHead()).isZero();
        assertThat(codes(later)).isEmpty();
        assertThat(heads()).containsExactly(1L);
    }
}
