package org.annona.demo.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.annona.access.Role;
import org.annona.demo.ServerWorld;
import org.annona.demo.dci.DemoPartners;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** An administrator onboards another system in the browser. */
@ResourceLock(DemoPartners.OURSELVES)
class PartnersTest {

    private static final String PEM = "-----BEGIN PUBLIC KEY-----\n"
            + "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----";
    private static Browser browser;

    @BeforeAll
    static void open() {
        browser = Browser.open(ServerWorld.afterDemo());
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    private static void press(Page page, String button) {
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(button).setExact(true))
                .first()
                .click();
    }

    private static void follow(Page page, String link) {
        page.locator("#content")
                .getByRole(
                        AriaRole.LINK,
                        new Locator.GetByRoleOptions().setName(link).setExact(true))
                .first()
                .click();
    }

    private static String main(Page page) {
        return page.locator("main").first().innerText();
    }

    /** Also where the page is still on its way. */
    private static void sees(Page page, String text) {
        page.locator("body").getByText(text).first().waitFor();
    }

    @Test
    void a_partner_is_onboarded_told_what_it_may_know_and_suspended() {
        Page page = browser.loggedIn(Role.ADMINISTRATOR);
        page.navigate("/partners");
        follow(page, "Onboard a partner");
        Browser.screenshot(page, "partner-new");
        page.fill("#senderId", "health-ministry");
        page.fill("#name", "Ministry of health");
        press(page, "Onboard");
        sees(page, "has no key");
        assertThat(page.inputValue("#name")).isEqualTo("Ministry of health");
        Browser.screenshot(page, "partner-refused");

        page.fill("#pem", PEM);
        page.fill("#keyName", "k1");
        press(page, "Onboard");
        sees(page, "client_secret");
        sees(page, "k1 (OKP");
        Browser.screenshot(page, "partner-onboarded");
        page.reload();
        assertThat(main(page)).doesNotContain("client_secret");

        page.selectOption("#sr--sex", "open");
        page.selectOption("#sr--name", "masked");
        page.locator("form:has(#sr--sex) button").click();
        sees(page, "From its next message on");
        assertThat(page.inputValue("#sr--sex")).isEqualTo("open");
        assertThat(page.inputValue("#sr--name")).isEqualTo("masked");
        page.fill("#purpose", "school-feeding");
        press(page, "Add");
        sees(page, "for school-feeding");
        press(page, "Test its keys");
        sees(page, "One key for signatures was found.");
        Browser.screenshot(page, "partner");

        follow(page, "Change");
        page.fill("#requestsPerMinute", "many");
        press(page, "Change");
        sees(page, "whole number");
        page.fill("#requestsPerMinute", "60");
        press(page, "Change");
        sees(page, "60 requests per minute");
        sees(page, "k1 (OKP");

        follow(page, "Suspend");
        page.fill("#reason", "its key was lost");
        press(page, "Suspend");
        sees(page, "This partner is suspended");
        Browser.screenshot(page, "partner-suspended");
        press(page, "Let it in again");
        follow(page, "New secret");
        press(page, "Make a new secret");
        sees(page, "client_secret");
    }

    /** The registry that is asked is our own: it knows us as a partner of the same name. */
    @Test
    void how_a_registry_is_asked_is_agreed_and_the_connection_is_tested() {
        String base = "http://127.0.0.1:" + ServerWorld.afterDemo().server.port();
        Page page = browser.loggedIn(Role.ADMINISTRATOR);
        page.navigate("/partners");
        follow(page, "Onboard a partner");
        page.fill("#senderId", "annona");
        page.fill("#name", "This registry itself");
        page.fill("#keysUrl", base + "/.well-known/jwks.json");
        page.fill("#hosts", "127.0.0.1");
        press(page, "Onboard");
        sees(page, "client_secret");
        String client = page.locator("dt:text-is('client_id') + dd code").innerText();
        String secret = page.locator("dt:text-is('client_secret') + dd code").innerText();
        page.selectOption("#sr--identifier", "open");
        page.locator("form:has(#sr--identifier) button").click();
        sees(page, "From its next message on");

        follow(page, "Its registry");
        page.fill("#address", "ftp://somewhere.example/dci/sr");
        page.fill("#tokenAddress", base + "/oauth2/token");
        page.fill("#clientId", client);
        page.fill("#secret", secret);
        press(page, "Keep");
        page.locator("[role=alert]").first().waitFor();
        assertThat(page.inputValue("#address")).isEqualTo("ftp://somewhere.example/dci/sr");
        Browser.screenshot(page, "remote-refused");
        page.fill("#address", base + "/dci/sr");
        page.fill("#secret", "wrong");
        press(page, "Keep");
        sees(page, "Test the connection now");
        press(page, "Test the connection");
        sees(page, "refused our client and secret");
        Browser.screenshot(page, "remote-untested");
        page.fill("#secret", secret);
        press(page, "Keep");
        sees(page, "No answer of it has been verified yet");
        press(page, "Test the connection");
        sees(page, "its signature holds");
        sees(page, "An answer was verified at");
        Browser.screenshot(page, "remote-tested");
    }

    @Test
    void our_keys_are_rotated_and_the_message_log_is_seen() {
        Page page = browser.loggedIn(Role.ADMINISTRATOR);
        page.navigate("/partners/our-keys");
        Browser.screenshot(page, "our-keys");
        int before = page.locator("tbody tr").count();
        page.locator("a:has-text('New key')").first().click();
        press(page, "Make a new key");
        sees(page, "There is a new key");
        assertThat(page.locator("tbody tr").count()).isEqualTo(before + 1);
        for (String path : new String[] {"/traffic", "/callbacks", "/partners"}) {
            page.navigate(path);
            Browser.screenshot(page, "exchange" + path.replace('/', '-'));
            assertThat(page.locator("h1").count()).isEqualTo(1);
        }
    }

    @Test
    void an_auditor_sees_partners_and_changes_nothing_and_a_registrar_sees_none() {
        Page auditor = browser.loggedIn(Role.AUDITOR);
        auditor.navigate("/partners");
        assertThat(main(auditor)).doesNotContain("Onboard a partner");
        assertThat(auditor.navigate("/partners/new").status()).isEqualTo(403);
        Page registrar = browser.loggedIn(Role.REGISTRAR);
        assertThat(registrar.navigate("/partners").status()).isEqualTo(403);
    }
}
