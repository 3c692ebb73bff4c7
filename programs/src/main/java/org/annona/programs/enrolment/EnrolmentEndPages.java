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
import org.annona.programs.ProgramsPermission;
import org.annona.programs.enrolment.EnrolmentEnds.End;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Ends of enrolments that were asked for. Each is decided on the page of its enrolment. */
@Controller
public final class EnrolmentEndPages {

    private static final String PATH = "/enrolment-ends";

    private final EnrolmentEnds ends;
    private final TableDefinition<End> table;

    public EnrolmentEndPages(EnrolmentEnds ends, Formats formats) {
        this.ends = ends;
        Map<String, String> states = new LinkedHashMap<>();
        states.put("done", words("done"));
        states.put("refused", words("refused"));
        states.put("withdrawn", words("withdrawn"));
        states.put("all", "all");
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<End>of(
                                "Beneficiary", row -> Cell.link(row.subjectRef(), "/enrolments/" + row.enrolmentId())),
                        TableColumn.<End>of("Programme", row -> Cell.text(row.programmeName())),
                        TableColumn.<End>of(
                                "Would become",
                                row -> Cell.text(formats.words(row.toState()) + ", " + formats.words(row.reason()))),
                        TableColumn.<End>of("Why", row -> Cell.text(row.note())),
                        TableColumn.<End>of("Asked by", row -> Cell.text(row.askedBy())),
                        TableColumn.<End>of("At", row -> Cell.text(formats.time(row.askedAt())))
                                .sortedBy("asked"),
                        TableColumn.<End>of(
                                "State",
                                row -> Cell.badge(
                                        words(row.state()) + (row.decidedBy() == null ? "" : " by " + row.decidedBy()),
                                        row.state().equals("open") ? Tone.ATTENTION : Tone.QUIET))),
                List.of(FilterField.choice("state", "State", states).orElse(words("open"))),
                "No end of an enrolment is asked for.");
    }

    private static String words(String state) {
        return switch (state) {
            case "open" -> "waits for an approver";
            case "done" -> "confirmed";
            default -> state;
        };
    }

    @GetMapping(PATH)
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", table.view(PATH, request, ends.page(actor, request)));
        return "programs/enrolment-ends";
    }

    @GetMapping(PATH + ".csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(ProgramsPermission.VIEW);
        CsvResponse.send(
                response,
                "enrolment-ends.csv",
                out -> table.export(out, TableDefinition.request(parameters), request -> ends.page(actor, request)));
    }

    @PostMapping("/enrolments/{id}/end/confirm")
    String confirm(Actor actor, RedirectAttributes redirect, @PathVariable UUID id, @RequestParam UUID end) {
        ends.confirm(actor, end);
        Notice.good(
                redirect,
                "The enrolment has ended. Payments of the household are stopped before they leave for the bank.");
        return "redirect:/enrolments/" + id;
    }

    @PostMapping("/enrolments/{id}/end/refuse")
    String refuse(
            Actor actor,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam UUID end,
            @RequestParam(defaultValue = "") String reason) {
        ends.refuse(actor, end, reason);
        Notice.good(redirect, "Refused. The enrolment is as it was.");
        return "redirect:/enrolments/" + id;
    }

    @PostMapping("/enrolments/{id}/end/withdraw")
    String withdraw(Actor actor, RedirectAttributes redirect, @PathVariable UUID id, @RequestParam UUID end) {
        ends.withdraw(actor, end);
        Notice.good(redirect, "Withdrawn. The enrolment is as it was.");
        return "redirect:/enrolments/" + id;
    }
}
