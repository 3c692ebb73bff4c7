package org.annona.registry.person;

import static org.annona.registry.internal.tables.Tables.DATA_SOURCE;
import static org.annona.registry.internal.tables.Tables.IMPORT;
import static org.annona.registry.internal.tables.Tables.PERSON;
import static org.annona.registry.internal.tables.Tables.SOURCE_PERSON;
import static org.jooq.impl.DSL.coalesce;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.database.Database;
import org.annona.registry.RegistryPermission;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Where the data of a person come from: which import said each of them last, and which registries tell of her. */
public final class Origins {

    private static final JsonMapper JSON = JsonMapper.shared();
    /** In the words of an origin: everything that no later import said otherwise. */
    private static final String THE_REST = "*";
    /** Whoever is missing in so many whole readings is gone at the source (reference "Import", IM-17). */
    private static final int READINGS_WITHOUT_HER = 2;

    private final Database database;

    public Origins(Database database) {
        this.database = database;
    }

    /** @param fields names of columns; empty for everything that is not named elsewhere */
    public record Said(UUID importId, String name, String source, Instant at, List<String> fields) {}

    /**
     * A registry that told of her.
     *
     * @param missingSince by its newest whole readings; null where it still tells of her
     * @param gone whether it has been missing her long enough to call her gone there
     */
    public record ReportingSource(String source, @Nullable LocalDate missingSince, boolean gone) {}

    /** The newest first. */
    public List<Said> of(Actor actor, UUID person) {
        actor.require(RegistryPermission.VIEW);
        Map<UUID, TreeSet<String>> fields = new TreeMap<>();
        database.sql()
                .select(PERSON.ORIGINS)
                .from(PERSON)
                .where(PERSON.ID.eq(person))
                .forEach(row -> JSON.readTree(row.value1().data()).properties().forEach(origin -> {
                    TreeSet<String> said = fields.computeIfAbsent(
                            UUID.fromString(origin.getValue().asString()), id -> new TreeSet<>());
                    if (!origin.getKey().equals(THE_REST)) {
                        said.add(origin.getKey());
                    }
                }));
        return database
                .sql()
                .select(IMPORT.ID, IMPORT.FILE_NAME, IMPORT.SOURCE, coalesce(IMPORT.SOURCE_TIME, IMPORT.CREATED_AT))
                .from(IMPORT)
                .where(IMPORT.ID.in(fields.keySet()))
                .fetch()
                .stream()
                .map(row -> new Said(
                        row.value1(),
                        row.value2(),
                        row.value3(),
                        row.value4(),
                        List.copyOf(fields.getOrDefault(row.value1(), new TreeSet<>()))))
                .sorted(Comparator.comparing(Said::at).reversed())
                .toList();
    }

    public List<ReportingSource> tellers(Actor actor, UUID person) {
        actor.require(RegistryPermission.VIEW);
        return database.sql()
                .select(
                        coalesce(DATA_SOURCE.NAME, SOURCE_PERSON.SOURCE),
                        SOURCE_PERSON.MISSED_SINCE,
                        SOURCE_PERSON.MISSED)
                .from(SOURCE_PERSON)
                .leftJoin(DATA_SOURCE)
                .on(DATA_SOURCE.CODE.eq(SOURCE_PERSON.SOURCE))
                .where(SOURCE_PERSON.PERSON_ID.eq(person))
                .orderBy(SOURCE_PERSON.MISSED, SOURCE_PERSON.SOURCE)
                .fetch(row -> new ReportingSource(row.value1(), row.value2(), row.value3() >= READINGS_WITHOUT_HER));
    }
}
