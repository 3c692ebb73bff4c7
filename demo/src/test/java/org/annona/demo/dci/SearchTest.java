package org.annona.demo.dci;

import static org.annona.exchange.PartnerSystem.byReference;
import static org.annona.exchange.PartnerSystem.search;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.annona.demo.ServerWorld;
import org.annona.exchange.PartnerSystem;
import org.annona.testing.DciSpecification;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/** Searching our social registry from another system, over HTTP and signed on both sides. */
@ResourceLock(value = DemoPartners.PEOPLE, mode = ResourceAccessMode.READ)
class SearchTest {

    private static final String SYNC = "/dci/sr/registry/sync/search";
    private static PartnerSystem partner;
    private static ServerWorld world;

    @BeforeAll
    static void open() {
        world = ServerWorld.afterDemo();
        partner = DemoPartners.knowingEverything(world);
    }

    @AfterAll
    static void close() {
        partner.close();
    }

    /** The reference of some person of the demo. */
    private static String somebody() {
        return ServerWorld.afterDemo()
                .value("select ref from registry.person where status = 'active' and sex = 'F' "
                        + "and id in (select person_id from registry.identifier where status in ('unverified', 'valid')) "
                        + "and birth_precision = 'day' order by ref limit 1");
    }

    @Test
    void a_person_is_found_by_her_identifier_and_the_answer_is_signed_and_as_the_standard_says() {
        HttpResponse<byte[]> response = partner.send(
                partner.request(SYNC, partner.signed(partner.header("search", 1), search(byReference(somebody())))));
        JsonNode answer = PartnerSystem.json(response);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(partner.believes(response.body())).isTrue();
        assertThat(answer.at("/header/status").asString()).isEqualTo("succ");
        JsonNode item = answer.at("/message/search_response/0");
        assertThat(item.at("/pagination/total_count").asInt()).isEqualTo(1);
        JsonNode member = item.at("/data/reg_records/0");
        assertThat(member.path("@type").asString()).isEqualTo("Member");
        assertThat(member.at("/demographic_info/sex").asString()).isEqualTo("female");
        assertThat(member.at("/member_identifier").toString()).contains("UIN", somebody());
        assertThat(DciSpecification.faultsIfHere(
                        "social", "/components/schemas/SearchResponse", answer.path("message")))
                .isEmpty();
        assertThat(DciSpecification.faultsIfHere(
                        "social", "/components/schemas/MsgCallbackHeader_V1.0.0", answer.path("header")))
                .isEmpty();
    }

    @Test
    void whoever_is_not_there_is_answered_with_nothing_and_a_count_of_zero() {
        JsonNode answer = partner.tell(SYNC, "search", 1, search(byReference("P-000-000-000-0")));

        JsonNode item = answer.at("/message/search_response/0");
        assertThat(item.path("status").asString()).isEqualTo("succ");
        assertThat(item.at("/data/reg_records")).isEmpty();
        assertThat(item.at("/pagination/total_count").asInt()).isZero();
    }

    @Test
    void pages_of_a_query_hold_every_match_once() {
        String query = "{'query_type':'expression','query':{'demographic_info.sex':{'$eq':'female'}},"
                + "'sort':[{'attribute_name':'birth_date','sort_order':'desc'}],"
                + "'pagination':{'page_size':200,'page_number':%d}}";
        List<String> seen = new java.util.ArrayList<>();
        long total = -1;
        for (int page = 1; total < 0 || seen.size() < total; page++) {
            JsonNode item = partner.tell(SYNC, "search", 1, search(query.formatted(page)))
                    .at("/message/search_response/0");
            total = item.at("/pagination/total_count").asLong();
            assertThat(item.at("/data/reg_records")).isNotEmpty();
            item.at("/data/reg_records")
                    .forEach(record -> seen.add(record.path("@id").asString()));
        }

        assertThat(seen).hasSize((int) total).doesNotHaveDuplicates();
        assertThat(total).isGreaterThan(500);
    }

    @Test
    void a_household_is_told_with_its_members_to_those_who_may_know_them() {
        JsonNode answer = partner.tell(
                SYNC,
                "search",
                1,
                search("{'response_entity':'Group','query_type':'idtype-value','query':{'type':'PERSON_REF','value':'"
                        + somebody() + "'}}"));

        JsonNode group = answer.at("/message/search_response/0/data/reg_records/0");
        assertThat(group.path("@type").asString()).isEqualTo("Group");
        assertThat(group.path("member_list").size())
                .isEqualTo(group.path("group_size").asInt());
        assertThat(DciSpecification.faultsIfHere(
                        "social", "/components/schemas/SearchResponse", answer.path("message")))
                .isEmpty();
    }

    @Test
    void who_may_not_know_members_does_not_learn_with_whom_a_person_lives() {
        try (PartnerSystem other = DemoPartners.agreed(ServerWorld.afterDemo(), draft -> draft)) {
            other.mayKnow("sr", "", Set.of("identifier", "group_size"), Set.of());
            String byPerson = "{'reg_record_type':'Group','query_type':'idtype-value','query':"
                    + "{'type':'PERSON_REF','value':'" + somebody() + "'}}";
            String byMember = "{'reg_record_type':'Group','query_type':'expression','query':"
                    + "{'member_list.demographic_info.sex':{'$eq':'female'}}}";
            JsonNode items =
                    other.tell(SYNC, "search", 2, search(byPerson, byMember)).at("/message/search_response");

            for (JsonNode item : items) {
                assertThat(item.path("status_reason_code").asString()).isEqualTo("rjct.search_criteria.invalid");
                assertThat(item.has("pagination")).isFalse();
            }
        }
    }

    @Test
    void one_message_is_not_answered_with_more_records_than_can_be_sent() {
        String page = "{'query_type':'expression','query':{'sex':'female'},'pagination':{'page_size':1000}}";
        JsonNode items = partner.tell(
                        SYNC, "search", 11, search(Collections.nCopies(11, page).toArray(String[]::new)))
                .at("/message/search_response");

        assertThat(items.get(9).path("status").asString()).isEqualTo("succ");
        assertThat(items.get(10).path("status_reason_code").asString()).isEqualTo("rjct.search.too_many_records_found");
    }
}
