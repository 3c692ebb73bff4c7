package org.annona.demo.crawl;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.annona.demo.browser.Browser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Lets axe-core look at pages in a real browser, by the rules of WCAG 2.2 AA. */
final class Accessibility {

    private static final String RULES =
            "{ resultTypes: ['violations'], runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa',"
                    + " 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] } }";
    private static final List<String> SERIOUS = List.of("serious", "critical");

    private final String script = script();
    private final Browser browser;
    private final String url;
    private final List<String> findings = new ArrayList<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private int pages;

    Accessibility(Browser browser, String url) {
        this.browser = browser;
        this.url = url;
    }

    private static String script() {
        try (InputStream in = Objects.requireNonNull(Accessibility.class.getResourceAsStream("/axe.min.js"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    void lookAt(Visitor visitor, List<Visited> wanted) {
        try (Page page = browser.withSession(visitor.session())) {
            for (Visited one : wanted) {
                page.navigate(url + one.path());
                page.evaluate(script);
                String json = (String) page.evaluate(
                        "async () => JSON.stringify((await axe.run(document, " + RULES + ")).violations)");
                pages++;
                for (JsonNode violation : JsonMapper.shared().readTree(json)) {
                    note(visitor, one, violation);
                }
            }
        }
    }

    private void note(Visitor visitor, Visited page, JsonNode violation) {
        String impact = violation.path("impact").asString("");
        counts.merge(impact + " " + violation.path("id").asString(), 1, Integer::sum);
        if (SERIOUS.contains(impact)) {
            findings.add(visitor.role() + " at " + page.path() + ": "
                    + violation.path("id").asString() + " "
                    + violation.at("/nodes/0/html").asString() + " "
                    + violation.at("/nodes/0/failureSummary").asString().replaceAll("\\s+", " "));
        }
    }

    List<String> findings() {
        return findings;
    }

    /** How many pages have each finding. */
    Map<String, Integer> counts() {
        return counts;
    }

    int pages() {
        return pages;
    }
}
