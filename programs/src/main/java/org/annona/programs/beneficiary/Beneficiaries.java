package org.annona.programs.beneficiary;

import static org.annona.programs.internal.tables.Tables.ENROLMENT;
import static org.annona.programs.internal.tables.Tables.PROGRAMME;
import static org.annona.programs.internal.tables.Tables.REPORTED_ENROLMENT;
import static org.jooq.impl.DSL.noCondition;

import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Currency;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.annona.exchange.BeneficiaryRegistry;
import org.annona.exchange.Disclosure;
import org.annona.exchange.EventPage;
import org.annona.exchange.Question;
import org.annona.exchange.Reply;
import org.annona.foundation.criteria.SqlRule;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.interop.enrolment.EnrolledRequest;
import org.annona.interop.enrolment.EnrolledResponse;
import org.annona.interop.enrolment.EnrollmentUpdates;
import org.annona.interop.enrolment.EnrollmentUpdatesResponse;
import org.annona.interop.matching.MatchingAnswer;
import org.annona.interop.matching.MatchingRequest;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.query.Query;
import org.annona.interop.query.Vocabulary;
import org.annona.interop.record.Benefit;
import org.annona.interop.record.EnrollmentStatus;
import org.annona.interop.record.Identifier;
import org.annona.interop.record.RegistryKind;
import org.annona.interop.search.Page;
import org.annona.interop.search.Rejection;
import org.annona.programs.PersonDirectory;
import org.annona.programs.beneficiary.BeneficiaryRecords.Enrolled;
import org.annona.programs.matching.Exchanges;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record1;
import org.jooq.Select;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Our enrolments, and those that others reported, as an integrated beneficiary registry of the standard. A household is assisted as a whole, so that whoever
 * asks for one of its members hears of the household's enrolments.
 */
public final class Beneficiaries implements BeneficiaryRegistry {

    private static final SqlFile SUBJECTS_OF_PEOPLE = SqlFile.beside(Beneficiaries.class, "subjects-of-people.sql");
    private static final SqlFile HOUSEHOLDS_BY_REFERENCE =
            SqlFile.beside(Beneficiaries.class, "households-by-reference.sql");
    private static final SqlFile ENROLMENTS_OF = SqlFile.beside(Beneficiaries.class, "enrolments-of-subjects.sql");
    static final String BENEFICIARY = "Beneficiary";
    private static final String USUAL_IDENTIFIER = "UIN";

    private final Database database;
    private final PersonDirectory directory;
    private final BeneficiaryVocabulary vocabulary;
    private final BeneficiaryRecords records;
    private final EnrolmentEvents events;
    private final ReportedEnrolments reports;
    private final Exchanges exchanges;
    private final Clock clock;

    public Beneficiaries(
            Database database, PersonDirectory directory, Exchanges exchanges, Currency currency, Clock clock) {
        this.database = database;
        this.directory = directory;
        this.exchanges = exchanges;
        this.vocabulary = new BeneficiaryVocabulary(directory, currency);
        this.records = new BeneficiaryRecords(clock.getZone());
        this.events = new EnrolmentEvents(database);
        this.reports = new ReportedEnrolments(database, directory, clock);
        this.clock = clock;
    }

    @Override
    public String prefix() {
        return "ibr";
    }

    @Override
    public String title() {
        return "Beneficiary registry";
    }

    @Override
    public RegistryKind kind() {
        return RegistryKind.IBR;
    }

    @Override
    public List<String> attributes() {
        return SharedAttributes.ALL;
    }

    /** There is one kind; who names a person or a group means their enrolments. */
    @Override
    public Optional<String> recordType(@Nullable String recordType, @Nullable String responseEntity) {
        String wanted = Objects.requireNonNullElse(recordType, "").toLowerCase(Locale.ROOT);
        return Set.of("", "beneficiary", "member", "group").contains(wanted)
                ? Optional.of(BENEFICIARY)
                : Optional.empty();
    }

    @Override
    public Vocabulary vocabulary(String recordType, Disclosure disclosure) {
        return vocabulary.of(disclosure);
    }

    private record Matches(List<UUID> keys, long total) {

        static Matches pageOf(List<UUID> all, Page page) {
            int from = (int) Math.min((page.number() - 1L) * page.size(), all.size());
            return new Matches(all.subList(from, Math.min(from + page.size(), all.size())), all.size());
        }
    }

    /** The directory is asked before a transaction is open, because it may be another system. */
    @Override
    public List<Reply> answer(List<Question> questions, Disclosure disclosure) {
        Map<Integer, UUID> people = people(questions);
        return database.onOneSnapshot(sql -> answer(sql, questions, people, disclosure));
    }

    private Map<Integer, UUID> people(List<Question> questions) {
        List<Integer> numbers = new ArrayList<>();
        List<PersonDirectory.Identifier> asked = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            if (questions.get(i).query() instanceof Query.ByIdentifier(String type, String value)
                    && !type.equals(BeneficiaryVocabulary.HOUSEHOLD_REFERENCE)) {
                numbers.add(i);
                asked.add(new PersonDirectory.Identifier(type, value));
            }
        }
        Map<Integer, UUID> people = new HashMap<>();
        List<Optional<UUID>> found = asked.isEmpty() ? List.of() : directory.find(asked);
        for (int i = 0; i < numbers.size(); i++) {
            int number = numbers.get(i);
            found.get(i).ifPresent(person -> people.put(number, person));
        }
        return people;
    }

    private List<Reply> answer(
            DSLContext sql, List<Question> questions, Map<Integer, UUID> people, Disclosure disclosure) {
        Map<Integer, List<UUID>> subjects = new HashMap<>(subjectsOf(sql, people));
        subjects.putAll(householdsByReference(sql, questions));
        Map<UUID, List<UUID>> enrolments = enrolmentsOf(sql, flat(subjects.values()));
        Map<UUID, List<ReportedEnrolments.Reported>> reported = reports.of(sql, people.values());
        Map<Integer, Matches> matches = new HashMap<>();
        for (int i = 0; i < questions.size(); i++) {
            Question question = questions.get(i);
            if (question.sort().isEmpty()) {
                matches.put(
                        i,
                        question.query() instanceof Query.ByCriteria criteria
                                ? matching(sql, criteria, question.page())
                                : Matches.pageOf(
                                        keys(
                                                enrolmentsOf(enrolments, subjects.getOrDefault(i, List.of())),
                                                reported.getOrDefault(people.get(i), List.of())),
                                        question.page()));
            }
        }
        Set<UUID> keys = new LinkedHashSet<>();
        matches.values().forEach(found -> keys.addAll(found.keys()));
        Map<UUID, Enrolled> enrolled = records.enrolled(sql, keys);
        Map<UUID, List<Benefit>> benefits = records.benefits(sql, enrolled.values(), disclosure);
        keys.removeAll(enrolled.keySet());
        Map<UUID, ReportedEnrolments.Reported> reportedByKey = reports.withKeys(sql, keys);
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            Matches found = matches.get(i);
            replies.add(
                    found == null
                            ? new Reply.Refused(new Rejection(
                                    ReasonCode.SORT_INVALID, "beneficiaries cannot be sorted by an attribute"))
                            : reply(questions.get(i), found, enrolled, reportedByKey, benefits, disclosure));
        }
        return List.copyOf(replies);
    }

    private static Reply reply(
            Question question,
            Matches found,
            Map<UUID, Enrolled> enrolled,
            Map<UUID, ReportedEnrolments.Reported> reported,
            Map<UUID, List<Benefit>> benefits,
            Disclosure disclosure) {
        Identifier asked = asked(question.query());
        List<ObjectNode> told = new ArrayList<>();
        for (UUID key : found.keys()) {
            Enrolled own = enrolled.get(key);
            told.add((own == null
                            ? Objects.requireNonNull(reported.get(key)).beneficiary(asked, disclosure)
                            : BeneficiaryRecords.beneficiary(
                                    own, benefits.getOrDefault(key, List.of()), asked, disclosure))
                    .asRecord());
        }
        return new Reply.Records(List.copyOf(told), found.total());
    }

    private static List<UUID> keys(List<UUID> own, List<ReportedEnrolments.Reported> reported) {
        List<UUID> keys = new ArrayList<>(own);
        reported.forEach(one -> keys.add(one.id()));
        return keys;
    }

    private Map<Integer, List<UUID>> subjectsOf(DSLContext sql, Map<Integer, UUID> people) {
        if (people.isEmpty()) {
            return Map.of();
        }
        List<Integer> numbers = List.copyOf(people.keySet());
        return numbered(
                sql,
                SUBJECTS_OF_PEOPLE,
                Map.of(
                        "numbers", SqlFile.column("int4", numbers, number -> number),
                        "people", SqlFile.column("uuid", numbers, people::get),
                        "day", LocalDate.now(clock)));
    }

    private static Map<Integer, List<UUID>> householdsByReference(DSLContext sql, List<Question> questions) {
        List<Integer> numbers = new ArrayList<>();
        List<String> references = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            if (questions.get(i).query() instanceof Query.ByIdentifier(String type, String value)
                    && type.equals(BeneficiaryVocabulary.HOUSEHOLD_REFERENCE)) {
                numbers.add(i);
                references.add(value.toUpperCase(Locale.ROOT));
            }
        }
        return numbers.isEmpty()
                ? Map.of()
                : numbered(
                        sql,
                        HOUSEHOLDS_BY_REFERENCE,
                        Map.of(
                                "numbers", SqlFile.column("int4", numbers, number -> number),
                                "refs", SqlFile.column("text", references, reference -> reference)));
    }

    private static Map<Integer, List<UUID>> numbered(DSLContext sql, SqlFile statement, Map<String, ?> values) {
        Map<Integer, List<UUID>> found = new HashMap<>();
        statement.list(
                sql,
                values,
                (row, number) -> found.computeIfAbsent(row.getInt("number"), none -> new ArrayList<>())
                        .add(row.getObject("id", UUID.class)));
        return found;
    }

    private static Set<UUID> flat(Collection<List<UUID>> subjects) {
        return subjects.stream().flatMap(List::stream).collect(Collectors.toSet());
    }

    private static List<UUID> enrolmentsOf(Map<UUID, List<UUID>> enrolments, List<UUID> subjects) {
        return subjects.stream()
                .flatMap(subject -> enrolments.getOrDefault(subject, List.of()).stream())
                .sorted()
                .toList();
    }

    private static Map<UUID, List<UUID>> enrolmentsOf(DSLContext sql, Set<UUID> subjects) {
        Map<UUID, List<UUID>> enrolments = new HashMap<>();
        if (!subjects.isEmpty()) {
            ENROLMENTS_OF.list(
                    sql,
                    Map.of("subjects", SqlFile.column("uuid", List.copyOf(subjects), id -> id)),
                    (row, number) -> enrolments
                            .computeIfAbsent(row.getObject("subject_id", UUID.class), none -> new ArrayList<>())
                            .add(row.getObject("id", UUID.class)));
        }
        return enrolments;
    }

    /** The keys of our enrolments and of reported ones that fulfil the criteria. */
    private static Select<Record1<UUID>> fulfilling(
            DSLContext sql, Query.ByCriteria criteria, Condition ours, Condition others) {
        return sql.select(ENROLMENT.ID)
                .from(ENROLMENT.join(PROGRAMME).on(PROGRAMME.ID.eq(ENROLMENT.PROGRAMME_ID)))
                .where(SqlRule.of(criteria.criterion(), BeneficiaryVocabulary.OURS))
                .and(ours)
                .unionAll(sql.select(REPORTED_ENROLMENT.ID)
                        .from(REPORTED_ENROLMENT)
                        .where(SqlRule.of(criteria.criterion(), BeneficiaryVocabulary.REPORTED))
                        .and(others));
    }

    private static Matches matching(DSLContext sql, Query.ByCriteria criteria, Page page) {
        Condition wasEnrolled = EnrolmentStates.code(ENROLMENT.STATE, ENROLMENT.REASON)
                .isNotNull()
                .and(EnrolmentStates.wasEnrolled(ENROLMENT.ID));
        Table<Record1<UUID>> found =
                fulfilling(sql, criteria, wasEnrolled, noCondition()).asTable("found", "id");
        Field<UUID> key = found.field("id", UUID.class);
        long total = sql.fetchCount(found);
        List<UUID> keys = sql.select(key)
                .from(found)
                .orderBy(key)
                .limit(page.size())
                .offset((page.number() - 1) * page.size())
                .fetch(key);
        return new Matches(keys, total);
    }

    @Override
    public MatchingAnswer match(UUID partner, MatchingRequest.Step step) {
        return exchanges.answer(partner, step);
    }

    @Override
    public List<EnrolledResponse.Answer> enrolled(EnrolledRequest.Question question, Disclosure disclosure) {
        String type = Objects.requireNonNullElse(question.identifierType(), USUAL_IDENTIFIER);
        Optional<String> known = directory.types().stream()
                .filter(one -> one.equalsIgnoreCase(type))
                .findFirst();
        if (known.isEmpty() || !disclosure.tells(SharedAttributes.IDENTIFIER)) {
            return List.of(new EnrolledResponse.Answer(
                    "enrolled-1",
                    false,
                    null,
                    new Rejection(ReasonCode.SEARCH_CRITERIA_INVALID, "identifiers of this type cannot be asked for")));
        }
        Optional<UUID> person = directory
                .find(List.of(new PersonDirectory.Identifier(known.get(), question.identifier())))
                .getFirst();
        List<Standing> current = person.map(id -> database.onOneSnapshot(sql -> standings(sql, id)))
                .orElse(List.of());
        List<EnrolledResponse.Answer> answers = new ArrayList<>();
        if (question.programmes().isEmpty()) {
            answers.add(answer("enrolled-1", current));
        }
        for (String programme : question.programmes()) {
            answers.add(answer(
                    "enrolled-" + (answers.size() + 1),
                    current.stream()
                            .filter(one -> one.programmeCode().equalsIgnoreCase(programme))
                            .toList()));
        }
        return answers;
    }

    /** How a person stands in one programme, ours or one that was reported. */
    private record Standing(String programmeCode, EnrollmentStatus status) {}

    private List<Standing> standings(DSLContext sql, UUID person) {
        Set<UUID> subjects = flat(subjectsOf(sql, Map.of(0, person)).values());
        List<UUID> ids = enrolmentsOf(sql, subjects).values().stream()
                .flatMap(List::stream)
                .toList();
        List<Standing> standings = new ArrayList<>();
        records.enrolled(sql, ids)
                .values()
                .forEach(one -> standings.add(new Standing(one.programmeCode(), one.status())));
        reports.of(sql, List.of(person))
                .values()
                .forEach(all -> all.forEach(one -> standings.add(new Standing(one.programmeCode(), one.status()))));
        return List.copyOf(standings);
    }

    @Override
    public List<EnrollmentUpdatesResponse.Answer> report(
            String reporter, List<EnrollmentUpdates.Reported> beneficiaries) {
        return reports.take(reporter, beneficiaries);
    }

    /** A suspended enrolment is one all the same, and is told as such (DCI reference R11.3). */
    private static EnrolledResponse.Answer answer(String reference, List<Standing> enrolments) {
        boolean active = enrolments.stream().anyMatch(one -> one.status() == EnrollmentStatus.ACTIVE);
        boolean suspended = enrolments.stream().anyMatch(one -> one.status() == EnrollmentStatus.SUSPENDED);
        return new EnrolledResponse.Answer(
                reference, active || suspended, !active && suspended ? "the enrolment is suspended" : null, null);
    }

    @Override
    public Optional<String> event(String name) {
        return EnrolmentEvents.named(name);
    }

    /** Steps are kept in any case. */
    @Override
    public void listen(String event) {}

    @Override
    public EventPage happened(String after, int limit) {
        return events.happened(after, limit);
    }

    @Override
    public Map<UUID, ObjectNode> records(
            String recordType, @Nullable Query filter, Set<UUID> keys, Disclosure disclosure) {
        Map<Integer, UUID> people = filter == null
                ? Map.of()
                : people(List.of(new Question(recordType, filter, List.of(), new Page(1, 1))));
        return database.onOneSnapshot(sql -> {
            Set<UUID> fitting = fitting(sql, filter, people, keys);
            Map<UUID, Enrolled> enrolled = records.enrolled(sql, fitting);
            Map<UUID, List<Benefit>> benefits = records.benefits(sql, enrolled.values(), disclosure);
            Map<UUID, ObjectNode> told = new HashMap<>();
            enrolled.forEach((key, one) -> told.put(
                    key,
                    BeneficiaryRecords.beneficiary(
                                    one, benefits.getOrDefault(key, List.of()), asked(filter), disclosure)
                            .asRecord()));
            reports.withKeys(sql, fitting)
                    .forEach((key, one) -> told.put(
                            key, one.beneficiary(asked(filter), disclosure).asRecord()));
            return told;
        });
    }

    private Set<UUID> fitting(DSLContext sql, @Nullable Query filter, Map<Integer, UUID> people, Set<UUID> keys) {
        return switch (filter) {
            case null -> keys;
            case Query.ByIdentifier identifier -> {
                Map<Integer, List<UUID>> subjects = new HashMap<>(subjectsOf(sql, people));
                subjects.putAll(householdsByReference(
                        sql, List.of(new Question(BENEFICIARY, identifier, List.of(), new Page(1, 1)))));
                Set<UUID> found = new LinkedHashSet<>();
                enrolmentsOf(sql, flat(subjects.values())).values().forEach(found::addAll);
                reports.of(sql, people.values()).values().forEach(all -> all.forEach(one -> found.add(one.id())));
                found.retainAll(keys);
                yield found;
            }
            case Query.ByCriteria criteria ->
                Set.copyOf(fulfilling(sql, criteria, ENROLMENT.ID.in(keys), REPORTED_ENROLMENT.ID.in(keys))
                        .fetch(ENROLMENT.ID));
        };
    }

    private static @Nullable Identifier asked(@Nullable Query query) {
        return query instanceof Query.ByIdentifier(String type, String value)
                        && !type.equals(BeneficiaryVocabulary.HOUSEHOLD_REFERENCE)
                ? new Identifier(type, value)
                : null;
    }
}
