package org.annona.tokens.tokenisation;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.console.Cell;
import org.annona.console.Confirmation;
import org.annona.console.CsvResponse;
import org.annona.console.FilterField;
import org.annona.console.Formats;
import org.annona.console.Notice;
import org.annona.console.TableColumn;
import org.annona.console.TableDefinition;
import org.annona.console.Tone;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.tokens.TokensPermission;
import org.annona.tokens.TokensProblem;
import org.annona.tokens.connector.Connector;
import org.annona.tokens.connector.Connectors;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What was read of a form, in which parts, and what became of each submission. */
@Controller
public final class FormPages {

    private static final String PATH = "/token-connectors/{id}";

    private static final Map<String, String> WHOSE = whose();

    private final Connectors connectors;
    private final FormWindows windows;
    private final Submissions submissions;
    private final Preview preview;
    private final Formats formats;
    private final TableDefinition<FormWindows.Row> windowTable;
    private final TableDefinition<Submissions.Row> submissionTable;

    public FormPages(
            Connectors connectors, FormWindows windows, Submissions submissions, Preview preview, Formats formats) {
        this.connectors = connectors;
        this.windows = windows;
        this.submissions = submissions;
        this.preview = preview;
        this.formats = formats;
        this.windowTable = new TableDefinition<>(
                List.of(
                        TableColumn.<FormWindows.Row>of("From", row -> Cell.text(formats.time(row.from())))
                                .sortedBy("from"),
                        TableColumn.<FormWindows.Row>of("Until", row -> Cell.text(formats.time(row.to()))),
                        TableColumn.<FormWindows.Row>of("State", row -> state(row.state())),
                        TableColumn.<FormWindows.Row>of("Submissions", row -> Cell.text(row.submissions()))
                                .asNumber(),
                        TableColumn.<FormWindows.Row>of("Of nobody", row -> Cell.text(row.notSelected()))
                                .asNumber(),
                        TableColumn.<FormWindows.Row>of("Unreadable", row -> Cell.text(row.unreadable()))
                                .asNumber(),
                        TableColumn.<FormWindows.Row>of("Attempts", row -> Cell.text(row.attempts()))
                                .asNumber(),
                        TableColumn.<FormWindows.Row>of("Due", row -> Cell.text(formats.time(row.dueAt()))),
                        TableColumn.<FormWindows.Row>of("Because", row -> Cell.text(row.because()))),
                List.of(),
                "Parts of the form stand here once a run has looked what is to be read.");
        this.submissionTable = new TableDefinition<>(
                List.of(
                        TableColumn.<Submissions.Row>of("Submission", row -> Cell.text(row.name())),
                        TableColumn.<Submissions.Row>of("Submitted", row -> Cell.text(formats.time(row.submittedAt()))),
                        TableColumn.<Submissions.Row>of("Person", FormPages::person),
                        TableColumn.<Submissions.Row>of("State", FormPages::state),
                        TableColumn.<Submissions.Row>of("Code", row -> Cell.text(row.code())),
                        TableColumn.<Submissions.Row>of("Seen", row -> Cell.text(formats.time(row.seenAt())))
                                .sortedBy("seen")),
                List.of(
                        FilterField.choice(
                                "of",
                                "Of",
                                Map.of(
                                        "nobody",
                                        "nobody whom the filter selects",
                                        "somebody",
                                        "people of the registry")),
                        FilterField.text("code", "Code", "such as LOCAL-UNKNOWN")),
                "Submissions stand here once the seeder has told of some.");
    }

    private static Map<String, String> whose() {
        Map<String, String> whose = new LinkedHashMap<>();
        whose.put("nobody", "nobody who is asked for");
        whose.put("somebody", "people of the registry");
        return whose;
    }

    private static Cell state(FormWindows.State state) {
        return switch (state) {
            case WAITS -> Cell.badge("waits", Tone.ACTIVE);
            case WITH_THE_SEEDER -> Cell.badge("with the seeder", Tone.ACTIVE);
            case READ -> Cell.badge("read", Tone.GOOD);
            case READ_IN_PART -> Cell.badge("read in part", Tone.ATTENTION);
            case LEFT -> Cell.badge("of another form", Tone.QUIET);
            case STANDS_STILL -> Cell.badge("could not be read", Tone.ATTENTION);
        };
    }

    private static Cell person(Submissions.Row row) {
        return row.personId() == null ? Cell.text("") : Cell.link(row.reference(), "/people/" + row.personId());
    }

    private static Cell state(Submissions.Row row) {
        if (row.state() != null) {
            return ConnectorPages.personState(row.state());
        }
        return switch (row.code()) {
            case "LOCAL-NOT-SELECTED" -> Cell.badge("not selected by the filter", Tone.QUIET);
            case "LOCAL-UNKNOWN" -> Cell.badge("nobody has this virtual ID", Tone.ATTENTION);
            default -> Cell.badge("without virtual ID", Tone.ATTENTION);
        };
    }

    @GetMapping(PATH + "/windows")
    String windows(Actor actor, Model model, @PathVariable UUID id, @RequestParam Map<String, String> parameters) {
        Connector connector = connectors.show(actor, id);
        PageRequest request = TableDefinition.request(parameters);
        list(model, connector, "Parts of the form that " + connector.name() + " reads");
        model.addAttribute("table", windowTable.view(path(id, "windows"), request, windows.page(actor, id, request)));
        return "tokens/list";
    }

    @GetMapping(PATH + "/windows.csv")
    void exportWindows(
            Actor actor,
            HttpServletResponse response,
            @PathVariable UUID id,
            @RequestParam Map<String, String> parameters)
            throws IOException {
        connectors.show(actor, id);
        CsvResponse.send(
                response,
                "tokens-form.csv",
                out -> windowTable.export(
                        out, TableDefinition.request(parameters), request -> windows.page(actor, id, request)));
    }

    @GetMapping(PATH + "/submissions")
    String submissions(Actor actor, Model model, @PathVariable UUID id, @RequestParam Map<String, String> parameters) {
        Connector connector = connectors.show(actor, id);
        PageRequest request = TableDefinition.request(parameters);
        list(model, connector, "Submissions of " + connector.name());
        model.addAttribute("mayAskForm", actor.may(TokensPermission.OPERATE));
        model.addAttribute("code", request.filter("code"));
        model.addAttribute(
                "table", submissionTable.view(path(id, "submissions"), request, submissions.page(actor, id, request)));
        return "tokens/list";
    }

    @GetMapping(PATH + "/submissions.csv")
    void exportSubmissions(
            Actor actor,
            HttpServletResponse response,
            @PathVariable UUID id,
            @RequestParam Map<String, String> parameters)
            throws IOException {
        connectors.show(actor, id);
        CsvResponse.send(
                response,
                "tokens-submissions.csv",
                out -> submissionTable.export(
                        out, TableDefinition.request(parameters), request -> submissions.page(actor, id, request)));
    }

    private static void list(Model model, Connector connector, String title) {
        model.addAttribute("connector", connector);
        model.addAttribute("title", title);
        model.addAttribute("mayAskForm", false);
        model.addAttribute("mayTryAgain", false);
    }

    private static String path(UUID id, String list) {
        return "/token-connectors/" + id + "/" + list;
    }

    @GetMapping(PATH + "/submissions/again")
    String askAgain(Actor actor, Model model, @PathVariable UUID id, @RequestParam(defaultValue = "") String code) {
        actor.require(TokensPermission.OPERATE);
        Connector connector = connectors.show(actor, id);
        model.addAttribute(
                "confirmation",
                Confirmation.of(
                                "Read submissions of nobody again?",
                                "The seeder reads the parts of the form in which they are once more. Each submission in"
                                        + " them is a question to the identity authority.",
                                path(id, "submissions/again"),
                                "Read again",
                                path(id, "submissions"))
                        .fact("Connector", connector.name())
                        .fact("Only with the code", code.isEmpty() ? "any" : code)
                        .carrying("code", code)
                        .askingReason("What has changed?"));
        return "console/confirm";
    }

    @PostMapping(PATH + "/submissions/again")
    String again(
            Actor actor,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam(defaultValue = "") String code,
            @RequestParam String reason) {
        int parts = windows.askAgain(actor, connectors.show(actor, id), code, reason.strip());
        Notice.good(
                redirect,
                (parts == 1 ? "One part of the form is" : parts + " parts of the form are")
                        + " read again. Start the connector if it does not run.");
        return "redirect:" + path(id, "submissions");
    }

    @PostMapping(PATH + "/try-form")
    String tryForm(
            Actor actor,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam String from,
            @RequestParam String to) {
        Connector connector = connectors.show(actor, id);
        Notice.good(redirect, preview.tryForm(actor, connector, time(from), time(to)));
        return "redirect:/token-connectors/" + id;
    }

    private Instant time(String text) {
        return formats.readTime(text).orElseThrow(() -> Problem.of(TokensProblem.WINDOW_UNFIT));
    }
}
