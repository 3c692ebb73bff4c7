package org.annona.programs.eligibility;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.annona.access.Actor;
import org.annona.console.Cell;
import org.annona.console.CsvResponse;
import org.annona.console.FilterField;
import org.annona.console.Formats;
import org.annona.console.TableColumn;
import org.annona.console.TableDefinition;
import org.annona.console.Tone;
import org.annona.foundation.listing.PageRequest;
import org.annona.programs.ProgramsPermission;
import org.annona.programs.eligibility.Assessment.Decision;
import org.annona.programs.eligibility.Assessment.PartOutcome;
import org.annona.programs.programme.Programme;
import org.annona.programs.programme.Programmes;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** What one reading of the rule said about each subject, with the reasons. */
@Controller
public final class AssessmentPages {

    private static final Map<String, String> OUTCOMES = new LinkedHashMap<>();

    static {
        OUTCOMES.put("eligible", "eligible");
        OUTCOMES.put("not_eligible", "not eligible");
        OUTCOMES.put("unknown", "unknown");
    }

    private final Assessments assessments;
    private final Programmes programmes;
    private final TableDefinition<Decision> table;

    public AssessmentPages(Assessments assessments, Programmes programmes, Formats formats) {
        this.assessments = assessments;
        this.programmes = programmes;
        String currency = programmes.currency().getCurrencyCode();
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<Decision>of("Beneficiary", row -> Cell.text(row.subjectRef())),
                        TableColumn.<Decision>of("Outcome", row -> outcome(row.outcome())),
                        TableColumn.<Decision>of("Why", row -> Cell.text(why(row))),
                        TableColumn.<Decision>of("Would receive", row -> Cell.text(amount(row, formats, currency)))
                                .asNumber()),
                List.of(
                        FilterField.choice("outcome", "Outcome", OUTCOMES),
                        FilterField.text("q", "Beneficiary", "H-123-456-789-0 or P-123-456-789-0")),
                "The assessment found no subject like that.");
    }

    public static Cell outcome(String outcome) {
        Tone tone = switch (outcome) {
            case "eligible" -> Tone.GOOD;
            case "unknown" -> Tone.ATTENTION;
            default -> Tone.QUIET;
        };
        return Cell.badge(OUTCOMES.getOrDefault(outcome, outcome), tone);
    }

    private static String amount(Decision row, Formats formats, String currency) {
        if (!row.outcome().equals("eligible")) {
            return "";
        }
        return row.amountMinor() == null ? "not known" : formats.money(row.amountMinor(), currency);
    }

    /** The parts of the rule that decided: those not fulfilled, or else those that nobody can answer. */
    private static String why(Decision row) {
        return switch (row.outcome()) {
            case "eligible" -> "every part of the rule is fulfilled";
            case "unknown" -> "not known: " + String.join(", ", row.missing());
            default ->
                "not fulfilled: "
                        + row.parts().stream()
                                .filter(part -> Boolean.FALSE.equals(part.fulfilled()))
                                .map(PartOutcome::reading)
                                .collect(Collectors.joining("; "));
        };
    }

    @GetMapping("/assessments/{id}")
    String show(Actor actor, Model model, @PathVariable UUID id, @RequestParam Map<String, String> parameters) {
        Assessment assessment = assessments.show(actor, id);
        Programme programme = programmes.find(assessment.programmeId());
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("assessment", assessment);
        model.addAttribute("programme", programme);
        model.addAttribute(
                "table", table.view("/assessments/" + id, request, assessments.decisions(actor, assessment, request)));
        return "programs/assessment";
    }

    @GetMapping("/assessments/{id}.csv")
    void export(
            Actor actor,
            HttpServletResponse response,
            @PathVariable UUID id,
            @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(ProgramsPermission.VIEW);
        Assessment assessment = assessments.show(actor, id);
        CsvResponse.send(
                response,
                "assessment.csv",
                out -> table.export(
                        out,
                        TableDefinition.request(parameters),
                        request -> assessments.decisions(actor, assessment, request)));
    }
}
