package org.annona.programs.enrolment;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.console.Cell;
import org.annona.console.CsvResponse;
import org.annona.console.FilterField;
import org.annona.console.Formats;
import org.annona.console.Notice;
import org.annona.console.TableColumn;
import org.annona.console.TableDefinition;
import org.annona.console.Tone;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.programs.ProgramsPermission;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.cycle.CyclePages;
import org.annona.programs.cycle.Cycles;
import org.annona.programs.cycle.Cycles.EntitlementRow;
import org.annona.programs.duplication.CheckReports;
import org.annona.programs.duplication.Sources;
import org.annona.programs.eligibility.Assessments;
import org.annona.programs.enrolment.Enrolments.Enrolment;
import org.annona.programs.programme.Benefit;
import org.annona.programs.programme.Programme;
import org.annona.programs.programme.Programmes;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The beneficiaries of a programme, and one of them: why the household is in, what it received, what can be done. */
@Controller
public final class EnrolmentPages {

    private static final List<String> STATES =
            List.of("applied", "waitlisted", "enrolled", "suspended", "duplicate_held", "rejected", "exited");

    private final EnrolmentEnds ends;
    private final Sources sources;
    private final CheckReports checks;
    private final Enrolments enrolments;
    private final Programmes programmes;
    private final Assessments assessments;
    private final Cycles cycles;
    private final Formats formats;
    private final TableDefinition<Enrolment> table;

    public EnrolmentPages(
            Enrolments enrolments,
            Programmes programmes,
            Assessments assessments,
            Cycles cycles,
            Sources sources,
            CheckReports checks,
            EnrolmentEnds ends,
            Formats formats) {
        this.ends = ends;
        this.formats = formats;
        this.sources = sources;
        this.checks = checks;
        this.enrolments = enrolments;
        this.programmes = programmes;
        this.assessments = assessments;
        this.cycles = cycles;
        Map<String, String> states = new LinkedHashMap<>();
        STATES.forEach(state -> states.put(state, formats.words(state)));
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<Enrolment>of(
                                "Beneficiary", row -> Cell.link(row.subjectRef(), "/enrolments/" + row.id())),
                        TableColumn.<Enrolment>of(
                                "State", row -> Cell.badge(formats.words(row.state()), tone(row.state()))),
                        TableColumn.<Enrolment>of("Because", row -> Cell.text(formats.words(row.reason()))),
                        TableColumn.<Enrolment>of("By", row -> Cell.text(row.changedBy())),
                        TableColumn.<Enrolment>of("Since", row -> Cell.text(formats.time(row.changedAt())))
                                .sortedBy("changed")),
                List.of(
                        FilterField.choice("state", "State", states),
                        FilterField.text("q", "Beneficiary", "H-123-456-789-0 or P-123-456-789-0")),
                "Preview the programme and enrol the eligible households.");
    }

    private static Tone tone(String state) {
        return switch (state) {
            case "enrolled" -> Tone.GOOD;
            case "applied", "waitlisted" -> Tone.ACTIVE;
            case "suspended", "duplicate_held" -> Tone.ATTENTION;
            default -> Tone.QUIET;
        };
    }

    @GetMapping("/programmes/{id}/beneficiaries")
    String list(Actor actor, Model model, @PathVariable UUID id, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("programme", programmes.show(actor, id));
        model.addAttribute(
                "table",
                table.view("/programmes/" + id + "/beneficiaries", request, enrolments.page(actor, id, request)));
        return "programs/beneficiaries";
    }

    @GetMapping("/programmes/{id}/beneficiaries.csv")
    void export(
            Actor actor,
            HttpServletResponse response,
            @PathVariable UUID id,
            @RequestParam Map<String, String> parameters)
            throws IOException {
        programmes.show(actor, id);
        CsvResponse.send(
                response,
                "beneficiaries.csv",
                out -> table.export(
                        out, TableDefinition.request(parameters), request -> enrolments.page(actor, id, request)));
    }

    /** An entitlement with the way to its amount. */
    public record Received(EntitlementRow row, String words, List<Benefit.TraceLine> trace) {}

    @GetMapping("/enrolments/{id}")
    String show(Actor actor, Model model, @PathVariable UUID id) {
        Enrolment enrolment = enrolments.show(actor, id);
        Programme programme = programmes.find(enrolment.programmeId());
        EnrolmentEnds.End end = ends.newest(id).orElse(null);
        boolean asked = end != null && end.state().equals("open");
        boolean own = end != null && end.askedBy().equals(actor.name());
        model.addAttribute("end", end);
        model.addAttribute("mayDecideEnd", asked && !own && actor.may(ProgramsPermission.APPROVE));
        model.addAttribute("mayWithdrawEnd", asked && own);
        model.addAttribute("enrolment", enrolment);
        model.addAttribute("stateTone", tone(enrolment.state()).colour());
        model.addAttribute("programme", programme);
        model.addAttribute("currency", programme.currency().getCurrencyCode());
        model.addAttribute("history", enrolments.history(id));
        model.addAttribute("sources", sources.all());
        model.addAttribute("checks", checks.ofHousehold(actor, enrolment.subjectId()));
        model.addAttribute("members", checks.membersOf(enrolment.subjectId()));
        model.addAttribute("mayCheck", actor.may(ProgramsPermission.CHECK_DUPLICATES));
        List<Received> received = cycles.entitlementsOf(programme.id(), enrolment.subjectId()).stream()
                .map(this::received)
                .toList();
        model.addAttribute("received", received);
        model.addAttribute(
                "waitsForPayment",
                received.stream()
                        .anyMatch(one -> List.of("computed", "instructed")
                                .contains(one.row().state())));
        assessments
                .decisionOn(programme.id(), enrolment.subjectId())
                .ifPresent(decision -> model.addAttribute("decision", decision));
        if (actor.may(ProgramsPermission.ENROL)) {
            Map<String, String> steps = new LinkedHashMap<>();
            enrolments
                    .nextSteps(enrolment)
                    .forEach(step -> steps.put(
                            step.toState() + "/" + step.reason(),
                            formats.words(step.toState()) + ": " + formats.words(step.reason())));
            if (end == null || !end.state().equals("open")) {
                model.addAttribute("steps", steps);
            }
        }
        return "programs/enrolment";
    }

    private Received received(EntitlementRow row) {
        if (row.amountMinor() == null) {
            return new Received(row, CyclePages.lineWords(row.state()), List.of());
        }
        int version = cycles.find(row.cycleId()).version();
        Programme programme = programmes.find(cycles.find(row.cycleId()).programmeId());
        Benefit benefit = programmes.version(programme.id(), version).terms().benefit();
        return new Received(row, CyclePages.lineWords(row.state()), benefit.trace(row.counted()));
    }

    /** The step is sent as {@code state/REASON}, one of those that the page offers. */
    @PostMapping("/enrolments/{id}/step")
    String change(
            Actor actor,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam(defaultValue = "") String step,
            @RequestParam(defaultValue = "") String note) {
        String[] parts = step.split("/", 2);
        if (parts.length < 2) {
            throw Problem.of(ProgramsProblem.STEP_MISSING);
        }
        if (Enrolments.ends(parts[0])) {
            ends.ask(actor, id, parts[0], parts[1], note);
            Notice.good(redirect, "Requested. The enrolment ends when an approver confirms it.");
        } else {
            enrolments.change(actor, id, parts[0], parts[1], note);
            Notice.good(redirect, "The enrolment is " + formats.words(parts[0]) + " now.");
        }
        return "redirect:/enrolments/" + id;
    }
}
