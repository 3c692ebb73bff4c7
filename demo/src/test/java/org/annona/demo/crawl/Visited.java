package org.annona.demo.crawl;

import java.net.URI;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * What came back.
 *
 * @param path with its query, after every redirect
 * @param sentBytes of the last answer, as compressed as it was sent
 */
record Visited(String path, int status, String type, String body, int sentBytes) {

    boolean isPage() {
        return type.startsWith("text/html");
    }

    Document page() {
        return Jsoup.parse(body, "http://annona" + path);
    }

    /** Paths of this site that the page leads to: by links, by parts that it loads later, and by forms that ask. */
    List<String> leadsTo() {
        Document page = page();
        Stream<String> links = page.select("a[href], [hx-get]").stream()
                .map(one -> one.hasAttr("href") ? one.absUrl("href") : one.absUrl("hx-get"));
        Stream<String> questions =
                page.select("form[method=get][action]").stream().map(Visited::question);
        return Stream.concat(links, questions)
                .map(Visited::pathOfThisSite)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /** As it is asked where somebody fills in only what has to be filled in. */
    private static String question(Element form) {
        String values = Form.fields(form).stream()
                .map(field -> field.name() + "="
                        + (form.selectFirst("input[type=date][name=" + field.name() + "]") == null
                                ? field.value()
                                : LocalDate.now().toString()))
                .collect(Collectors.joining("&"));
        return values.isEmpty() ? form.absUrl("action") : form.absUrl("action") + "?" + values;
    }

    private static String pathOfThisSite(String address) {
        if (address.isEmpty()) {
            return null;
        }
        // As a browser does with a blank.
        URI uri = URI.create(address.replace(" ", "%20"));
        if (!"annona".equals(uri.getHost())) {
            return null;
        }
        return uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + "?" + uri.getRawQuery();
    }
}
