package org.annona.payments.decision;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
import org.annona.payments.PaymentsPermission;
import org.annona.payments.decision.Decision.State;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The requests that wait for a second person, and those that were decided. */
@Controller
public final class DecisionPages {

    private static final String PATH = "/payment-decisions";

    private final Decisions decisions;
    private final TableDefinition<Decision> table;

    public DecisionPages(Decisions decisions, Formats formats) {
        this.decisions = decisions;
        Map<String, String> states = new LinkedHashMap<>();
        for (State state : State.values()) {
            if (state != State.OPEN) {
                states.put(state.name().toLowerCase(Locale.ROOT), state.words());
            }
        }
        states.put("all", "all");
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<Decision>of(
                                "Request", row -> Cell.link(row.kind().words(), PATH + "/" + row.id())),
                        TableColumn.<Decision>of(
                                "State", row -> Cell.badge(row.state().words(), tone(row.state()))),
                        TableColumn.<Decision>of("Reason", row -> Cell.text(row.reason())),
                        TableColumn.<Decision>of("Requested by", row -> Cell.text(row.askedBy())),
                        TableColumn.<Decision>of("At", row -> Cell.text(formats.time(row.askedAt())))
                                .sortedBy("asked"),
                        TableColumn.<Decision>of("Expires", row -> Cell.text(formats.time(row.expiresAt()))),
                        TableColumn.<Decision>of("Decided by", row -> Cell.text(row.decidedBy()))),
                List.of(FilterField.choice("state", "State", states).orElse(State.OPEN.words())),
                "No request waits for a second person.");
    }

    private static Tone tone(State state) {
        return switch (state) {
            case OPEN -> Tone.ATTENTION;
            case DONE -> Tone.GOOD;
            case REFUSED -> Tone.BAD;
            case WITHDRAWN, EXPIRED -> Tone.QUIET;
        };
    }

    @GetMapping(PATH)
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", table.view(PATH, request, decisions.page(actor, request)));
        return "payments/decisions";
    }

    @GetMapping(PATH + ".csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(PaymentsPermission.VIEW);
        CsvResponse.send(
                response,
                "payment-decisions.csv",
                out -> table.export(
                        out, TableDefinition.request(parameters), request -> decisions.page(actor, request)));
    }

    @GetMapping(PATH + "/{id}")
    String show(Actor actor, Model model, @PathVariable UUID id) {
        Decision decision = decisions.show(actor, id);
        model.addAttribute("decision", decision);
        model.addAttribute("stateTone", tone(decision.state()).colour());
        model.addAttribute("sight", decisions.sight(decision));
        boolean open = decision.state() == State.OPEN && actor.may(PaymentsPermission.OPERATE);
        boolean own = decision.askedBy().equals(actor.name());
        model.addAttribute("mayDecide", open && !own);
        model.addAttribute("mayWithdraw", open && own);
        return "payments/decision";
    }

    @PostMapping(PATH + "/{id}/confirm")
    String confirm(Actor actor, RedirectAttributes redirect, @PathVariable UUID id) {
        decisions.confirm(actor, id);
        Notice.good(redirect, "Confirmed and carried out.");
        return "redirect:" + PATH + "/" + id;
    }

    @PostMapping(PATH + "/{id}/refuse")
    String refuse(
            Actor actor,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam(defaultValue = "") String reason) {
        decisions.refuse(actor, id, reason);
        Notice.good(redirect, "Refused. Nothing was changed.");
        return "redirect:" + PATH + "/" + id;
    }

    @PostMapping(PATH + "/{id}/withdraw")
    String withdraw(Actor actor, RedirectAttributes redirect, @PathVariable UUID id) {
        decisions.withdraw(actor, id);
        Notice.good(redirect, "Withdrawn. Nothing was changed.");
        return "redirect:" + PATH + "/" + id;
    }
}
