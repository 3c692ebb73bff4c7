package org.annona.interop.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.annona.interop.json.StrictJson;
import org.annona.interop.message.Envelope;
import org.annona.interop.message.ErrorCode;
import org.annona.interop.message.MessageStatus;
import org.annona.interop.message.Operation;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.message.Refusal;
import org.annona.interop.search.SearchRequest.Limits;
import org.annona.testing.DciSpecification;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class SearchMessagesTest {

    private static final Instant NOW = Instant.parse("2026-01-15T10:30:00Z");
    private static final String REQUEST = """
            {"transaction_id":"t-1","search_request":[
              {"reference_id":"r-1","timestamp":"2026-01-15T10:30:00Z","locale":"eng","search_criteria":{
                "version":"1.0.0","reg_type":"ns:org:RegistryType:Social",
                "reg_record_type":"spdci-extensions-dci:Member","query_type":"idtype-value",
                "response_entity":"Member","query":{"type":"UIN","value":"1"},
                "sort":[{"attribute_name":"birth_date","sort_order":"desc"}],
                "pagination":{"page_size":10,"page_number":2}}},
              {"reference_id":"r-2","timestamp":"2026-01-15T10:30:00Z","locale":"","search_criteria":{
                "query_type":"expression","query":{"sex":"female"},"consent":"","authorize":null}}]}""";

    private static ObjectNode request() {
        return (ObjectNode) StrictJson.read(REQUEST.getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode item(ObjectNode request) {
        return (ObjectNode) request.get("search_request").get(0);
    }

    private static ObjectNode criteria(ObjectNode request) {
        return (ObjectNode) item(request).get("search_criteria");
    }

    private static SearchRequest read(Consumer<ObjectNode> change) {
        ObjectNode request = request();
        change.accept(request);
        return SearchRequest.read(request, Limits.DEFAULT);
    }

    @Test
    void a_search_is_read_as_the_standard_writes_it() {
        assertThat(DciSpecification.faults("social", "/components/schemas/SearchRequest", withoutEmpty()))
                .isEmpty();
        SearchRequest request = read(same -> {});

        assertThat(request.transactionId()).isEqualTo("t-1");
        SearchItem first = request.items().getFirst();
        assertThat(first.recordType()).isEqualTo("Member");
        assertThat(first.registryType()).isEqualTo("Social");
        assertThat(first.locale()).isEqualTo("eng");
        assertThat(first.page()).isEqualTo(new Page(10, 2));
        assertThat(first.sort()).containsExactly(new SearchItem.SortBy("birth_date", true));
        SearchItem second = request.items().get(1);
        assertThat(second.page()).isNull();
        assertThat(second.consent()).isNull();
        assertThat(second.rejection()).isNull();
    }

    private static ObjectNode withoutEmpty() {
        ObjectNode request = request();
        ObjectNode second = (ObjectNode) request.get("search_request").get(1);
        second.remove("locale");
        ((ObjectNode) second.get("search_criteria")).remove(List.of("consent", "authorize"));
        return request;
    }

    @Test
    void the_page_is_read_from_both_places_and_the_one_of_the_standard_wins() {
        assertThat(read(request -> item(request).putObject("pagination").put("page_size", 7))
                        .items()
                        .getFirst()
                        .page())
                .isEqualTo(new Page(10, 2));
        assertThat(read(request -> {
                            criteria(request).remove("pagination");
                            item(request).putObject("pagination").put("page_size", "7");
                        })
                        .items()
                        .getFirst()
                        .page())
                .isEqualTo(new Page(7, 1));
    }

    @Test
    void a_language_is_understood_in_any_common_form_and_told_as_the_standard_has_it() {
        Map<String, String> written = Map.of(
                "en",
                "eng",
                "ENG",
                "eng",
                "EN/GB",
                "eng",
                "fr-FR",
                "fra",
                "sw_KE",
                "swa",
                "en_US.UTF-8",
                "eng",
                "zh-Hant-TW",
                "zho",
                "guz",
                "guz");
        written.forEach((form, told) -> assertThat(read(request -> item(request).put("locale", form))
                        .items()
                        .getFirst()
                        .locale())
                .as(form)
                .isEqualTo(told));
        assertThat(read(request -> item(request).put("locale", "xx"))
                        .items()
                        .getFirst()
                        .locale())
                .isNull();
    }

    @Test
    void a_structure_that_is_not_the_standards_refuses_the_whole_message() {
        for (Consumer<ObjectNode> damage : List.<Consumer<ObjectNode>>of(
                request -> request.remove("transaction_id"),
                request -> request.put("transaction_id", "x".repeat(100)),
                request -> request.put("transaction_id", 1),
                request -> request.remove("search_request"),
                request -> request.putArray("search_request"),
                request -> request.putObject("search_request"),
                request -> request.putArray("search_request").add(1),
                request -> item(request).remove("reference_id"),
                request -> item(request).remove("timestamp"),
                request -> item(request).put("timestamp", "2026-01-15T10:30:00"),
                request -> item(request).put("locale", "English, please"),
                request -> item(request).put("locale", 1),
                request -> item(request).remove("search_criteria"),
                request -> item(request).putObject("pagination").put("page_size", 0),
                request -> criteria(request).remove("query"),
                request -> criteria(request).putNull("query"),
                request -> criteria(request).remove("query_type"),
                request -> criteria(request).put("query_type", "sql"),
                request -> criteria(request).put("response_entity", "Farmer"),
                request -> criteria(request).putObject("pagination"),
                request -> criteria(request).putObject("pagination").put("page_size", 1.5),
                request -> criteria(request)
                        .putObject("pagination")
                        .put("page_size", 1)
                        .put("page_number", 0),
                request -> criteria(request).putObject("sort"),
                request -> ((ObjectNode) criteria(request).get("sort").get(0)).put("sort_order", "up"),
                request -> criteria(request).put("consent", "yes"))) {
            Refusal refusal = catchThrowableOfType(Refusal.class, () -> read(damage));
            assertThat(refusal).isNotNull();
            assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_REQUEST);
            assertThat(refusal.status()).isEqualTo(200);
        }
        assertThat(read(request -> request.put("transaction_id", "é".repeat(99))))
                .isNotNull();
        assertThat(read(request -> request.put("transaction_id", "😀".repeat(99))))
                .isNotNull();
    }

    @Test
    void another_fault_rejects_one_item_and_leaves_the_others() {
        assertThat(rejected(
                        request -> ((ObjectNode) request.get("search_request").get(1)).put("reference_id", "r-1"), 1))
                .isEqualTo(ReasonCode.REFERENCE_ID_DUPLICATE);
        assertThat(rejected(request -> criteria(request).put("query_type", "graphql"), 0))
                .isEqualTo(ReasonCode.SEARCH_CRITERIA_INVALID);
        assertThat(rejected(request -> criteria(request).putObject("pagination").put("page_size", 1_001), 0))
                .isEqualTo(ReasonCode.PAGINATION_INVALID);
        assertThat(rejected(
                        request -> {
                            ArrayNode sort = criteria(request).putArray("sort");
                            for (int i = 0; i < 11; i++) {
                                sort.addObject().put("attribute_name", "a" + i);
                            }
                        },
                        0))
                .isEqualTo(ReasonCode.SORT_INVALID);
    }

    private static ReasonCode rejected(Consumer<ObjectNode> damage, int index) {
        List<SearchItem> items = read(damage).items();
        assertThat(items.get(1 - index).rejection()).isNull();
        return java.util.Objects.requireNonNull(items.get(index).rejection()).reason();
    }

    @Test
    void the_stated_number_of_items_has_to_fit_unless_it_is_not_stated() {
        SearchRequest request = read(same -> {});
        for (int stated : new int[] {0, 2}) {
            assertThat(request.countFault(header(stated), Limits.DEFAULT)).isEmpty();
        }
        assertThat(request.countFault(header(10), Limits.DEFAULT).orElseThrow().reason())
                .isEqualTo(ReasonCode.TOTAL_COUNT_INVALID);
        assertThat(request.countFault(header(10), new Limits(10, 10, true))).isEmpty();
        assertThat(request.countFault(header(2), new Limits(1, 10, true))
                        .orElseThrow()
                        .reason())
                .isEqualTo(ReasonCode.TOTAL_COUNT_LIMIT_EXCEEDED);
    }

    private static org.annona.interop.message.MessageHeader header(int totalCount) {
        String body = """
                {"header":{"message_id":"m","message_ts":"2026-01-15T10:30:00Z","action":"search","sender_id":"p",
                 "total_count":%d},"message":{}}""".formatted(totalCount);
        return Envelope.read(body.getBytes(StandardCharsets.UTF_8), null, Operation.SEARCH)
                .header();
    }

    @Test
    void answers_are_as_the_standard_writes_them_and_rejected_ones_never_look_like_nothing_found() {
        SearchResponse.Answer nothing = new SearchResponse.Found(
                "r-1", "eng", "ns:org:RegistryType:Social", "Member", List.of(), new Page(10, 1), 0);
        SearchResponse.Answer rejected =
                new SearchResponse.Rejected("r-2", null, new Rejection(ReasonCode.SORT_INVALID, "x".repeat(2_000)));
        SearchResponse mixed = new SearchResponse("t-1", "c-1", List.of(nothing, rejected));
        SearchResponse bad = new SearchResponse("t-1", "c-1", List.of(rejected));

        assertThat(mixed.status()).isEqualTo(MessageStatus.SUCCEEDED);
        assertThat(bad.status()).isEqualTo(MessageStatus.REJECTED);
        assertThat(bad.statusReasonCode()).isEqualTo("rjct.errors.too_many");
        JsonNode message = mixed.asMessage(NOW);
        for (String registry : List.of("social", "ibr", "crvs", "fr")) {
            assertThat(DciSpecification.faults(registry, "/components/schemas/SearchResponse", bad.asMessage(NOW)))
                    .as(registry)
                    .isEmpty();
        }
        assertThat(DciSpecification.faults("social", "/components/schemas/SearchResponse", message))
                .isEmpty();
        assertThat(message.get("search_response")
                        .get(0)
                        .get("data")
                        .get("reg_records")
                        .isArray())
                .isTrue();
        assertThat(message.get("search_response").get(1).has("data")).isFalse();
    }
}
