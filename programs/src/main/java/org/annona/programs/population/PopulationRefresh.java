package org.annona.programs.population;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.feed.FeedReader;
import org.annona.foundation.feed.FeedReader.Read;
import org.annona.programs.Population;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Fetches what changed in the population. */
public final class PopulationRefresh {

    private static final int ROWS_PER_PART = 10_000;
    private static final String HOUSEHOLDS = "households";
    private static final String PEOPLE = "people";
    private static final String MEMBERSHIPS = "memberships";
    private static final SqlFile STORE_HOUSEHOLDS = SqlFile.beside(PopulationRefresh.class, "store-households.sql");
    private static final SqlFile STORE_PEOPLE = SqlFile.beside(PopulationRefresh.class, "store-people.sql");
    private static final SqlFile STORE_MEMBERSHIPS = SqlFile.beside(PopulationRefresh.class, "store-memberships.sql");

    private final Population population;
    private final FeedReader reader;

    public PopulationRefresh(Database database, Population population, Clock clock) {
        this.population = population;
        this.reader = new FeedReader(database, clock);
    }

    /** Fetches one part of each kind. */
    public Read fetch() {
        Read households =
                reader.read(HOUSEHOLDS, population::households, ROWS_PER_PART, PopulationRefresh::storeHouseholds);
        Read people = reader.read(PEOPLE, population::people, ROWS_PER_PART, PopulationRefresh::storePeople);
        Read memberships =
                reader.read(MEMBERSHIPS, population::memberships, ROWS_PER_PART, PopulationRefresh::storeMemberships);
        return new Read(
                households.rows() + people.rows() + memberships.rows(),
                households.more() || people.more() || memberships.more());
    }

    /** When the last part was stored. */
    public Optional<Instant> lastRefreshed() {
        return reader.lastRead(List.of(HOUSEHOLDS, PEOPLE, MEMBERSHIPS));
    }

    private static void storeHouseholds(DSLContext tx, List<Population.Household> rows) {
        STORE_HOUSEHOLDS.run(
                tx,
                Map.of(
                        "id", SqlFile.column("uuid", rows, Population.Household::id),
                        "ref", SqlFile.column("text", rows, Population.Household::ref),
                        "active", SqlFile.column("boolean", rows, Population.Household::active),
                        "area", SqlFile.column("text", rows, Population.Household::areaPath),
                        "income", SqlFile.column("bigint", rows, Population.Household::monthlyIncomeMinor)));
    }

    private static void storePeople(DSLContext tx, List<Population.Person> rows) {
        STORE_PEOPLE.run(
                tx,
                Map.of(
                        "id", SqlFile.column("uuid", rows, Population.Person::id),
                        "ref", SqlFile.column("text", rows, Population.Person::ref),
                        "active", SqlFile.column("boolean", rows, Population.Person::active),
                        "sex", SqlFile.column("text", rows, Population.Person::sex),
                        "birth", SqlFile.column("date", rows, person -> text(person.birthDate()))));
    }

    private static void storeMemberships(DSLContext tx, List<Population.Membership> rows) {
        STORE_MEMBERSHIPS.run(
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
