package org.annona.tokens.tokenisation;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.access.AccessProblem;
import org.annona.access.Actor;
import org.annona.console.Cell;
import org.annona.console.Confirmation;
import org.annona.console.CsvResponse;
import org.annona.console.FilterField;
import org.annona.console.Formats;
import org.annona.console.Notice;
import org.annona.console.ProblemView;
import org.annona.console.TableColumn;
import org.annona.console.TableDefinition;
import org.annona.console.Tone;
import org.annona.foundation.job.JobView;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.tokens.ConnectorTerms;
import org.annona.tokens.Subjects;
import org.annona.tokens.TokensPermission;
import org.annona.tokens.connector.Connector;
import org.annona.tokens.connector.ConnectorForms;
import org.annona.tokens.connector.Connectors;
import org.annona.tokens.internal.tables.states.ConnectorState;
import org.annona.tokens.internal.tables.states.RequestState;
import org.annona.tokens.internal.tables.states.TokenisationState;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Token connectors: what is agreed, how each stands, its people and its messages. */
@Controller
public final class ConnectorPages {

    private static final String PATH = "/token-connectors";
    private static final Map<String, String> STATES = states();

    private final Connectors connectors;
    private final Tokenisations people;
    private final Requests requests;
    private final Preview preview;
    private final Subjects subjects;
    private final Jobs jobs;
    private final Formats formats;
    private final TableDefinition<Connector> table;
    private final TableDefinition<Tokenisations.Row> peopleTable;
    private final TableDefinition<Requests.Row> requestTable;

    public ConnectorPages(
            Connectors connectors,
            Tokenisations people,
            Requests requests,
            Preview preview,
            Subjects subjects,
            Jobs jobs,
            Formats formats) {
        this.connectors = connectors;
        this.people = people;
        this.requests = requests;
        this.preview = preview;
        this.subjects = subjects;
        this.jobs = jobs;
        this.formats = formats;
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<Connector>of("Name", row -> Cell.link(row.name(), PATH + "/" + row.id()))
                                .sortedBy("name"),
                        TableColumn.<Connector>of("State", row -> state(row.state())),
                        TableColumn.<Connector>of(
                                "Seeder", row -> Cell.text(row.terms().seederUrl())),
                        TableColumn.<Connector>of("Run", row -> Cell.text(row.run()))
                                .asNumber(),
                        TableColumn.<Connector>of(
                                "Next run",
                                row -> Cell.text(row.nextRunAt() == null ? "" : formats.time(row.nextRunAt())))),
                List.of(),
                "Set up the first one: where the token seeder is, and whose tokens are wanted.");
        this.peopleTable = new TableDefinition<>(
                List.of(
                        TableColumn.<Tokenisations.Row>of(
                                "Person", row -> Cell.link(row.reference(), "/people/" + row.personId())),
                        TableColumn.<Tokenisations.Row>of("State", row -> personState(row.state())),
                        TableColumn.<Tokenisations.Row>of("Code", row -> Cell.text(row.code())),
                        TableColumn.<Tokenisations.Row>of("Because", row -> Cell.text(row.message())),
                        TableColumn.<Tokenisations.Row>of("Attempts", row -> Cell.text(row.attempts()))
                                .asNumber(),
                        TableColumn.<Tokenisations.Row>of("Due", row -> Cell.text(formats.time(row.dueAt()))),
                        TableColumn.<Tokenisations.Row>of("Changed", row -> Cell.text(formats.time(row.changedAt())))
                                .sortedBy("changed")),
                List.of(
                        FilterField.choice("state", "State", STATES),
                        FilterField.text("code", "Code", "such as IDA-MLC-004"),
                        FilterField.text("person", "Person", "reference")),
                "People stand here once a run has looked whom the filter selects.");
        this.requestTable = new TableDefinition<>(
                List.of(
                        TableColumn.<Requests.Row>of("Written", row -> Cell.text(formats.time(row.preparedAt())))
                                .sortedBy("at"),
                        TableColumn.<Requests.Row>of("Delivery", row -> Cell.text(row.delivery())),
                        TableColumn.<Requests.Row>of("State", row -> requestState(row.state())),
                        TableColumn.<Requests.Row>of("People", row -> Cell.text(row.people()))
                                .asNumber(),
                        TableColumn.<Requests.Row>of("Tokens", row -> Cell.text(row.tokens()))
                                .asNumber(),
                        TableColumn.<Requests.Row>of("Failed", row -> Cell.text(row.failed()))
                                .asNumber(),
                        TableColumn.<Requests.Row>of(
                                "Because", row -> Cell.text((row.code() + " " + row.detail()).strip())),
                        TableColumn.<Requests.Row>of("Odd answers", row -> odd(row))),
                List.of(FilterField.choice("state", "State", requestStates())),
                "Messages to the seeder stand here once a run has sent some.");
    }

    private static Map<String, String> requestStates() {
        Map<String, String> choices = new LinkedHashMap<>();
        for (RequestState state : RequestState.values()) {
            choices.put(state.code(), state.code());
        }
        return choices;
    }

    private static Map<String, String> states() {
        Map<String, String> states = new LinkedHashMap<>();
        for (TokenisationState state : TokenisationState.values()) {
            states.put(state.code(), words(state));
        }
        return states;
    }

    private static String words(TokenisationState state) {
        return switch (state) {
            case NEW -> "waits for its turn";
            case SENT -> "with the seeder";
            case FAILED -> "failed";
            case TOKENISED -> "has a token";
            case COLLISION -> "token of another person";
            case GAVE_UP -> "given up";
            case LEFT_OUT -> "left out";
        };
    }

    private static Cell state(ConnectorState state) {
        Tone tone = switch (state) {
            case DRAFT -> Tone.QUIET;
            case STARTED -> Tone.ACTIVE;
            case STOPPED -> Tone.ATTENTION;
            case COMPLETED -> Tone.GOOD;
            case FAILED -> Tone.BAD;
        };
        return Cell.badge(state.code(), tone);
    }

    static Cell personState(TokenisationState state) {
        Tone tone = switch (state) {
            case TOKENISED -> Tone.GOOD;
            case NEW, SENT -> Tone.ACTIVE;
            case LEFT_OUT -> Tone.QUIET;
            case FAILED, COLLISION, GAVE_UP -> Tone.ATTENTION;
        };
        return Cell.badge(words(state), tone);
    }

    private static Cell requestState(RequestState state) {
        Tone tone = switch (state) {
            case DONE -> Tone.GOOD;
            case LOST, REFUSED -> Tone.ATTENTION;
            case SENDING, ACCEPTED -> Tone.ACTIVE;
        };
        return Cell.badge(state.code(), tone);
    }

    private static Cell odd(Requests.Row row) {
        int odd = row.contradictions() + row.strangers();
        return odd == 0
                ? Cell.text(row.repeats() == 0 ? "" : row.repeats() + " repeated")
                : Cell.badge(row.contradictions() + " contradicted, " + row.strangers() + " of strangers", Tone.BAD);
    }

    @GetMapping(PATH)
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", table.view(PATH, request, connectors.page(actor, request)));
        model.addAttribute("mayConfigure", actor.may(TokensPermission.CONFIGURE));
        return "tokens/connectors";
    }

    @GetMapping(PATH + ".csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(TokensPermission.VIEW);
        CsvResponse.send(
                response,
                "token-connectors.csv",
                out -> table.export(
                        out, TableDefinition.request(parameters), request -> connectors.page(actor, request)));
    }

    @GetMapping(PATH + "/new")
    String blank(Actor actor, Model model, @RequestParam(defaultValue = "registry") String input) {
        actor.require(TokensPermission.CONFIGURE);
        return form(model, PATH + "/new", ConnectorForms.blank(input.equals("odk"), formats), null);
    }

    private String form(Model model, String action, ConnectorForms form, @Nullable Integer version) {
        model.addAttribute("action", action);
        model.addAttribute("form", form.texts());
        model.addAttribute("version", version);
        model.addAttribute("choices", ConnectorForms.CHOICES);
        Map<String, String> kinds = new LinkedHashMap<>();
        subjects.identifierKinds().forEach(kind -> kinds.put(kind.code(), kind.label()));
        model.addAttribute("kinds", kinds);
        model.addAttribute("fields", subjects.fields());
        model.addAttribute("zone", formats.zoneName());
        return "tokens/connector-form";
    }

    /** Checks without saving where that was asked for, and shows whom the filter selects. */
    @PostMapping(PATH + "/new")
    String create(Actor actor, Model model, RedirectAttributes redirect, @RequestParam Map<String, String> parameters) {
        actor.require(TokensPermission.CONFIGURE);
        ConnectorForms form = ConnectorForms.typed(parameters, formats);
        try {
            if (parameters.containsKey("check")) {
                return checked(actor, model, PATH + "/new", form, null);
            }
            UUID id = connectors.create(actor, form.name(), form.terms(formats), form.secrets());
            Notice.good(redirect, "The connector was kept as a draft. Start it when everything is ready.");
            return "redirect:" + PATH + "/" + id;
        } catch (Problem refusal) {
            return refused(model, refusal, PATH + "/new", form, null);
        }
    }

    private String checked(Actor actor, Model model, String action, ConnectorForms form, @Nullable Integer version) {
        ConnectorTerms terms = form.terms(formats);
        Connectors.Report report = connectors.check(actor, terms);
        model.addAttribute("report", report);
        if (report.faults().isEmpty()) {
            model.addAttribute("selected", preview.of(actor, terms));
        }
        return form(model, action, form, version);
    }

    private String refused(
            Model model, Problem refusal, String action, ConnectorForms form, @Nullable Integer version) {
        if (refusal.code() == AccessProblem.NOT_PERMITTED) {
            throw refusal;
        }
        model.addAttribute("problem", ProblemView.of(refusal));
        return form(model, action, form, version);
    }

    @GetMapping(PATH + "/{id}/edit")
    String edit(Actor actor, Model model, @PathVariable UUID id) {
        actor.require(TokensPermission.CONFIGURE);
        Connector connector = connectors.show(actor, id);
        return form(
                model,
                PATH + "/" + id + "/edit",
                ConnectorForms.of(connector.name(), connector.terms(), formats),
                connector.version());
    }

    @PostMapping(PATH + "/{id}/edit")
    String change(
            Actor actor,
            Model model,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam int version,
            @RequestParam Map<String, String> parameters) {
        actor.require(TokensPermission.CONFIGURE);
        ConnectorForms form = ConnectorForms.typed(parameters, formats);
        String action = PATH + "/" + id + "/edit";
        try {
            if (parameters.containsKey("check")) {
                return checked(actor, model, action, form, version);
            }
            connectors.change(actor, id, version, form.name(), form.terms(formats), form.secrets());
            Notice.good(redirect, "Changed. It holds from the next run on.");
            return "redirect:" + PATH + "/" + id;
        } catch (Problem refusal) {
            return refused(model, refusal, action, form, version);
        }
    }

    @GetMapping(PATH + "/{id}")
    String show(Actor actor, Model model, @PathVariable UUID id) {
        Connector connector = connectors.show(actor, id);
        List<JobView> newest = jobs.ofSubject(connector.subject(), 1);
        model.addAttribute("connector", connector);
        model.addAttribute("stateCell", state(connector.state()));
        model.addAttribute("job", newest.isEmpty() ? null : newest.getFirst());
        model.addAttribute("counts", people.countByState(id));
        model.addAttribute("states", STATES);
        model.addAttribute("codes", people.countByCode(id));
        model.addAttribute("open", requests.countOpen(id));
        model.addAttribute("reading", reading(connector));
        model.addAttribute("versions", connectors.versions(id));
        model.addAttribute(
                "secretNames", connectors.headers(id, connector.terms()).keySet());
        model.addAttribute("mayConfigure", actor.may(TokensPermission.CONFIGURE));
        model.addAttribute("mayOperate", actor.may(TokensPermission.OPERATE));
        return "tokens/connector";
    }

    private String reading(Connector connector) {
        try {
            return "Those of whom "
                    + subjects.read(
                                    connector.terms().filter(),
                                    connector.terms().dialect())
                            .plain();
        } catch (Problem refused) {
            return refused.sentence();
        }
    }

    /** For those who look after people: whom it selects, masked. */
    @GetMapping(PATH + "/{id}/preview")
    String preview(Actor actor, Model model, @PathVariable UUID id) {
        actor.require(TokensPermission.OPERATE);
        Connector connector = connectors.show(actor, id);
        model.addAttribute("connector", connector);
        model.addAttribute("reading", reading(connector));
        model.addAttribute("selected", preview.of(actor, connector.terms()));
        return "tokens/preview";
    }

    @PostMapping(PATH + "/{id}/start")
    String start(Actor actor, RedirectAttributes redirect, @PathVariable UUID id) {
        connectors.start(actor, id);
        Notice.good(redirect, "Started.");
        return "redirect:" + PATH + "/" + id;
    }

    @PostMapping(PATH + "/{id}/stop")
    String stop(Actor actor, RedirectAttributes redirect, @PathVariable UUID id) {
        connectors.stop(actor, id);
        Notice.good(redirect, "Nothing more is sent. What the seeder has is still collected.");
        return "redirect:" + PATH + "/" + id;
    }

    @PostMapping(PATH + "/{id}/try")
    String tryOne(Actor actor, RedirectAttributes redirect, @PathVariable UUID id, @RequestParam String reference) {
        Connector connector = connectors.show(actor, id);
        Notice.good(redirect, preview.tryOne(actor, connector, reference.strip()));
        return "redirect:" + PATH + "/" + id;
    }

    @GetMapping(PATH + "/{id}/people")
    String people(Actor actor, Model model, @PathVariable UUID id, @RequestParam Map<String, String> parameters) {
        Connector connector = connectors.show(actor, id);
        PageRequest request = TableDefinition.request(parameters);
        String path = PATH + "/" + id + "/people";
        model.addAttribute("connector", connector);
        model.addAttribute("title", "People of " + connector.name());
        model.addAttribute("table", peopleTable.view(path, request, people.page(actor, id, request)));
        model.addAttribute("code", request.filter("code"));
        model.addAttribute("mayTryAgain", actor.may(TokensPermission.OPERATE));
        return "tokens/list";
    }

    @GetMapping(PATH + "/{id}/people.csv")
    void exportPeople(
            Actor actor,
            HttpServletResponse response,
            @PathVariable UUID id,
            @RequestParam Map<String, String> parameters)
            throws IOException {
        connectors.show(actor, id);
        CsvResponse.send(
                response,
                "tokens-people.csv",
                out -> peopleTable.export(
                        out, TableDefinition.request(parameters), request -> people.page(actor, id, request)));
    }

    @GetMapping(PATH + "/{id}/requests")
    String requests(Actor actor, Model model, @PathVariable UUID id, @RequestParam Map<String, String> parameters) {
        Connector connector = connectors.show(actor, id);
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("connector", connector);
        model.addAttribute("title", "Messages of " + connector.name());
        model.addAttribute(
                "table", requestTable.view(PATH + "/" + id + "/requests", request, requests.page(id, request)));
        model.addAttribute("mayTryAgain", false);
        return "tokens/list";
    }

    @GetMapping(PATH + "/{id}/requests.csv")
    void exportRequests(
            Actor actor,
            HttpServletResponse response,
            @PathVariable UUID id,
            @RequestParam Map<String, String> parameters)
            throws IOException {
        connectors.show(actor, id);
        CsvResponse.send(
                response,
                "tokens-messages.csv",
                out -> requestTable.export(
                        out, TableDefinition.request(parameters), request -> requests.page(id, request)));
    }

    @GetMapping(PATH + "/{id}/again")
    String askAgain(Actor actor, Model model, @PathVariable UUID id, @RequestParam(defaultValue = "") String code) {
        actor.require(TokensPermission.OPERATE);
        Connector connector = connectors.show(actor, id);
        Map<String, Long> counts = people.countByState(id);
        model.addAttribute(
                "confirmation",
                Confirmation.of(
                                "Try people again?",
                                "They stand in the queue at once, as if they were new. Each try is a question to the"
                                        + " identity authority.",
                                PATH + "/" + id + "/again",
                                "Try again",
                                PATH + "/" + id)
                        .fact("Connector", connector.name())
                        .fact("Only with the code", code.isEmpty() ? "any" : code)
                        .fact("Failed", counts.getOrDefault(TokenisationState.FAILED.code(), 0L))
                        .fact("Given up", counts.getOrDefault(TokenisationState.GAVE_UP.code(), 0L))
                        .carrying("code", code)
                        .askingReason("Why now?"));
        return "console/confirm";
    }

    @PostMapping(PATH + "/{id}/again")
    String again(
            Actor actor,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam(defaultValue = "") String code,
            @RequestParam String reason) {
        int moved = people.tryAgain(actor, id, code, reason.strip());
        Notice.good(redirect, moved + " people stand in the queue again. Start the connector if it does not run.");
        return "redirect:" + PATH + "/" + id;
    }
}
