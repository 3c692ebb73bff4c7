package org.annona.demo.dci;

import static org.annona.exchange.PartnerSystem.byReference;
import static org.annona.exchange.PartnerSystem.message;
import static org.annona.exchange.PartnerSystem.search;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.demo.ServerWorld;
import org.annona.exchange.Nonsense;
import org.annona.exchange.PartnerSystem;
import org.annona.registry.ImportStatus;
import org.annona.registry.Registry;
import org.annona.testing.DciSpecification;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/**
 * What the registries of a country do for the exchange, whose own tests ask played ones: they tell of what happens, hide what
 * a partner may not know, refuse what cannot be asked, and break at nothing.
 */
@ResourceLock(DemoPartners.PEOPLE)
class ServedRegistriesTest {

    private static final Actor REGISTRAR = new Actor("amina", "Amina", Set.of(Role.REGISTRAR));
    private static final String SYNC = "/dci/sr/registry/sync/search";
    private static final String WOMEN = "'filter_type':'expression','filter':{'sex':{'$eq':'female'}}";
    /** As many as the test of the exchange sends to the paths at which a registry is asked. */
    private static final int NONSENSE = Integer.getInteger("annona.nonsense", 4_000) * 4 / 13;

    private final ServerWorld world = ServerWorld.afterDemo();
    private PartnerSystem partner;

    @BeforeEach
    void open() {
        partner = DemoPartners.knowingEverything(world);
        partner.mayKnow("ibr", "", Set.of("identifier", "group"), Set.of());
    }

    @AfterEach
    void close() {
        partner.close();
    }

    private static void await(Callable<Boolean> fulfilled) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(fulfilled);
    }

    /** The reference of a woman of the demo. */
    private String somebody() {
        return world.value("select ref from registry.person where status = 'active' and sex = 'F' "
                + "and id in (select person_id from registry.identifier where status in ('unverified', 'valid')) "
                + "and birth_precision = 'day' order by ref limit 1");
    }

    private void subscribe(String registry, String event, String type, String filter) {
        String transaction = UUID.randomUUID().toString();
        partner.tell(
                "/dci/" + registry + "/registry/subscribe",
                "subscribe",
                1,
                message("{'transaction_id':'" + transaction + "','subscribe_request':[{'reference_id':'w-1',"
                        + "'timestamp':'2026-01-15T10:30:00Z','subscribe_criteria':{'reg_event_type':'" + event + "',"
                        + filter + ",'notify_record_type':'" + type + "'}}]}"));
        JsonNode answer = partner.receivesAnswer(transaction);
        assertThat(answer.at("/message/subscribe_response/0/status").asString())
                .as(answer.toString())
                .isEqualTo("succ");
    }

    private List<JsonNode> notified(String event) {
        return partner.received.stream()
                .filter(one -> one.at("/header/action").asString("").equals("notify"))
                .flatMap(one -> one.at("/message/notify_event").valueStream())
                .filter(one -> one.at("/data/reg_event_type").asString("").equals(event))
                .toList();
    }

    private JsonNode notification() {
        return partner.receives(one -> one.at("/header/action").asString("").equals("notify"));
    }

    /** Two people of a new household: a woman at its head, and a man. */
    private void register() {
        Registry registry = world.server.part(Registry.class);
        String household = "S" + UUID.randomUUID().toString().substring(0, 8);
        String csv = "household_no,role,given_name,family_name,sex,birth_date,area_code\n" + household
                + ",head,Zawadi,Otieno,F,1980-02-03,\n" + household + ",spouse,Juma,Otieno,M,1979-05-06,\n";
        ImportStatus uploaded = registry.uploadPeople(
                REGISTRAR, "people.csv", new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8)));
        registry.checkImport(REGISTRAR, uploaded.id(), uploaded.mapping(), uploaded.dateOrder(), household);
        await(() -> registry.importStatus(REGISTRAR, uploaded.id()).state() == ImportStatus.State.CHECKED);
        registry.applyImport(REGISTRAR, uploaded.id());
        await(() -> registry.importStatus(REGISTRAR, uploaded.id()).state() == ImportStatus.State.APPLIED);
    }

    @Test
    void registrations_are_told_as_the_filter_says() {
        subscribe("sr", "spdci-common:RegistryEventType:register", "Member", WOMEN);
        register();
        await(() -> !notified("REGISTER").isEmpty());

        assertThat(notified("REGISTER")).hasSize(1);
        assertThat(notified("REGISTER")
                        .getFirst()
                        .at("/data/reg_records/demographic_info/name/given_name")
                        .asString())
                .isEqualTo("Zawadi");
        assertThat(DciSpecification.faultsIfHere(
                        "social",
                        "/components/schemas/NotifyEventRequest",
                        notification().path("message")))
                .isEmpty();
    }

    @Test
    void new_members_are_told_with_their_household() {
        subscribe("sr", "NewHouseHoldMember", "Group", "'filter_type':'expression','filter':{'group_size':{'$gte':1}}");
        register();
        await(() -> !notified("NewHouseHoldMember").isEmpty());

        assertThat(notified("NewHouseHoldMember")
                        .getFirst()
                        .at("/data/reg_records/group_size")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void a_change_of_an_enrolment_is_told() throws SQLException {
        subscribe(
                "ibr",
                "enrollement_status_change",
                "Beneficiary",
                "'filter_type':'expression','filter':{'type':'ns:org:QueryType:expression','value':{'expression':"
                        + "{'collection':'Beneficiary','query':{'enrollment_status':{'$eq':'Suspended'}}}}}");
        try (Connection admin = world.installation.address().connectAsAdmin();
                var sql = admin.createStatement()) {
            String one =
                    "(select id from programs.enrolment where state in ('enrolled', 'suspended') order by id limit 1)";
            sql.execute("update programs.enrolment set state = 'suspended', reason = 'UNREACHABLE', changed_at = now() "
                    + "where id = " + one);
            await(() -> !notified("enrollement_status_change").isEmpty());
            sql.execute(
                    "update programs.enrolment set state = 'enrolled', reason = 'CAUSE_CLEARED', changed_at = now() "
                            + "where id = " + one);
        }

        assertThat(notified("enrollement_status_change")
                        .getFirst()
                        .at("/data/reg_records/enrollment_status")
                        .asString())
                .isEqualTo("4");
        assertThat(DciSpecification.faultsIfHere(
                        "ibr",
                        "/components/schemas/NotifyEventRequest",
                        notification().path("message")))
                .isEmpty();
    }

    private void report(String person, String status) {
        JsonNode answer = partner.tell(
                "/dci/ibr/registry/sync/enrollment/updates",
                "notify",
                1,
                message("{'transaction_id':'t','enrolled_updates':{'beneficiaries':[{'@context':{},"
                        + "'@type':'Beneficiary','assistance_unit':'1','member':{'member_identifier':[{"
                        + "'identifier_type':'PERSON_REF','identifier_value':'" + person + "'}]},"
                        + "'programme_identifier':[{'programme_name':'SharedAttributes','programme_identifier':'TOLD'}],"
                        + "'enrollment_date':'2026-03-01T00:00:00Z','enrollment_status':'" + status
                        + "','benefits':[]}]}}"));
        assertThat(answer.at("/message/enrolled_response/0/status").asString())
                .as(answer.toString())
                .isEqualTo("succ");
    }

    private List<String> told(String event) {
        return notified(event).stream()
                .map(one -> one.at("/data/reg_records/enrollment_status").asString())
                .toList();
    }

    @Test
    void enrolments_that_others_report_are_told_too() {
        String ofProgramme = "'filter_type':'expression','filter':{'programme_identifier':{'$eq':'TOLD'}}";
        subscribe("ibr", "enrollement", "Beneficiary", ofProgramme);
        subscribe("ibr", "enrollement_status_change", "Beneficiary", ofProgramme);
        String person = somebody();
        report(person, "1");
        await(() -> !notified("enrollement").isEmpty());
        report(person, "3");
        await(() -> !notified("enrollement_status_change").isEmpty());

        assertThat(told("enrollement")).containsExactly("1");
        assertThat(told("enrollement_status_change")).containsExactly("3");
    }

    @Test
    void attributes_that_a_partner_may_not_know_are_neither_told_nor_askable() {
        try (PartnerSystem poor = DemoPartners.agreed(world, draft -> draft)) {
            poor.mayKnow("sr", "", Set.of("identifier", "sex"), Set.of("name", "phone_number"));
            JsonNode answer = poor.tell(
                    SYNC,
                    "search",
                    2,
                    search(
                            byReference(somebody()),
                            "{'query_type':'expression','query':{'birth_date':{'$gt':'1900-01-01'}}}"));
            JsonNode person = answer.at("/message/search_response/0/data/reg_records/0/demographic_info");

            assertThat(person.path("sex").asString()).isEqualTo("female");
            assertThat(person.has("birth_date")).isFalse();
            assertThat(person.at("/name/given_name").asString()).contains("•");
            assertThat(answer.at("/message/search_response/1/status_reason_code")
                            .asString())
                    .isEqualTo("rjct.search_criteria.invalid");
        }
    }

    @Test
    void what_cannot_be_asked_is_rejected() {
        JsonNode items = partner.tell(
                        SYNC,
                        "search",
                        4,
                        search(
                                "{'query_type':'expression','query':{'password':{'$eq':'x'}}}",
                                "{'query_type':'expression','query':{'sex':{'$like':'x'}}}",
                                "{'query_type':'idtype-value','query':{'type':'PASSPORT','value':'x'}}",
                                "{'query_type':'expression','query':{'sex':'female'},'sort':[{'attribute_name':'x'}]}"))
                .at("/message/search_response");

        assertThat(items.valueStream()
                        .map(item -> item.path("status_reason_code").asString()))
                .containsExactly(
                        "rjct.search_criteria.invalid",
                        "rjct.search_criteria.invalid",
                        "rjct.search_criteria.invalid",
                        "rjct.sort.invalid");
        assertThat(items).allSatisfy(item -> assertThat(item.has("data")).isFalse());
    }

    /** Rows as text hold every column but bytes in clear; those are sealed or hashes. */
    @Test
    void nothing_that_is_asked_or_told_stands_in_clear_in_a_table_or_a_log() throws Exception {
        JsonNode member = partner.tell(SYNC, "search", 1, search(byReference(somebody())))
                .at("/message/search_response/0/data/reg_records/0");
        String name = member.at("/demographic_info/name/given_name").asString();
        String number = member.at("/member_identifier/0/identifier_value").asString();
        partner.tell(
                SYNC,
                "search",
                1,
                search("{'query_type':'idtype-value','query':{'type':'UIN','value':'" + number + "'}}"));
        List<String> leaks = new ArrayList<>();
        try (Connection admin = world.installation.address().connectAsAdmin();
                var sql = admin.createStatement();
                var tables = admin.createStatement()
                        .executeQuery("select table_schema || '.' || table_name from information_schema.tables "
                                + "where table_schema in ('exchange', 'foundation')")) {
            while (tables.next()) {
                try (var rows = sql.executeQuery("select count(*) from " + tables.getString(1)
                        + " t where t::text like '%" + name + "%' or t::text like '%" + number + "%'")) {
                    rows.next();
                    if (rows.getLong(1) > 0) {
                        leaks.add(tables.getString(1));
                    }
                }
            }
        }

        assertThat(name).isNotBlank();
        assertThat(number).hasSize(12);
        assertThat(leaks).isEmpty();
        assertThat(Files.readString(
                        Path.of(Objects.requireNonNull(System.getProperty("annona.log.file"), "set by the build"))))
                .doesNotContain(number);
    }

    @Test
    void nonsense_never_breaks_a_registry() {
        partner.token();
        List<String> outcomes = IntStream.range(0, NONSENSE)
                .parallel()
                .mapToObj(number -> judged(partner.send(Nonsense.question(partner, new Random(number))), number))
                .distinct()
                .toList();

        assertThat(outcomes).hasSizeGreaterThan(5);
        assertThat(world.value(
                        "select count(*) from programs.reported_enrolment where reporter = '" + partner.senderId + "'"))
                .isEqualTo("0");
        // What was acknowledged is answered, too.
        await(() -> world.value("select count(*) from exchange.transaction where finished_at is null"
                        + " and partner_id = '" + partner.partner.id() + "'")
                .equals("0"));
    }

    private static String judged(HttpResponse<byte[]> response, int number) {
        String text = new String(response.body(), StandardCharsets.UTF_8);
        assertThat(response.statusCode()).as(number + ": " + text).isLessThan(500);
        JsonNode answer = PartnerSystem.json(response);
        return answer.at("/header/status").asString("")
                + answer.at("/message/ack_status").asString("")
                + answer.at("/message/error/code").asString("");
    }
}
