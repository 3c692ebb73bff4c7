package org.annona.interop.record;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A programme as one beneficiary knows it: with her own enrolment in it. */
public record Programme(
        String identifier, String name, @Nullable String description, LocalDate enrolled, EnrollmentStatus status) {

    ObjectNode json() {
        return Part.of("Programme")
                .with("programme_name", name)
                .with("programme_identifier", identifier)
                .with("programme_description", description)
                .with("enrolment_date", enrolled)
                .with("enrolment_status", status.code())
                .json();
    }
}
