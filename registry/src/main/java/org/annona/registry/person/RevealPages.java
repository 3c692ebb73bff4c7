package org.annona.registry.person;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.annona.access.Actor;
import org.annona.console.Cell;
import org.annona.console.CsvResponse;
import org.annona.console.FilterField;
import org.annona.console.Formats;
import org.annona.console.TableColumn;
import org.annona.console.TableDefinition;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.annona.registry.RegistryPermission;
import org.annona.registry.person.Reveals.Row;
import org.annona.registry.person.Reveals.Span;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** For the auditor: who saw whom in clear, when and why. */
@Controller
public final class RevealPages {

    private static final String PATH = "/reveals";

    private final Reveals reveals;
    private final Formats formats;
    private final TableDefinition<Row> table;

    public RevealPages(Reveals reveals, Formats formats) {
        this.reveals = reveals;
        this.formats = formats;
        Map<String, String> occasions = RevealReason.Occasion.all();
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<Row>of("At", row -> Cell.text(formats.time(row.at())))
                                .sortedBy("at"),
                        TableColumn.<Row>of("Who", row -> Cell.text(row.user())).sortedBy("user"),
                        TableColumn.<Row>of("Person", row -> Cell.link(row.personRef(), "/people/" + row.personId())),
                        TableColumn.<Row>of(
                                "Occasion", row -> Cell.text(occasions.getOrDefault(row.occasion(), row.occasion()))),
                        TableColumn.<Row>of("Reason", row -> Cell.text(row.reason()))),
                List.of(
                        FilterField.text("user", "Who", "user name"),
                        FilterField.text("person", "Person", "reference"),
                        FilterField.choice("occasion", "Occasion", occasions),
                        FilterField.text("from", "From", "2026-01-31"),
                        FilterField.text("until", "Before", "2026-02-01")),
                "Nobody was seen in clear.");
    }

    @GetMapping(PATH)
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", table.view(PATH, request, reveals.page(actor, request, span(request))));
        return "registry/reveals";
    }

    @GetMapping(PATH + ".csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(RegistryPermission.VIEW_REVEALS);
        Span span = span(TableDefinition.request(parameters));
        CsvResponse.send(
                response,
                "reveals.csv",
                out -> table.export(
                        out, TableDefinition.request(parameters), request -> reveals.page(actor, request, span)));
    }

    private Span span(PageRequest request) {
        return new Span(time(request, "from", "From"), time(request, "until", "Before"));
    }

    private @Nullable Instant time(PageRequest request, String key, String label) {
        String text = request.filter(key);
        return text.isEmpty()
                ? null
                : formats.readTime(text)
                        .orElseThrow(() -> Problem.of(
                                FoundationProblem.INVALID_INPUT,
                                "field",
                                label,
                                "reason",
                                "a day looks like 2026-01-31"));
    }
}
