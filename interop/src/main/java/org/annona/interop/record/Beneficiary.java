package org.annona.interop.record;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who is or was assisted by a programme.
 *
 * @param group where a household or a family is assisted
 * @param member the person who is assisted, or the head
 * @param programmes at least one
 */
public record Beneficiary(
        String id,
        AssistanceUnit unit,
        @Nullable Group group,
        @Nullable Member member,
        List<Programme> programmes,
        LocalDate enrolled,
        EnrollmentStatus status,
        List<Benefit> benefits) {

    public Beneficiary {
        if (programmes.isEmpty()) {
            throw new IllegalArgumentException("a beneficiary has a programme");
        }
        programmes = List.copyOf(programmes);
        benefits = List.copyOf(benefits);
    }

    /** With the enrolment here and in each programme, because the standard demands either (DCI reference R13.5). */
    public ObjectNode asRecord() {
        return Part.record(RegistryKind.IBR, "Beneficiary", id)
                .with("assistance_unit", unit.code())
                .with("group", group == null ? null : group.json(RegistryKind.IBR))
                .with("member", member == null ? null : member.json(RegistryKind.IBR))
                .withAll(
                        "programme_identifier",
                        programmes.stream().map(Programme::json).toList())
                .with("enrollment_date", enrolled)
                .with("enrollment_status", status.code())
                .withAll("benefits", benefits.stream().map(Benefit::json).toList())
                .json();
    }
}
