package org.annona.demo.dci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.annona.demo.ServerWorld;
import org.annona.exchange.PartnerSystem;
import org.annona.exchange.partner.Partner;
import org.annona.testing.DciSpecification;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/** Asking our beneficiary registry from another system. */
@ResourceLock(value = DemoPartners.PEOPLE, mode = ResourceAccessMode.READ)
class BeneficiaryTest {

    private static final String SYNC = "/dci/ibr/registry/sync/search";
    private static final String ENROLLED = "/dci/ibr/registry/sync/enrolled";
    private static PartnerSystem partner;

    @BeforeAll
    static void open() {
        partner = DemoPartners.agreed(ServerWorld.afterDemo(), draft -> draft);
        partner.mayKnow("ibr", "", Set.of("identifier", "programme_name", "group", "benefits"), Set.of());
    }

    @AfterAll
    static void close() {
        partner.close();
    }

    private static String text(String query) {
        return ServerWorld.afterDemo().value(query);
    }

    /** A member of a household that was paid. */
    private static String beneficiary() {
        return text("select p.ref from registry.person p join registry.membership m on m.person_id = p.id "
                + "where m.valid_to is null and p.status = 'active' and m.household_id in "
                + "(select subject_id from programs.entitlement where state = 'settled') order by p.ref limit 1");
    }

    private static String stranger() {
        return text("select p.ref from registry.person p join registry.membership m on m.person_id = p.id "
                + "where m.valid_to is null and m.household_id not in (select subject_id from programs.enrolment) "
                + "and p.id not in (select person_id from programs.reported_enrolment) order by p.ref limit 1");
    }

    private static JsonNode enrolled(String reference) {
        return partner.tell(
                ENROLLED,
                "search",
                1,
                PartnerSystem.message("{'transaction_id':'t','enrolled_criteria':{'query_type':'expression','query':"
                        + "{'identifier_type':{'eq':'PERSON_REF'},'person_identifier':{'eq':'" + reference + "'},"
                        + "'programme_identifier.program.programme_identifier':{'in':['" + programme()
                        + "','OTHER']}}}}"));
    }

    private static String programme() {
        return text("select code from programs.programme order by created_at limit 1");
    }

    @Test
    void who_is_assisted_is_told_with_programme_status_and_what_was_paid() {
        JsonNode answer =
                partner.tell(SYNC, "search", 1, PartnerSystem.search(PartnerSystem.byReference(beneficiary())));
        JsonNode record = answer.at("/message/search_response/0/data/reg_records/0");

        assertThat(record.path("@type").asString()).isEqualTo("Beneficiary");
        assertThat(record.path("enrollment_status").asString()).isEqualTo("1");
        assertThat(record.at("/programme_identifier/0/programme_identifier").asString())
                .isEqualTo(programme());
        assertThat(record.at("/benefits/0/benefit_value").asString()).startsWith("KES ");
        assertThat(record.at("/member/member_identifier/0/identifier_value").asString())
                .isEqualTo(beneficiary());
        assertThat(DciSpecification.faultsIfHere("ibr", "/components/schemas/SearchResponse", answer.path("message")))
                .isEmpty();
    }

    @Test
    void who_is_not_assisted_is_answered_with_nothing_and_a_count_of_zero() {
        JsonNode item = partner.tell(SYNC, "search", 1, PartnerSystem.search(PartnerSystem.byReference(stranger())))
                .at("/message/search_response/0");

        assertThat(item.path("status").asString()).isEqualTo("succ");
        assertThat(item.at("/data/reg_records")).isEmpty();
        assertThat(item.at("/pagination/total_count").asInt()).isZero();
    }

    @Test
    void enrolments_are_found_by_status_and_programme_and_a_code_on_no_list_is_not_taken_for_nobody() {
        JsonNode answer = partner.tell(
                SYNC,
                "search",
                3,
                PartnerSystem.search(
                        "{'query_type':'predicate','query':[{'seq_num':1,'expression1':{'attribute_name':"
                                + "'enrollment_status','operator':'eq','attribute_value':'Active'},'condition':'and',"
                                + "'expression2':{'attribute_name':'programme_identifier','operator':'eq',"
                                + "'attribute_value':'" + programme() + "'}}]}",
                        "{'query_type':'expression','query':{'enrollment_status':'code:4'}}",
                        "{'query_type':'expression','query':{'enrollment_status':'Retired'}}"));
        JsonNode items = answer.at("/message/search_response");

        assertThat(items.get(0).at("/pagination/total_count").asLong())
                .isEqualTo(Long.parseLong(text("select count(*) from programs.enrolment e "
                        + "join programs.programme p on p.id = e.programme_id where e.state = 'enrolled' and p.code = '"
                        + programme() + "'")));
        assertThat(items.get(1).at("/pagination/total_count").asLong())
                .isEqualTo(
                        Long.parseLong(text("select (select count(*) from programs.enrolment where state = 'suspended')"
                                + " + (select count(*) from programs.reported_enrolment where status = '4')")));
        assertThat(items.get(2).path("status_reason_code").asString()).isEqualTo("rjct.search_criteria.invalid");
    }

    @Test
    void whether_a_person_is_enrolled_is_answered_programme_by_programme() {
        JsonNode yes = enrolled(beneficiary());
        JsonNode no = enrolled(stranger());

        assertThat(yes.at("/message/enrolled_response/0/enrolled_status").asString())
                .isEqualTo("yes");
        assertThat(yes.at("/message/enrolled_response/1/enrolled_status").asString())
                .isEqualTo("no");
        assertThat(no.at("/message/enrolled_response/0/enrolled_status").asString())
                .isEqualTo("no");
        assertThat(no.at("/message/enrolled_response/0/status").asString()).isEqualTo("succ");
        assertThat(DciSpecification.faultsIfHere("ibr", "/components/schemas/EnrolledResponse", yes.path("message")))
                .isEmpty();
    }

    @Test
    void a_question_that_is_not_understood_is_rejected_and_not_answered_with_no() {
        JsonNode answer = partner.tell(
                ENROLLED,
                "search",
                1,
                PartnerSystem.message("{'transaction_id':'t','enrolled_criteria':{'query':{'person_identifier':"
                        + "{'like':'x'}}}}"));

        assertThat(answer.at("/header/status").asString()).isEqualTo("rjct");
        assertThat(answer.at("/message/enrolled_response/0/status").asString()).isEqualTo("rjct");
        assertThat(DciSpecification.faultsIfHere("ibr", "/components/schemas/EnrolledResponse", answer.path("message")))
                .isEmpty();
    }

    private static JsonNode report(String status, String... references) {
        StringBuilder all = new StringBuilder();
        for (String reference : references) {
            all.append(all.isEmpty() ? "" : ",")
                    .append("{'@context':{},'@type':'Beneficiary','@id':'b-" + reference + "','assistance_unit':'1',"
                            + "'member':{'member_identifier':[{'identifier_type':'PERSON_REF','identifier_value':'"
                            + reference + "'}]},'programme_identifier':[{'programme_name':'School feeding',"
                            + "'programme_identifier':'FEEDING'}],'enrollment_date':'2026-03-01T00:00:00Z',"
                            + "'enrollment_status':'" + status + "','benefits':[]}");
        }
        return partner.tell(
                "/dci/ibr/registry/sync/enrollment/updates",
                "notify",
                references.length,
                PartnerSystem.message("{'transaction_id':'t','enrolled_updates':{'beneficiaries':[" + all + "]}}"));
    }

    @Test
    void enrolments_that_others_report_are_kept_once_and_told_with_ours() {
        String person = stranger();
        JsonNode first = report("Active", person, "P-000-000-000-0");
        report("Active", person);
        report("3", person);
        JsonNode wrong = report("Retired", person);
        JsonNode search = partner.tell(SYNC, "search", 1, PartnerSystem.search(PartnerSystem.byReference(person)));

        assertThat(first.at("/message/enrolled_response/0/status").asString())
                .as(first.toString())
                .isEqualTo("succ");
        assertThat(first.at("/message/enrolled_response/1/status").asString()).isEqualTo("rjct");
        assertThat(DciSpecification.faultsIfHere(
                        "ibr", "/components/schemas/EnrollmentUpdatesResponse", first.path("message")))
                .isEmpty();
        assertThat(wrong.at("/message/enrolled_response/0/status").asString()).isEqualTo("rjct");
        assertThat(text(
                        "select string_agg(h.to_status, '' order by h.number) from programs.reported_enrolment_history h"
                                + " join programs.reported_enrolment e on e.id = h.reported_id"
                                + " join registry.person p on p.id = e.person_id where p.ref = '" + person + "'"))
                .isEqualTo("13");
        assertThat(search.at("/message/search_response/0/pagination/total_count")
                        .asInt())
                .isEqualTo(1);
        assertThat(search.at("/message/search_response/0/data/reg_records/0/enrollment_status")
                        .asString())
                .isEqualTo("3");
    }

    private static String identifierOf(JsonNode item) {
        return item.at("/data/reg_records/0/@id").asString();
    }

    @Test
    void reported_enrolments_are_found_by_predicate_and_by_expression() {
        String person = stranger();
        partner.tell(
                "/dci/ibr/registry/sync/enrollment/updates",
                "notify",
                1,
                PartnerSystem.message("{'transaction_id':'t','enrolled_updates':{'beneficiaries':[{'@context':{},"
                        + "'@type':'Beneficiary','assistance_unit':'1','member':{'member_identifier':[{"
                        + "'identifier_type':'PERSON_REF','identifier_value':'" + person + "'}]},"
                        + "'programme_identifier':[{'programme_name':'Audit','programme_identifier':'AUD3'}],"
                        + "'enrollment_date':'2026-03-01T00:00:00Z','enrollment_status':'4','benefits':[]}]}}"));
        JsonNode items = partner.tell(
                        SYNC,
                        "search",
                        5,
                        PartnerSystem.search(
                                "{'query_type':'predicate','query':[{'seq_num':1,'expression1':{'attribute_name':"
                                        + "'programme_identifier','operator':'eq','attribute_value':'AUD3'},"
                                        + "'condition':'and','expression2':{'attribute_name':'enrollment_status',"
                                        + "'operator':'eq','attribute_value':'Suspended'}}]}",
                                "{'query_type':'expression','query':{'programme_identifier':'AUD3'}}",
                                "{'query_type':'expression','query':{'enrollment_status':'4'},"
                                        + "'pagination':{'page_size':1,'page_number':1}}",
                                "{'query_type':'expression','query':{'$and':[{'programme_identifier':'AUD3'},"
                                        + "{'enrollment_status':'1'}]}}",
                                PartnerSystem.byReference(person)))
                .at("/message/search_response");

        assertThat(items.get(0).at("/pagination/total_count").asInt())
                .as(items.toString())
                .isOne();
        assertThat(identifierOf(items.get(0))).isNotEmpty().isEqualTo(identifierOf(items.get(1)));
        assertThat(items.get(1)
                        .at("/data/reg_records/0/group/group_identifier/0/identifier_value")
                        .asString())
                .isEqualTo(text("select h.ref from registry.household h join registry.membership m"
                        + " on m.household_id = h.id join registry.person p on p.id = m.person_id"
                        + " where m.valid_to is null and p.ref = '" + person + "'"));
        assertThat(items.get(2).at("/pagination/total_count").asLong())
                .isEqualTo(
                        Long.parseLong(text("select (select count(*) from programs.enrolment where state = 'suspended')"
                                + " + (select count(*) from programs.reported_enrolment where status = '4')")));
        assertThat(items.get(3).at("/pagination/total_count").asInt()).isZero();
        assertThat(items.get(4)
                        .at("/data/reg_records")
                        .valueStream()
                        .map(one -> one.path("@id").asString()))
                .contains(identifierOf(items.get(0)));
    }

    @Test
    void nobody_reports_enrolments_in_a_programme_of_ours() {
        JsonNode answer = partner.tell(
                "/dci/ibr/registry/sync/enrollment/updates",
                "notify",
                1,
                PartnerSystem.message("{'transaction_id':'t','enrolled_updates':{'beneficiaries':[{'@context':{},"
                        + "'@type':'Beneficiary','assistance_unit':'1','member':{'member_identifier':[{"
                        + "'identifier_type':'PERSON_REF','identifier_value':'" + beneficiary() + "'}]},"
                        + "'programme_identifier':[{'programme_name':'X','programme_identifier':'" + programme()
                        + "'}],'enrollment_date':'2026-03-01T00:00:00Z','enrollment_status':'3','benefits':[]}]}}"));

        assertThat(answer.at("/message/enrolled_response/0/status").asString())
                .as(answer.toString())
                .isEqualTo("rjct");
        assertThat(enrolled(beneficiary())
                        .at("/message/enrolled_response/0/enrolled_status")
                        .asString())
                .isEqualTo("yes");
    }

    @Test
    void a_partner_that_has_to_state_a_consent_does_not_ask_where_there_is_no_place_for_it() {
        try (PartnerSystem other = DemoPartners.agreed(ServerWorld.afterDemo(), draft -> draft)) {
            other.mayKnow("ibr", "", Set.of("identifier"), Set.of());
            other.change(draft -> draft.with(new Partner.Terms(
                    draft.terms().signatures(),
                    draft.terms().signer(),
                    draft.terms().profile(),
                    false,
                    true)));
            JsonNode answer = other.tell(
                    ENROLLED,
                    "search",
                    1,
                    PartnerSystem.message("{'transaction_id':'t','enrolled_criteria':{'query':{'person_identifier':"
                            + "{'eq':'x'}}}}"));

            assertThat(answer.at("/message/error/message").asString()).contains("consent");
        }
    }
}
