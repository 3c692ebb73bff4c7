package org.annona.programs.overview;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
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
import org.annona.foundation.database.Database;
import org.annona.foundation.job.JobState;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.programs.AreaDirectory;
import org.annona.programs.ProgramsPermission;
import org.annona.programs.approval.ApprovalRequest;
import org.annona.programs.approval.Approvals;
import org.annona.programs.cycle.Cycles;
import org.annona.programs.eligibility.Assessment;
import org.annona.programs.eligibility.Assessments;
import org.annona.programs.enrolment.Enrolments;
import org.annona.programs.population.PopulationRefresh;
import org.annona.programs.programme.Benefit;
import org.annona.programs.programme.Programme;
import org.annona.programs.programme.ProgrammeForm;
import org.annona.programs.programme.ProgrammeTemplate;
import org.annona.programs.programme.ProgrammeTerms;
import org.annona.programs.programme.Programmes;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Programmes: the list, a new one from a template, and one programme with everything that can be done next. */
@Controller
public final class ProgrammePages {

    private static final int CYCLES_SHOWN = 12;

    private static final int MOST_AREAS_OFFERED = 2_000;

    private final AreaDirectory areas;
    private final Programmes programmes;
    private final Clock clock;
    private final Assessments assessments;
    private final Enrolments enrolments;
    private final Cycles cycles;
    private final Approvals approvals;
    private final PopulationRefresh population;
    private final Jobs jobs;
    private final Formats formats;
    private final TableDefinition<Programme> table;

    public ProgrammePages(
            Programmes programmes,
            Assessments assessments,
            Enrolments enrolments,
            Cycles cycles,
            Approvals approvals,
            PopulationRefresh population,
            AreaDirectory areas,
            Database database,
            Formats formats,
            Clock clock) {
        this.areas = areas;
        this.clock = clock;
        this.programmes = programmes;
        this.assessments = assessments;
        this.enrolments = enrolments;
        this.cycles = cycles;
        this.approvals = approvals;
        this.population = population;
        this.jobs = new Jobs(database);
        this.formats = formats;
        Map<String, String> states = new LinkedHashMap<>();
        for (Programme.State state : Programme.State.values()) {
            states.put(Programmes.state(state), formats.words(state));
        }
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<Programme>of(
                                        "Code",
                                        programme -> Cell.link(programme.code(), "/programmes/" + programme.id()))
                                .sortedBy("code"),
                        TableColumn.<Programme>of("Name", programme -> Cell.text(programme.name())),
                        TableColumn.<Programme>of(
                                "State",
                                programme -> Cell.badge(formats.words(programme.state()), tone(programme.state()))),
                        TableColumn.<Programme>of("Terms", programme -> Cell.text(version(programme))),
                        TableColumn.<Programme>of("Made by", programme -> Cell.text(programme.createdBy())),
                        TableColumn.<Programme>of("Made", programme -> Cell.text(formats.time(programme.createdAt())))
                                .sortedBy("created")),
                List.of(FilterField.choice("state", "State", states)),
                "A programme manager makes the first one from a template.");
    }

    private static String version(Programme programme) {
        return programme.currentVersion() == null
                ? "none in force"
                : "version " + programme.currentVersion() + " in force";
    }

    public static Tone tone(Programme.State state) {
        return switch (state) {
            case DRAFT, IN_REVIEW -> Tone.ATTENTION;
            case ACTIVE -> Tone.GOOD;
            case SUSPENDED -> Tone.BAD;
            case CLOSED, CANCELLED -> Tone.QUIET;
        };
    }

    @GetMapping("/programmes")
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", table.view("/programmes", request, programmes.page(actor, request)));
        model.addAttribute("templates", ProgrammeTemplate.ALL);
        model.addAttribute("mayPrepare", actor.may(ProgramsPermission.PREPARE));
        return "programs/programmes";
    }

    @GetMapping("/programmes.csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(ProgramsPermission.VIEW);
        CsvResponse.send(
                response,
                "programmes.csv",
                out -> table.export(
                        out, TableDefinition.request(parameters), request -> programmes.page(actor, request)));
    }

    @GetMapping("/programmes/new")
    String askNew(Actor actor, Model model, @RequestParam(defaultValue = "family") String template) {
        actor.require(ProgramsPermission.PREPARE);
        ProgrammeTemplate chosen = ProgrammeTemplate.byKey(template);
        return form(model, chosen.title(), "/programmes/new", new ProgrammeForm(chosen.answers()), true);
    }

    @PostMapping("/programmes/new")
    String create(Actor actor, Model model, RedirectAttributes redirect, @RequestParam Map<String, String> answers) {
        ProgrammeForm form = new ProgrammeForm(answers);
        try {
            Programme programme = programmes.create(
                    actor, form.answer("code"), form.answer("name"), () -> form.terms(programmes.currency()));
            Notice.good(redirect, "The draft was saved. It takes effect when somebody else has approved its terms.");
            return "redirect:/programmes/" + programme.id();
        } catch (Problem refusal) {
            return again(model, refusal, "New programme", "/programmes/new", form, true);
        }
    }

    @GetMapping("/programmes/{id}/terms")
    String askTerms(Actor actor, Model model, @PathVariable UUID id) {
        actor.require(ProgramsPermission.PREPARE);
        Programme programme = programmes.find(id);
        ProgrammeTerms terms = programmes.versions(id).getFirst().terms();
        return form(
                model,
                "New terms of " + programme.name(),
                "/programmes/" + id + "/terms",
                ProgrammeForm.of(terms, programme.currency()),
                false);
    }

    @PostMapping("/programmes/{id}/terms")
    String changeTerms(
            Actor actor,
            Model model,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam Map<String, String> answers) {
        ProgrammeForm form = new ProgrammeForm(answers);
        try {
            int version = programmes.change(actor, id, form.terms(programmes.currency()));
            Notice.good(redirect, "Version " + version + " was saved. It takes effect when somebody else approves it.");
            return "redirect:/programmes/" + id;
        } catch (Problem refusal) {
            return again(model, refusal, "New terms", "/programmes/" + id + "/terms", form, false);
        }
    }

    /** What was typed stays, with the reason of the refusal above it. */
    private String again(Model model, Problem refusal, String title, String action, ProgrammeForm form, boolean isNew) {
        if (refusal.code() == AccessProblem.NOT_PERMITTED) {
            throw refusal;
        }
        model.addAttribute("problem", ProblemView.of(refusal));
        return form(model, title, action, form, isNew);
    }

    private String form(Model model, String title, String action, ProgrammeForm form, boolean isNew) {
        model.addAttribute("title", title);
        model.addAttribute("action", action);
        model.addAttribute("form", form);
        model.addAttribute("isNew", isNew);
        model.addAttribute("currency", programmes.currency().getCurrencyCode());
        model.addAttribute("subject", form.subject());
        model.addAttribute("catalogue", form.subject().catalogue(programmes.currency()));
        model.addAttribute("areas", areas.areas(MOST_AREAS_OFFERED));
        return "programs/programme-form";
    }

    /** A version of the terms, in words. */
    public record VersionView(
            int number,
            boolean inForce,
            String who,
            List<String> pays,
            String author,
            String written,
            String approver) {}

    @GetMapping("/programmes/{id}")
    String show(Actor actor, Model model, @PathVariable UUID id) {
        Programme programme = programmes.show(actor, id);
        model.addAttribute("programme", programme);
        model.addAttribute("stateTone", tone(programme.state()).colour());
        model.addAttribute(
                "versions",
                programmes.versions(id).stream()
                        .map(version -> view(programme, version))
                        .toList());
        boolean newestApproved = programmes.versions(id).getFirst().approver() != null;
        model.addAttribute("maySubmit", actor.may(ProgramsPermission.PREPARE) && !newestApproved);
        model.addAttribute("mayPrepare", actor.may(ProgramsPermission.PREPARE));
        model.addAttribute("mayEnrol", actor.may(ProgramsPermission.ENROL));
        approvals
                .newestOn(id)
                .filter(request -> request.state() == ApprovalRequest.State.OPEN)
                .ifPresent(request -> model.addAttribute("request", request));
        approvals
                .newestOn(id)
                .filter(request -> request.state() == ApprovalRequest.State.REJECTED)
                .filter(request ->
                        request.version() == programmes.versions(id).getFirst().number())
                .ifPresent(request ->
                        model.addAttribute("rejection", request.votes().getLast()));
        assessments.newestOf(id).ifPresent(assessment -> describe(model, assessment));
        model.addAttribute("enrolled", enrolments.countsByState(id));
        model.addAttribute(
                "cycles",
                cycles.page(actor, new PageRequest("", false, null, CYCLES_SHOWN, Map.of("programme", id.toString())))
                        .rows());
        population.lastRefreshed().ifPresent(at -> model.addAttribute("refreshedAt", at));
        jobs.ofSubject("programme/" + id, 1).stream()
                .filter(job -> !job.state().isEnded() || job.state() == JobState.FAILED)
                .findFirst()
                .ifPresent(job -> model.addAttribute("job", job));
        model.addAttribute("today", LocalDate.now(clock));
        return "programs/programme";
    }

    private void describe(Model model, Assessment assessment) {
        model.addAttribute("assessment", assessment);
        if (assessment.state() != Assessment.State.RUNNING) {
            model.addAttribute("parts", assessments.parts(assessment));
            model.addAttribute("missing", assessments.missing(assessment));
        }
    }

    private VersionView view(Programme programme, Programme.Version version) {
        ProgrammeTerms terms = version.terms();
        return new VersionView(
                version.number(),
                Integer.valueOf(version.number()).equals(programme.currentVersion()),
                terms.reading(terms.catalogue(programmes.currency())),
                pays(terms, programme.currency().getCurrencyCode()),
                version.author(),
                formats.time(version.writtenAt()),
                version.approver() == null
                        ? "not approved"
                        : "approved by " + version.approver() + " at " + formats.time(version.approvedAt()));
    }

    private List<String> pays(ProgrammeTerms terms, String currency) {
        Benefit benefit = terms.benefit();
        List<String> lines = new ArrayList<>();
        lines.add(formats.money(benefit.baseMinor(), currency) + " for each "
                + terms.subject().word());
        for (Benefit.Band band : benefit.bands()) {
            lines.add(formats.money(band.perMemberMinor(), currency) + " for each " + band.label() + ", at most "
                    + band.mostMembers());
        }
        if (benefit.minimumMinor() != null) {
            lines.add("at least " + formats.money(benefit.minimumMinor(), currency));
        }
        if (benefit.maximumMinor() != null) {
            lines.add("at most " + formats.money(benefit.maximumMinor(), currency));
        }
        return lines;
    }

    @PostMapping("/programmes/{id}/submit")
    String submit(Actor actor, RedirectAttributes redirect, @PathVariable UUID id) {
        programmes.submit(actor, id);
        Notice.good(redirect, "The terms wait for the approval of somebody else.");
        return "redirect:/programmes/" + id;
    }

    @PostMapping("/programmes/{id}/assess")
    String assess(Actor actor, @PathVariable UUID id) {
        assessments.begin(actor, id);
        return "redirect:/programmes/" + id;
    }

    @GetMapping("/programmes/{id}/enrol/{assessmentId}")
    String askEnrol(Actor actor, Model model, @PathVariable UUID id, @PathVariable UUID assessmentId) {
        actor.require(ProgramsPermission.ENROL);
        Assessment assessment = assessments.show(actor, assessmentId);
        Programme programme = programmes.find(id);
        model.addAttribute(
                "confirmation",
                Confirmation.of(
                                "Enrol the eligible " + programme.subject().plural() + " in " + programme.name() + "?",
                                "Exactly the " + programme.subject().plural() + " that the preview of "
                                        + assessment.asOf()
                                        + " found eligible. Nobody who is suspended, held or has left is touched.",
                                "/programmes/" + id + "/enrol/" + assessmentId,
                                "Enrol " + formats.number(assessment.newlyEligible()) + " "
                                        + programme.subject().plural(),
                                "/programmes/" + id)
                        .fact("New in the programme", formats.number(assessment.newlyEligible()))
                        .fact("Already in the programme", formats.number(assessment.enrolledAlready()))
                        .fact("Left or rejected before, not touched", formats.number(assessment.leftBefore()))
                        .fact("Unknown, left out until known", formats.number(assessment.unknown()))
                        .fact(
                                "Cost of one cycle for all eligible",
                                formats.money(
                                        assessment.costMinor(),
                                        programme.currency().getCurrencyCode())));
        return "console/confirm";
    }

    @PostMapping("/programmes/{id}/enrol/{assessmentId}")
    String enrol(Actor actor, @PathVariable UUID id, @PathVariable UUID assessmentId) {
        enrolments.enrolEligible(actor, assessmentId);
        return "redirect:/programmes/" + id;
    }

    @GetMapping("/programmes/{id}/suspend")
    String askSuspend(Actor actor, Model model, @PathVariable UUID id) {
        actor.require(ProgramsPermission.PREPARE);
        Programme programme = programmes.find(id);
        boolean suspend = programme.state() == Programme.State.ACTIVE;
        Confirmation question = Confirmation.of(
                        (suspend ? "Suspend " : "Let go on: ") + programme.name() + "?",
                        suspend
                                ? "No enrolment, no new cycle and no release until it goes on. Payments that were released"
                                        + " already are carried out."
                                : "Enrolment, new cycles and releases are possible again.",
                        "/programmes/" + id + "/suspend",
                        suspend ? "Suspend" : "Go on",
                        "/programmes/" + id)
                .carrying("suspended", suspend)
                .askingReason("Why?");
        model.addAttribute("confirmation", suspend ? question.grave() : question);
        return "console/confirm";
    }

    @PostMapping("/programmes/{id}/suspend")
    String suspend(
            Actor actor,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam boolean suspended,
            @RequestParam String reason) {
        programmes.setSuspended(actor, id, suspended, reason);
        Notice.good(redirect, suspended ? "The programme is suspended." : "The programme goes on.");
        return "redirect:/programmes/" + id;
    }

    @PostMapping("/programmes/{id}/cycles")
    String openCycle(
            Actor actor,
            @PathVariable UUID id,
            @RequestParam(defaultValue = "") String code,
            @RequestParam(defaultValue = "") String payOn) {
        return "redirect:/cycles/"
                + cycles.open(actor, id, code, Cycles.dayOf(payOn)).id();
    }
}
