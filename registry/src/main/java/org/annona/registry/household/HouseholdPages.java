package org.annona.registry.household;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.console.Cell;
import org.annona.console.CsvResponse;
import org.annona.console.FilterField;
import org.annona.console.Formats;
import org.annona.console.TableColumn;
import org.annona.console.TableDefinition;
import org.annona.console.Tone;
import org.annona.foundation.listing.PageRequest;
import org.annona.registry.RegistryPermission;
import org.annona.registry.RegistrySettings;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** Households: the list and the page of one. */
@Controller
public final class HouseholdPages {

    private final Households households;
    private final RegistrySettings settings;
    private final TableDefinition<HouseholdRow> table;

    public HouseholdPages(Households households, RegistrySettings settings, Formats formats) {
        this.households = households;
        this.settings = settings;
        String currency = settings.currency().getCurrencyCode();
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<HouseholdRow>of(
                                        "Reference", row -> Cell.link(row.ref(), "/households/" + row.id()))
                                .sortedBy("ref"),
                        TableColumn.<HouseholdRow>of("Area", row -> Cell.text(row.areaName())),
                        TableColumn.<HouseholdRow>of("Members", row -> Cell.text(row.members()))
                                .asNumber(),
                        TableColumn.<HouseholdRow>of(
                                "Head",
                                row -> row.hasHead() ? Cell.text("yes") : Cell.badge("no head", Tone.ATTENTION)),
                        TableColumn.<HouseholdRow>of(
                                        "Monthly income",
                                        row -> Cell.text(formats.money(row.monthlyIncomeMinor(), currency)))
                                .asNumber(),
                        TableColumn.<HouseholdRow>of("Registered", row -> Cell.text(formats.time(row.createdAt())))
                                .sortedBy("created")),
                List.of(
                        FilterField.text("q", "Reference", "H-123-456-789-0"),
                        FilterField.text("area", "Area code", "with all below it"),
                        FilterField.choice("head", "Head", Map.of("missing", "missing"))),
                "An import adds households.");
    }

    @GetMapping("/households")
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", table.view("/households", request, households.page(actor, request)));
        return "registry/households";
    }

    @GetMapping("/households.csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(RegistryPermission.VIEW);
        CsvResponse.send(
                response,
                "households.csv",
                out -> table.export(
                        out, TableDefinition.request(parameters), request -> households.page(actor, request)));
    }

    @GetMapping("/households/{id}")
    String show(Actor actor, Model model, @PathVariable UUID id) {
        model.addAttribute("household", households.show(actor, id));
        model.addAttribute("currency", settings.currency().getCurrencyCode());
        return "registry/household";
    }
}
