package org.annona.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.annona.access.Role;
import org.annona.access.Users;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in, out and in again after a forgotten password, and what the auditor sees of it, through the pages and without scripts. */
class SignInTest {

    private static final String PASSWORD = "words of a newcomer";

    private static ServerWorld world;

    @BeforeAll
    static void open() {
        world = ServerWorld.copy();
    }

    @AfterAll
    static void close() {
        world.close();
    }

    /** A browser with cookies of its own, which follows nothing by itself. */
    private static final class Browser {

        private final CookieManager cookies = new CookieManager();
        private final HttpClient http =
                HttpClient.newBuilder().cookieHandler(cookies).build();

        HttpResponse<String> get(String path) {
            return send(HttpRequest.newBuilder(URI.create(world.server.url() + path)));
        }

        Document page(String path) {
            HttpResponse<String> answer = get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            return Jsoup.parse(answer.body());
        }

        /** Fills in the form of a page that is sent there. */
        HttpResponse<String> post(String page, String action, Map<String, String> values) {
            Element form = page(page).selectFirst("form[action=" + action + "]");
            assertThat(form).as(action + " on " + page).isNotNull();
            Map<String, String> all = new LinkedHashMap<>();
            form.select("input[type=hidden]").forEach(field -> all.put(field.attr("name"), field.attr("value")));
            all.putAll(values);
            String body = all.entrySet().stream()
                    .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&"));
            return send(HttpRequest.newBuilder(URI.create(world.server.url() + action))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(body)));
        }

        /** Sends a form that stands on a page already, with the hidden fields that it has. */
        HttpResponse<String> send(Element form, Map<String, String> values, String site) {
            Map<String, String> all = new LinkedHashMap<>();
            form.select("input[type=hidden]").forEach(field -> all.put(field.attr("name"), field.attr("value")));
            all.putAll(values);
            String body = all.entrySet().stream()
                    .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&"));
            return send(HttpRequest.newBuilder(URI.create(world.server.url() + form.attr("action")))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .header("Sec-Fetch-Site", site)
                    .POST(BodyPublishers.ofString(body)));
        }

        HttpResponse<String> logIn(String name, String password) {
            return post("/login", "/login", Map.of("name", name, "password", password));
        }

        Browser as(Role role) {
            assertThat(location(logIn(DemoUsers.name(role), world.users.password(role))))
                    .isEqualTo("/");
            return this;
        }

        private HttpResponse<String> send(HttpRequest.Builder request) {
            try {
                return http.send(request.header("Accept", "text/html").build(), BodyHandlers.ofString());
            } catch (IOException | InterruptedException failed) {
                throw new IllegalStateException(failed);
            }
        }
    }

    private static String location(HttpResponse<String> answer) {
        return answer.headers().firstValue("Location").orElse("none, " + answer.statusCode());
    }

    private static void user(String name) {
        world.server.part(Users.class).createIfAbsent(name, name, Set.of(Role.REGISTRAR), PASSWORD, false);
    }

    private static List<String> trail(String subject) {
        String all = world.value(
                "select coalesce(string_agg(action, ',' order by seq), '') from foundation.audit_entry where subject = '"
                        + subject + "'");
        return List.of(all.split(","));
    }

    @Test
    void a_colleague_at_the_same_address_does_not_lock_a_user_out_of_her_own_browser() {
        user("shared");
        Browser own = new Browser();
        assertThat(location(own.logIn("shared", PASSWORD))).isEqualTo("/");
        HttpCookie device = own.cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals("annona-device"))
                .findFirst()
                .orElseThrow();
        assertThat(device.isHttpOnly()).isTrue();
        assertThat(device.getValue()).doesNotContain("shared");
        assertThat(location(own.post("/", "/logout", Map.of()))).isEqualTo("/login?bye");
        assertThat(own.get("/").statusCode()).isEqualTo(302);

        Browser stranger = new Browser();
        for (int i = 0; i < 5; i++) {
            assertThat(location(stranger.logIn("shared", "wrong"))).contains("refused=access.login_refused");
        }
        String locked = location(stranger.logIn("shared", PASSWORD));
        assertThat(locked).contains("refused=access.login_throttled");
        assertThat(stranger.page(locked).text()).contains("Wait until").contains("(Africa/Nairobi)");

        assertThat(location(own.logIn("shared", PASSWORD))).isEqualTo("/");
        assertThat(trail("user/shared"))
                .containsSubsequence(
                        "access.login", "access.logout", "access.login.failed", "access.login.lockout", "access.login");

        Browser root = new Browser().as(Role.ADMINISTRATOR);
        assertThat(root.page("/users/shared").text()).contains("At 127.0.0.1: 5 failures, locked until");
        root.post("/users/shared", "/users/shared/lockouts", Map.of());
        assertThat(root.page("/users/shared").text()).contains("None locks this user out now");
        assertThat(location(stranger.logIn("shared", PASSWORD))).isEqualTo("/");
        assertThat(trail("user/shared")).contains("access.user.lift_lockout");
    }

    @Test
    void a_forgotten_password_is_set_in_the_users_own_browser_after_an_administrator_accepted_its_code() {
        user("forgetful");
        Browser own = new Browser();
        own.logIn("forgetful", PASSWORD);
        own.post("/", "/logout", Map.of());
        Browser elsewhere = new Browser();
        elsewhere.logIn("forgetful", PASSWORD);

        assertThat(own.page("/login").select("a[href=/forgotten]")).hasSize(1);
        assertThat(location(own.post("/forgotten", "/forgotten", Map.of("name", "Forgetful"))))
                .isEqualTo("/forgotten");
        Document waiting = own.page("/forgotten");
        String code = waiting.select("dd code").text();
        assertThat(code).matches("\\w{4}-\\w{4}-\\w{4}");
        assertThat(waiting.select("input[type=password]")).isEmpty();

        Browser root = new Browser().as(Role.ADMINISTRATOR);
        root.post("/users/forgetful", "/users/forgetful/resets", Map.of("code", code));
        assertThat(root.page("/users/forgetful").text()).contains("The code " + code + " was accepted by root");
        assertThat(location(own.post(
                        "/forgotten",
                        "/forgotten/password",
                        Map.of("wanted", "other words of hers", "again", "other words of hers"))))
                .isEqualTo("/login?changed");

        assertThat(elsewhere.get("/").statusCode()).as("old sessions are over").isEqualTo(302);
        assertThat(location(own.logIn("forgetful", PASSWORD))).contains("refused");
        own.logIn("forgetful", "other words of hers");
        assertThat(location(own.get("/"))).isEqualTo("/password");
        assertThat(own.page("/password").text()).contains("Your password was reset", "accepted by: root");
        own.post("/password", "/password/told", Map.of());
        assertThat(own.get("/").statusCode()).isEqualTo(200);
        assertThat(trail("user/forgetful"))
                .containsSubsequence(
                        "access.user.accept_reset", "access.user.reset_password", "access.user.reset_told");
    }

    @Test
    void a_new_user_chooses_the_first_password_in_her_own_browser_and_the_administrator_does_not_learn_it() {
        Browser root = new Browser().as(Role.ADMINISTRATOR);
        assertThat(root.page("/users/new").select("input[type=password]")).isEmpty();
        root.post("/users/new", "/users/new", Map.of("name", "beginner", "displayName", "", "role", "registrar"));
        assertThat(root.page("/users/beginner").text()).contains("First password", "cannot log in yet");

        Browser own = new Browser();
        own.post("/forgotten", "/forgotten", Map.of("name", "beginner"));
        String code = own.page("/forgotten").select("dd code").text();
        root.post("/users/beginner", "/users/beginner/resets", Map.of("code", code));
        assertThat(location(
                        own.post("/forgotten", "/forgotten/password", Map.of("wanted", PASSWORD, "again", PASSWORD))))
                .isEqualTo("/login?changed");
        own.logIn("beginner", PASSWORD);
        assertThat(own.get("/").statusCode()).isEqualTo(200);
    }

    @Test
    void a_stolen_table_of_sessions_opens_none() {
        user("robbed");
        Browser own = new Browser();
        own.logIn("robbed", PASSWORD);
        assertThat(own.get("/").statusCode()).isEqualTo(200);
        String stolen = world.value("select session_id from access.web_session where principal_name = 'robbed'")
                .strip();
        HttpCookie session = own.cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals("annona"))
                .findFirst()
                .orElseThrow();
        assertThat(new String(Base64.getDecoder().decode(session.getValue()), StandardCharsets.UTF_8))
                .startsWith(stolen);
        session.setValue(Base64.getEncoder().encodeToString(stolen.getBytes(StandardCharsets.UTF_8)));

        assertThat(own.get("/").statusCode()).isEqualTo(302);
    }

    @Test
    void in_a_browser_that_is_not_the_users_an_administrator_alone_is_not_enough() {
        user("attacked");
        Browser root = new Browser().as(Role.ADMINISTRATOR);
        root.post("/forgotten", "/forgotten", Map.of("name", "attacked"));
        String code = root.page("/forgotten").select("dd code").text();
        root.post("/users/attacked", "/users/attacked/resets", Map.of("code", code));

        Document still = root.page("/forgotten");
        assertThat(still.text()).contains("two people have to accept");
        assertThat(still.select("input[type=password]")).isEmpty();
        assertThat(location(new Browser().logIn("attacked", PASSWORD))).isEqualTo("/");

        Browser auditor = new Browser().as(Role.AUDITOR);
        auditor.post("/users/attacked", "/users/attacked/resets", Map.of("code", code));
        assertThat(root.page("/forgotten").select("input[type=password]")).hasSize(2);
    }

    @Test
    void a_list_that_leaves_as_a_file_is_audited_with_its_filters_but_not_their_values() {
        Browser auditor = new Browser().as(Role.AUDITOR);
        HttpResponse<String> file = auditor.get("/people.csv?f.sex=F&f.q=Achieng");
        assertThat(file.statusCode()).isEqualTo(200);
        long rows = file.body().lines().count() - 1;

        String last = "select %s from foundation.audit_entry where subject = 'list/people.csv' and action = '%s'"
                + " order by seq desc limit 1";
        assertThat(world.value(last.formatted("actor || ' ' || detail", "access.export")))
                .contains("auditor", "q,sex")
                .doesNotContain("Achieng");
        assertThat(world.value(last.formatted("row_count", "access.export.sent")))
                .isEqualTo(String.valueOf(rows));

        assertThat(new Browser().as(Role.REGISTRAR).get("/audit.csv").statusCode())
                .isEqualTo(403);
        assertThat(trail("list/audit.csv")).containsExactly("");
        // Here the refusal comes while the first rows are read.
        assertThat(new Browser()
                        .as(Role.PROGRAMME_MANAGER)
                        .get("/retired-identifiers.csv")
                        .statusCode())
                .isEqualTo(403);
        assertThat(trail("list/retired-identifiers.csv")).containsExactly("");
        assertThat(auditor.get("/reveals.csv").statusCode()).isEqualTo(200);
        assertThat(trail("list/reveals.csv")).containsExactly("access.export", "access.export.sent");
    }

    @Test
    void a_reveal_says_why_and_the_auditor_reads_it() {
        String person = "/people/" + world.value("select min(id::text) from registry.person where status = 'active'");
        Browser registrar = new Browser().as(Role.REGISTRAR);
        HttpResponse<String> refused =
                registrar.post(person, person + "/reveal", Map.of("occasion", "correction", "reason", "."));
        assertThat(refused.statusCode()).isNotEqualTo(200);
        HttpResponse<String> shown = registrar.post(
                person, person + "/reveal", Map.of("occasion", "correction", "reason", "wrong year, at the counter"));
        assertThat(shown.statusCode()).isEqualTo(200);

        Browser auditor = new Browser().as(Role.AUDITOR);
        assertThat(auditor.page("/reveals?f.user=registrar&f.occasion=correction")
                        .text())
                .contains("wrong year, at the counter", "data are corrected");
        assertThat(auditor.page("/reveals?f.until=2020-01-01").text()).doesNotContain("wrong year");
        assertThat(registrar.get("/reveals").statusCode()).isEqualTo(403);
    }

    /** A form that is shown to whoever may not send it tells what it is about, and looks as if it were hers. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/partners/new",
                "/partners/{id}/edit",
                "/token-connectors/new",
                "/token-connectors/{id}/edit",
                "/token-retention/new",
                "/token-retention/{id}",
                "/duplication-sources/new",
                "/duplication-sources/{id}/edit",
                "/funds"
            })
    void who_asks_comes_before_what_was_typed(String path) {
        Browser auditor = new Browser().as(Role.AUDITOR);
        String token =
                auditor.page("/password").selectFirst("input[name=_csrf]").attr("value");
        HttpResponse<String> answer = auditor.send(HttpRequest.newBuilder(
                        URI.create(world.server.url() + path.replace("{id}", "00000000-0000-7000-8000-000000000000")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(
                        "version=1&name=x&programme=FAMILY&year=2026&amount=nonsense&_csrf=" + token)));

        assertThat(answer.statusCode()).isEqualTo(403);
    }

    @Test
    void no_page_leads_to_a_host_that_a_stranger_chose() throws Exception {
        try (java.net.Socket connection = new java.net.Socket("127.0.0.1", world.server.port())) {
            connection
                    .getOutputStream()
                    .write("GET /people HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 421")
                    .contains("access.host_unknown");
        }
        assertThat(location(new Browser().get("/people"))).isEqualTo("/login");
    }

    private static final Map<String, String> FUNDS = Map.of(
            "programme", "FAMILY", "year", Integer.toString(LocalDate.now().getYear()), "amount", "1234.56");

    private static Element formOfFunds() {
        Element form = new Browser().as(Role.FINANCE_OFFICER).page("/funds").selectFirst("form[action=/funds]");
        assertThat(form).isNotNull();
        return form;
    }

    private static Element login(HttpResponse<String> answer) {
        Element form = Jsoup.parse(answer.body()).selectFirst("form[action=/login]");
        assertThat(form).as(answer.body()).isNotNull();
        return form;
    }

    @Test
    void what_was_typed_while_the_session_ended_is_sent_after_a_new_login_and_not_before() {
        Browser later = new Browser();
        HttpResponse<String> refused = later.send(formOfFunds(), FUNDS, "same-origin");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("Your session has ended");

        String name = DemoUsers.name(Role.FINANCE_OFFICER);
        HttpResponse<String> wrong =
                later.send(login(refused), Map.of("name", name, "password", "not this one"), "same-origin");
        HttpResponse<String> inside = later.send(
                login(wrong),
                Map.of("name", name, "password", world.users.password(Role.FINANCE_OFFICER)),
                "same-origin");
        assertThat(inside.statusCode()).isEqualTo(200);
        Element again = Jsoup.parse(inside.body()).selectFirst("form[action=/funds]");
        assertThat(again).as(inside.body()).isNotNull();
        assertThat(again.text()).contains("1234.56", "Programme", "Amount").doesNotContain("programme", "amount");
        assertThat(world.value("select count(*) from payments.funding where amount_minor = 123456"))
                .isEqualTo("0");

        assertThat(later.send(again, Map.of(), "same-origin").statusCode()).isEqualTo(302);
        assertThat(world.value("select count(*) from payments.funding where amount_minor = 123456"))
                .isEqualTo("1");
    }

    @Test
    void a_file_whose_session_has_ended_is_said_to_be_lost_where_it_is_chosen_again() {
        Browser later = new Browser();
        HttpResponse<String> refused = later.send(HttpRequest.newBuilder(URI.create(world.server.url() + "/imports"))
                .header("Content-Type", "multipart/form-data; boundary=x")
                .header("Referer", world.server.url() + "/imports")
                .POST(BodyPublishers.ofString("--x--")));
        assertThat(refused.statusCode()).isEqualTo(303);
        assertThat(later.page(location(refused)).text()).contains("the file was not kept");

        String inside = location(later.logIn(DemoUsers.name(Role.REGISTRAR), world.users.password(Role.REGISTRAR)));
        assertThat(inside).startsWith("/imports?");
        Document page = later.page(inside);
        assertThat(page.text()).contains("The file was not kept", "Choose it again");
        assertThat(page.select("input[type=file]")).isNotEmpty();
    }

    @Test
    void a_form_of_another_site_and_a_password_are_not_kept() {
        HttpResponse<String> foreign = new Browser().send(formOfFunds(), FUNDS, "cross-site");
        assertThat(foreign.statusCode()).isEqualTo(403);
        assertThat(foreign.body()).doesNotContain("1234.56");

        HttpResponse<String> secret = new Browser()
                .send(formOfFunds(), Map.of("programme", "FAMILY", "newPassword", "of nobody else"), "same-origin");
        assertThat(secret.statusCode()).isEqualTo(403);
        assertThat(secret.body()).doesNotContain("of nobody else");
    }

    @Test
    void the_pages_of_a_kept_form_lead_nowhere_by_themselves() {
        Browser inside = new Browser().as(Role.AUDITOR);
        Element any = inside.page("/password").selectFirst("form[method=post]");
        assertThat(any).isNotNull();
        any.attr("action", "/login/again");
        HttpResponse<String> answer = inside.send(any, Map.of("kept-path", "//evil.example/"), "same-origin");
        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(location(answer)).isEqualTo("/");
    }
}
