package org.annona.exchange.played;

import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.annona.interop.record.EnrollmentStatus;

/** That a household is in the only programme of the played country. */
record PlayedEnrolment(UUID id, PlayedHousehold household, LocalDate since, EnrollmentStatus status)
        implements Subject {

    static final String PROGRAMME = "FAMILY";

    PlayedEnrolment with(EnrollmentStatus other) {
        return new PlayedEnrolment(id, household, since, other);
    }

    @Override
    public boolean isCalled(String type, String identifier) {
        return household.isCalled(type, identifier);
    }

    @Override
    public Object value(String attribute) {
        return switch (attribute) {
            case "enrollment_status" -> status.code();
            case "programme_identifier" -> PROGRAMME;
            default -> throw new IllegalArgumentException("no attribute " + attribute + " of an enrolment");
        };
    }

    @Override
    public List<Subject> related(String relation) {
        throw new IllegalArgumentException("an enrolment has no " + relation);
    }
}
