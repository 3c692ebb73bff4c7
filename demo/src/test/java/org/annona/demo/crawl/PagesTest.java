package org.annona.demo.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.annona.access.Role;
import org.annona.demo.ServerWorld;
import org.annona.demo.browser.Browser;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.web.bind.annotation.RequestMethod;

/** Every page that a user of any role reaches by links and lists, with real rows behind it. */
class PagesTest {

    private static final String NO_ID = "00000000-0000-0000-0000-000000000000";
    private static final int MOST_BYTES_OF_A_FIRST_LOAD = 100_000;

    private static final Map<Role, Crawl> CRAWLS = FilledWorld.crawls();
    private static final Map<Role, Visitor> VISITORS = new EnumMap<>(Role.class);
    private static ServerWorld world;
    private static SiteMap site;

    @BeforeAll
    static void open() {
        world = FilledWorld.copy();
        site = new SiteMap(world);
        for (Role role : Role.values()) {
            VISITORS.put(role, Visitor.loggedIn(world, role));
        }
        System.out.printf(
                "Crawl: %d roles, %d pages, %d links.%n",
                CRAWLS.size(),
                CRAWLS.values().stream().mapToInt(crawl -> crawl.pages().size()).sum(),
                CRAWLS.values().stream().mapToInt(Crawl::links).sum());
    }

    @AfterAll
    static void close() {
        world.close();
    }

    @Test
    void no_link_is_dead_or_forbidden_and_no_page_fails() {
        assertThat(CRAWLS.values().stream().flatMap(crawl -> crawl.faults().stream()))
                .isEmpty();
    }

    @Test
    void every_page_is_reached_by_somebody() {
        Set<SiteMap.Handler> opened = CRAWLS.values().stream()
                .flatMap(crawl -> crawl.opened().keySet().stream())
                .collect(Collectors.toSet());
        List<SiteMap.Handler> never = new ArrayList<>(site.all(RequestMethod.GET));
        never.removeAll(opened);

        assertThat(opened).hasSizeGreaterThan(80);
        assertThat(never.stream().map(Object::toString).filter(page -> !page.equals("GET /login")))
                .isEmpty();
    }

    @Test
    void what_is_no_id_is_not_found() {
        List<String> faults = new ArrayList<>();
        Set<SiteMap.Handler> known = new HashSet<>();
        for (Crawl crawl : CRAWLS.values()) {
            crawl.opened().forEach((handler, example) -> {
                String pattern = handler.pattern().getPatternString();
                // What cannot be an id is the same for all; whether there is one is asked after who asks.
                List<String> ids = known.add(handler) ? List.of(NO_ID, "abc", "0", "new%27--") : List.of(NO_ID);
                for (String id : pattern.contains("{") ? ids : List.<String>of()) {
                    String path = pattern.replaceAll("\\{[^}]+}", id);
                    String query = example.contains("?") ? example.substring(example.indexOf('?')) : "";
                    int status = VISITORS.get(crawl.role()).get(path + query).status();
                    if (status != 404) {
                        faults.add(crawl.role() + " at " + path + ": " + status);
                    }
                }
            });
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void the_first_load_of_every_page_weighs_less_than_100_kilobytes() {
        Map<String, Integer> assets = new HashMap<>();
        List<String> heavy = new ArrayList<>();
        int heaviest = 0;
        for (Crawl crawl : CRAWLS.values()) {
            for (Visited page : crawl.pages()) {
                int weight = page.sentBytes();
                for (String asset : assetsOf(page.page())) {
                    weight += assets.computeIfAbsent(asset, path -> {
                        Visited sent = VISITORS.get(crawl.role()).get(path);
                        assertThat(sent.status()).as(path).isEqualTo(200);
                        return sent.sentBytes();
                    });
                }
                heaviest = Math.max(heaviest, weight);
                if (weight >= MOST_BYTES_OF_A_FIRST_LOAD) {
                    heavy.add(page.path() + ": " + weight);
                }
            }
        }
        System.out.println("Crawl: the heaviest first load is " + heaviest + " bytes; assets " + assets);
        assertThat(heavy).isEmpty();
    }

    private static Set<String> assetsOf(Document page) {
        Set<String> assets = new LinkedHashSet<>(
                page.select("link[href], script[src], img[src]").eachAttr("href"));
        assets.addAll(page.select("script[src], img[src]").eachAttr("src"));
        return assets;
    }

    /** Of pages of one kind that are built of the same elements, one is looked at. */
    @Test
    void no_page_has_a_serious_finding_of_axe_or_a_complaint_of_the_browser() {
        Set<String> known = new HashSet<>();
        try (Browser browser = Browser.open(world)) {
            Accessibility axe = new Accessibility(browser, world.server.url());
            for (Crawl crawl : CRAWLS.values()) {
                axe.lookAt(
                        VISITORS.get(crawl.role()),
                        crawl.pages().stream()
                                .filter(page -> page.body().contains("<html"))
                                .filter(page -> known.add(site.of(RequestMethod.GET, page.path())
                                                .toString())
                                        | known.addAll(Crawl.elements(page.page())))
                                .toList());
            }
            System.out.println("Crawl: axe looked at " + axe.pages() + " pages; " + axe.counts());
            assertThat(axe.findings()).isEmpty();
            assertThat(browser.complaints()).isEmpty();
        }
    }
}
