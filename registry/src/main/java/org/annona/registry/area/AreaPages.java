package org.annona.registry.area;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.annona.access.Actor;
import org.annona.console.Cell;
import org.annona.console.CsvResponse;
import org.annona.console.FilterField;
import org.annona.console.Formats;
import org.annona.console.Notice;
import org.annona.console.TableColumn;
import org.annona.console.TableDefinition;
import org.annona.foundation.listing.PageRequest;
import org.annona.registry.AreaLoad;
import org.annona.registry.RegistryPermission;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The list of areas, and loading one. */
@Controller
public final class AreaPages {

    private final Areas areas;
    private final TableDefinition<AreaView> table;

    public AreaPages(Areas areas, Formats formats) {
        this.areas = areas;
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<AreaView>of("Code", area -> Cell.text(area.code()))
                                .sortedBy("code"),
                        TableColumn.<AreaView>of("Name", area -> Cell.text(area.name())),
                        TableColumn.<AreaView>of("Level", area -> Cell.text(area.level()))
                                .asNumber(),
                        TableColumn.<AreaView>of("Part of", area -> Cell.text(area.parentCode())),
                        TableColumn.<AreaView>of(
                                        "Households directly here",
                                        area -> Cell.link(
                                                formats.number(area.households()), "/households?f.area=" + area.code()))
                                .asNumber()),
                List.of(FilterField.text("q", "Search", "code or part of the name")),
                "Load the list of areas: a CSV file with the columns code, name and parent.");
    }

    @GetMapping("/areas")
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", table.view("/areas", request, areas.page(actor, request)));
        model.addAttribute("mayEdit", actor.may(RegistryPermission.EDIT_AREAS));
        return "registry/areas";
    }

    @GetMapping("/areas.csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(RegistryPermission.VIEW);
        CsvResponse.send(
                response,
                "areas.csv",
                out -> table.export(out, TableDefinition.request(parameters), request -> areas.page(actor, request)));
    }

    @PostMapping("/areas")
    String load(Actor actor, RedirectAttributes redirect, @RequestParam MultipartFile file) throws IOException {
        try (InputStream in = file.getInputStream()) {
            AreaLoad load = areas.load(actor, in);
            Notice.good(
                    redirect,
                    load.added() + " areas were added, " + load.renamed() + " renamed, " + load.unchanged()
                            + " were there already.");
        }
        return "redirect:/areas";
    }
}
