package org.annona.programs.beneficiary;

import static org.annona.programs.internal.tables.Tables.PROGRAMME;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.annona.exchange.Disclosure;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.ids.Ids;
import org.annona.interop.enrolment.EnrollmentUpdates;
import org.annona.interop.enrolment.EnrollmentUpdatesResponse;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.record.AssistanceUnit;
import org.annona.interop.record.Beneficiary;
import org.annona.interop.record.EnrollmentStatus;
import org.annona.interop.record.Group;
import org.annona.interop.record.Identifier;
import org.annona.interop.record.Member;
import org.annona.interop.record.Programme;
import org.annona.interop.search.Rejection;
import org.annona.programs.PersonDirectory;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Enrolments in the programmes of others. Each is kept once, however often it is reported. */
final class ReportedEnrolments {

    private static final SqlFile STORE = SqlFile.beside(ReportedEnrolments.class, "store-reported.sql");
    private static final SqlFile REPORTED = SqlFile.beside(ReportedEnrolments.class, "reported.sql");

    private final Database database;
    private final PersonDirectory directory;
    private final Clock clock;

    ReportedEnrolments(Database database, PersonDirectory directory, Clock clock) {
        this.database = database;
        this.directory = directory;
        this.clock = clock;
    }

    private record Row(UUID person, EnrollmentUpdates.Enrolment enrolment) {}

    List<EnrollmentUpdatesResponse.Answer> take(String reporter, List<EnrollmentUpdates.Reported> beneficiaries) {
        List<Optional<UUID>> people = people(beneficiaries);
        Set<String> ours = database.sql().select(PROGRAMME.CODE).from(PROGRAMME).fetchSet(PROGRAMME.CODE);
        List<Row> rows = new ArrayList<>();
        List<EnrollmentUpdatesResponse.Answer> answers = new ArrayList<>();
        for (int i = 0; i < beneficiaries.size(); i++) {
            EnrollmentUpdates.Reported one = beneficiaries.get(i);
            Rejection rejection = one.rejection();
            if (rejection == null && people.get(i).isEmpty()) {
                rejection = new Rejection(ReasonCode.PERSON_ID_INVALID, "the person is not known here");
            }
            if (rejection == null
                    && one.enrolments().stream()
                            .anyMatch(enrolment ->
                                    ours.contains(enrolment.programme().toUpperCase(Locale.ROOT)))) {
                rejection = new Rejection(
                        ReasonCode.PERSON_ID_INVALID, "enrolments in a programme of ours cannot be reported by others");
            }
            if (rejection == null) {
                UUID person = people.get(i).orElseThrow();
                one.enrolments().forEach(enrolment -> rows.add(new Row(person, enrolment)));
            }
            answers.add(new EnrollmentUpdatesResponse.Answer(one.referenceId(), rejection));
        }
        if (!rows.isEmpty()) {
            database.transact(tx -> store(tx, reporter, rows));
        }
        return List.copyOf(answers);
    }

    /** By the first of its identifiers that belongs to a person. */
    private List<Optional<UUID>> people(List<EnrollmentUpdates.Reported> beneficiaries) {
        List<PersonDirectory.Identifier> asked = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        for (int i = 0; i < beneficiaries.size(); i++) {
            for (Identifier identifier : beneficiaries.get(i).identifiers()) {
                int owner = i;
                directory.types().stream()
                        .filter(type -> type.equalsIgnoreCase(identifier.type()))
                        .findFirst()
                        .ifPresent(type -> {
                            asked.add(new PersonDirectory.Identifier(type, identifier.value()));
                            owners.add(owner);
                        });
            }
        }
        List<Optional<UUID>> people = new ArrayList<>();
        beneficiaries.forEach(one -> people.add(Optional.empty()));
        List<Optional<UUID>> found = asked.isEmpty() ? List.of() : directory.find(asked);
        for (int i = 0; i < found.size(); i++) {
            int owner = owners.get(i);
            if (people.get(owner).isEmpty()) {
                people.set(owner, found.get(i));
            }
        }
        return people;
    }

    private void store(DSLContext tx, String reporter, List<Row> rows) {
        Map<String, Object> values = new HashMap<>();
        values.put("reporter", reporter);
        values.put("now", clock.instant().atOffset(ZoneOffset.UTC));
        values.put("ids", SqlFile.column("uuid", rows, row -> Ids.next()));
        values.put("codes", SqlFile.column("text", rows, row -> row.enrolment().programme()));
        values.put("names", SqlFile.column("text", rows, row -> row.enrolment().programmeName()));
        values.put("people", SqlFile.column("uuid", rows, Row::person));
        values.put(
                "statuses",
                SqlFile.column("text", rows, row -> row.enrolment().status().code()));
        values.put("dates", SqlFile.column("date", rows, row -> row.enrolment().since()));
        STORE.run(tx, values);
    }

    /** One that was reported, as it is kept. @param householdId of the person today; null where there is none */
    record Reported(
            UUID id,
            UUID personId,
            String programmeCode,
            String programmeName,
            EnrollmentStatus status,
            LocalDate since,
            @Nullable UUID householdId,
            @Nullable String householdRef) {

        Beneficiary beneficiary(@Nullable Identifier asked, Disclosure disclosure) {
            Group group = disclosure.tells(SharedAttributes.GROUP) && householdId != null && householdRef != null
                    ? BeneficiaryRecords.household(householdId, householdRef)
                    : null;
            String name = disclosure.tells(SharedAttributes.PROGRAMME_NAME) ? programmeName : programmeCode;
            return new Beneficiary(
                    "urn:uuid:" + id,
                    AssistanceUnit.MEMBER,
                    group,
                    asked == null ? null : new Member("", List.of(asked), null, null, null, null),
                    List.of(new Programme(programmeCode, name, null, since, status)),
                    since,
                    status,
                    List.of());
        }
    }

    /** Those of people, by person. */
    Map<UUID, List<Reported>> of(DSLContext sql, Collection<UUID> people) {
        Map<UUID, List<Reported>> reported = new HashMap<>();
        read(sql, people, Set.of())
                .forEach(one -> reported.computeIfAbsent(one.personId(), none -> new ArrayList<>())
                        .add(one));
        return reported;
    }

    /** By their own keys; keys of others are passed over. */
    Map<UUID, Reported> withKeys(DSLContext sql, Collection<UUID> ids) {
        Map<UUID, Reported> reported = new HashMap<>();
        read(sql, Set.of(), ids).forEach(one -> reported.put(one.id(), one));
        return reported;
    }

    private List<Reported> read(DSLContext sql, Collection<UUID> people, Collection<UUID> ids) {
        if (people.isEmpty() && ids.isEmpty()) {
            return List.of();
        }
        return REPORTED.list(
                sql,
                Map.of(
                        "people", SqlFile.column("uuid", List.copyOf(people), person -> person),
                        "ids", SqlFile.column("uuid", List.copyOf(ids), id -> id),
                        "day", LocalDate.now(clock)),
                (row, number) -> new Reported(
                        row.getObject("id", UUID.class),
                        row.getObject("person_id", UUID.class),
                        row.getString("programme_code"),
                        row.getString("programme_name"),
                        EnrollmentStatus.of(row.getString("status")).orElseThrow(),
                        row.getObject("since", LocalDate.class),
                        row.getObject("household_id", UUID.class),
                        row.getString("household_ref")));
    }
}
