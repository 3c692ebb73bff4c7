package org.annona.demo.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import org.annona.access.Role;
import org.annona.demo.ServerWorld;
import org.annona.registry.source.DataSources;
import org.annona.registry.source.SourceTerms;
import org.annona.simulators.socialregistry.SimulatedHousehold;
import org.annona.simulators.socialregistry.SimulatedSocialRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Another registry is set up as a source in the browser, tested, imported from, and the outcome read. */
class SourcePagesTest {

    private static Browser browser;
    private static ServerWorld world;
    private static SimulatedSocialRegistry other;

    @BeforeAll
    static void open() throws IOException {
        world = ServerWorld.copy();
        browser = Browser.open(world);
        other = new SimulatedSocialRegistry(0, 60, 4);
        other.start();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
        if (other != null) {
            other.close();
        }
        world.close();
    }

    private static void press(Page page, String button) {
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(button).setExact(true))
                .first()
                .click();
    }

    private static void sees(Page page, String text) {
        page.locator("body").getByText(text).first().waitFor();
    }

    /** A page whose job has just ended loads itself anew, and may be quicker than we are. */
    private static void go(Page page, String address) {
        try {
            page.navigate(address);
        } catch (PlaywrightException outrun) {
            page.navigate(address);
        }
    }

    private static void awaitApplied(int runs) {
        Awaitility.await()
                .until(() -> world.value("select count(*) from registry.import where source = 'browser'"
                                + " and state = 'applied'")
                        .equals(Integer.toString(runs)));
    }

    @Test
    void a_source_is_set_up_tested_imported_from_and_read() {
        Page admin = browser.loggedIn(Role.ADMINISTRATOR);
        admin.navigate("/data-sources");
        Browser.screenshot(admin, "sources-none");
        admin.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Set up a source"))
                .click();
        admin.fill("#name", "Social registry");
        admin.fill("#code", "Browser Code!");
        admin.fill("#baseUrl", other.url() + "/");
        admin.fill("#tokenAddress", "http://127.0.0.1:" + other.port() + "/oauth2/token");
        press(admin, "Keep");
        sees(admin, "Secret: it is missing.");
        assertThat(admin.inputValue("#name")).isEqualTo("Social registry");
        Browser.screenshot(admin, "source-refused");
        admin.fill("#code", "browser");
        admin.fill("#secret", "wrong");
        press(admin, "Keep");
        sees(admin, "The source was kept.");
        press(admin, "Test it");
        sees(admin, "It gives us a token");
        sees(admin, "no: ");
        Browser.screenshot(admin, "source-wrong-secret");
        admin.locator("a:text-is('Change')").click();
        admin.fill("#secret", SimulatedSocialRegistry.SECRET);
        press(admin, "Change");
        press(admin, "Test it");
        sees(admin, "getRegistrants");
        sees(admin, "It gives its records page by page");
        Browser.screenshot(admin, "source-tested");
        String path = admin.url().replace("/test", "");
        assertThat(admin.content()).doesNotContain(SimulatedSocialRegistry.SECRET);

        Page registrar = browser.loggedIn(Role.REGISTRAR);
        registrar.navigate(path);
        registrar.locator("a:text-is('Import households')").click();
        registrar.fill("#name", "Households of the other registry");
        press(registrar, "Look at some records");
        sees(registrar, "Purpose and ground: it is missing.");
        registrar.fill("#purpose", "Social Protection Act, section 12");
        String query = registrar.inputValue("#query");
        registrar.fill("#query", query.replace("birthdate", "dateOfBirth"));
        press(registrar, "Look at some records");
        Browser.screenshot(registrar, "pull-refused");
        sees(registrar, "does not ask for");
        registrar.fill("#query", query);
        registrar.selectOption("#programme", "FAMILY");
        press(registrar, "Look at some records");
        sees(registrar, "Its first records, masked");
        assertThat(registrar.locator("#report").innerText())
                .doesNotContain(other.household(0).members().getFirst().given());
        Browser.screenshot(registrar, "pull-looked");
        press(registrar, "Keep");
        sees(registrar, "Nothing was fetched yet.");
        String agreement = registrar.url();

        press(registrar, "Only look what a run would do");
        sees(registrar, "This was only a look");
        sees(registrar, "would be added");
        Browser.screenshot(registrar, "pull-only-looked");
        go(registrar, agreement);
        press(registrar, "Start a run");
        awaitApplied(1);
        go(registrar, registrar.url());
        sees(registrar, "done");
        Browser.screenshot(registrar, "pull-written");
        Awaitility.await()
                .until(() -> world.value("select count(*) from programs.enrolment where reason = 'IMPORTED'")
                        .equals("60"));

        SimulatedHousehold first = other.household(0);
        other.change(0, first.with(0, first.members().getFirst().withBirthdate("1950-05-05")));
        go(registrar, agreement);
        press(registrar, "Start a run");
        awaitApplied(2);
        go(registrar, registrar.url());
        registrar.selectOption("select[name='f.outcome']", "update");
        registrar.locator("form.annona-filter button").first().click();
        sees(registrar, "Birth date");
        Browser.screenshot(registrar, "pull-second-run");
        registrar.locator("tbody a[href^='/people/']").first().click();
        sees(registrar, "Where it comes from");
        sees(registrar, "Social registry");
        Browser.screenshot(registrar, "person-of-a-source");
        go(registrar, agreement);
        sees(registrar, "Last synced on");
        Browser.screenshot(registrar, "pull");

        other.keepFirst(5);
        press(registrar, "Start a run");
        sees(registrar, "It waits for somebody");
        Browser.screenshot(registrar, "pull-caution");
        press(registrar, "Give this import up");
        sees(registrar, "given up");

        Page auditor = browser.loggedIn(Role.AUDITOR);
        auditor.navigate(agreement);
        sees(auditor, "Agreement");
        assertThat(auditor.content()).doesNotContain("Start a run");
        assertThat(auditor.navigate(path + "/edit").status()).isEqualTo(403);
        assertThat(browser.loggedIn(Role.ADMINISTRATOR).navigate(agreement).status())
                .isEqualTo(403);
        assertThat(browser.complaints()).allMatch(complaint -> complaint.contains("403"));
    }

    @Test
    void people_of_a_list_are_fetched_by_the_standard_and_the_list_is_shown_to_nobody() throws IOException {
        try (SimulatedSocialRegistry registry = new SimulatedSocialRegistry(0, 40, 2)) {
            registry.start();
            listIsFetched(registry);
        }
    }

    private void listIsFetched(SimulatedSocialRegistry registry) {
        SourceTerms usual = SourceTerms.preset();
        String source = world.server
                .part(DataSources.class)
                .create(
                        world.users.actor(Role.ADMINISTRATOR),
                        "standard",
                        "Registry of the standard",
                        new SourceTerms(
                                registry.standardUrl(),
                                usual.searchPath(),
                                "http://127.0.0.1:" + registry.port() + "/oauth2/token",
                                usual.authentication(),
                                SimulatedSocialRegistry.CLIENT,
                                "",
                                "annona",
                                "registry",
                                usual.dialect(),
                                null,
                                20,
                                usual.timeout()),
                        SimulatedSocialRegistry.SECRET)
                .toString();
        String known =
                String.valueOf(registry.household(30).members().getFirst().nationalId());
        Page registrar = browser.loggedIn(Role.REGISTRAR);
        registrar.navigate("/data-sources/" + source);
        registrar.locator("a:text-is('Import people')").click();
        registrar.locator("a:text-is('DCI expression')").click();
        registrar.fill("#purpose", "Social Protection Act, section 12");
        registrar.fill("#query", "{ sex: female }");
        press(registrar, "Look at some records");
        sees(registrar, "Query: it is no JSON.");
        Browser.screenshot(registrar, "pull-expression-refused");
        registrar.locator("a:text-is('List of identifiers')").click();
        registrar.fill("#name", "Ten from a list");
        registrar.fill("#purpose", "Social Protection Act, section 12");
        press(registrar, "Look at some records");
        sees(registrar, "Identifiers: one in each line.");
        registrar.fill("#identifiers", known + "\n\n 999999999999 \n" + known);
        press(registrar, "Look at some records");
        sees(registrar, "Its first records, masked");
        Browser.screenshot(registrar, "pull-list-looked");
        press(registrar, "Keep");
        sees(registrar, "List of identifiers (2)");
        String agreement = registrar.url();
        assertThat(registrar.content()).doesNotContain(known);
        press(registrar, "Start a run");
        Awaitility.await()
                .until(() -> world.value("select count(*) from registry.import where source = 'standard'"
                                + " and state = 'applied'")
                        .equals("1"));
        go(registrar, registrar.url());
        sees(registrar, "identifiers of nobody whom the source knows: 1");
        Browser.screenshot(registrar, "pull-list-written");
        go(registrar, agreement + "/edit");
        sees(registrar, "A list of 2 is kept, sealed.");
        assertThat(registrar.content()).doesNotContain(known);
        Browser.screenshot(registrar, "pull-list-edit");
        press(registrar, "Change");
        sees(registrar, "It holds from the next run on.");
        sees(registrar, "List of identifiers (2)");
    }
}
