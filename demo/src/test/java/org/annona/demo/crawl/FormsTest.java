package org.annona.demo.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.annona.access.Role;
import org.annona.demo.ServerWorld;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.web.bind.annotation.RequestMethod;

/** Every form of every page, sent as users send forms: bare, empty, with nonsense, as it stands, and as it stands again. */
class FormsTest {

    private static final String NOT_PERMITTED = "This needs the role";

    private static ServerWorld world;

    @BeforeAll
    static void open() {
        world = FilledWorld.copy();
    }

    @AfterAll
    static void close() {
        world.close();
    }

    private record Found(Visitor visitor, Form form, SiteMap.Handler handler) {

        /** The crawl met it in another session, which had another token. */
        Found inThisSession() {
            String token = Form.on(visitor.get("/password")).getFirst().token();
            return new Found(visitor, form.withToken(token), handler);
        }

        String key() {
            return visitor.role() + " " + handler + " "
                    + form.fields().stream().map(Form.Field::name).sorted().collect(Collectors.joining(","));
        }
    }

    @Test
    void no_form_fails_whatever_is_sent_and_none_is_offered_to_those_who_may_not_send_it() {
        SiteMap site = new SiteMap(world);
        Map<String, Found> forms = new LinkedHashMap<>();
        for (Crawl crawl : FilledWorld.crawls().values()) {
            Visitor visitor = Visitor.loggedIn(world, crawl.role());
            for (Visited page : crawl.pages()) {
                for (Form form : Form.on(page)) {
                    site.of(RequestMethod.POST, form.action()).ifPresent(handler -> {
                        Found found = new Found(visitor, form, handler);
                        forms.putIfAbsent(found.key(), found);
                    });
                }
            }
        }
        forms.replaceAll((key, found) -> found.inThisSession());

        // Shown only where the bank sends no statements by itself.
        Visitor finance = Visitor.loggedIn(world, Role.FINANCE_OFFICER);
        Form statement = Form.on(finance.get("/funds")).getFirst().withFile("/statements", "file");
        Found upload = new Found(
                finance, statement, site.of(RequestMethod.POST, "/statements").orElseThrow());
        forms.put(upload.key(), upload);
        // Shown only before the first statement.
        Found opening = new Found(
                finance,
                Form.on(finance.get("/funds")).getFirst().withTexts("/statements/opening", "amount", "reason"),
                site.of(RequestMethod.POST, "/statements/opening").orElseThrow());
        forms.put(opening.key(), opening);
        // Shown only to those whose session has ended.
        for (String path : List.of("/login/kept", "/login/again")) {
            Found kept = new Found(
                    finance,
                    Form.on(finance.get("/funds")).getFirst().withTexts(path, "kept-path"),
                    site.of(RequestMethod.POST, path).orElseThrow());
            forms.put(kept.key(), kept);
        }
        // Shown only after a restore.
        Found restored = new Found(
                finance,
                Form.on(finance.get("/funds")).getFirst().withTexts("/restores"),
                site.of(RequestMethod.POST, "/restores").orElseThrow());
        forms.put(restored.key(), restored);

        // Shown only where a reset began in the browser, or after one.
        for (Form form : List.of(
                Form.on(finance.get("/funds")).getFirst().withTexts("/forgotten/password", "wanted", "again"),
                Form.on(finance.get("/funds")).getFirst().withTexts("/forgotten/over"),
                Form.on(finance.get("/funds")).getFirst().withTexts("/password/told"))) {
            Found found = new Found(
                    finance, form, site.of(RequestMethod.POST, form.action()).orElseThrow());
            forms.put(found.key(), found);
        }

        List<String> faults = new ArrayList<>();
        // First for all what should be refused, because what is accepted takes other forms away.
        for (Found found : forms.values()) {
            send(found, "bare", found.form().bare(), faults);
            if (!found.form().fields().equals(found.form().bare())) {
                send(found, "empty", found.form().empty(), faults);
                send(found, "nonsense", found.form().nonsense(), faults);
            }
        }
        for (Found found : forms.values()) {
            send(found, "as it stands", found.form().fields(), faults);
            send(found, "again", found.form().fields(), faults);
        }

        Set<String> sent = forms.values().stream()
                .map(found -> found.handler().toString())
                .collect(Collectors.toCollection(TreeSet::new));
        System.out.println("Crawl: " + forms.size() + " forms of " + sent.size() + " kinds were sent five times.");
        assertThat(faults).isEmpty();
        assertThat(site.all(RequestMethod.POST).stream().map(Object::toString).filter(kind -> !sent.contains(kind)))
                .isEmpty();
    }

    private static Visited send(Found found, String how, List<Form.Field> values, List<String> faults) {
        Visited answer = found.visitor().send(found.form(), values);
        if (answer.status() >= 500 || answer.body().contains("Something unexpected happened")) {
            faults.add(found.key() + " from " + found.form().page() + ", " + how + ": " + answer.status() + " at "
                    + answer.path());
        }
        // A refusal leads back to the page, so that its status is no help.
        if (answer.status() == 403
                || answer.body().contains(NOT_PERMITTED)
                || answer.path().startsWith("/login")) {
            faults.add(found.key() + " from " + found.form().page() + " is offered and forbidden");
        }
        return answer;
    }
}
