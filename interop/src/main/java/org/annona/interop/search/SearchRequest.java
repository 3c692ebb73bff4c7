package org.annona.interop.search;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.annona.interop.message.ErrorCode;
import org.annona.interop.message.Fields;
import org.annona.interop.message.LocalName;
import org.annona.interop.message.MessageHeader;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.message.Refusal;
import org.annona.interop.search.SearchItem.SortBy;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Many questions under one transaction. */
public record SearchRequest(String transactionId, List<SearchItem> items) {

    private static final Set<String> QUERY_TYPES = Set.of("idtype-value", "expression", "predicate", "graphql");
    private static final int MOST_SORTS = 10;

    /**
     * What is agreed with a partner.
     *
     * @param items at most, in one message
     * @param pageSize at most
     * @param lenientCount whether the header may state another number of items than there are
     */
    public record Limits(int items, int pageSize, boolean lenientCount) {
        public static final Limits DEFAULT = new Limits(1_000, 1_000, false);
    }

    /**
     * @throws Refusal where its structure is not as the standard says; single items with another fault are only rejected
     */
    public static SearchRequest read(JsonNode message, Limits limits) {
        Fields fields = Fields.of(message, "message");
        String transactionId = fields.requiredId("transaction_id");
        List<SearchItem> items = new ArrayList<>();
        Set<String> references = new HashSet<>();
        for (JsonNode json : fields.array("search_request")) {
            SearchItem item = item(json, "search_request[" + items.size() + "]", limits, references);
            items.add(item);
        }
        if (items.isEmpty()) {
            throw Refusal.of(ErrorCode.BAD_REQUEST, "message.search_request is missing or empty");
        }
        return new SearchRequest(transactionId, List.copyOf(items));
    }

    /** Whether the message as a whole is to be rejected for its number of items (DCI reference R3.4). */
    public Optional<Rejection> countFault(MessageHeader header, Limits limits) {
        if (items.size() > limits.items()) {
            return Optional.of(new Rejection(
                    ReasonCode.TOTAL_COUNT_LIMIT_EXCEEDED, "a message has at most " + limits.items() + " items"));
        }
        Long stated = header.totalCount();
        boolean fits = stated == null || stated == 0 || stated == items.size() || limits.lenientCount();
        return fits
                ? Optional.empty()
                : Optional.of(new Rejection(
                        ReasonCode.TOTAL_COUNT_INVALID,
                        "total_count is " + stated + ", yet there are " + items.size() + " items"));
    }

    private static SearchItem item(JsonNode json, String where, Limits limits, Set<String> references) {
        Fields fields = Fields.of(json, where);
        String reference = fields.required("reference_id");
        JsonNode criteriaJson = json.path("search_criteria");
        Fields criteria = Fields.of(criteriaJson, where + ".search_criteria");
        String queryType = LocalName.of(criteria.required("query_type")).toLowerCase(Locale.ROOT);
        if (!QUERY_TYPES.contains(queryType)) {
            throw Refusal.of(
                    ErrorCode.BAD_REQUEST, where + ".search_criteria.query_type has to be one of the standard's");
        }
        JsonNode query = criteriaJson.path("query");
        if (query.isMissingNode() || query.isNull()) {
            throw Refusal.of(ErrorCode.BAD_REQUEST, where + ".search_criteria.query is missing");
        }
        // The standard's place wins, and the other one is looked at all the same (R8.1).
        Page outer = Page.read(json, where);
        Page inner = Page.read(criteriaJson, where + ".search_criteria");
        Page page = inner == null ? outer : inner;
        List<SortBy> sort = sort(criteria, where);
        return new SearchItem(
                reference,
                fields.requiredTime("timestamp"),
                fields.locale("locale"),
                criteria.text("reg_type").map(LocalName::of).orElse(null),
                criteria.text("reg_record_type").map(LocalName::of).orElse(null),
                entity(criteria, where),
                queryType,
                query,
                sort,
                page,
                criteria.object("consent"),
                criteria.object("authorize"),
                rejection(references.add(reference), queryType, sort, page, limits));
    }

    private static @Nullable Rejection rejection(
            boolean first, String queryType, List<SortBy> sort, @Nullable Page page, Limits limits) {
        if (!first) {
            return new Rejection(
                    ReasonCode.REFERENCE_ID_DUPLICATE, "another item of this message has the same reference_id");
        }
        if (queryType.equals("graphql")) {
            return new Rejection(ReasonCode.SEARCH_CRITERIA_INVALID, "graphql is not spoken here");
        }
        if (page != null && page.size() > limits.pageSize()) {
            return new Rejection(ReasonCode.PAGINATION_INVALID, "page_size is at most " + limits.pageSize());
        }
        if (sort.size() > MOST_SORTS) {
            return new Rejection(ReasonCode.SORT_INVALID, "at most " + MOST_SORTS + " attributes are sorted by");
        }
        return null;
    }

    private static @Nullable String entity(Fields criteria, String where) {
        Optional<String> entity = criteria.text("response_entity").map(LocalName::of);
        if (entity.isEmpty()) {
            return null;
        }
        for (String known : List.of("Member", "Group")) {
            if (known.equalsIgnoreCase(entity.get())) {
                return known;
            }
        }
        throw Refusal.of(ErrorCode.BAD_REQUEST, where + ".search_criteria.response_entity has to be Group or Member");
    }

    private static List<SortBy> sort(Fields criteria, String where) {
        List<SortBy> sort = new ArrayList<>();
        for (JsonNode json : criteria.array("sort")) {
            Fields fields = Fields.of(json, where + ".search_criteria.sort");
            String order = fields.text("sort_order").orElse("asc").toLowerCase(Locale.ROOT);
            if (!order.equals("asc") && !order.equals("desc")) {
                throw Refusal.of(
                        ErrorCode.BAD_REQUEST, where + ".search_criteria.sort.sort_order has to be asc or desc");
            }
            sort.add(new SortBy(fields.required("attribute_name"), order.equals("desc")));
        }
        return List.copyOf(sort);
    }
}
