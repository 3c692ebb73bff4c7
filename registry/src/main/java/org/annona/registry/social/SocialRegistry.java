package org.annona.registry.social;

import static org.annona.registry.internal.tables.Tables.HOUSEHOLD;
import static org.annona.registry.internal.tables.Tables.PERSON;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
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
import org.annona.exchange.Disclosure;
import org.annona.exchange.EventPage;
import org.annona.exchange.GraphqlRegistry;
import org.annona.exchange.Question;
import org.annona.exchange.Reply;
import org.annona.foundation.criteria.Criterion;
import org.annona.foundation.criteria.SqlBinding;
import org.annona.foundation.criteria.SqlRule;
import org.annona.foundation.criteria.UsedAttribute;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.query.Query;
import org.annona.interop.query.Vocabulary;
import org.annona.interop.record.Group;
import org.annona.interop.record.Member;
import org.annona.interop.record.RegistryKind;
import org.annona.interop.search.Page;
import org.annona.interop.search.Rejection;
import org.annona.interop.search.SearchItem.SortBy;
import org.annona.registry.identifier.RegistryKeys;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.OrderField;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Our people and households as a social registry of the standard. All identifiers of a message are looked up together; each
 * other query is a count and a page.
 */
public final class SocialRegistry implements GraphqlRegistry {

    private static final SqlFile GROUPS_BY_REFERENCE =
            SqlFile.beside(SocialRegistry.class, "households-by-reference.sql");
    private static final SqlFile GROUPS_OF_PEOPLE = SqlFile.beside(SocialRegistry.class, "households-of-people.sql");
    private static final SqlFile SETTLED = SqlFile.beside(SocialRegistry.class, "settled.sql");
    static final String MEMBER = "Member";
    static final String GROUP = "Group";
    static final String PERSON_ALONE = "SRPerson";

    private final Database database;
    private final PeopleByIdentifier byIdentifier;
    private final SocialVocabulary vocabulary;
    private final MemberRecords members;
    private final GroupRecords groups;
    private final RegistryEvents events;
    private final RegistrantGraph graph;
    private final Clock clock;

    public SocialRegistry(
            Database database, RegistryKeys keys, PeopleByIdentifier byIdentifier, Currency currency, Clock clock) {
        this.database = database;
        this.byIdentifier = byIdentifier;
        this.vocabulary = new SocialVocabulary(currency);
        this.members = new MemberRecords(keys);
        this.groups = new GroupRecords(members);
        this.events = new RegistryEvents(database, clock);
        this.graph = new RegistrantGraph(
                database, new RegistrantPages(clock), new Registrants(members, groups, clock.getZone()), clock);
        this.clock = clock;
    }

    @Override
    public Answered graphql(String reader, String query, Disclosure disclosure, int largestPage) {
        return graph.answer(reader, query, disclosure, largestPage);
    }

    @Override
    public String prefix() {
        return "sr";
    }

    @Override
    public String title() {
        return "Social registry";
    }

    @Override
    public RegistryKind kind() {
        return RegistryKind.SOCIAL;
    }

    @Override
    public List<String> attributes() {
        return SharedAttributes.ALL;
    }

    /** The type decides; where only the entity is named, that; else members (DCI reference R13.2). */
    @Override
    public Optional<String> recordType(@Nullable String recordType, @Nullable String responseEntity) {
        if (recordType == null || recordType.isBlank()) {
            return Optional.of(Objects.requireNonNullElse(responseEntity, MEMBER));
        }
        String wanted = recordType.toLowerCase(Locale.ROOT);
        if (GROUP.equals(responseEntity) && wanted.equals("member")) {
            return Optional.of(GROUP);
        }
        return switch (wanted) {
            case "member" -> Optional.of(MEMBER);
            case "group" -> Optional.of(GROUP);
            case "srperson", "person" -> Optional.of(PERSON_ALONE);
            default -> Optional.empty();
        };
    }

    @Override
    public Vocabulary vocabulary(String recordType, Disclosure disclosure) {
        return recordType.equals(GROUP) ? vocabulary.ofGroups(disclosure) : vocabulary.ofMembers(disclosure);
    }

    /** The matches of one question: the keys of its page, and how many there are in all. */
    private record Matches(List<UUID> keys, long total) {

        static Matches single(@Nullable UUID found, Page page) {
            if (found == null) {
                return new Matches(List.of(), 0);
            }
            return new Matches(page.number() == 1 ? List.of(found) : List.of(), 1);
        }
    }

    @Override
    public List<Reply> answer(List<Question> questions, Disclosure disclosure) {
        boolean singlePeople = questions.stream()
                .noneMatch(question -> question.query() instanceof Query.ByCriteria
                        || question.recordType().equals(GROUP));
        Instant settled = questions.stream().anyMatch(SocialRegistry::polls) ? settled() : null;
        // Counts, pages and households are read from one picture; a person by her identifier is a row.
        return singlePeople
                ? answer(database.sql(), questions, disclosure, settled)
                : database.onOneSnapshot(sql -> answer(sql, questions, disclosure, settled));
    }

    /**
     * Whether it looks at the time of the last change. Whoever asks so again from the latest time that was told must not find that
     * something earlier has appeared meanwhile, so that only what is older than every open change is told.
     */
    private static boolean polls(Question question) {
        return question.query() instanceof Query.ByCriteria(Criterion criterion)
                && (question.sort().stream().anyMatch(by -> attribute(by).equals(SharedAttributes.LAST_UPDATED))
                        || UsedAttribute.in(criterion).stream()
                                .anyMatch(used -> used.name().equals(SharedAttributes.LAST_UPDATED)));
    }

    private static String attribute(SortBy by) {
        return by.attribute().substring(by.attribute().lastIndexOf('.') + 1);
    }

    /** No change that cannot be seen yet has or gets a stamp before this moment. */
    private Instant settled() {
        return Objects.requireNonNull(SETTLED.first(
                database.sql(),
                Map.of(),
                (row, number) -> row.getTimestamp("settled").toInstant()));
    }

    private List<Reply> answer(
            DSLContext sql, List<Question> questions, Disclosure disclosure, @Nullable Instant settled) {
        LocalDate today = LocalDate.now(clock);
        Map<Integer, UUID> identified = identified(sql, questions, today);
        Map<Integer, Matches> matches = new HashMap<>();
        Map<Integer, Rejection> rejections = new HashMap<>();
        for (int i = 0; i < questions.size(); i++) {
            Question question = questions.get(i);
            Optional<Rejection> fault = sortFault(question, disclosure, today);
            if (fault.isPresent()) {
                rejections.put(i, fault.get());
            } else if (question.query() instanceof Query.ByCriteria criteria) {
                matches.put(i, matching(sql, question, criteria, today, polls(question) ? settled : null));
            } else {
                matches.put(i, Matches.single(identified.get(i), question.page()));
            }
        }
        Map<UUID, Member> people = members.of(sql, keysOf(questions, matches, false), disclosure);
        Map<UUID, Group> households = groups.of(sql, keysOf(questions, matches, true), today, disclosure);
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            Rejection rejection = rejections.get(i);
            replies.add(
                    rejection == null
                            ? records(questions.get(i), Objects.requireNonNull(matches.get(i)), people, households)
                            : new Reply.Refused(rejection));
        }
        return List.copyOf(replies);
    }

    private static Set<UUID> keysOf(List<Question> questions, Map<Integer, Matches> matches, boolean ofGroups) {
        Set<UUID> keys = new LinkedHashSet<>();
        matches.forEach((number, found) -> {
            if (questions.get(number).recordType().equals(GROUP) == ofGroups) {
                keys.addAll(found.keys());
            }
        });
        return keys;
    }

    private Reply records(Question question, Matches matches, Map<UUID, Member> people, Map<UUID, Group> households) {
        List<ObjectNode> records = new ArrayList<>();
        for (UUID key : matches.keys()) {
            records.add(
                    question.recordType().equals(GROUP)
                            ? Objects.requireNonNull(households.get(key)).asRecord(kind())
                            : record(question.recordType(), key, Objects.requireNonNull(people.get(key))));
        }
        return new Reply.Records(List.copyOf(records), matches.total());
    }

    /** Which record each question by identifier means, by the number of the question. */
    private Map<Integer, UUID> identified(DSLContext sql, List<Question> questions, LocalDate today) {
        Map<Integer, Query.ByIdentifier> ofPeople = new HashMap<>();
        Map<Integer, Query.ByIdentifier> ofHouseholds = new HashMap<>();
        for (int i = 0; i < questions.size(); i++) {
            if (questions.get(i).query() instanceof Query.ByIdentifier identifier) {
                boolean household = identifier.type().equals(SocialVocabulary.HOUSEHOLD_REFERENCE);
                (household ? ofHouseholds : ofPeople).put(i, identifier);
            }
        }
        Map<Integer, UUID> people = byIdentifier.find(sql, ofPeople);
        Map<Integer, UUID> found = new HashMap<>();
        if (!ofHouseholds.isEmpty()) {
            found.putAll(PeopleByIdentifier.numbered(
                    sql,
                    GROUPS_BY_REFERENCE,
                    PeopleByIdentifier.references(ofHouseholds, List.copyOf(ofHouseholds.keySet()))));
        }
        List<Integer> wantGroups = new ArrayList<>();
        people.forEach((number, person) -> {
            if (questions.get(number).recordType().equals(GROUP)) {
                wantGroups.add(number);
            } else {
                found.put(number, person);
            }
        });
        if (!wantGroups.isEmpty()) {
            found.putAll(PeopleByIdentifier.numbered(
                    sql,
                    GROUPS_OF_PEOPLE,
                    Map.of(
                            "numbers", SqlFile.column("int4", wantGroups, number -> number),
                            "people", SqlFile.column("uuid", wantGroups, people::get),
                            "day", today)));
        }
        return found;
    }

    private static Optional<Rejection> sortFault(Question question, Disclosure disclosure, LocalDate today) {
        return question.sort().stream()
                        .allMatch(by -> sortField(question.recordType(), by, disclosure, today)
                                .isPresent())
                ? Optional.empty()
                : Optional.of(new Rejection(ReasonCode.SORT_INVALID, "an attribute cannot be sorted by"));
    }

    private static Optional<Field<?>> sortField(String recordType, SortBy by, Disclosure disclosure, LocalDate today) {
        String attribute = attribute(by);
        if (!disclosure.tells(attribute)) {
            return Optional.empty();
        }
        boolean group = recordType.equals(GROUP);
        return switch (attribute) {
            case SharedAttributes.REGISTRATION_DATE -> Optional.of(group ? HOUSEHOLD.CREATED_AT : PERSON.CREATED_AT);
            case SharedAttributes.LAST_UPDATED -> Optional.of(group ? HOUSEHOLD.UPDATED_AT : PERSON.UPDATED_AT);
            case SharedAttributes.SEX ->
                group ? Optional.empty() : Optional.of(new MemberBinding(PERSON).field(SharedAttributes.SEX));
            case SharedAttributes.BIRTH_DATE, SharedAttributes.DEATH_DATE ->
                group ? Optional.empty() : Optional.of(new MemberBinding(PERSON).field(attribute));
            case SharedAttributes.GROUP_SIZE, SharedAttributes.PLACE ->
                group ? Optional.of(GroupBinding.on(today).field(attribute)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** The standard numbers pages, so that those before are read over; how far is limited for all partners. */
    private Matches matching(
            DSLContext sql, Question question, Query.ByCriteria criteria, LocalDate today, @Nullable Instant settled) {
        boolean group = question.recordType().equals(GROUP);
        Table<?> table = group ? HOUSEHOLD : PERSON;
        Field<UUID> key = group ? HOUSEHOLD.ID : PERSON.ID;
        SqlBinding binding = group ? new GroupBinding(today, settled) : new MemberBinding(PERSON);
        Condition condition = SqlRule.of(criteria.criterion(), binding).and(isTold(group));
        if (settled != null) {
            condition = condition.and((group ? HOUSEHOLD.UPDATED_AT : PERSON.UPDATED_AT).lt(settled));
        }
        Page page = question.page();
        long total = sql.fetchCount(table, condition);
        if ((page.number() - 1L) * page.size() >= total) {
            return new Matches(List.of(), total);
        }
        List<OrderField<?>> order = new ArrayList<>();
        for (SortBy by : question.sort()) {
            Field<?> field = sortField(
                            question.recordType(),
                            by,
                            new Disclosure(Set.copyOf(SharedAttributes.ALL), Set.of()),
                            today)
                    .orElseThrow();
            order.add((by.descending() ? field.desc() : field.asc()).nullsLast());
        }
        order.add(key.asc());
        List<UUID> keysFound = sql.select(key)
                .from(table)
                .where(condition)
                .orderBy(order)
                .limit(page.size())
                .offset((page.number() - 1) * page.size())
                .fetch(key);
        return new Matches(keysFound, total);
    }

    @Override
    public Optional<String> event(String name) {
        return RegistryEvents.named(name);
    }

    @Override
    public void listen(String event) {
        events.listen(event);
    }

    /** Events that were told long ago, or that nobody could be told of for very long. */
    public void forgetEvents() {
        events.forgetOld();
    }

    @Override
    public EventPage happened(String after, int limit) {
        return events.happened(after, limit);
    }

    @Override
    public Map<UUID, ObjectNode> records(
            String recordType, @Nullable Query filter, Set<UUID> keys, Disclosure disclosure) {
        LocalDate today = LocalDate.now(clock);
        return database.onOneSnapshot(sql -> {
            Set<UUID> fitting = fitting(sql, recordType, filter, keys, today);
            Map<UUID, ObjectNode> records = new HashMap<>();
            if (recordType.equals(GROUP)) {
                groups.of(sql, fitting, today, disclosure)
                        .forEach((key, group) -> records.put(key, group.asRecord(kind())));
            } else {
                members.of(sql, fitting, disclosure)
                        .forEach((key, member) -> records.put(key, record(recordType, key, member)));
            }
            return records;
        });
    }

    private ObjectNode record(String recordType, UUID key, Member member) {
        return recordType.equals(MEMBER)
                ? member.asRecord(kind())
                : Objects.requireNonNull(member.person()).asRecord(kind(), MemberRecords.id(key));
    }

    /** Who was merged with another entry, or entered in error, is told to nobody. */
    private static Condition isTold(boolean group) {
        return group ? HOUSEHOLD.STATUS.eq("active") : PERSON.STATUS.in("active", "deceased");
    }

    private static Set<UUID> told(DSLContext sql, boolean group, Set<UUID> keys) {
        Field<UUID> key = group ? HOUSEHOLD.ID : PERSON.ID;
        return sql.select(key)
                .from(group ? HOUSEHOLD : PERSON)
                .where(key.in(keys), isTold(group))
                .fetchSet(key);
    }

    private Set<UUID> fitting(
            DSLContext sql, String recordType, @Nullable Query filter, Set<UUID> keys, LocalDate today) {
        return switch (filter) {
            case null -> told(sql, recordType.equals(GROUP), keys);
            case Query.ByIdentifier identifier -> {
                Question question = new Question(recordType, identifier, List.of(), new Page(1, 1));
                Set<UUID> found = new LinkedHashSet<>(
                        identified(sql, List.of(question), today).values());
                found.retainAll(keys);
                yield found;
            }
            case Query.ByCriteria criteria -> {
                boolean group = recordType.equals(GROUP);
                Field<UUID> key = group ? HOUSEHOLD.ID : PERSON.ID;
                SqlBinding binding = group ? GroupBinding.on(today) : new MemberBinding(PERSON);
                yield sql.select(key)
                        .from(group ? HOUSEHOLD : PERSON)
                        .where(key.in(keys), SqlRule.of(criteria.criterion(), binding))
                        .and(isTold(group))
                        .fetchSet(key);
            }
        };
    }
}
