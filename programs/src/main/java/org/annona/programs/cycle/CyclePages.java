package org.annona.programs.cycle;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
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
import org.annona.foundation.database.Database;
import org.annona.foundation.job.JobState;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.listing.PageRequest;
import org.annona.programs.ProgramsPermission;
import org.annona.programs.approval.ApprovalRequest;
import org.annona.programs.approval.Approvals;
import org.annona.programs.cycle.Cycle.State;
import org.annona.programs.cycle.Cycles.EntitlementRow;
import org.annona.programs.programme.Programmes;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Cycles: the list, and one cycle as a line of stages with what every household receives. */
@Controller
public final class CyclePages {

    private static final List<String> ENTITLEMENT_STATES =
            List.of("computed", "held", "nil", "instructed", "settled", "failed", "returned", "unknown", "cancelled");

    private final Cycles cycles;
    private final Approvals approvals;
    private final Jobs jobs;
    private final Formats formats;
    private final TableDefinition<Cycle> table;
    private final TableDefinition<EntitlementRow> entitlements;

    public CyclePages(Cycles cycles, Programmes programmes, Approvals approvals, Database database, Formats formats) {
        this.cycles = cycles;
        this.approvals = approvals;
        this.jobs = new Jobs(database);
        this.formats = formats;
        String currency = programmes.currency().getCurrencyCode();
        Map<String, String> states = new LinkedHashMap<>();
        for (State state : State.values()) {
            states.put(Cycles.state(state), words(state));
        }
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<Cycle>of("Cycle", row -> Cell.link(row.code(), "/cycles/" + row.id())),
                        TableColumn.<Cycle>of(
                                "Programme", row -> Cell.link(row.programmeName(), "/programmes/" + row.programmeId())),
                        TableColumn.<Cycle>of("State", row -> Cell.badge(words(row.state()), tone(row.state()))),
                        TableColumn.<Cycle>of("Payments", row -> Cell.text(row.paymentState())),
                        TableColumn.<Cycle>of("Receive money", row -> Cell.text(formats.number(row.payable())))
                                .asNumber(),
                        TableColumn.<Cycle>of(
                                        "Amount", row -> Cell.text(formats.money(row.totalMinor(), row.currency())))
                                .asNumber(),
                        TableColumn.<Cycle>of("Pay on", row -> Cell.text(row.payOn())),
                        TableColumn.<Cycle>of("Opened", row -> Cell.text(formats.time(row.openedAt())))
                                .sortedBy("opened")),
                List.of(FilterField.choice("state", "State", states)),
                "Open a cycle on the page of a programme.");
        Map<String, String> lineStates = new LinkedHashMap<>();
        ENTITLEMENT_STATES.forEach(state -> lineStates.put(state, lineWords(state)));
        this.entitlements = new TableDefinition<>(
                List.of(
                        TableColumn.<EntitlementRow>of(
                                "Beneficiary", row -> Cell.link(row.subjectRef(), "/enrolments/" + row.enrolmentId())),
                        TableColumn.<EntitlementRow>of("Members", row -> Cell.text(row.size()))
                                .asNumber(),
                        TableColumn.<EntitlementRow>of(
                                        "Amount", row -> Cell.text(formats.money(row.amountMinor(), currency)))
                                .asNumber(),
                        TableColumn.<EntitlementRow>of(
                                "State", row -> Cell.badge(lineWords(row.state()), lineTone(row.state()))),
                        TableColumn.<EntitlementRow>of("Reason", row -> Cell.text(formats.reason(row.reason()))),
                        TableColumn.<EntitlementRow>of(
                                "Reference",
                                row -> row.paymentRef().isEmpty()
                                        ? Cell.text("")
                                        : Cell.link(row.paymentRef(), "/payments?f.reference=" + row.paymentRef()))),
                List.of(
                        FilterField.choice("state", "State", lineStates),
                        FilterField.text("reason", "Reason", "such as AC04"),
                        FilterField.text("q", "Beneficiary", "H-123-456-789-0 or P-123-456-789-0")),
                "The amounts are computed in the background.");
    }

    public static String words(State state) {
        return switch (state) {
            case PLANNED -> "freezing the roster";
            case FROZEN -> "computing amounts";
            case ACCOUNTS -> "accounts wait to be accepted";
            case COMPUTED -> "waits for approval";
            case LIST_APPROVED -> "waits for release";
            case RELEASED -> "being paid";
            case CLOSED -> "closed";
            case CANCELLED -> "cancelled";
        };
    }

    public static Tone tone(State state) {
        return switch (state) {
            case PLANNED, FROZEN, RELEASED -> Tone.ACTIVE;
            case ACCOUNTS, COMPUTED, LIST_APPROVED -> Tone.ATTENTION;
            case CLOSED -> Tone.GOOD;
            case CANCELLED -> Tone.QUIET;
        };
    }

    /** The words that the pages of payments use for the same states. */
    public static String lineWords(String state) {
        return switch (state) {
            case "computed" -> "to be paid";
            case "nil" -> "nothing due";
            case "instructed" -> "with the payments";
            case "settled" -> "paid";
            case "failed" -> "rejected";
            case "returned" -> "came back";
            case "unknown" -> "unknown, being asked";
            case "cancelled" -> "given up or stopped";
            default -> state;
        };
    }

    private static Tone lineTone(String state) {
        return switch (state) {
            case "settled" -> Tone.GOOD;
            case "failed", "returned" -> Tone.BAD;
            case "held", "unknown" -> Tone.ATTENTION;
            case "instructed", "computed" -> Tone.ACTIVE;
            default -> Tone.QUIET;
        };
    }

    @GetMapping("/cycles")
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", table.view("/cycles", request, cycles.page(actor, request)));
        return "programs/cycles";
    }

    @GetMapping("/cycles.csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(ProgramsPermission.VIEW);
        CsvResponse.send(
                response,
                "cycles.csv",
                out -> table.export(out, TableDefinition.request(parameters), request -> cycles.page(actor, request)));
    }

    /** A row of the outcomes on the page of a cycle. */
    public record OutcomeView(
            String state, String words, String colour, long households, String amount, String settled) {}

    @GetMapping("/cycles/{id}")
    String show(Actor actor, Model model, @PathVariable UUID id, @RequestParam Map<String, String> parameters) {
        Cycle cycle = cycles.show(actor, id);
        model.addAttribute("cycle", cycle);
        model.addAttribute("stateWords", words(cycle.state()));
        model.addAttribute(
                "counts",
                cycles.counts(id).stream()
                        .map(count -> new OutcomeView(
                                count.state(),
                                lineWords(count.state()),
                                lineTone(count.state()).colour(),
                                count.households(),
                                formats.money(count.amountMinor(), cycle.currency()),
                                formats.money(count.settledMinor() - count.returnedMinor(), cycle.currency())))
                        .toList());
        model.addAttribute("reasons", cycles.reasons(id));
        approvals.newestOn(id).ifPresent(request -> model.addAttribute("request", request));
        boolean cancellable = List.of(State.PLANNED, State.FROZEN, State.ACCOUNTS, State.COMPUTED, State.LIST_APPROVED)
                .contains(cycle.state());
        model.addAttribute("mayCancel", cancellable && actor.may(ProgramsPermission.PREPARE));
        jobs.ofSubject("cycle/" + id, 1).stream()
                .filter(job -> !job.state().isEnded() || job.state() == JobState.FAILED)
                .findFirst()
                .ifPresent(job -> model.addAttribute("job", job));
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute(
                "table", entitlements.view("/cycles/" + id, request, cycles.entitlements(actor, id, request)));
        return "programs/cycle";
    }

    @GetMapping("/cycles/{id}.csv")
    void exportEntitlements(
            Actor actor,
            HttpServletResponse response,
            @PathVariable UUID id,
            @RequestParam Map<String, String> parameters)
            throws IOException {
        cycles.show(actor, id);
        CsvResponse.send(
                response,
                "entitlements.csv",
                out -> entitlements.export(
                        out, TableDefinition.request(parameters), request -> cycles.entitlements(actor, id, request)));
    }

    @GetMapping("/cycles/{id}/cancel")
    String askCancel(Actor actor, Model model, @PathVariable UUID id) {
        Cycle cycle = cycles.cancellable(actor, id);
        Confirmation question = Confirmation.of(
                        "Cancel the cycle " + cycle.code() + "?",
                        "Nothing of it was paid, and nothing will be. A new cycle may be opened under the same name.",
                        "/cycles/" + id + "/cancel",
                        "Cancel the cycle",
                        "/cycles/" + id)
                .fact("Households that then receive nothing", formats.number(cycle.payable()))
                .fact("Amount", formats.money(cycle.totalMinor(), cycle.currency()))
                .askingReason("Why is it cancelled?")
                .grave();
        boolean approved = approvals
                .newestOn(id)
                .map(request -> request.state() == ApprovalRequest.State.OPEN
                        && !request.votes().isEmpty())
                .orElse(false);
        model.addAttribute(
                "confirmation",
                approved ? question.warning("Its list is approved already; the approval is lost.") : question);
        return "console/confirm";
    }

    @PostMapping("/cycles/{id}/cancel")
    String cancel(Actor actor, RedirectAttributes redirect, @PathVariable UUID id, @RequestParam String reason) {
        cycles.cancel(actor, id, reason);
        Notice.good(redirect, "The cycle was cancelled. Nothing of it was paid.");
        return "redirect:/cycles/" + id;
    }
}
