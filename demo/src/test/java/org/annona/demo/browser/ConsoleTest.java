package org.annona.demo.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.AriaRole;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.annona.access.Role;
import org.annona.demo.ServerWorld;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console as its users see it, in a real browser. */
class ConsoleTest {

    private static ServerWorld world;
    private static Browser browser;

    @BeforeAll
    static void open() {
        world = ServerWorld.copy();
        browser = Browser.open(world);
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
        world.close();
    }

    private static Page at(Role role, String path) {
        Page page = browser.loggedIn(role);
        page.navigate(path);
        return page;
    }

    private static void press(Page page, String button) {
        page.locator("#content")
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(button))
                .first()
                .click();
    }

    private static void follow(Page page, String link) {
        page.locator("#content")
                .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName(link))
                .first()
                .click();
    }

    /** Waits until a page that is loaded anew by itself shows the text. */
    private static void awaitText(Page page, String text) {
        for (int i = 0; i < 60 && !shows(page, text); i++) {
            page.waitForTimeout(250);
            if (i % 8 == 7) {
                Browser.reload(page);
            }
        }
        assertThat(page.locator("main").first().innerText()).contains(text);
    }

    private static boolean shows(Page page, String text) {
        try {
            return page.locator("main").first().innerText().contains(text);
        } catch (PlaywrightException pageIsBeingLoaded) {
            return false;
        }
    }

    @Test
    void a_stranger_sees_the_login_page_and_nothing_else() {
        Page page = browser.stranger();
        for (String path : List.of("/", "/people", "/envelopes", "/audit", "/people.csv")) {
            page.navigate(path);
            assertThat(page.url()).endsWith("/login");
        }
        page.fill("#name", "manager");
        page.fill("#password", "not the password");
        page.click("button[type=submit]");
        assertThat(page.locator("[role=alert]").innerText()).isNotBlank();
        Browser.screenshot(page, "login-refused");
    }

    @Test
    void every_page_of_the_navigation_opens_for_those_who_see_it_and_without_a_complaint_of_the_browser() {
        Page page = browser.stranger();
        for (Role role : Role.values()) {
            Page person = browser.loggedIn(role);
            Browser.screenshot(person, "home-" + role.code());
            List<String> paths = person.locator("nav a").all().stream()
                    .map(link -> link.getAttribute("href"))
                    .toList();
            assertThat(paths).contains("/");
            for (String path : paths) {
                Response response = person.navigate(path);
                assertThat(response.status()).as(role + " at " + path).isEqualTo(200);
                Browser.screenshot(person, role.code() + path.replace('/', '-'));
            }
            person.close();
        }
        page.close();
        assertThat(browser.complaints())
                .filteredOn(text -> !text.contains("/login"))
                .isEmpty();
    }

    @Test
    void pages_of_others_are_refused_with_a_sentence_and_hidden_in_the_navigation() {
        Page page = at(Role.REGISTRAR, "/envelopes");

        assertThat(page.content()).contains("Finance officer");
        assertThat(page.locator("nav").innerText()).doesNotContain("Ledger");
        Browser.screenshot(page, "refused");
    }

    @Test
    void people_are_found_by_number_phone_and_words_of_the_name_and_shown_masked() throws Exception {
        String[] cells = Files.readAllLines(world.folder.resolve("sample/people.csv")).stream()
                .skip(1)
                .map(row -> row.split(",", -1))
                .filter(row -> !row[6].isEmpty())
                .findFirst()
                .orElseThrow();
        Page page = at(Role.REGISTRAR, "/people");
        for (String wanted : List.of(cells[6], cells[7], cells[2] + " " + cells[3])) {
            page.fill("#f-q", wanted);
            press(page, "Show");
            assertThat(page.locator("tbody tr").count()).as(wanted).isPositive();
            assertThat(page.locator("tbody").innerText()).doesNotContain(cells[6]);
        }
        page.locator("tbody a").first().click();
        Browser.screenshot(page, "person-masked");
        assertThat(page.content()).doesNotContain(cells[6]).contains("Masked");
        page.selectOption("#occasion", "identity");
        page.fill("#reason", "test of the masked view");
        press(page, "Show once");
        assertThat(page.content()).doesNotContain("Show once");
        Browser.screenshot(page, "person-clear");
    }

    @Test
    void a_file_is_imported_through_its_columns_check_and_confirmation(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("Dorf & Söhne.csv");
        Files.write(
                file,
                ("Prénom;Nom;Sexe;Date de naissance;HH ID;Rôle\n"
                                + "Zoé;Müller-Test;F;03/02/1980;T1;head\n"
                                + "Bad;Row;F;31/02/1980;T1;child\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        Page page = at(Role.REGISTRAR, "/imports");
        page.setInputFiles("#file", file);
        press(page, "Look at it");
        Browser.screenshot(page, "import-columns");
        assertThat(page.inputValue("#column-0")).isEqualTo("GIVEN_NAME");
        assertThat(page.inputValue("#column-5")).isEqualTo("ROLE");
        page.fill("#source", "browser test");
        press(page, "Check every row");
        awaitText(page, "Continue");
        Browser.screenshot(page, "import-checked");
        assertThat(page.content()).contains("DATE_UNREADABLE".toLowerCase(java.util.Locale.ROOT));
        follow(page, "Continue: write into the registry");
        Browser.screenshot(page, "import-confirm");
        press(page, "Write 1 people");
        awaitText(page, "added");
        Browser.screenshot(page, "import-done");
    }

    @Test
    void nonsense_in_a_form_keeps_what_was_typed_and_says_what_is_wrong() {
        Page page = at(Role.PROGRAMME_MANAGER, "/programmes/new?template=emergency");
        page.fill("#code", "WRONG");
        page.check("[name=everybody]");
        page.fill("#base", "a lot");
        press(page, "Save the draft");

        assertThat(page.locator("[role=alert]").innerText()).contains("For the household");
        assertThat(page.inputValue("#base")).isEqualTo("a lot");
        Browser.screenshot(page, "programme-form-error");
    }

    @Test
    void a_second_programme_goes_from_template_to_the_last_payment_by_people_and_the_strip_of_the_demo() {
        Page manager = at(Role.PROGRAMME_MANAGER, "/programmes/new?template=elder");
        Browser.screenshot(manager, "programme-form");
        manager.fill("#code", "BROWSER");
        press(manager, "Save the draft");
        press(manager, "Submit for approval");
        String programme = manager.url();

        Page approver = at(Role.APPROVER, "/approvals?f.mine=yes");
        Browser.screenshot(approver, "approvals");
        approver.locator("tbody a").first().click();
        Browser.screenshot(approver, "approval-terms");
        press(approver, "Approve the terms");
        awaitText(approver, "in force");

        manager.navigate(programme);
        press(manager, "Preview");
        awaitText(manager, "eligible");
        Browser.screenshot(manager, "programme-preview");
        manager.locator("a.btn-primary", new Page.LocatorOptions().setHasText("Enrol"))
                .click();
        Browser.screenshot(manager, "enrol-confirm");
        manager.locator("button.btn-primary").click();
        awaitText(manager, "Name of the new cycle");
        manager.fill("#code", "2026-12");
        press(manager, "Open the cycle");
        awaitText(manager, "waits for approval");
        String cycle = manager.url();
        Browser.screenshot(manager, "cycle-computed");

        manager.navigate("/approvals");
        manager.locator("tbody a").first().click();
        awaitText(manager, "Another role decides on this");
        assertThat(manager.content()).doesNotContain("Approve the list");

        approver.navigate("/approvals?f.mine=yes");
        approver.locator("tbody a").first().click();
        Browser.screenshot(approver, "approval-cycle");
        press(approver, "Approve the list");
        awaitText(approver, "The list is approved");

        Page finance = at(Role.FINANCE_OFFICER, "/approvals?f.mine=yes");
        finance.locator("tbody a").first().click();
        awaitText(finance, "too small");
        assertThat(finance.locator("button", new Page.LocatorOptions().setHasText("Release"))
                        .count())
                .isZero();
        Browser.screenshot(finance, "release-without-funds");

        finance.navigate("/funds");
        finance.selectOption("#programme", "BROWSER");
        finance.fill("#amount", "10000000");
        press(finance, "Announce");
        Browser.screenshot(finance, "funds");
        assertThat(finance.locator("[role=status]").innerText()).containsPattern("reference [0-9A-Z]{16}");
        outside(finance, "Treasury: pay announced funds");
        finance.navigate("/approvals?f.mine=yes");
        finance.locator("tbody a").first().click();
        awaitText(finance, "10,000,000.00 KES");
        finance.locator("button", new Page.LocatorOptions().setHasText("Release"))
                .first()
                .click();
        awaitText(finance, "The money is released");
        finance.navigate("/envelopes");
        awaitText(finance, "Elder support");
        Browser.screenshot(finance, "envelopes");
        finance.locator("tbody a").first().click();
        awaitText(finance, "with the bank");
        Browser.screenshot(finance, "envelope");
        manager.navigate(cycle);
        Browser.screenshot(manager, "cycle-released");
        awaitText(finance, "Give them up");
        follow(finance, "Give them up");
        finance.fill("#reason", "no account is known; paid by hand");
        finance.locator("#content button[type=submit]").click();
        for (int weeks = 0; weeks < 10 && !stateOf(manager).equals("closed"); weeks++) {
            outside(manager, "5 days");
            manager.waitForTimeout(500);
            Browser.reload(manager);
        }
        assertThat(stateOf(manager)).isEqualTo("closed");
        assertThat(manager.locator("#content").innerText()).containsPattern("paid\\s+1\\d\\d");
        Browser.screenshot(manager, "cycle-paid");
    }

    private static String stateOf(Page cycle) {
        return cycle.locator(".page-header p").innerText();
    }

    /** Lets the world outside do something, by the strip of the demo. */
    private static void outside(Page page, String button) {
        Locator place = page.locator("aside[aria-label=Demo]")
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(button));
        page.waitForResponse(
                response -> response.request().isNavigationRequest() && response.status() == 200, place::click);
        page.locator("[role=status]").waitFor();
    }

    @Test
    void failed_payments_show_their_reason_and_the_ledger_balances() {
        Page page = at(Role.FINANCE_OFFICER, "/envelopes");
        page.locator("tbody a").last().click();
        page.selectOption("#f-state", "rejected");
        press(page, "Show");
        Browser.screenshot(page, "payments-rejected");
        assertThat(page.locator("tbody").last().innerText()).containsPattern("AC0[146]");
        page.locator("tbody").last().locator("a").first().click();
        Browser.screenshot(page, "payment");
        page.navigate("/ledger");
        press(page, "Check every invariant now");
        assertThat(page.content()).contains("Every invariant of money holds");
        Browser.screenshot(page, "ledger");
        page.navigate("/ledger/transfers");
        Browser.screenshot(page, "transfers");
        page.navigate("/statements");
        page.locator("tbody a").last().click();
        Browser.screenshot(page, "statement");
    }

    @Test
    void a_statement_that_cannot_be_taken_in_is_told_to_finance_until_a_good_one_comes() {
        world.bank.misbehave("wrongOpening=1000");
        world.bank.closeDays(1);
        Page finance = at(Role.FINANCE_OFFICER, "/statements");
        awaitText(finance, "The next statement of the bank cannot be taken in.");
        Browser.screenshot(finance, "statement-refused");
        finance.navigate("/");
        awaitText(finance, "statement");
        Browser.screenshot(finance, "home-statement-refused");

        world.bank.misbehave("wrongOpening=0");
        world.bank.closeDays(1);
        finance.navigate("/statements");
        for (int i = 0; i < 60 && finance.locator("[role=alert]").count() > 0; i++) {
            finance.waitForTimeout(500);
            Browser.reload(finance);
        }
        assertThat(finance.locator("[role=alert]").count()).isZero();
    }

    @Test
    void an_auditor_follows_a_household_to_its_money_and_verifies_the_trail() {
        Page page = at(Role.AUDITOR, "/cycles");
        page.locator("tbody a").last().click();
        page.navigate("/cycles");
        page.locator("tbody tr").last().locator("a").first().click();
        Browser.screenshot(page, "cycle-closed");
        page.locator("tbody").last().locator("a").first().click();
        Browser.screenshot(page, "enrolment");
        assertThat(page.content()).contains("base amount");
        page.navigate("/audit");
        press(page, "Verify every entry now");
        assertThat(page.content()).contains("unbroken");
        Browser.screenshot(page, "audit");
        page.navigate("/jobs");
        page.locator("tbody a").first().click();
        Browser.screenshot(page, "job");
    }

    @Test
    void a_new_user_chooses_her_own_password_before_anything_else() {
        world.server
                .part(org.annona.access.Users.class)
                .createIfAbsent("newcomer", "Newcomer", java.util.Set.of(Role.AUDITOR), "first words for her", true);
        Page page = browser.stranger();
        page.navigate("/login");
        page.fill("#name", "newcomer");
        page.fill("#password", "first words for her");
        page.click("button[type=submit]");
        awaitText(page, "Choose a password of your own");
        page.fill("#current", "first words for her");
        page.fill("#wanted", "other words of her own");
        page.fill("#again", "other words of her own");
        press(page, "Change");
        awaitText(page, "Your password is changed");
        page.fill("#name", "newcomer");
        page.fill("#password", "other words of her own");
        page.click("button[type=submit]");
        awaitText(page, "Good day, Newcomer");
        Browser.screenshot(page, "newcomer");
    }

    @Test
    void every_list_can_be_downloaded_as_a_file() {
        Page page = browser.loggedIn(Role.AUDITOR);
        for (Map.Entry<String, String> list : Map.of(
                        "/people.csv", "Reference",
                        "/households.csv", "Reference",
                        "/programmes.csv", "Code",
                        "/cycles.csv", "Cycle",
                        "/envelopes.csv", "Envelope",
                        "/statements.csv", "Number",
                        "/ledger.csv", "Account",
                        "/jobs.csv", "Job")
                .entrySet()) {
            var response = page.request().get(list.getKey());
            assertThat(response.status()).as(list.getKey()).isEqualTo(200);
            assertThat(response.text()).as(list.getKey()).contains(list.getValue());
        }
    }
}
