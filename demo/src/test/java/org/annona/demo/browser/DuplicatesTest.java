package org.annona.demo.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.SelectOption;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.annona.access.Role;
import org.annona.demo.ServerWorld;
import org.annona.demo.dci.DemoPartners;
import org.annona.exchange.PartnerSystem;
import org.annona.exchange.asking.RemoteRegistries;
import org.annona.programs.Programs;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A source of checks is set up from nothing in the browser, asked, and what it says is decided on. */
class DuplicatesTest {

    private static Browser browser;
    private static ServerWorld world;
    private static PartnerSystem ministry;
    private static volatile String double1 = "";

    @BeforeAll
    static void open() {
        world = ServerWorld.afterDemo();
        browser = Browser.open(world);
        ministry = DemoPartners.knowingEverything(world);
        String tokens = ministry.serve(
                "/token", none -> "{\"access_token\":\"t\",\"expires_in\":900}".getBytes(StandardCharsets.UTF_8));
        String search = ministry.serve("/dci/ibr/registry/sync/search", DuplicatesTest::answer);
        world.server
                .part(RemoteRegistries.class)
                .agree(
                        PartnerSystem.ADMINISTRATOR,
                        ministry.partner.id(),
                        search.substring(0, search.indexOf("/registry/")),
                        tokens,
                        "annona",
                        "secret",
                        100);
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
        if (ministry != null) {
            ministry.close();
        }
    }

    private static byte[] answer(JsonNode request) {
        StringBuilder items = new StringBuilder();
        for (JsonNode item : request.at("/message/search_request")) {
            String value = item.at("/search_criteria/query/value").asString();
            boolean found = value.equals(double1);
            String record = found
                    ? "{'member':{'member_identifier':[{'identifier_type':'UIN','identifier_value':'" + value
                            + "'}]},'programme_identifier':[{'programme_name':'School meals','programme_identifier':"
                            + "'SCHOOL','enrolment_status':'1'}],'enrollment_status':'1'}"
                    : "";
            items.append(items.isEmpty() ? "" : ",")
                    .append("{'reference_id':'" + item.path("reference_id").asString()
                            + "','timestamp':'2026-01-15T10:30:00Z','status':'succ','data':{'reg_records':[" + record
                            + "]},'pagination':{'page_size':10,'page_number':1,'total_count':" + (found ? 1 : 0)
                            + "}}");
        }
        ObjectNode message = PartnerSystem.message("{'correlation_id':'c','search_response':[" + items + "]}");
        message.put("transaction_id", request.at("/message/transaction_id").asString());
        return ministry.signed(ministry.header("on-search", 1).put("status", "succ"), message);
    }

    private static void press(Page page, String button) {
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(button).setExact(true))
                .first()
                .click();
    }

    private static void sees(Page page, String text) {
        page.locator("main").getByText(text).first().waitFor();
    }

    @Test
    void a_source_is_set_up_asked_about_one_and_about_all_and_a_double_is_decided_on() {
        double1 = "";
        Page manager = browser.loggedIn(Role.PROGRAMME_MANAGER);
        manager.navigate("/duplication-checks");
        manager.locator("a:has-text('Set up a source')").click();
        manager.fill("#name", "School meals registry");
        manager.selectOption("#senderId", ministry.senderId);
        press(manager, "Keep");
        manager.locator("[role=alert]").first().waitFor();
        assertThat(manager.inputValue("#name")).isEqualTo("School meals registry");
        Browser.screenshot(manager, "duplicates-refused");
        manager.fill("#basis", "Social Protection Act, section 9");
        press(manager, "Keep");
        sees(manager, "The source was kept.");
        press(manager, "Wait for clearance");
        sees(manager, "waits for clearance");
        press(manager, "Check all of Family grant");
        sees(manager, "All members of the programme are being checked.");
        Awaitility.await()
                .until(() -> world.value("select coalesce(max(result), '') from programs.duplication_check c"
                                + " join programs.duplication_source s on s.id = c.source_id where s.name = 'School meals registry'"
                                + " and state = 'completed'")
                        .equals("no_match"));
        Awaitility.await()
                .until(() -> world.value(
                                "select state from foundation.job where title = 'Check for duplicates with School meals registry'")
                        .equals("done"));
        Browser.reload(manager);
        sees(manager, "no match");
        Browser.screenshot(manager, "duplicates-source");
        press(manager, "Do not wait");
        sees(manager, "does not wait");

        String enrolment =
                world.value("select e.id from programs.enrolment e join programs.membership m on m.household_id ="
                        + " e.subject_id join registry.identifier i on i.person_id = m.person_id and i.type = 'national_id'"
                        + " where e.state = 'enrolled' and i.value_sealed is not null order by e.id limit 1");
        manager.navigate("/enrolments/" + enrolment);
        sees(manager, "Assisted elsewhere?");
        Browser.screenshot(manager, "duplicates-household");
        press(manager, "Ask School meals registry");
        sees(manager, "Every time it was asked");
        Browser.screenshot(manager, "duplicates-check");
        manager.navigate("/enrolments/" + enrolment);
        manager.locator("a:text-is('Member 1')").click();
        sees(manager, "What other registries said of this person.");
        Browser.screenshot(manager, "duplicates-person");
        press(manager, "Ask School meals registry");
        sees(manager, "Every time it was asked");
        assertThat(browser.complaints()).isEmpty();

        manager.navigate("/duplication-checks?f.result=no_match");
        assertThat(manager.locator("tbody tr").count()).isPositive();
        Browser.screenshot(manager, "duplicates-list");
        Page auditor = browser.loggedIn(Role.AUDITOR);
        auditor.navigate("/people/"
                + world.value("select c.person_id from programs.duplication_check c join programs.duplication_source s"
                        + " on s.id = c.source_id where s.name = 'School meals registry' limit 1"));
        auditor.locator("a:text-is('Assisted elsewhere?')").click();
        sees(auditor, "School meals registry");
        assertThat(auditor.locator("main").first().innerText()).doesNotContain("Ask School");
        auditor.navigate("/duplication-checks");
        assertThat(auditor.locator("main").first().innerText()).doesNotContain("Set up a source");
    }

    @Test
    void a_match_waits_for_an_approver_who_decides() {
        Page manager = browser.loggedIn(Role.PROGRAMME_MANAGER);
        manager.navigate("/duplication-sources/new");
        manager.fill("#name", "Second registry");
        manager.selectOption("#senderId", ministry.senderId);
        manager.fill("#basis", "Social Protection Act, section 9");
        press(manager, "Keep");
        String source = manager.url().substring(manager.url().lastIndexOf('/') + 1);
        String person = world.value(
                "select m.person_id from programs.membership m join registry.identifier i on"
                        + " i.person_id = m.person_id and i.type = 'national_id' and i.status = 'unverified' order by 1 limit 1");
        double1 = world.server
                .part(org.annona.registry.Registry.class)
                .identifiersOf(java.util.List.of(java.util.UUID.fromString(person)))
                .values()
                .iterator()
                .next()
                .getFirst()
                .value();
        world.server
                .part(org.annona.programs.Programs.class)
                .checkForDuplicates(
                        world.users.actor(Role.PROGRAMME_MANAGER),
                        java.util.UUID.fromString(source),
                        java.util.UUID.fromString(person));
        Page approver = browser.loggedIn(Role.APPROVER);
        approver.navigate("/");
        sees(approver, "Perhaps assisted elsewhere");
        approver.navigate("/duplication-checks?f.review=open");
        approver.locator("tbody a").first().click();
        sees(approver, "School meals, active");
        Browser.screenshot(approver, "duplicates-review");
        approver.check("input[value=no_duplicate]");
        approver.fill("#reason", "both may be");
        press(approver, "Decide");
        sees(approver, "Decided.");
    }

    @Test
    void a_registrar_asks_from_the_page_of_a_person_and_about_a_typed_identifier() {
        world.server
                .part(Programs.class)
                .createDuplicationSource(
                        world.users.actor(Role.PROGRAMME_MANAGER),
                        "Pensions registry",
                        ministry.senderId,
                        "Pensions Act, section 2",
                        Set.of());
        String person = world.value(
                "select i.person_id from registry.identifier i join registry.person p on p.id ="
                        + " i.person_id where i.type = 'national_id' and p.status = 'active' order by i.person_id desc limit 1");
        Page registrar = browser.loggedIn(Role.REGISTRAR);
        registrar.navigate("/people/" + person);
        registrar.locator("main a:text-is('Assisted elsewhere?')").click();
        press(registrar, "Ask Pensions registry");
        sees(registrar, "The registry was asked.");
        sees(registrar, "no match");
        Browser.screenshot(registrar, "duplicates-registrar");

        registrar.navigate("/assisted-elsewhere");
        registrar.selectOption("#source", new SelectOption().setLabel("Pensions registry"));
        registrar.fill("#type", "BRN");
        registrar.fill("#value", "77-88");
        registrar.fill("#reason", "a newcomer at the counter");
        press(registrar, "Ask");
        sees(registrar, "Nobody in our registry has this identifier.");
        sees(registrar, "no match");
        Browser.screenshot(registrar, "duplicates-typed");

        Page approver = browser.loggedIn(Role.APPROVER);
        approver.navigate("/duplication-checks/"
                + world.value("select c.id from programs.duplication_check c join programs.duplication_source s on"
                        + " s.id = c.source_id where s.name = 'Pensions registry' and c.person_id = '" + person + "'"));
        sees(approver, "Enrolled here");
        sees(approver, "(asked as UIN): ••••");
        Browser.screenshot(approver, "duplicates-approver");
    }
}
