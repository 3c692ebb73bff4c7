package org.annona.demo.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.annona.access.AccessProblem;
import org.annona.access.Actor;
import org.annona.access.Organisations;
import org.annona.access.Role;
import org.annona.access.UserAccount;
import org.annona.access.Users;
import org.annona.demo.DemoUsers;
import org.annona.demo.ServerWorld;
import org.annona.foundation.scope.Scope;
import org.annona.programs.Programs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.web.bind.annotation.RequestMethod;

/**
 * Two ministries on one installation: the one of the demo with all that a crawl found there, and one that begins. Neither learns
 * that anything of the other exists, by no page, list, export, count or address.
 */
class TwoMinistriesTest {

    private static final String PASSWORD = "words of the second ministry";
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /** What all organisations share, by the beginning of its address (decision 0029). */
    private static final List<String> SHARED = List.of(
            "/people",
            "/households",
            "/areas",
            "/imports",
            "/pulls",
            "/retired-identifiers",
            "/duplication-checks/of/",
            "/token-connectors",
            "/token-cases",
            "/token-retention",
            "/data-sources",
            "/statements",
            "/reveals",
            "/help",
            "/roles");

    /** Where only users of the second ministry are named. */
    private static final List<String> NAMING_USERS = List.of("/audit", "/grants", "/permissions", "/users");

    private static ServerWorld world;
    private static SiteMap site;
    private static short health;
    private static final Map<Role, Visitor> OF_HEALTH = new EnumMap<>(Role.class);

    @BeforeAll
    static void a_second_ministry_with_a_user_of_each_role() {
        world = FilledWorld.copy();
        site = new SiteMap(world);
        Actor root = world.users.actor(Role.ADMINISTRATOR);
        health = world.server.part(Organisations.class).create(root, "SECOND", "Second ministry");
        for (Role role : Role.values()) {
            user("second-" + DemoUsers.name(role), health, role);
            OF_HEALTH.put(role, Visitor.loggedIn(world, role, "second-" + DemoUsers.name(role), PASSWORD));
        }
    }

    private static void user(String name, short organisation, Role role) {
        world.server.part(Users.class).createIfAbsent(name, name, organisation, Set.of(role), PASSWORD, false);
    }

    @AfterAll
    static void close() {
        world.close();
    }

    /** Ids of rows that belong to the first organisation, or hang from one that does. */
    private static Set<String> idsOfTheFirst() {
        Set<String> ids = new HashSet<>();
        for (String query : List.of(
                "select id::text from programs.programme where organisation_id = 1",
                "select c.id::text from programs.cycle c join programs.programme p on p.id = c.programme_id where p.organisation_id = 1",
                "select n.id::text from programs.enrolment n join programs.programme p on p.id = n.programme_id where p.organisation_id = 1",
                "select id::text from programs.approval_request",
                "select id::text from payments.envelope where organisation_id = 1",
                "select d.id::text from payments.disbursement d join payments.envelope e on e.id = d.envelope_id where e.organisation_id = 1",
                "select id::text from exchange.partner where organisation_id = 1",
                "select id::text from foundation.job where organisation_id = 1")) {
            ids.addAll(column(query));
        }
        return ids;
    }

    private static List<String> column(String query) {
        try (Connection admin = world.installation.address().connectAsAdmin();
                Statement sql = admin.createStatement();
                var rows = sql.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException failed) {
            throw new IllegalStateException(query, failed);
        }
    }

    private static boolean isShared(String path) {
        return SHARED.stream().anyMatch(path::startsWith);
    }

    private static Stream<String> ids(String text) {
        return ID.matcher(text).results().map(MatchResult::group);
    }

    @Test
    void each_address_of_the_first_ministry_is_not_found_by_the_same_role_of_the_second() {
        Set<String> ofTheFirst = idsOfTheFirst();
        List<String> faults = new ArrayList<>();
        Set<String> kinds = new HashSet<>();
        FilledWorld.crawls()
                .forEach((role, crawl) -> crawl.pages().stream()
                        .map(Visited::path)
                        .filter(path -> !isShared(path))
                        .filter(path -> site.of(RequestMethod.GET, path)
                                .map(handler ->
                                        handler.pattern().getPatternString().contains("{"))
                                .orElse(false))
                        // Rows without an organisation concern the installation.
                        .filter(path -> !path.startsWith("/jobs/") || ids(path).anyMatch(ofTheFirst::contains))
                        .forEach(path -> {
                            String kind = site.of(RequestMethod.GET, path)
                                    .orElseThrow()
                                    .toString();
                            kinds.add(kind);
                            int status = OF_HEALTH.get(role).get(path).status();
                            if (status != 404) {
                                faults.add(role + " at " + path + " (" + kind + "): " + status);
                            }
                        }));
        System.out.println("Two ministries: addresses of the first, of these kinds: " + kinds);
        assertThat(kinds).hasSizeGreaterThan(20);
        assertThat(faults.stream().distinct().limit(40)).isEmpty();
    }

    @Test
    void no_page_list_or_export_of_the_second_ministry_shows_anything_of_the_first() {
        Set<String> ofTheFirst = idsOfTheFirst();
        List<String> names = Stream.of(
                        column("select code from programs.programme where organisation_id = 1"),
                        column("select cycle_code from payments.envelope where organisation_id = 1"),
                        column("select sender_id from exchange.partner where organisation_id = 1"))
                .flatMap(List::stream)
                .filter(name -> name.length() > 4 && !name.equals("crawl"))
                .distinct()
                .toList();
        Set<String> users = world.server.part(Users.class).list(world.users.actor(Role.ADMINISTRATOR)).stream()
                .filter(user -> user.grants().stream().noneMatch(grant -> grant.organisation() == health))
                .map(UserAccount::name)
                .collect(Collectors.toSet());
        List<String> faults = new ArrayList<>();
        int seen = 0;
        for (Visitor visitor : OF_HEALTH.values()) {
            Crawl crawl = Crawl.by(visitor, site);
            assertThat(crawl.faults()).isEmpty();
            List<Visited> all = new ArrayList<>(crawl.pages());
            crawl.opened().values().stream()
                    .filter(path -> path.contains(".csv"))
                    .forEach(path -> all.add(visitor.get(path)));
            for (Visited page : all) {
                seen++;
                String text = page.isPage() ? page.page().select("main").text() : page.body();
                String whole = page.body();
                ids(whole)
                        .filter(ofTheFirst::contains)
                        .forEach(id -> faults.add(visitor.role() + " at " + page.path() + " shows " + id));
                names.stream()
                        .filter(name -> Pattern.compile("\\b" + Pattern.quote(name) + "\\b")
                                .matcher(text)
                                .find())
                        .forEach(name -> faults.add(visitor.role() + " at " + page.path() + " shows " + name));
                if (NAMING_USERS.stream().anyMatch(page.path()::startsWith)) {
                    namedIn(page)
                            .filter(users::contains)
                            .forEach(name -> faults.add(visitor.role() + " at " + page.path() + " names " + name));
                }
            }
        }
        System.out.println("Two ministries: " + seen + " pages of the second.");
        assertThat(faults.stream().distinct().limit(60)).isEmpty();
    }

    /** What stands alone in a place of a table, a link or an export; {@code user/root} names root. */
    private static Stream<String> namedIn(Visited page) {
        Stream<String> texts = page.isPage()
                ? page.page().select("td, a, li a").eachText().stream()
                : page.body().lines().flatMap(line -> Stream.of(line.split(",")));
        return texts.map(text -> text.replaceFirst("^user/", ""));
    }

    @Test
    void nothing_of_the_first_ministry_waits_for_those_of_the_second() {
        for (Role role : List.of(Role.PROGRAMME_MANAGER, Role.APPROVER, Role.AUDITOR)) {
            assertThat(OF_HEALTH.get(role).get("/").page().select("main").text())
                    .as("home of " + role)
                    .contains("Nothing waits for you.");
        }
        assertThat(world.users.actor(Role.FINANCE_OFFICER).organisation()).isEqualTo(Actor.FIRST_ORGANISATION);
    }

    @Test
    void a_programme_of_the_second_belongs_to_it_and_is_not_there_for_the_first() {
        Programs programs = world.server.part(Programs.class);
        Actor manager = world.server
                .part(Users.class)
                .find("second-manager")
                .orElseThrow()
                .actor();
        String id = Scope.of(health)
                .<String, RuntimeException>call(() -> programs.draft(manager, "elder", Map.of("code", "SECONDS"))
                        .id()
                        .toString());

        assertThat(column("select organisation_id::text from programs.programme where code = 'SECONDS'"))
                .containsExactly(String.valueOf(health));
        assertThat(OF_HEALTH.get(Role.PROGRAMME_MANAGER).get("/programmes").body())
                .contains("SECONDS");
        for (Role role : List.of(Role.PROGRAMME_MANAGER, Role.APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR)) {
            Visitor first = Visitor.loggedIn(world, role);
            assertThat(first.get("/programmes/" + id).status()).as(role.code()).isEqualTo(404);
            assertThat(first.get("/programmes").body()).doesNotContain("SECONDS");
            assertThat(OF_HEALTH.get(role).get("/programmes/" + id).status()).isEqualTo(200);
        }
        assertThat(Visitor.loggedIn(world, Role.AUDITOR)
                        .get("/audit?f.actor=second-manager")
                        .body())
                .doesNotContain("programme/" + id);
    }

    @Test
    void a_user_of_both_sees_what_the_switch_says_and_a_forged_choice_widens_nothing() {
        user("of-both", Actor.FIRST_ORGANISATION, Role.PROGRAMME_MANAGER);
        user("of-both", health, Role.AUDITOR);
        Visitor visitor = Visitor.loggedIn(world, Role.PROGRAMME_MANAGER, "of-both", PASSWORD);
        assertThat(visitor.get("/programmes").body()).contains("FAMILY");
        assertThat(visitor.get("/audit").status()).isEqualTo(403);

        switchTo(visitor, String.valueOf(health));
        assertThat(visitor.get("/programmes").body()).doesNotContain("FAMILY");
        assertThat(visitor.get("/audit").status()).isEqualTo(200);
        assertThat(visitor.get("/programmes/new").status()).isEqualTo(403);

        Visited refused = switchTo(visitor, "999");
        assertThat(refused.body()).contains(AccessProblem.NOT_ACTING.code());
        assertThat(visitor.get("/programmes").body()).doesNotContain("FAMILY");

        Visitor manager = Visitor.loggedIn(world, Role.PROGRAMME_MANAGER);
        assertThat(Form.on(manager.get("/")).stream().map(Form::action)).doesNotContain("/acting");
    }

    private static Visited switchTo(Visitor visitor, String organisation) {
        Form form = Form.on(visitor.get("/")).stream()
                .filter(one -> one.action().equals("/acting"))
                .findFirst()
                .orElseThrow();
        return visitor.send(
                form,
                form.fields().stream()
                        .map(field -> field.name().equals("organisation") ? field.with(organisation) : field)
                        .toList());
    }
}
