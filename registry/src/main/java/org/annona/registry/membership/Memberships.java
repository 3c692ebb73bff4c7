package org.annona.registry.membership;

import static org.annona.registry.internal.tables.Tables.MEMBERSHIP;

import java.time.LocalDate;
import java.util.UUID;
import org.annona.registry.internal.tables.tables.Membership;
import org.jooq.Condition;
import org.jooq.DSLContext;

/** Who belongs to which household on which day: from the first day on, up to but not including the last. */
public final class Memberships {

    private Memberships() {}

    public static Condition heldOn(Membership membership, LocalDate day) {
        return membership.VALID_FROM.le(day).and(membership.VALID_TO.isNull().or(membership.VALID_TO.gt(day)));
    }

    /** Ends the memberships that a person holds on this day. */
    public static void endAt(DSLContext tx, UUID person, LocalDate day, String reason) {
        tx.update(MEMBERSHIP)
                .set(MEMBERSHIP.VALID_TO, day)
                .set(MEMBERSHIP.END_REASON, reason)
                .where(MEMBERSHIP.PERSON_ID.eq(person), heldOn(MEMBERSHIP, day))
                .execute();
    }
}
