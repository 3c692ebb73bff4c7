package org.annona.demo.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.AriaRole;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.access.Role;
import org.annona.demo.ServerWorld;
import org.annona.registry.ImportStatus;
import org.annona.registry.Registry;
import org.annona.simulators.odk.SimulatedOdkCentral;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A token connector is set up from nothing in the browser, tried, run, and its outcome read. */
class TokenPagesTest {

    private static Browser browser;
    private static ServerWorld world;

    @BeforeAll
    static void open() {
        world = ServerWorld.copy();
        browser = Browser.open(world);
        register(
                "TH1,head,Wambui,Test One,F,1976-01-01,1555000001",
                "TH2,head,Wambui,Test Two,F,1977-01-01,1555000002",
                "TH3,head,Wambui,Test Three,F,1978-01-01,9555000003",
                // The authority takes her for the first one.
                "TH4,head,Wambui,Test Four,F,1979-01-01,5555000001",
                "TH5,head,Wambui,Test Five,F,,1555000005");
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
        world.close();
    }

    private static void register(String... rows) {
        Registry registry = world.server.part(Registry.class);
        var registrar = world.users.actor(Role.REGISTRAR);
        String file = "household_no,role,given_name,family_name,sex,birth_date,vid,address\n"
                + String.join(",12 Main St\n", rows) + ",12 Main St\n";
        ImportStatus uploaded = registry.uploadPeople(
                registrar, "tokens.csv", new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)));
        UUID id = uploaded.id();
        registry.checkImport(registrar, id, uploaded.mapping(), uploaded.dateOrder(), "browser test");
        Awaitility.await().until(() -> registry.importStatus(registrar, id).state() == ImportStatus.State.CHECKED);
        registry.applyImport(registrar, id);
        Awaitility.await().until(() -> registry.importStatus(registrar, id).state() == ImportStatus.State.APPLIED);
        assertThat(registry.importStatus(registrar, id).rowsCreated()).isEqualTo(rows.length);
    }

    private static void press(Page page, String button) {
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(button).setExact(true))
                .first()
                .click();
    }

    private static void sees(Page page, String text) {
        try {
            page.locator("body").getByText(text).first().waitFor();
        } catch (TimeoutError missing) {
            throw new AssertionError(
                    "'" + text + "' is not on the page: " + page.locator("main").innerText(), missing);
        }
    }

    private static final String OURS =
            "[[\"reg_ids.value\",\"in\",[\"1555000001\",\"1555000002\",\"9555000003\",\"5555000001\","
                    + "\"1555000005\"]]]";

    @Test
    void a_connector_is_set_up_tried_run_and_read() {
        Page admin = browser.loggedIn(Role.ADMINISTRATOR);
        admin.navigate("/token-connectors");
        admin.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Set up a connector"))
                .click();
        Browser.screenshot(admin, "tokens-new");
        admin.fill("#name", "Browser test");
        admin.fill("#seederUrl", world.seeder.url() + "/");
        admin.fill("#filter", "[[\"nmae\",\"=\",1]]");
        press(admin, "Keep as a draft");
        sees(admin, "no field 'nmae'");
        sees(admin, "Legal basis: name the law");
        assertThat(admin.inputValue("#name")).isEqualTo("Browser test");
        Browser.screenshot(admin, "tokens-refused");

        admin.fill("#filter", OURS);
        admin.fill("#basisReference", "Social Protection Act, section 12");
        admin.fill("#backOff", "1");
        press(admin, "Check");
        sees(admin, "Fewer than ten people are selected today");
        Browser.screenshot(admin, "tokens-checked");
        admin.selectOption("#delivery", "download");
        admin.locator("summary:text-is('More')").click();
        admin.fill("#firstPoll", "1");
        press(admin, "Keep as a draft");
        sees(admin, "kept as a draft");
        String path = admin.url();

        Page registrar = browser.loggedIn(Role.REGISTRAR);
        registrar.navigate(path);
        registrar.locator("a:has-text('Look whom it selects')").click();
        sees(registrar, "5 people are selected today");
        sees(registrar, "not known dob");
        assertThat(registrar.locator("#report").innerText())
                .doesNotContain("1555000001")
                .contains("••••0001");
        Browser.screenshot(registrar, "tokens-preview");
        registrar.navigate(path);
        String reference =
                world.value("select p.ref from registry.person p join registry.identifier i on i.person_id = p.id"
                        + " where i.type = 'virtual_id' order by p.created_at desc, p.ref limit 1");
        registrar.fill("#reference", reference);
        press(registrar, "Send her as a file request");
        registrar.locator("[role=status], [role=alert]").first().waitFor();
        registrar.fill("#reference", "P-000");
        press(registrar, "Send her as a file request");
        sees(registrar, "is not selected by the filter");
        press(registrar, "Start");
        sees(registrar, "Started.");
        Awaitility.await()
                .until(() -> world.value("select state from tokens.connector where name = 'Browser test'")
                        .equals("completed"));
        Browser.reload(registrar);
        sees(registrar, "has a token");
        sees(registrar, "token of another person");
        sees(registrar, "IDA-MLC-004");
        sees(registrar, "LOCAL-DATA");
        Browser.screenshot(registrar, "tokens-connector");
        registrar.locator("a:text-is('IDA-MLC-004')").click();
        sees(registrar, "the authority does not know this virtual ID");
        Browser.screenshot(registrar, "tokens-people");
        registrar.locator("a:has-text('Try those with IDA-MLC-004 again')").click();
        registrar.fill("#reason", "the authority had an outage");
        press(registrar, "Try again");
        sees(registrar, "1 people stand in the queue again");
        registrar.locator("a:has-text('Messages (')").click();
        sees(registrar, "Messages of Browser test");
        Browser.screenshot(registrar, "tokens-messages");

        registrar.navigate("/token-cases");
        registrar.locator("tbody a").first().click();
        sees(registrar, "The token that came for the first person belongs to the second one.");
        Browser.screenshot(registrar, "tokens-case");
        registrar.check("input[value=different_people]");
        registrar.fill("#reason", "they were both here");
        press(registrar, "Decide");
        sees(registrar, "Decided.");
        assertThat(browser.complaints()).allMatch(complaint -> complaint.contains("403"));
    }

    @Test
    void a_form_of_odk_is_set_up_tried_read_and_its_unknown_people_are_found_later() throws IOException {
        try (SimulatedOdkCentral odk = new SimulatedOdkCentral(0)) {
            odk.start();
            register("TH6,head,Wambui,Form One,F,1976-01-01,1555000006");
            for (String vid : List.of("1555000006", "1555000007")) {
                odk.submit(
                        Instant.parse("2026-02-03T08:00:00Z"),
                        Map.of(
                                "id",
                                vid,
                                "name",
                                "Wambui",
                                "sex",
                                "Female",
                                "dob",
                                "1976-01-01",
                                "address",
                                "Main St"));
            }
            Page admin = browser.loggedIn(Role.ADMINISTRATOR);
            admin.navigate("/token-connectors");
            admin.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Set up one for an ODK form"))
                    .click();
            admin.fill("#name", "Household visits");
            admin.fill("#seederUrl", world.seeder.url());
            admin.fill("#odkUrl", "odk?x");
            admin.fill("#odkFrom", "last week");
            press(admin, "Keep as a draft");
            sees(admin, "Submissions from: it looks like");
            admin.fill("#odkFrom", "2026-02-01");
            press(admin, "Keep as a draft");
            sees(admin, "Address of ODK Central: it looks like https://odk.example");
            sees(admin, "Submissions until: for one run say until when");
            Browser.screenshot(admin, "form-refused");
            admin.fill("#odkUrl", odk.url());
            admin.fill("#odkProject", SimulatedOdkCentral.PROJECT);
            admin.fill("#odkForm", SimulatedOdkCentral.FORM);
            admin.fill("#odkEmail", SimulatedOdkCentral.EMAIL);
            admin.fill("#odkTo", "2026-02-05");
            admin.fill(
                    "#mapping",
                    "{\"vid\":\"id\",\"name\":[\"name\"],\"gender\":\"sex\",\"dob\":\"dob\",\"fullAddress\":[\"address\"]}");
            admin.fill("#basisReference", "Social Protection Act, section 12");
            admin.fill("#backOff", "1");
            press(admin, "Check");
            sees(admin, "selected today");
            press(admin, "Keep as a draft");
            sees(admin, "Password of the account in ODK: type it");
            admin.fill("#odkPassword", SimulatedOdkCentral.PASSWORD);
            admin.locator(".card:has-text('how patiently') summary").click();
            admin.fill("#firstPoll", "1");
            press(admin, "Keep as a draft");
            sees(admin, "kept as a draft");
            assertThat(admin.content()).doesNotContain(SimulatedOdkCentral.PASSWORD);
            String path = admin.url();

            Page registrar = browser.loggedIn(Role.REGISTRAR);
            registrar.navigate(path);
            registrar.fill("#from", "2026-02-03");
            registrar.fill("#to", "soon");
            press(registrar, "Have them read");
            sees(registrar, "From when until when is not understood");
            registrar.navigate(path);
            registrar.fill("#from", "2026-02-03");
            registrar.fill("#to", "2026-02-04");
            press(registrar, "Have them read");
            sees(
                    registrar,
                    "The seeder read 2 submissions; 2 of its results can be read, 2 bring a token, and 1 are of");
            press(registrar, "Start");
            sees(registrar, "Started.");
            awaitCompleted();
            Browser.reload(registrar);
            sees(registrar, "Those of whom the mark of an active entry is yes");
            Browser.screenshot(registrar, "form-connector");
            registrar.locator("a:text-is('Parts of the form')").click();
            sees(registrar, "Parts of the form that Household visits reads");
            Browser.screenshot(registrar, "form-windows");
            registrar.navigate(path + "/submissions");
            sees(registrar, "nobody has this virtual ID");
            Browser.screenshot(registrar, "form-submissions");

            register("TH7,head,Wambui,Form Two,F,1976-01-01,1555000007");
            registrar.locator("a:text-is('Read those of nobody again')").click();
            registrar.fill("#reason", "she was registered today");
            press(registrar, "Read again");
            sees(registrar, "One part of the form is read again");
            registrar.navigate(path);
            press(registrar, "Start again");
            awaitCompleted();
            registrar.navigate(path + "/submissions?f.of=nobody");
            sees(registrar, "Submissions stand here");
            registrar.navigate(path + "/submissions?f.of=somebody");
            assertThat(registrar.locator("tbody tr").count()).isEqualTo(2);
            assertThat(browser.complaints()).allMatch(complaint -> complaint.contains("40"));
        }
    }

    private static void awaitCompleted() {
        Awaitility.await()
                .until(() -> world.value(
                                "select state || coalesce((select ' runs' from foundation.job j where j.subject ="
                                        + " 'connector/' || c.id and j.state in ('waiting', 'running')"
                                        + " limit 1), '') from tokens.connector c where name = 'Household visits'")
                        .equals("completed"));
    }

    @Test
    void a_rule_for_virtual_ids_is_checked_counted_and_an_identifier_given_back() {
        Page admin = browser.loggedIn(Role.ADMINISTRATOR);
        admin.navigate("/token-retention");
        sees(admin, "Virtual IDs of people with a token");
        Browser.screenshot(admin, "retention");
        admin.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Set up a rule"))
                .click();
        admin.fill("#name", "Second rule");
        admin.fill("#window", "many");
        press(admin, "Check");
        sees(admin, "whole number");
        admin.fill("#window", "30");
        admin.selectOption("#held", "virtual_id");
        press(admin, "Check");
        sees(admin, "cannot be the reason for its own removal");
        admin.selectOption("#held", "identity_token");
        admin.selectOption("#active", "false");
        press(admin, "Check");
        sees(admin, "Today it is for");
        Browser.screenshot(admin, "retention-checked");
        press(admin, "Keep");
        sees(admin, "The rule was kept.");

        Page registrar = browser.loggedIn(Role.REGISTRAR);
        registrar.navigate("/token-retention");
        registrar
                .locator(".card:has-text('Second rule') button:has-text('Count what would go')")
                .click();
        sees(registrar, "It is being counted.");
        Awaitility.await()
                .until(() -> world.value(
                                "select count(*) from tokens.retention_run where dry_run and ended_at is not null")
                        .equals("1"));

        admin.navigate("/retired-identifiers");
        Browser.screenshot(admin, "retired-identifiers");
        admin.locator("a:text-is('give back')").first().click();
        admin.fill("#reason", "needed at the bank");
        press(admin, "Give back");
        sees(admin, "The identifier was given back.");
        assertThat(browser.loggedIn(Role.REGISTRAR)
                        .navigate("/token-connectors/new")
                        .status())
                .isEqualTo(403);
    }
}
