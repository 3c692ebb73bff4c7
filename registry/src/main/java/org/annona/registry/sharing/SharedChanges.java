package org.annona.registry.sharing;

import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.annona.exchange.Disclosure;
import org.annona.exchange.EventPage;
import org.annona.exchange.Question;
import org.annona.exchange.Reply;
import org.annona.exchange.ServedRegistry;
import org.annona.foundation.criteria.Catalogue;
import org.annona.foundation.feed.FeedPart;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.query.Query;
import org.annona.interop.query.Vocabulary;
import org.annona.interop.record.RegistryKind;
import org.annona.interop.search.Rejection;
import org.annona.registry.AccountChange;
import org.annona.registry.HouseholdChange;
import org.annona.registry.MembershipChange;
import org.annona.registry.PersonChange;
import org.annona.registry.feed.ChangeFeed;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The feed of changes in the messages of the standard: a search by the position after which one wants to read. The records
 * are ours, because the standard has none that tell of every change in the order in which it was committed (decision 0010).
 * The last record of an answer carries the position after it; {@code total_count} is one more than the records where more is
 * there at once.
 */
public final class SharedChanges implements ServedRegistry {

    static final String AFTER = "after";
    static final String START = "start";
    private static final Pattern POSITION =
            Pattern.compile("\\d{1,9}:\\d{1,19}:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final ChangeFeed feed;

    public SharedChanges(ChangeFeed feed) {
        this.feed = feed;
    }

    /** A kind of change, and what a partner has to be allowed for it. */
    private enum Kind {
        HOUSEHOLD("HouseholdChange", "households"),
        PERSON("PersonChange", "people"),
        MEMBERSHIP("MembershipChange", "memberships"),
        ACCOUNT("AccountChange", "accounts");

        private final String recordType;
        private final String attribute;

        Kind(String recordType, String attribute) {
            this.recordType = recordType;
            this.attribute = attribute;
        }

        static Optional<Kind> named(String recordType) {
            for (Kind kind : values()) {
                if (kind.recordType.equalsIgnoreCase(recordType)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }

    @Override
    public String prefix() {
        return "changes";
    }

    @Override
    public String title() {
        return "Changes of the registry, for another installation of Annona";
    }

    @Override
    public RegistryKind kind() {
        return RegistryKind.SOCIAL;
    }

    @Override
    public List<String> attributes() {
        return List.of(
                Kind.HOUSEHOLD.attribute, Kind.PERSON.attribute, Kind.MEMBERSHIP.attribute, Kind.ACCOUNT.attribute);
    }

    @Override
    public Optional<String> recordType(@Nullable String recordType, @Nullable String responseEntity) {
        return recordType == null ? Optional.empty() : Kind.named(recordType).map(kind -> kind.recordType);
    }

    @Override
    public Vocabulary vocabulary(String recordType, Disclosure disclosure) {
        // A feed has no attributes to compare, and so no amounts: ISO 4217's code for no currency.
        boolean told = disclosure.tells(Kind.named(recordType).orElseThrow().attribute);
        return new Vocabulary(
                Catalogue.of("change", "changes", Currency.getInstance("XXX"), List.of(), Map.of()),
                Map.of(),
                told ? Map.of(AFTER, AFTER) : Map.of(),
                Set.of(),
                Map.of());
    }

    @Override
    public List<Reply> answer(List<Question> questions, Disclosure disclosure) {
        List<Reply> replies = new ArrayList<>();
        for (Question question : questions) {
            String value = ((Query.ByIdentifier) question.query()).value();
            boolean start = value.toLowerCase(Locale.ROOT).equals(START);
            replies.add(
                    start || POSITION.matcher(value).matches()
                            ? answer(
                                    Kind.named(question.recordType()).orElseThrow(),
                                    start ? "" : value,
                                    question.page().size())
                            : new Reply.Refused(new Rejection(
                                    ReasonCode.SEARCH_CRITERIA_INVALID, "the value is no position of this feed")));
        }
        return List.copyOf(replies);
    }

    private Reply answer(Kind kind, String after, int limit) {
        return switch (kind) {
            case HOUSEHOLD -> records(kind, feed.households(after, limit), SharedChanges::household);
            case PERSON -> records(kind, feed.people(after, limit), SharedChanges::person);
            case MEMBERSHIP -> records(kind, feed.memberships(after, limit), SharedChanges::membership);
            case ACCOUNT -> records(kind, feed.accounts(after, limit), SharedChanges::account);
        };
    }

    private static <R> Reply records(Kind kind, FeedPart<R> changes, Function<R, ObjectNode> asJson) {
        List<ObjectNode> records = new ArrayList<>();
        for (R row : changes.rows()) {
            records.add(asJson.apply(row).put("@type", kind.recordType));
        }
        if (!records.isEmpty()) {
            records.getLast().put("position", changes.position());
        }
        return new Reply.Records(List.copyOf(records), records.size() + (changes.more() ? 1L : 0L));
    }

    private static ObjectNode record(UUID id) {
        return JsonMapper.shared().createObjectNode().put("@id", "urn:uuid:" + id);
    }

    private static ObjectNode household(HouseholdChange row) {
        return record(row.id())
                .put("ref", row.ref())
                .put("active", row.active())
                .put("area_path", row.areaPath())
                .put("monthly_income_minor", row.monthlyIncomeMinor());
    }

    private static ObjectNode person(PersonChange row) {
        return record(row.id())
                .put("ref", row.ref())
                .put("active", row.active())
                .put("sex", row.sex())
                .put(
                        "birth_date",
                        row.birthDate() == null ? null : row.birthDate().toString());
    }

    private static ObjectNode membership(MembershipChange row) {
        return record(row.id())
                .put("household", row.householdId().toString())
                .put("person", row.personId().toString())
                .put("role", row.role())
                .put("from", row.from().toString())
                .put("to", row.to() == null ? null : row.to().toString());
    }

    private static ObjectNode account(AccountChange row) {
        return record(row.id())
                .put("person", row.personId().toString())
                .put("scheme", row.scheme())
                .put("provider", row.provider())
                .put("number", row.number().reveal())
                .put("active", row.active())
                .put("since", row.since().toString());
    }

    /** A feed is read, not subscribed to. */
    @Override
    public Optional<String> event(String name) {
        return Optional.empty();
    }

    @Override
    public void listen(String event) {}

    @Override
    public EventPage happened(String after, int limit) {
        return new EventPage(List.of(), after, false);
    }

    @Override
    public Map<UUID, ObjectNode> records(
            String recordType, @Nullable Query filter, Set<UUID> keys, Disclosure disclosure) {
        return Map.of();
    }
}
