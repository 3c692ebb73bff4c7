package org.annona.registry.person;

import static org.annona.registry.internal.tables.Tables.PERSON;
import static org.annona.registry.internal.tables.Tables.REVEAL;
import static org.jooq.impl.DSL.noCondition;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.database.Database;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.registry.RegistryPermission;
import org.jooq.Condition;
import org.jspecify.annotations.Nullable;

/** Who saw whom in clear. Filters: user, person (reference), occasion. */
public final class Reveals {

    private static final Keyset ORDER =
            new Keyset(Map.of("at", REVEAL.AT, "user", REVEAL.USER_NAME), "at", true, REVEAL.ID);

    private final Database database;

    public Reveals(Database database) {
        this.database = database;
    }

    record Row(UUID id, Instant at, String user, UUID personId, String personRef, String occasion, String reason) {}

    /** @param from and {@code until}: at or after the first and before the second */
    record Span(@Nullable Instant from, @Nullable Instant until) {

        Condition condition() {
            return noCondition()
                    .and(from == null ? noCondition() : REVEAL.AT.ge(from))
                    .and(until == null ? noCondition() : REVEAL.AT.lt(until));
        }
    }

    Page<Row> page(Actor actor, PageRequest request, Span span) {
        actor.require(RegistryPermission.VIEW_REVEALS);
        Condition condition = span.condition();
        if (!request.filter("user").isEmpty()) {
            condition = condition.and(REVEAL.USER_NAME.eq(request.filter("user")));
        }
        if (!request.filter("person").isEmpty()) {
            condition = condition.and(PERSON.REF.eq(request.filter("person").strip()));
        }
        if (!request.filter("occasion").isEmpty()) {
            condition = condition.and(REVEAL.OCCASION.eq(request.filter("occasion")));
        }
        return ORDER.page(
                        database.sql(),
                        List.of(
                                REVEAL.ID,
                                REVEAL.AT,
                                REVEAL.USER_NAME,
                                REVEAL.PERSON_ID,
                                PERSON.REF,
                                REVEAL.OCCASION,
                                REVEAL.REASON),
                        REVEAL.join(PERSON).on(PERSON.ID.eq(REVEAL.PERSON_ID)),
                        condition,
                        request)
                .map(row -> new Row(
                        row.get(REVEAL.ID),
                        row.get(REVEAL.AT),
                        row.get(REVEAL.USER_NAME),
                        row.get(REVEAL.PERSON_ID),
                        row.get(PERSON.REF),
                        row.get(REVEAL.OCCASION),
                        row.get(REVEAL.REASON)));
    }
}
