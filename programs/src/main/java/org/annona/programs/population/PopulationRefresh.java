package org.annona.programs.population;

import static org.annona.programs.internal.tables.Tables.POPULATION_POSITION;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.programs.Population;
import org.annona.programs.Population.Part;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Fetches what changed in the population. A part is stored together with the new position, and only if nobody else has
 * stored it meanwhile; so any number of processes may refresh at once.
 */
public final class PopulationRefresh {

    private static final int ROWS_PER_PART = 10_000;
    private static final SqlFile HOUSEHOLDS = SqlFile.beside(PopulationRefresh.class, "store-households.sql");
    private static final SqlFile PEOPLE = SqlFile.beside(PopulationRefresh.class, "store-people.sql");
    private static final SqlFile MEMBERSHIPS = SqlFile.beside(PopulationRefresh.class, "store-memberships.sql");

    private final Database database;
    private final Population population;
    private final Clock clock;

    public PopulationRefresh(Database database, Population population, Clock clock) {
        this.database = database;
        this.population = population;
        this.clock = clock;
    }

    /** @param more whether more is there at once */
    public record Fetched(int rows, boolean more) {}

    /** Fetches one part of each kind. */
    public Fetched fetch() {
        Fetched households = fetch("households", population::households, PopulationRefresh::storeHouseholds);
        Fetched people = fetch("people", population::people, PopulationRefresh::storePeople);
        Fetched memberships = fetch("memberships", population::memberships, PopulationRefresh::storeMemberships);
        return new Fetched(
                households.rows() + people.rows() + memberships.rows(),
                households.more() || people.more() || memberships.more());
    }

    /** When the last part was stored. */
    public Optional<Instant> lastRefreshed() {
        return database.sql()
                .select(org.jooq.impl.DSL.max(POPULATION_POSITION.REFRESHED_AT))
                .from(POPULATION_POSITION)
                .fetchOptional()
                .map(row -> row.value1());
    }

    private <T> Fetched fetch(
            String stream, BiFunction<String, Integer, Part<T>> source, BiConsumer<DSLContext, List<T>> store) {
        String position = database.sql()
                .select(POPULATION_POSITION.POSITION)
                .from(POPULATION_POSITION)
                .where(POPULATION_POSITION.STREAM.eq(stream))
                .fetchOptional(POPULATION_POSITION.POSITION)
                .orElse("");
        Part<T> part = source.apply(position, ROWS_PER_PART);
        boolean stored = database.inTransaction(tx -> {
            if (!advance(tx, stream, position, part.position())) {
                return false;
            }
            if (!part.rows().isEmpty()) {
                store.accept(tx, part.rows());
            }
            return true;
        });
        return stored ? new Fetched(part.rows().size(), part.more()) : new Fetched(0, true);
    }

    private boolean advance(DSLContext tx, String stream, String from, String to) {
        int inserted = from.isEmpty()
                ? tx.insertInto(POPULATION_POSITION)
                        .values(stream, to, clock.instant())
                        .onConflictDoNothing()
                        .execute()
                : tx.update(POPULATION_POSITION)
                        .set(POPULATION_POSITION.POSITION, to)
                        .set(POPULATION_POSITION.REFRESHED_AT, clock.instant())
                        .where(POPULATION_POSITION.STREAM.eq(stream), POPULATION_POSITION.POSITION.eq(from))
                        .execute();
        return inserted == 1;
    }

    private static void storeHouseholds(DSLContext tx, List<Population.Household> rows) {
        HOUSEHOLDS.run(
                tx,
                Map.of(
                        "id", SqlFile.column("uuid", rows, Population.Household::id),
                        "ref", SqlFile.column("text", rows, Population.Household::ref),
                        "active", SqlFile.column("boolean", rows, Population.Household::active),
                        "area", SqlFile.column("text", rows, Population.Household::areaPath),
                        "income", SqlFile.column("bigint", rows, Population.Household::monthlyIncomeMinor)));
    }

    private static void storePeople(DSLContext tx, List<Population.Person> rows) {
        PEOPLE.run(
                tx,
                Map.of(
                        "id", SqlFile.column("uuid", rows, Population.Person::id),
                        "active", SqlFile.column("boolean", rows, Population.Person::active),
                        "sex", SqlFile.column("text", rows, Population.Person::sex),
                        "birth", SqlFile.column("date", rows, person -> text(person.birthDate()))));
    }

    private static void storeMemberships(DSLContext tx, List<Population.Membership> rows) {
        MEMBERSHIPS.run(
                tx,
                Map.of(
                        "id", SqlFile.column("uuid", rows, Population.Membership::id),
                        "household", SqlFile.column("uuid", rows, Population.Membership::householdId),
                        "person", SqlFile.column("uuid", rows, Population.Membership::personId),
                        "role", SqlFile.column("text", rows, Population.Membership::role),
                        "from", SqlFile.column("date", rows, membership -> text(membership.from())),
                        "to", SqlFile.column("date", rows, membership -> text(membership.to()))));
    }

    private static @Nullable String text(@Nullable LocalDate date) {
        return date == null ? null : date.toString();
    }
}
