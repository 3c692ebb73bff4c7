package org.annona.demo.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.demo.ServerWorld;
import org.annona.payments.Payments;
import org.annona.programs.DecisionRequest;
import org.annona.programs.Programs;
import org.awaitility.Awaitility;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the pages of a day's work say, after the demo. */
class WorkTest {

    private static ServerWorld world;

    @BeforeAll
    static void open() {
        world = ServerWorld.copy();
    }

    @AfterAll
    static void close() {
        world.close();
    }

    private static Document page(Visitor visitor, String path) {
        Visited page = visitor.get(path);
        assertThat(page.status()).as(path).isEqualTo(200);
        return Jsoup.parse(page.body(), "");
    }

    private static String cycle() {
        return world.value("select id from programs.cycle where state = 'closed'");
    }

    @Test
    void money_that_came_back_is_not_counted_as_paid_and_reasons_are_words() {
        Document page = page(Visitor.loggedIn(world, Role.PROGRAMME_MANAGER), "/cycles/" + cycle());
        Element row = page.select("tr:has(a:contains(came back))").first();
        assertThat(row).isNotNull();
        assertThat(row.select("td").last().text()).startsWith("0.00");
        assertThat(page.text()).contains("rejected: the account").doesNotContain("failed: ");
    }

    @Test
    void from_a_household_one_comes_to_its_payment_and_back() {
        Visitor manager = Visitor.loggedIn(world, Role.PROGRAMME_MANAGER);
        String enrolment = world.value("select r.enrolment_id from programs.roster r join programs.entitlement e"
                + " using (cycle_id, subject_id) where e.state = 'returned' limit 1");
        Element payments = page(manager, "/enrolments/" + enrolment)
                .select("a[href^=/payments?f.reference=]")
                .first();
        assertThat(payments).isNotNull();
        Element payment = page(manager, payments.attr("href"))
                .select("a[href~=^/payments/[0-9a-f-]{36}$]")
                .first();
        assertThat(payment).isNotNull();

        Document found = page(manager, payment.attr("href"));
        assertThat(found.select("a[href=/enrolments/" + enrolment + "]")).isNotEmpty();
        assertThat(found.select("a[href^=/people/]"))
                .as("managers do not see people")
                .isEmpty();
        Visitor auditor = Visitor.loggedIn(world, Role.AUDITOR);
        Element person =
                page(auditor, payment.attr("href")).select("a[href^=/people/]").first();
        assertThat(person).isNotNull();
        assertThat(page(auditor, person.attr("href")).select("a[href^=/payments?f.beneficiary=]"))
                .isNotEmpty();
    }

    @Test
    void whoever_looks_at_approved_terms_sees_what_was_in_force_before() {
        Programs programs = world.server.part(Programs.class);
        Actor manager = world.users.actor(Role.PROGRAMME_MANAGER);
        UUID programme =
                programs.draft(manager, "elder", Map.of("code", "BEFORE")).id();
        approveTerms(programs, manager, programme);
        Visitor visitor = Visitor.loggedIn(world, Role.PROGRAMME_MANAGER);
        Form terms = Form.on(visitor.get("/programmes/" + programme + "/terms")).stream()
                .filter(form -> form.action().endsWith("/terms"))
                .findFirst()
                .orElseThrow();
        visitor.send(
                terms,
                terms.fields().stream()
                        .map(field -> switch (field.name()) {
                            case "rule" -> field.with("size > 3");
                            case "base" -> field.with("2500");
                            case "maximum" -> field.with("");
                            default -> field;
                        })
                        .toList());
        DecisionRequest request = approveTerms(programs, manager, programme);

        Document page = page(Visitor.loggedIn(world, Role.APPROVER), "/approvals/" + request.id());
        Element who = page.select("tr:has(th:contains(Who joins))").first();
        assertThat(who).isNotNull();
        assertThat(who.select("td").first().text()).contains("age").doesNotContain("number of members");
        assertThat(who.select("td").last().text()).contains("number of members");
        Element amount = page.select("tr:has(th:contains(For each household))").first();
        assertThat(amount).isNotNull();
        assertThat(amount.select("td").first().text()).isEqualTo("2,000.00 KES");
        assertThat(amount.select("td b").text()).isEqualTo("2,500.00 KES");
    }

    private static DecisionRequest approveTerms(Programs programs, Actor manager, UUID programme) {
        Actor approver = world.users.actor(Role.APPROVER);
        programs.submit(manager, programme);
        DecisionRequest request = programs.requestOn(approver, programme).orElseThrow();
        programs.approve(approver, request.id(), request.digest(), "");
        return request;
    }

    private static void change(String statement) throws SQLException {
        try (Connection admin = world.installation.address().connectAsAdmin();
                Statement sql = admin.createStatement()) {
            sql.execute(statement);
        }
    }

    @Test
    void a_shared_account_names_the_other_household_and_is_decided_line_by_line_and_a_cancelled_cycle_tells_why()
            throws SQLException {
        Programs programs = world.server.part(Programs.class);
        Actor manager = world.users.actor(Role.PROGRAMME_MANAGER);
        UUID family = programs.programme(manager, "FAMILY").orElseThrow().id();
        change("create table public.account_before as select id, account_index from mapper.mapping");
        change("update mapper.mapping set account_index = '\\x0123' where identity in (select 'uid:' || payee_id ||"
                + " '@registry' from programs.entitlement where settled_minor > 0 order by payee_id limit 2)");
        programs.openCycle(manager, family, "shared accounts", LocalDate.now());
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .until(() -> programs.cycle(manager, family, "shared accounts")
                        .orElseThrow()
                        .state()
                        .equals("accounts"));
        String cycle = "/cycles/"
                + programs.cycle(manager, family, "shared accounts")
                        .orElseThrow()
                        .id();

        Visitor approver = Visitor.loggedIn(world, Role.APPROVER);
        Document before = page(approver, cycle + "/accounts");
        assertThat(before.select(".list-group-item"))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line.text()).containsPattern("On the same account: H-[0-9-]+ \\S*•"));
        assertThat(page(Visitor.loggedIn(world, Role.AUDITOR), cycle + "/accounts")
                        .select(".list-group-item")
                        .text())
                .contains("On the same account: H-")
                .doesNotContain("•");
        Form line = Form.on(approver.get(cycle + "/accounts")).stream()
                .filter(form -> form.fields().stream()
                                .filter(field -> field.name().equals("household"))
                                .count()
                        == 1)
                .findFirst()
                .orElseThrow();
        approver.send(line, line.fields());
        assertThat(page(approver, cycle + "/accounts").select(".list-group-item form"))
                .hasSize(1);

        Visitor preparing = Visitor.loggedIn(world, Role.PROGRAMME_MANAGER);
        Form cancel = Form.on(preparing.get(cycle + "/cancel")).stream()
                .filter(form -> form.action().endsWith("/cancel"))
                .findFirst()
                .orElseThrow();
        preparing.send(
                cancel,
                cancel.fields().stream()
                        .map(field -> field.name().equals("reason") ? field.with("two on one account") : field)
                        .toList());
        assertThat(page(approver, cycle).select("dt:contains(Cancelled) + dd").text())
                .endsWith(" by " + manager.name() + ": two on one account");
        change(
                "update mapper.mapping m set account_index = b.account_index from public.account_before b where b.id = m.id");
    }

    @Test
    void a_list_with_too_small_funds_offers_the_announcement_and_not_the_release() {
        Programs programs = world.server.part(Programs.class);
        Actor manager = world.users.actor(Role.PROGRAMME_MANAGER);
        UUID family = programs.programme(manager, "FAMILY").orElseThrow().id();
        programs.openCycle(manager, family, "without funds", LocalDate.now());
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .until(() -> programs.cycle(manager, family, "without funds")
                        .orElseThrow()
                        .state()
                        .equals("computed"));
        UUID cycle =
                programs.cycle(manager, family, "without funds").orElseThrow().id();
        Actor approver = world.users.actor(Role.APPROVER);
        DecisionRequest request = programs.requestOn(approver, cycle).orElseThrow();
        programs.approve(approver, request.id(), request.digest(), "");

        Visitor finance = Visitor.loggedIn(world, Role.FINANCE_OFFICER);
        Document page = page(finance, "/approvals/" + request.id());
        assertThat(page.select("form[action$=/approve]")).isEmpty();
        Element announce = page.select("a[href^=/funds?programme=FAMILY]").first();
        assertThat(announce).isNotNull();
        Document funds = page(finance, announce.attr("href"));
        assertThat(funds.select("#amount").attr("value")).matches("\\d+\\.\\d\\d");
        assertThat(funds.select("#programme option[selected]").attr("value")).isEqualTo("FAMILY");
        assertThat(List.of("", "0.00")).doesNotContain(funds.select("#amount").attr("value"));

        // What is announced is not offered once more, and the page says since when it is.
        long missing = new BigDecimal(funds.select("#amount").attr("value"))
                .movePointRight(2)
                .longValueExact();
        Payments payments = world.server.part(Payments.class);
        payments.announceFunds(world.users.actor(Role.FINANCE_OFFICER), "FAMILY", "KES", missing - 100);
        Document part = page(finance, "/approvals/" + request.id());
        assertThat(part.select("a[href^=/funds?programme=FAMILY]").attr("href")).endsWith("&amount=1.00");
        payments.announceFunds(world.users.actor(Role.FINANCE_OFFICER), "FAMILY", "KES", 100);
        Document announced = page(finance, "/approvals/" + request.id());
        assertThat(announced.select("a[href^=/funds?programme=FAMILY]")).isEmpty();
        assertThat(announced.select("form[action$=/approve]")).isEmpty();
        assertThat(announced.text()).contains("Announced: ").contains("since ");
    }
}
