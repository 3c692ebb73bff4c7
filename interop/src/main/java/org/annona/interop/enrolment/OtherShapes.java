package org.annona.interop.enrolment;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.annona.interop.enrolment.EnrollmentUpdates.ToldEnrolment;
import org.annona.interop.message.LocalName;
import org.annona.interop.record.EnrollmentStatus;
import org.annona.interop.record.Identifier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Beneficiaries outside the standard, as clients of other systems read them: {@code programs} is a list of names or of objects,
 * {@code enrollments} a list of objects, {@code identifiers} a list or one. A status is often not told.
 */
final class OtherShapes {

    private static final List<String> PROGRAMMES = List.of("programs", "enrollments");
    private static final List<String> CODES = List.of("code", "program_code", "id", "program_id");
    private static final List<String> NAMES = List.of("name", "program_name", "program");
    private static final List<String> STATES = List.of("status", "state", "enrollment_status", "enrolment_status");
    private static final List<String> DATES = List.of("enrollment_date", "enrolment_date", "start_date");
    private static final List<String> IDENTIFIERS = List.of("uin", "brn", "mrn", "drn", "national_id");
    private static final int DAY_LETTERS = 10;

    private OtherShapes() {}

    static boolean areIn(JsonNode beneficiary) {
        return PROGRAMMES.stream().anyMatch(beneficiary::has);
    }

    static List<ToldEnrolment> enrolments(JsonNode beneficiary) {
        List<ToldEnrolment> enrolments = new ArrayList<>();
        for (String list : PROGRAMMES) {
            for (JsonNode one : beneficiary.path(list)) {
                enrolments.add(
                        one.isObject()
                                ? enrolment(one)
                                : new ToldEnrolment(
                                        one.asString("").strip(),
                                        one.asString("").strip(),
                                        null,
                                        null));
            }
        }
        return enrolments;
    }

    private static ToldEnrolment enrolment(JsonNode json) {
        // The programme may be an object of its own.
        JsonNode programme = json.path("program").isObject() ? json.path("program") : json;
        Optional<String> name = first(programme, NAMES);
        String code = first(programme, CODES).or(() -> name).orElse("");
        EnrollmentStatus status =
                first(json, STATES).flatMap(EnrollmentStatus::of).orElse(null);
        return new ToldEnrolment(
                code,
                name.orElse(code),
                status,
                first(json, DATES).map(OtherShapes::day).orElse(null));
    }

    private static @Nullable LocalDate day(String written) {
        try {
            return LocalDate.parse(written.substring(0, Math.min(DAY_LETTERS, written.length())));
        } catch (DateTimeException unreadable) {
            return null;
        }
    }

    static List<Identifier> identifiers(JsonNode beneficiary) {
        List<Identifier> identifiers = new ArrayList<>();
        JsonNode listed = beneficiary.path("identifiers");
        for (JsonNode one : listed.isObject() ? List.of(listed) : listed) {
            Optional<String> type = first(one, List.of("type", "identifier_type"));
            Optional<String> value = first(one, List.of("value", "identifier_value"));
            if (type.isPresent() && value.isPresent()) {
                identifiers.add(new Identifier(LocalName.of(type.get()), value.get()));
            }
        }
        for (String name : IDENTIFIERS) {
            EnrollmentUpdates.text(beneficiary, name)
                    .ifPresent(value -> identifiers.add(new Identifier(name.toUpperCase(Locale.ROOT), value)));
        }
        return identifiers;
    }

    private static Optional<String> first(JsonNode json, List<String> names) {
        return names.stream()
                .flatMap(name -> EnrollmentUpdates.text(json, name).stream())
                .findFirst();
    }
}
