package org.annona.registry.household;

import static org.annona.registry.internal.tables.Tables.AREA;
import static org.annona.registry.internal.tables.Tables.FIGURE;
import static org.annona.registry.internal.tables.Tables.HOUSEHOLD;
import static org.annona.registry.internal.tables.Tables.MEMBERSHIP;
import static org.annona.registry.internal.tables.Tables.PERSON;
import static org.jooq.impl.DSL.boolOr;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.not;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;

import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.ids.PublicReference;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.registry.RegistryPermission;
import org.annona.registry.RegistryProblem;
import org.annona.registry.membership.Memberships;
import org.annona.registry.person.People;
import org.jooq.Condition;
import org.jooq.Field;

/** Looks at households and their members. */
public final class Households {

    /** Keys grow with time, so their order is the order of entry. */
    private static final Keyset ORDER =
            new Keyset(Map.of("created", HOUSEHOLD.ID, "ref", HOUSEHOLD.REF), "created", true, HOUSEHOLD.ID);

    private static final SqlFile COUNT_WITHOUT_HEAD = SqlFile.beside(Households.class, "count-without-head.sql");
    private final Database database;
    private final People people;
    private final Clock clock;

    public Households(Database database, People people, Clock clock) {
        this.database = database;
        this.people = people;
        this.clock = clock;
    }

    /** Counts households without a head; a page reads what was counted last. */
    public void countWithoutHead() {
        COUNT_WITHOUT_HEAD.run(database.sql(), Map.of("today", today()));
    }

    /** As it was counted last; 0 before the first time. */
    public long withoutHead() {
        return database.sql()
                .select(FIGURE.VALUE)
                .from(FIGURE)
                .where(FIGURE.NAME.eq("households without head"))
                .fetchOptional(FIGURE.VALUE)
                .orElse(0L);
    }

    /** Filters: q (reference), area (code; with all below it), head (missing). */
    Page<HouseholdRow> page(Actor actor, PageRequest request) {
        actor.require(RegistryPermission.VIEW);
        Field<Integer> members = field(select(count())
                .from(MEMBERSHIP)
                .where(MEMBERSHIP.HOUSEHOLD_ID.eq(HOUSEHOLD.ID), Memberships.heldOn(MEMBERSHIP, today())));
        Field<Boolean> hasHead = coalesce(
                field(select(boolOr(MEMBERSHIP.ROLE.eq("head")))
                        .from(MEMBERSHIP)
                        .where(MEMBERSHIP.HOUSEHOLD_ID.eq(HOUSEHOLD.ID), Memberships.heldOn(MEMBERSHIP, today()))),
                inline(false));
        return ORDER.page(
                        database.sql(),
                        List.of(
                                HOUSEHOLD.ID,
                                HOUSEHOLD.REF,
                                HOUSEHOLD.STATUS,
                                HOUSEHOLD.MONTHLY_INCOME_MINOR,
                                HOUSEHOLD.CREATED_AT,
                                AREA.CODE,
                                AREA.NAME,
                                members,
                                hasHead),
                        HOUSEHOLD.leftJoin(AREA).on(AREA.ID.eq(HOUSEHOLD.AREA_ID)),
                        condition(request),
                        request)
                .map(row -> new HouseholdRow(
                        row.get(HOUSEHOLD.ID),
                        row.get(HOUSEHOLD.REF),
                        row.get(HOUSEHOLD.STATUS),
                        row.get(AREA.CODE),
                        row.get(AREA.NAME),
                        row.get(members),
                        row.get(hasHead),
                        row.get(HOUSEHOLD.MONTHLY_INCOME_MINOR),
                        row.get(HOUSEHOLD.CREATED_AT)));
    }

    private Condition condition(PageRequest request) {
        Condition condition = noCondition();
        String text = request.filter("q");
        if (!text.isEmpty()) {
            condition = HOUSEHOLD.REF.eq(PublicReference.read('H', text).orElse("none"));
        }
        if (!request.filter("area").isEmpty()) {
            condition = condition.and(AREA.PATH.contains("/" + request.filter("area") + "/"));
        }
        if (request.filter("head").equals("missing")) {
            condition = condition.and(not(exists(selectOne()
                    .from(MEMBERSHIP)
                    .where(
                            MEMBERSHIP.HOUSEHOLD_ID.eq(HOUSEHOLD.ID),
                            MEMBERSHIP.ROLE.eq("head"),
                            Memberships.heldOn(MEMBERSHIP, today())))));
        }
        return condition;
    }

    HouseholdView show(Actor actor, UUID id) {
        actor.require(RegistryPermission.VIEW);
        var household = database.sql()
                .select(HOUSEHOLD.fields())
                .select(AREA.CODE, AREA.NAME)
                .from(HOUSEHOLD)
                .leftJoin(AREA)
                .on(AREA.ID.eq(HOUSEHOLD.AREA_ID))
                .where(HOUSEHOLD.ID.eq(id))
                .fetchOptional()
                .orElseThrow(() -> Problem.of(RegistryProblem.HOUSEHOLD_UNKNOWN));
        return new HouseholdView(
                id,
                household.get(HOUSEHOLD.REF),
                household.get(HOUSEHOLD.STATUS),
                household.get(AREA.CODE),
                household.get(AREA.NAME),
                household.get(HOUSEHOLD.ADDRESS_SEALED) != null,
                household.get(HOUSEHOLD.MONTHLY_INCOME_MINOR),
                household.get(HOUSEHOLD.SOURCE),
                household.get(HOUSEHOLD.UPDATED_AT),
                household.get(HOUSEHOLD.UPDATED_BY),
                members(id));
    }

    private List<HouseholdView.Member> members(UUID household) {
        LocalDate today = today();
        return database.sql()
                .select(PERSON.ID, PERSON.REF, PERSON.NAME_SEALED, PERSON.SEX, PERSON.BIRTH_DATE, PERSON.STATUS)
                .select(MEMBERSHIP.ROLE, MEMBERSHIP.VALID_FROM, MEMBERSHIP.VALID_TO, MEMBERSHIP.END_REASON)
                .from(MEMBERSHIP)
                .join(PERSON)
                .on(PERSON.ID.eq(MEMBERSHIP.PERSON_ID))
                .where(MEMBERSHIP.HOUSEHOLD_ID.eq(household))
                .and(MEMBERSHIP.VALID_TO.isNull().or(MEMBERSHIP.VALID_TO.gt(MEMBERSHIP.VALID_FROM)))
                .orderBy(MEMBERSHIP.VALID_TO.desc().nullsFirst(), MEMBERSHIP.ROLE.ne("head"), PERSON.BIRTH_DATE)
                .fetch(row -> new HouseholdView.Member(
                        row.get(PERSON.ID),
                        row.get(PERSON.REF),
                        people.maskedName(row.get(PERSON.ID), row.get(PERSON.NAME_SEALED)),
                        row.get(PERSON.SEX),
                        row.get(PERSON.BIRTH_DATE) == null
                                ? "not known"
                                : String.valueOf(row.get(PERSON.BIRTH_DATE).getYear()),
                        row.get(PERSON.STATUS),
                        row.get(MEMBERSHIP.ROLE),
                        row.get(MEMBERSHIP.VALID_FROM),
                        row.get(MEMBERSHIP.VALID_TO),
                        row.get(MEMBERSHIP.END_REASON),
                        row.get(MEMBERSHIP.VALID_TO) == null
                                || row.get(MEMBERSHIP.VALID_TO).isAfter(today)));
    }

    private LocalDate today() {
        return LocalDate.now(clock);
    }
}
