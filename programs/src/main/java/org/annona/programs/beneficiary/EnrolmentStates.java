package org.annona.programs.beneficiary;

import static org.annona.programs.internal.tables.Tables.ENROLMENT_HISTORY;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.when;

import java.util.Optional;
import java.util.UUID;
import org.annona.interop.record.EnrollmentStatus;
import org.jooq.Condition;
import org.jooq.Field;

/** Our states of an enrolment by the four of the standard (DCI reference 13.3). */
final class EnrolmentStates {

    private EnrolmentStates() {}

    static EnrollmentStatus of(String state, String reason) {
        return switch (state) {
            case "enrolled" -> EnrollmentStatus.ACTIVE;
            case "suspended", "duplicate_held" -> EnrollmentStatus.SUSPENDED;
            case "exited" -> reason.equals("DECEASED") ? EnrollmentStatus.DECEASED : EnrollmentStatus.GRADUATED;
            default -> throw new IllegalArgumentException("who is " + state + " is no beneficiary");
        };
    }

    /** The same as a column; null for who is no beneficiary. */
    static Field<String> code(Field<String> state, Field<String> reason) {
        return when(state.eq("enrolled"), EnrollmentStatus.ACTIVE.code())
                .when(state.in("suspended", "duplicate_held"), EnrollmentStatus.SUSPENDED.code())
                .when(state.eq("exited").and(reason.eq("DECEASED")), EnrollmentStatus.DECEASED.code())
                .when(state.eq("exited"), EnrollmentStatus.GRADUATED.code());
    }

    /** A household that only applied never was a beneficiary. */
    static Condition wasEnrolled(Field<UUID> enrolment) {
        return exists(selectOne()
                .from(ENROLMENT_HISTORY)
                .where(ENROLMENT_HISTORY.ENROLMENT_ID.eq(enrolment), ENROLMENT_HISTORY.TO_STATE.eq("enrolled")));
    }

    static Optional<String> read(String written) {
        return EnrollmentStatus.of(written).map(EnrollmentStatus::code);
    }
}
