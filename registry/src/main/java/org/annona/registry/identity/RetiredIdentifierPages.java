package org.annona.registry.identity;

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
import org.annona.foundation.listing.PageRequest;
import org.annona.registry.RegistryPermission;
import org.annona.registry.identity.RetiredIdentifiers.Row;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Identifiers that were taken away: until when each can be given back, and giving it back. */
@Controller
public final class RetiredIdentifierPages {

    private static final String PATH = "/retired-identifiers";

    private final RetiredIdentifiers retired;
    private final TableDefinition<Row> table;
    private final TableDefinition<Row> tableToRestoreFrom;

    public RetiredIdentifierPages(RetiredIdentifiers retired, Formats formats) {
        this.retired = retired;
        this.table = table(formats, false);
        this.tableToRestoreFrom = table(formats, true);
    }

    private static TableDefinition<Row> table(Formats formats, boolean mayRestore) {
        Map<String, String> states = new LinkedHashMap<>();
        states.put("restorable", "can be given back");
        states.put("destroyed", "destroyed");
        states.put("restored", "given back");
        return new TableDefinition<>(
                List.of(
                        TableColumn.<Row>of("Taken away", row -> Cell.text(formats.time(row.retiredAt())))
                                .sortedBy("at"),
                        TableColumn.<Row>of("Person", row -> Cell.link(row.personRef(), "/people/" + row.personId())),
                        TableColumn.<Row>of("Type", row -> Cell.text(row.type())),
                        TableColumn.<Row>of("Value", row -> Cell.text(row.value())),
                        TableColumn.<Row>of("Because of", row -> Cell.text(row.cause())),
                        TableColumn.<Row>of("Destroyed from", row -> Cell.text(formats.time(row.destroyAfter()))),
                        TableColumn.<Row>of(
                                "State",
                                row -> mayRestore && row.state().equals("restorable")
                                        ? Cell.link("give back", PATH + "/" + row.id())
                                        : Cell.badge(states.getOrDefault(row.state(), row.state()), Tone.QUIET))),
                List.of(
                        FilterField.text("person", "Person", "reference"),
                        FilterField.choice("state", "State", states)),
                "Virtual IDs are taken away by the rule on the page of the identity tokens.");
    }

    @GetMapping(PATH)
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        TableDefinition<Row> shown = actor.may(RegistryPermission.RESTORE) ? tableToRestoreFrom : table;
        model.addAttribute("table", shown.view(PATH, request, retired.page(actor, request)));
        return "registry/retired-identifiers";
    }

    @GetMapping(PATH + ".csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        CsvResponse.send(
                response,
                "retired-identifiers-masked.csv",
                out -> table.export(out, TableDefinition.request(parameters), request -> retired.page(actor, request)));
    }

    @GetMapping(PATH + "/{id}")
    String askBack(Actor actor, Model model, @PathVariable UUID id) {
        retired.requireRestorable(actor, id);
        model.addAttribute(
                "confirmation",
                Confirmation.of(
                                "Give this identifier back?",
                                "It stands with the person again, and connectors may use it. The rule that took it away"
                                        + " will take it away again at its next run, unless it is changed first.",
                                PATH + "/" + id,
                                "Give back",
                                PATH)
                        .askingReason("Why is it needed?"));
        return "console/confirm";
    }

    @PostMapping(PATH + "/{id}")
    String giveBack(Actor actor, RedirectAttributes redirect, @PathVariable UUID id, @RequestParam String reason) {
        retired.restore(actor, id, reason);
        Notice.good(redirect, "The identifier was given back.");
        return "redirect:" + PATH;
    }
}
