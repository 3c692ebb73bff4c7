package org.annona.registry.social;

import static org.annona.registry.internal.tables.Tables.HOUSEHOLD;
import static org.annona.registry.internal.tables.Tables.IDENTIFIER;
import static org.annona.registry.internal.tables.Tables.MEMBERSHIP;
import static org.annona.registry.internal.tables.Tables.PERSON;
import static org.annona.registry.internal.tables.Tables.PHONE;
import static org.annona.registry.internal.tables.Tables.RETIRED_IDENTIFIER;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.selectOne;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.OrderField;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * The registrants of one page. Peers can only say how many they have had already; who was told last to a reader is remembered
 * for a while, so that the next page neither reads over all before it nor shifts when somebody left meanwhile.
 */
final class RegistrantPages {

    private static final int MOST_READERS = 200;

    private final Map<String, LastPage> told = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, LastPage> eldest) {
            return size() > MOST_READERS;
        }
    };

    /** What a reader was told last. */
    private record LastPage(long offset, List<UUID> ids) {}

    /**
     * Which registrants.
     *
     * @param sex as it is stored; null for all
     * @param changedAfter with whatever belongs to them; null for all
     * @param order null for the usual one, by id
     */
    record Wanted(
            boolean groups,
            @Nullable String sex,
            @Nullable LocalDate birthDate,
            @Nullable Instant changedAfter,
            @Nullable Order order) {}

    /** By which moment; ties by id. */
    record Order(Moment moment, boolean descending) {}

    /** When they were entered, or changed last. */
    enum Moment {
        CREATED,
        CHANGED
    }

    private final Clock clock;

    RegistrantPages(Clock clock) {
        this.clock = clock;
    }

    List<UUID> page(DSLContext sql, String reader, Wanted wanted, long offset, int limit) {
        boolean groups = wanted.groups();
        Table<?> table = groups ? HOUSEHOLD : PERSON;
        Field<UUID> key = groups ? HOUSEHOLD.ID : PERSON.ID;
        Condition condition = condition(wanted);
        UUID after = wanted.order() == null ? lastTold(reader, wanted, offset) : null;
        List<OrderField<?>> order = new ArrayList<>();
        if (wanted.order() != null) {
            Field<Instant> moment = moment(groups, wanted.order().moment());
            order.add(wanted.order().descending() ? moment.desc() : moment.asc());
        }
        order.add(key.asc());
        List<UUID> ids = sql.select(key)
                .from(table)
                .where(after == null ? condition : condition.and(key.gt(after)))
                .orderBy(order)
                .limit(limit)
                .offset(after == null ? offset : 0)
                .fetch(key);
        if (wanted.order() == null) {
            synchronized (told) {
                told.put(reader + wanted, new LastPage(offset, ids));
            }
        }
        return ids;
    }

    /** Who stands before the offset, where this reader was told so by the page before. */
    private @Nullable UUID lastTold(String reader, Wanted wanted, long offset) {
        synchronized (told) {
            LastPage last = told.get(reader + wanted);
            return last != null
                            && offset > last.offset()
                            && offset <= last.offset() + last.ids().size()
                    ? last.ids().get((int) (offset - last.offset() - 1))
                    : null;
        }
    }

    private static Field<Instant> moment(boolean groups, Moment moment) {
        return switch (moment) {
            case CREATED -> groups ? HOUSEHOLD.CREATED_AT : PERSON.CREATED_AT;
            case CHANGED -> groups ? HOUSEHOLD.UPDATED_AT : PERSON.UPDATED_AT;
        };
    }

    /** Who is inactive, deceased or merged is told to nobody. */
    private Condition condition(Wanted wanted) {
        Condition condition = wanted.groups() ? HOUSEHOLD.STATUS.eq("active") : PERSON.STATUS.eq("active");
        if (wanted.sex() != null) {
            condition = condition.and(PERSON.SEX.eq(wanted.sex()));
        }
        if (wanted.birthDate() != null) {
            condition = condition.and(PERSON.BIRTH_DATE.eq(wanted.birthDate())).and(PERSON.BIRTH_PRECISION.eq("day"));
        }
        if (wanted.changedAfter() != null) {
            condition = condition.and(
                    wanted.groups() ? groupChanged(wanted.changedAfter()) : personChanged(wanted.changedAfter()));
        }
        return condition;
    }

    private Condition personChanged(Instant after) {
        return PERSON.UPDATED_AT
                .gt(after)
                .or(PERSON.CREATED_AT.gt(after))
                .or(exists(selectOne()
                        .from(IDENTIFIER)
                        .where(IDENTIFIER.PERSON_ID.eq(PERSON.ID), IDENTIFIER.CREATED_AT.gt(after))))
                .or(exists(selectOne()
                        .from(RETIRED_IDENTIFIER)
                        .where(RETIRED_IDENTIFIER.PERSON_ID.eq(PERSON.ID), RETIRED_IDENTIFIER.RETIRED_AT.gt(after))))
                .or(exists(selectOne().from(PHONE).where(PHONE.PERSON_ID.eq(PERSON.ID), PHONE.CREATED_AT.gt(after))));
    }

    /**
     * A membership that ends is told once: since its end was written, and once more on a later day on which it takes effect.
     * Importers of others create the members anew with each telling.
     */
    private Condition groupChanged(Instant after) {
        LocalDate day = after.atZone(clock.getZone()).toLocalDate();
        LocalDate today = LocalDate.now(clock);
        return HOUSEHOLD
                .UPDATED_AT
                .gt(after)
                .or(HOUSEHOLD.CREATED_AT.gt(after))
                .or(exists(selectOne()
                        .from(MEMBERSHIP)
                        .join(PERSON)
                        .on(PERSON.ID.eq(MEMBERSHIP.PERSON_ID))
                        .where(MEMBERSHIP.HOUSEHOLD_ID.eq(HOUSEHOLD.ID))
                        .and(MEMBERSHIP
                                .CREATED_AT
                                .gt(after)
                                .or(MEMBERSHIP.ENDED_AT.gt(after))
                                .or(MEMBERSHIP.VALID_TO.gt(day).and(MEMBERSHIP.VALID_TO.le(today)))
                                .or(personChanged(after)))));
    }

    /** How many people and households there are to be told of. */
    long all(DSLContext sql) {
        return (long) sql.fetchCount(PERSON, PERSON.STATUS.eq("active"))
                + sql.fetchCount(HOUSEHOLD, HOUSEHOLD.STATUS.eq("active"));
    }
}
