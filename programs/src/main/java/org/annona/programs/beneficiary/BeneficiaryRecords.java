package org.annona.programs.beneficiary;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.annona.exchange.Disclosure;
import org.annona.foundation.database.SqlFile;
import org.annona.interop.record.AssistanceUnit;
import org.annona.interop.record.Beneficiary;
import org.annona.interop.record.Benefit;
import org.annona.interop.record.EnrollmentStatus;
import org.annona.interop.record.Group;
import org.annona.interop.record.Identifier;
import org.annona.interop.record.Member;
import org.annona.interop.record.Programme;
import org.annona.programs.population.SubjectKind;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Enrolments as beneficiaries of the standard, one for each: two statements for any number. */
final class BeneficiaryRecords {

    private static final SqlFile ENROLMENTS = SqlFile.beside(BeneficiaryRecords.class, "enrolments.sql");
    private static final SqlFile BENEFITS = SqlFile.beside(BeneficiaryRecords.class, "benefits.sql");

    private final ZoneId zone;

    BeneficiaryRecords(ZoneId zone) {
        this.zone = zone;
    }

    /** An enrolment as it is kept. */
    record Enrolled(
            UUID id,
            SubjectKind subject,
            UUID subjectId,
            String subjectRef,
            String programmeCode,
            String programmeName,
            Currency currency,
            EnrollmentStatus status,
            LocalDate since) {}

    Map<UUID, Enrolled> enrolled(DSLContext sql, Collection<UUID> ids) {
        Map<UUID, Enrolled> enrolled = new HashMap<>();
        if (!ids.isEmpty()) {
            ENROLMENTS.list(
                    sql,
                    Map.of("ids", SqlFile.column("uuid", List.copyOf(ids), id -> id)),
                    (row, number) -> enrolled.put(
                            row.getObject("id", UUID.class),
                            new Enrolled(
                                    row.getObject("id", UUID.class),
                                    SubjectKind.of(row.getString("subject_kind")),
                                    row.getObject("subject_id", UUID.class),
                                    row.getString("subject_ref"),
                                    row.getString("code"),
                                    row.getString("name"),
                                    Currency.getInstance(row.getString("currency")),
                                    EnrolmentStates.of(row.getString("state"), row.getString("reason")),
                                    row.getTimestamp("enrolled_at")
                                            .toInstant()
                                            .atZone(zone)
                                            .toLocalDate())));
        }
        return enrolled;
    }

    /** By enrolment; only where they may be told. */
    Map<UUID, List<Benefit>> benefits(DSLContext sql, Collection<Enrolled> enrolled, Disclosure disclosure) {
        if (enrolled.isEmpty() || !disclosure.tells(SharedAttributes.BENEFITS)) {
            return Map.of();
        }
        List<Enrolled> all = List.copyOf(enrolled);
        Map<UUID, Currency> currencies = new HashMap<>();
        all.forEach(one -> currencies.put(one.id(), one.currency()));
        Map<UUID, List<Benefit>> benefits = new HashMap<>();
        BENEFITS.list(
                sql,
                Map.of(
                        "ids", SqlFile.column("uuid", all, Enrolled::id),
                        "subjects", SqlFile.column("uuid", all, Enrolled::subjectId)),
                (row, number) -> {
                    UUID id = row.getObject("enrolment_id", UUID.class);
                    return benefits.computeIfAbsent(id, none -> new ArrayList<>())
                            .add(new Benefit(
                                    row.getObject("pay_on", LocalDate.class),
                                    row.getLong("minor"),
                                    Objects.requireNonNull(currencies.get(id))));
                });
        return benefits;
    }

    static Group household(UUID id, String reference) {
        return new Group(
                "urn:uuid:" + id,
                List.of(new Identifier(BeneficiaryVocabulary.HOUSEHOLD_REFERENCE, reference)),
                AssistanceUnit.HOUSEHOLD,
                null,
                null,
                null,
                List.of(),
                null,
                null);
    }

    /** @param asked the identifier of a person by whom it was asked, who belongs to the household or is the subject */
    static Beneficiary beneficiary(
            Enrolled enrolled, List<Benefit> benefits, @Nullable Identifier asked, Disclosure disclosure) {
        boolean household = enrolled.subject() == SubjectKind.HOUSEHOLD;
        Group group = household && disclosure.tells(SharedAttributes.GROUP)
                ? household(enrolled.subjectId(), enrolled.subjectRef())
                : null;
        return new Beneficiary(
                "urn:uuid:" + enrolled.id(),
                household ? AssistanceUnit.HOUSEHOLD : AssistanceUnit.MEMBER,
                group,
                asked == null ? null : new Member("", List.of(asked), null, null, null, null),
                List.of(new Programme(
                        enrolled.programmeCode(),
                        disclosure.tells(SharedAttributes.PROGRAMME_NAME)
                                ? enrolled.programmeName()
                                : enrolled.programmeCode(),
                        null,
                        enrolled.since(),
                        enrolled.status())),
                enrolled.since(),
                enrolled.status(),
                benefits);
    }
}
