package org.annona.mapper.linking;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.annona.access.Actor;
import org.annona.console.Cell;
import org.annona.console.CsvResponse;
import org.annona.console.FilterField;
import org.annona.console.Formats;
import org.annona.console.TableColumn;
import org.annona.console.TableDefinition;
import org.annona.console.Tone;
import org.annona.foundation.listing.PageRequest;
import org.annona.mapper.MapperPermission;
import org.annona.mapper.linking.Links.LinkRow;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The accounts in use, masked. */
@Controller
public final class LinkPages {

    private final Links links;
    private final TableDefinition<LinkRow> table;

    public LinkPages(Links links, Formats formats) {
        this.links = links;
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<LinkRow>of("Identity", row -> Cell.text(row.identity())),
                        TableColumn.<LinkRow>of("Kind", row -> Cell.text(row.type())),
                        TableColumn.<LinkRow>of("Bank or operator", row -> Cell.text(row.provider())),
                        TableColumn.<LinkRow>of("Number", row -> Cell.text(row.number())),
                        TableColumn.<LinkRow>of("Version", row -> Cell.text(row.version()))
                                .asNumber(),
                        TableColumn.<LinkRow>of("Linked", row -> Cell.text(formats.time(row.linkedAt())))
                                .sortedBy("linked"),
                        TableColumn.<LinkRow>of(
                                "Shared",
                                row -> row.sharedBy() > 1
                                        ? Cell.badge("by " + row.sharedBy() + " people", Tone.ATTENTION)
                                        : Cell.text(""))),
                List.of(FilterField.text("provider", "Bank or operator", "code")),
                "Accounts come from the registry when people are imported.");
    }

    @GetMapping("/accounts")
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", table.view("/accounts", request, links.page(actor, request)));
        return "mapper/accounts";
    }

    @GetMapping("/accounts.csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(MapperPermission.VIEW);
        CsvResponse.send(
                response,
                "accounts-masked.csv",
                out -> table.export(out, TableDefinition.request(parameters), request -> links.page(actor, request)));
    }
}
