package org.annona.demo.dci;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.demo.ServerWorld;
import org.annona.exchange.PartnerSystem;
import org.annona.exchange.asking.RemoteRegistries;
import org.annona.programs.DuplicationStatus;
import org.annona.programs.Programs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Checks for doubles with a registry of beneficiaries over real HTTP, in every shape in which it may answer. */
class DuplicationWithPartnerTest {

    private static final AtomicInteger NEXT = new AtomicInteger();
    private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
    private ServerWorld world;
    private PartnerSystem ministry;
    private Actor manager;
    private String shape = "none";
    private UUID source;

    @BeforeEach
    void open() {
        world = ServerWorld.afterDemo();
        ministry = DemoPartners.knowingEverything(world);
        manager = world.users.actor(Role.PROGRAMME_MANAGER);
        String tokens = ministry.serve(
                "/token", none -> "{\"access_token\":\"t\",\"expires_in\":900}".getBytes(StandardCharsets.UTF_8));
        String search = ministry.serve("/api/v1/registry/sync/search", request -> {
            asked.add(request);
            return answer(request);
        });
        world.server
                .part(RemoteRegistries.class)
                .agree(
                        PartnerSystem.ADMINISTRATOR,
                        ministry.partner.id(),
                        search.substring(0, search.indexOf("/registry/")),
                        tokens,
                        "annona",
                        "secret",
                        50);
        source = programs()
                .createDuplicationSource(
                        manager,
                        "Ministry " + ministry.senderId,
                        ministry.senderId,
                        "Social Protection Act, section 9",
                        Set.of("FAMILY"));
    }

    @AfterEach
    void close() {
        ministry.close();
    }

    private Programs programs() {
        return world.server.part(Programs.class);
    }

    private byte[] answer(JsonNode request) {
        if (shape.equals("down")) {
            return new byte[0];
        }
        if (shape.equals("page")) {
            return "<html>maintenance</html>".getBytes(StandardCharsets.UTF_8);
        }
        List<String> items = new ArrayList<>();
        for (JsonNode item : request.at("/message/search_request")) {
            items.add(item(
                    item.path("reference_id").asString(),
                    item.at("/search_criteria/query/value").asString()));
        }
        if (shape.equals("nobody")) {
            items.clear();
        }
        ObjectNode message =
                PartnerSystem.message("{'correlation_id':'c','search_response':[" + String.join(",", items) + "]}");
        message.put("transaction_id", request.at("/message/transaction_id").asString());
        ObjectNode header = ministry.header("on-search", items.size()).put("status", "succ");
        byte[] signed = ministry.signed(header, message);
        return switch (shape) {
            case "cut" -> java.util.Arrays.copyOf(signed, signed.length / 2);
            case "changed" ->
                new String(signed, StandardCharsets.UTF_8)
                        .replace("\"SCHOOL\"", "\"OTHERS\"")
                        .getBytes(StandardCharsets.UTF_8);
            default -> signed;
        };
    }

    private String item(String reference, String value) {
        return switch (shape) {
            case "none" -> succ(reference, "", 0);
            case "active", "changed" -> succ(reference, record(value, "SCHOOL", "1"), 1);
            case "suspended" -> succ(reference, record(value, "SCHOOL", "4"), 1);
            case "ended" -> succ(reference, record(value, "SCHOOL", "3"), 1);
            case "own" -> succ(reference, record(value, "FAMILY", "1"), 1);
            case "stranger" -> succ(reference, record("999999999999", "SCHOOL", "1"), 1);
            case "more" -> succ(reference, record(value, "SCHOOL", "3"), 2);
            case "odd" -> succ(reference, record(value, "SCHOOL", "9"), 1);
            case "missing" -> succ("of another question", "", 0);
            case "own of two" -> succ(reference, record(value, "FAMILY", "1"), 2);
            case "without status" ->
                succ(
                        reference,
                        record(value, "SCHOOL", "")
                                .replace("'enrolment_status':''", "'x':1")
                                .replace("'enrollment_status':''", "'y':1"),
                        1);
            case "programs" -> peer(reference, value, "'programs':[{'name':'Food Assistance'}]");
            case "names" -> peer(reference, value, "'programs':['Food Assistance']");
            case "own name" -> peer(reference, value, "'programs':['family']");
            case "enrollments" -> peer(reference, value, "'enrollments':[{'program_name':'School meals'}]");
            case "enrollments active" ->
                peer(reference, value, "'enrollments':[{'program_name':'School meals','status':'active'}]");
            case "no programs" -> peer(reference, value, "'programs':[]");
            case "silent total" ->
                "{'reference_id':'" + reference
                        + "','timestamp':'2026-01-15T10:30:00Z','status':'succ','data':{'reg_records':[]}}";
            default ->
                "{'reference_id':'" + reference + "','timestamp':'2026-01-15T10:30:00Z','status':'"
                        + (shape.equals("pending") ? "pdng" : "rjct")
                        + "','status_reason_code':'rjct.search_criteria.invalid'}";
        };
    }

    /** As registries answer that the client of another system reads: without pages, and mostly without a status. */
    private static String peer(String reference, String value, String programmes) {
        return "{'reference_id':'" + reference + "','status':'succ','data':[{'identifiers':[{'type':'UIN','value':'"
                + value + "'}]," + programmes + "}]}";
    }

    private static String succ(String reference, String record, int total) {
        return "{'reference_id':'" + reference + "','timestamp':'2026-01-15T10:30:00Z','status':'succ','data':{"
                + "'reg_records':[" + record + "]},'pagination':{'page_size':10,'page_number':1,'total_count':" + total
                + "}}";
    }

    private static String record(String value, String programme, String status) {
        return "{'@type':'Beneficiary','member':{'member_identifier':[{'identifier_type':'UIN','identifier_value':'"
                + value
                + "'}]},'programme_identifier':[{'programme_name':'School meals','programme_identifier':'" + programme
                + "','enrolment_status':'" + status + "'}],'enrollment_status':'" + status + "'}";
    }

    /** Somebody with a national number whom no other test asked about. */
    private UUID person() {
        return UUID.fromString(world.value("select person_id from registry.identifier where type = 'national_id'"
                + " and status in ('unverified', 'valid') order by person_id offset " + NEXT.getAndIncrement()
                + " limit 1"));
    }

    @ParameterizedTest
    @CsvSource({
        "none, no_match",
        "nobody, no_match",
        "without status, possible_match",
        "programs, possible_match",
        "names, possible_match",
        "enrollments, possible_match",
        "enrollments active, confirmed_match",
        "own name, inconclusive",
        "own of two, inconclusive",
        "no programs, inconclusive",
        "active, confirmed_match",
        "suspended, possible_match",
        "stranger, possible_match",
        "ended, no_match",
        "own, no_match",
        "more, inconclusive",
        "odd, inconclusive",
        "silent total, inconclusive",
        "rejected, inconclusive",
        "pending, inconclusive",
        "missing, inconclusive",
        "down, inconclusive",
        "page, inconclusive",
        "cut, inconclusive",
        "changed, inconclusive",
    })
    void each_answer_comes_to_what_it_says_and_silence_is_never_no(String given, String result) {
        shape = given;
        UUID check = programs().checkForDuplicates(manager, source, person());
        assertThat(world.value("select result from programs.duplication_check where id = '" + check + "'"))
                .isEqualTo(result);
        assertThat(world.value("select count(*) from programs.duplication_attempt where check_id = '" + check
                        + "' and basis like '%section 9' and answered_at is not null"))
                .isEqualTo("1");
        // What may pass is tried again at once.
        assertThat(asked).hasSize(given.equals("down") ? 4 : 1);
    }

    @Test
    void no_message_tells_by_its_references_who_is_asked_for_twice() {
        UUID person = person();
        shape = "none";
        programs().checkForDuplicates(manager, source, person);
        programs().checkForDuplicates(manager, source, person);

        List<String> references = asked.stream()
                .map(request ->
                        request.at("/message/search_request/0/reference_id").asString())
                .toList();
        assertThat(references).hasSize(2).doesNotHaveDuplicates();
        assertThat(asked.toString()).doesNotContain(person.toString());
    }

    @Test
    void all_members_of_a_programme_are_asked_about_in_a_few_messages() throws Exception {
        UUID programme = programs().programme(manager, "FAMILY").orElseThrow().id();
        programs().checkAllForDuplicates(manager, source, programme);
        DuplicationStatus status = programs().duplication(manager, source);
        for (int i = 0; i < 600 && status.running(); i++) {
            Thread.sleep(50);
            status = programs().duplication(manager, source);
        }
        assertThat(status.running()).isFalse();
        assertThat(status.people()).containsOnlyKeys("no_match", "not_checked");
        int people = asked.stream()
                .mapToInt(request -> request.at("/message/search_request").size())
                .sum();
        assertThat(status.of("no_match")).isEqualTo(people);
        assertThat(asked.size()).isLessThan(people / 10);
        assertThat(Map.copyOf(status.people())).isNotEmpty();
    }
}
