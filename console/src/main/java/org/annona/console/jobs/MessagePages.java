package org.annona.console.jobs;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.access.AccessPermission;
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
import org.annona.foundation.outbox.OutboxDelivery;
import org.annona.foundation.outbox.OutboxList;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Messages between blocks, and those that were not taken. */
@Controller
public final class MessagePages {

    private final OutboxList list;
    private final OutboxDelivery delivery;
    private final TableDefinition<OutboxList.Row> table;

    public MessagePages(OutboxList list, OutboxDelivery delivery, Formats formats) {
        this.list = list;
        this.delivery = delivery;
        Map<String, String> states = new LinkedHashMap<>();
        List.of("pending", "delivered", "dead").forEach(state -> states.put(state, state));
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.of("Topic", row -> Cell.text(row.topic())),
                        TableColumn.<OutboxList.Row>of("Key", row -> Cell.text(row.key())),
                        TableColumn.<OutboxList.Row>of("State", row -> state(row.state())),
                        TableColumn.<OutboxList.Row>of("Attempts", row -> Cell.text(row.attempts()))
                                .asNumber(),
                        TableColumn.<OutboxList.Row>of("Posted at", row -> Cell.text(formats.time(row.createdAt())))
                                .sortedBy("created"),
                        TableColumn.<OutboxList.Row>of("Last error", row -> Cell.text(row.lastError()))),
                List.of(FilterField.choice("state", "State", states)),
                "No message yet.");
    }

    private static Cell state(String state) {
        return switch (state) {
            case "delivered" -> Cell.badge(state, Tone.GOOD);
            case "dead" -> Cell.badge("given up", Tone.BAD);
            default -> Cell.badge(state, Tone.ACTIVE);
        };
    }

    @GetMapping("/messages")
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        actor.require(AccessPermission.VIEW_JOBS);
        PageRequest request = TableDefinition.request(parameters);
        var page = list.page(request);
        model.addAttribute("table", table.view("/messages", request, page));
        model.addAttribute(
                "dead",
                page.rows().stream().filter(row -> row.state().equals("dead")).toList());
        model.addAttribute("mayOperate", actor.may(AccessPermission.OPERATE));
        return "console/messages";
    }

    @GetMapping("/messages.csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(AccessPermission.VIEW_JOBS);
        CsvResponse.send(
                response, "messages.csv", out -> table.export(out, TableDefinition.request(parameters), list::page));
    }

    @PostMapping("/messages/{id}/revive")
    String revive(Actor actor, RedirectAttributes redirect, @PathVariable UUID id) {
        actor.require(AccessPermission.OPERATE);
        delivery.revive(id);
        Notice.good(redirect, "The message is tried again.");
        return "redirect:/messages";
    }
}
