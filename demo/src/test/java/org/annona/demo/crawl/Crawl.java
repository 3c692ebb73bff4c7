package org.annona.demo.crawl;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.annona.access.Role;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.springframework.web.bind.annotation.RequestMethod;

/** Everything that a user of one role reaches from the first page, by every link and every list. */
final class Crawl {

    /** Of pages that differ only in what they show: in all, and from one list. */
    private static final int MOST_OF_A_KIND = 30;

    private static final int MOST_FROM_ONE_LIST = 4;

    /** Of lists that differ only in the value of a filter. */
    private static final int MOST_OF_A_FILTER = 8;

    private static final Pattern RECORD_AS_TEXT = Pattern.compile("\\b[A-Z][A-Za-z]+\\[[a-z][A-Za-z]*=");

    private final Visitor visitor;
    private final SiteMap site;
    private final Deque<String> waiting = new ArrayDeque<>();
    private final Map<String, String> seenOn = new LinkedHashMap<>();
    private final Map<String, Integer> ofKind = new HashMap<>();
    private final List<Visited> pages = new ArrayList<>();
    private final Map<SiteMap.Handler, String> opened = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();
    private int links;

    private Crawl(Visitor visitor, SiteMap site) {
        this.visitor = visitor;
        this.site = site;
    }

    static Crawl by(Visitor visitor, SiteMap site) {
        Crawl crawl = new Crawl(visitor, site);
        crawl.lead("/", "the beginning");
        while (!crawl.waiting.isEmpty()) {
            crawl.open(crawl.waiting.removeFirst());
        }
        return crawl;
    }

    private void lead(String path, String from) {
        links++;
        if (path.startsWith("/logout") || seenOn.containsKey(path)) {
            return;
        }
        seenOn.put(path, from);
        String kind = kind(path);
        boolean enough = ofKind.getOrDefault(kind, 0) >= most(kind)
                || ofKind.merge(kind + " from " + list(from), 1, Integer::sum) > MOST_FROM_ONE_LIST;
        if (!enough) {
            ofKind.merge(kind, 1, Integer::sum);
            waiting.addLast(path);
        }
    }

    /** The handler, and the names of the parameters. */
    private String kind(String path) {
        String[] parts = path.split("\\?", 2);
        String handler = site.of(RequestMethod.GET, path).map(Object::toString).orElse(parts[0]);
        return parts.length == 1
                ? handler
                : handler + "?"
                        + Stream.of(parts[1].split("&"))
                                .map(pair -> pair.startsWith("template=") ? pair : pair.replaceAll("=.*", ""))
                                .sorted()
                                .collect(Collectors.joining("&"));
    }

    private static int most(String kind) {
        boolean onlyAnotherPart = kind.contains("?at") || kind.contains("&at") || kind.contains("sort");
        return onlyAnotherPart ? 1 : kind.contains("?") ? MOST_OF_A_FILTER : MOST_OF_A_KIND;
    }

    /** The page with its filters, wherever in the list it stands. */
    private static String list(String path) {
        return path.replaceAll("[?&](at|sort|desc)=[^&]*", "");
    }

    private void open(String path) {
        Visited visited = visitor.get(path);
        site.of(RequestMethod.GET, path).ifPresent(handler -> opened.put(handler, path));
        if (visited.status() != 200) {
            fault(
                    path,
                    "answers " + visited.status() + " "
                            + visited.page().select("#content").text());
            return;
        }
        if (visited.isPage()) {
            pages.add(visited);
            look(visited, visited.page());
            visited.leadsTo().forEach(next -> lead(next, path));
        }
    }

    private void look(Visited visited, Document page) {
        boolean whole = page.selectFirst("html") != null && visited.body().contains("<html");
        if (whole && page.title().isBlank()) {
            fault(visited.path(), "has no title");
        }
        if (whole && page.select("h1").size() != 1) {
            fault(visited.path(), "has " + page.select("h1").size() + " headings of the first rank");
        }
        if (whole && page.select("main").size() != 1) {
            fault(visited.path(), "has " + page.select("main").size() + " elements main");
        }
        for (Element heading : page.select("h1, h2, h3, h4, th, legend, label, caption, button, a")) {
            boolean named = !heading.text().isBlank()
                    || heading.hasAttr("aria-label")
                    || heading.selectFirst("img[alt], svg[aria-label]") != null;
            if (!named) {
                fault(visited.path(), "has an empty " + heading.tagName() + ": " + heading.outerHtml());
            }
        }
        String text = page.text();
        if (RECORD_AS_TEXT.matcher(text).find() || text.contains("??")) {
            fault(
                    visited.path(),
                    "shows what only a programmer reads: "
                            + RECORD_AS_TEXT
                                    .matcher(text)
                                    .results()
                                    .map(r -> r.group())
                                    .toList());
        }
    }

    private void fault(String path, String what) {
        faults.add(visitor.role() + " at " + path + " (from " + seenOn.get(path) + ") " + what);
    }

    Role role() {
        return visitor.role();
    }

    List<Visited> pages() {
        return pages;
    }

    /** Each with a path that it answered. */
    Map<SiteMap.Handler, String> opened() {
        return opened;
    }

    List<String> faults() {
        return faults;
    }

    int links() {
        return links;
    }

    /** What a page is built of: each element with its classes, within its parent. */
    static Set<String> elements(Document page) {
        return page.select("body *").stream()
                .map(one -> signature(one.parent()) + " > " + signature(one))
                .collect(Collectors.toSet());
    }

    private static String signature(Element element) {
        return element == null
                ? ""
                : element.tagName() + "." + element.className() + (element.hasAttr("role") ? element.attr("role") : "");
    }
}
