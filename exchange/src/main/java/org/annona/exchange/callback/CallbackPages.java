package org.annona.exchange.callback;

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
import org.annona.exchange.ExchangePermission;
import org.annona.foundation.listing.PageRequest;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Messages on their way to partners, and those that were given up. */
@Controller
public final class CallbackPages {

    private final Callbacks callbacks;
    private final TableDefinition<Callbacks.Row> table;

    public CallbackPages(Callbacks callbacks, Formats formats) {
        this.callbacks = callbacks;
        Map<String, String> states = new LinkedHashMap<>();
        states.put("pending", "waiting");
        states.put("delivered", "delivered");
        states.put("dead", "given up");
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<Callbacks.Row>of("Posted at", row -> Cell.text(formats.time(row.createdAt())))
                                .sortedBy("created"),
                        TableColumn.<Callbacks.Row>of(
                                "Partner", row -> Cell.link(row.partnerName(), "/partners/" + row.partnerId())),
                        TableColumn.<Callbacks.Row>of("Message", row -> Cell.text(row.action())),
                        TableColumn.<Callbacks.Row>of("To", row -> Cell.text(row.target())),
                        TableColumn.<Callbacks.Row>of("State", row -> state(row.state(), states)),
                        TableColumn.<Callbacks.Row>of("Attempts", row -> Cell.text(row.attempts()))
                                .asNumber(),
                        TableColumn.<Callbacks.Row>of(
                                "Next try",
                                row -> Cell.text(row.state().equals("pending") ? formats.time(row.nextTryAt()) : "")),
                        TableColumn.<Callbacks.Row>of("Last error", row -> Cell.text(row.lastError()))),
                List.of(FilterField.choice("state", "State", states)),
                "Nothing was sent yet.");
    }

    private static Cell state(String state, Map<String, String> words) {
        Tone tone = switch (state) {
            case "delivered" -> Tone.GOOD;
            case "dead" -> Tone.BAD;
            default -> Tone.ACTIVE;
        };
        return Cell.badge(words.getOrDefault(state, state), tone);
    }

    @GetMapping("/callbacks")
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        var page = callbacks.page(actor, request);
        model.addAttribute("table", table.view("/callbacks", request, page));
        model.addAttribute(
                "dead",
                page.rows().stream().filter(row -> row.state().equals("dead")).toList());
        model.addAttribute("mayManage", actor.may(ExchangePermission.MANAGE));
        return "exchange/callbacks";
    }

    @GetMapping("/callbacks.csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(ExchangePermission.VIEW);
        CsvResponse.send(
                response,
                "callbacks.csv",
                out -> table.export(
                        out, TableDefinition.request(parameters), request -> callbacks.page(actor, request)));
    }

    @PostMapping("/callbacks/{id}/revive")
    String revive(Actor actor, RedirectAttributes redirect, @PathVariable UUID id) {
        callbacks.revive(actor, id);
        Notice.good(redirect, "The message is sent again.");
        return "redirect:/callbacks";
    }
}
