package org.annona.registry.importing;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
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
import org.annona.foundation.job.Jobs;
import org.annona.foundation.listing.PageRequest;
import org.annona.registry.ImportStatus;
import org.annona.registry.RegistryPermission;
import org.annona.registry.identifier.RegistryKeys;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Imports: the list, and one import from its upload through mapping, check and confirmation to its row report. */
@Controller
public final class ImportPages {

    private static final List<String> ENCODINGS = List.of(
            "UTF-8",
            "UTF-16LE",
            "UTF-16BE",
            "windows-1252",
            "windows-1256",
            "ISO-8859-1",
            "windows-1251",
            "x-MacRoman");

    private final Imports imports;
    private final RowReport report;
    /** Shown of what fetching noted. */
    private static final int NOTES = 100;

    private final Jobs jobs;
    private final Formats formats;
    private final TableDefinition<ImportStatus> table;
    private final TableDefinition<RowReport.Line> rows;

    public ImportPages(Imports imports, Database database, RegistryKeys keys, Formats formats) {
        this.imports = imports;
        this.report = new RowReport(database, keys);
        this.jobs = new Jobs(database);
        this.formats = formats;
        Map<String, String> states = new LinkedHashMap<>();
        for (ImportStatus.State state : ImportStatus.State.values()) {
            states.put(Imports.state(state), state.label());
        }
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<ImportStatus>of(
                                "File", file -> Cell.link(file.fileName(), "/imports/" + file.id())),
                        TableColumn.<ImportStatus>of(
                                "State", file -> Cell.badge(file.state().label(), tone(file.state()))),
                        number("Rows", ImportStatus::rowsTotal),
                        number("Added", ImportStatus::rowsCreated),
                        number("Changed", ImportStatus::rowsUpdated),
                        number("Unchanged", ImportStatus::rowsUnchanged),
                        number("Rejected", ImportStatus::rowsRejected),
                        TableColumn.<ImportStatus>of("By", file -> Cell.text(file.createdBy())),
                        TableColumn.<ImportStatus>of("At", file -> Cell.text(formats.time(file.createdAt())))
                                .sortedBy("created")),
                List.of(FilterField.choice("state", "State", states)),
                "Choose a CSV file above. Nothing is changed before you have seen what it would do.");
        this.rows = new TableDefinition<>(
                List.of(
                        TableColumn.<RowReport.Line>of("Row", line -> Cell.text(formats.number(line.rowNumber())))
                                .sortedBy("row")
                                .asNumber(),
                        TableColumn.<RowReport.Line>of("Outcome", ImportPages::outcome),
                        TableColumn.<RowReport.Line>of(
                                "Person",
                                line -> line.personRef() == null
                                        ? Cell.text("")
                                        : Cell.link(line.personRef(), "/people/" + line.personId())),
                        TableColumn.<RowReport.Line>of("Columns that differ", line -> Cell.text(line.changed())),
                        TableColumn.<RowReport.Line>of("Why", line -> Cell.text(line.sentences())),
                        TableColumn.<RowReport.Line>of("Code", line -> Cell.text(line.codes()))),
                List.of(
                        FilterField.choice("outcome", "Outcome", outcomes()),
                        FilterField.choice("head", "Household", Map.of("missing", "without a head"))),
                "No row is like that.");
    }

    private TableColumn<ImportStatus> number(String label, Function<ImportStatus, @Nullable Long> value) {
        return TableColumn.<ImportStatus>of(label, file -> Cell.text(formats.number(value.apply(file))))
                .asNumber();
    }

    private static Map<String, String> outcomes() {
        Map<String, String> outcomes = new LinkedHashMap<>();
        outcomes.put("rejected", "rejected");
        outcomes.put("create", "added");
        outcomes.put("update", "changed");
        outcomes.put("unchanged", "unchanged");
        return outcomes;
    }

    private static Cell outcome(RowReport.Line line) {
        String words = outcomes().getOrDefault(line.outcome(), line.outcome());
        return switch (line.outcome()) {
            case "rejected" -> Cell.badge(words, Tone.BAD);
            case "unchanged" -> Cell.badge(words, Tone.QUIET);
            default -> line.written() ? Cell.badge(words, Tone.GOOD) : Cell.badge("would be " + words, Tone.ACTIVE);
        };
    }

    private static Tone tone(ImportStatus.State state) {
        return switch (state) {
            case UPLOADED, CHECKED -> Tone.ATTENTION;
            case CHECKING, APPLYING, FETCHING -> Tone.ACTIVE;
            case APPLIED -> Tone.GOOD;
            case CANCELLED, LOOKED -> Tone.QUIET;
        };
    }

    @GetMapping("/imports")
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", table.view("/imports", request, imports.page(actor, request)));
        model.addAttribute("mayImport", actor.may(RegistryPermission.IMPORT));
        return "registry/imports";
    }

    @GetMapping("/imports.csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(RegistryPermission.VIEW);
        CsvResponse.send(
                response,
                "imports.csv",
                out -> table.export(out, TableDefinition.request(parameters), request -> imports.page(actor, request)));
    }

    @PostMapping("/imports")
    String upload(Actor actor, RedirectAttributes redirect, @RequestParam MultipartFile file) throws IOException {
        try (InputStream in = file.getInputStream()) {
            ImportStatus status =
                    imports.upload(actor, Objects.requireNonNullElse(file.getOriginalFilename(), "list.csv"), in);
            if (status.state() != ImportStatus.State.UPLOADED) {
                Notice.good(redirect, "This very file was imported before; here it is. Nothing was done again.");
            }
            return "redirect:/imports/" + status.id();
        }
    }

    @GetMapping("/imports/{id}")
    String show(Actor actor, Model model, @PathVariable UUID id, @RequestParam Map<String, String> parameters) {
        ImportStatus file = imports.status(actor, id);
        model.addAttribute("file", file);
        model.addAttribute("mayImport", actor.may(RegistryPermission.IMPORT));
        model.addAttribute("meanings", meanings());
        model.addAttribute("encodings", encodings(file.encoding()));
        model.addAttribute(
                "orders",
                Map.of(
                        "YEAR_MONTH_DAY", "2001-05-23",
                        "DAY_MONTH_YEAR", "23/05/2001",
                        "MONTH_DAY_YEAR", "05/23/2001"));
        jobs.ofSubject("import/" + id, 1).stream().findFirst().ifPresent(job -> model.addAttribute("job", job));
        if (file.pullId() != null) {
            jobs.findByKey(Imports.fetchingKey(id)).ifPresent(fetching -> {
                model.addAttribute("fetching", fetching);
                model.addAttribute("noted", jobs.rowErrors(fetching.id(), 0, NOTES));
            });
        }
        if (file.rowsTotal() != null) {
            Map<String, String> filtered = new TreeMap<>(parameters);
            if (!filtered.containsKey("f.head")) {
                filtered.putIfAbsent("f.outcome", file.rowsRejected() > 0 ? "rejected" : "");
            }
            PageRequest request = TableDefinition.request(filtered);
            model.addAttribute("table", rows.view("/imports/" + id, request, report.page(actor, id, request)));
        }
        return "registry/import";
    }

    private static Map<String, String> meanings() {
        Map<String, String> meanings = new LinkedHashMap<>();
        meanings.put("", "is not read");
        Arrays.stream(PersonColumn.values())
                .forEach(column ->
                        meanings.put(column.name(), column.label() + (column.required() ? " (required)" : "")));
        return meanings;
    }

    private static Map<String, String> encodings(String current) {
        Map<String, String> map = new LinkedHashMap<>();
        map.put(current, current);
        ENCODINGS.forEach(name -> map.put(name, name));
        return map;
    }

    @GetMapping("/imports/{id}.csv")
    void exportRows(
            Actor actor,
            HttpServletResponse response,
            @PathVariable UUID id,
            @RequestParam Map<String, String> parameters)
            throws IOException {
        imports.status(actor, id);
        CsvResponse.send(
                response,
                "row-report.csv",
                out -> rows.export(
                        out, TableDefinition.request(parameters), request -> report.page(actor, id, request)));
    }

    @GetMapping("/imports/{id}/rejected.csv")
    void exportRejected(Actor actor, HttpServletResponse response, @PathVariable UUID id) throws IOException {
        actor.require(RegistryPermission.IMPORT);
        CsvResponse.send(response, "rejected-rows.csv", out -> report.writeRejected(actor, id, out));
    }

    @PostMapping("/imports/{id}/encoding")
    String changeEncoding(Actor actor, @PathVariable UUID id, @RequestParam String encoding) {
        imports.changeEncoding(actor, id, encoding);
        return "redirect:/imports/" + id;
    }

    /** The meaning of column 3 is sent as {@code column.3}. */
    @PostMapping("/imports/{id}/check")
    String check(Actor actor, @PathVariable UUID id, @RequestParam Map<String, String> parameters) {
        Map<Integer, String> columns = new TreeMap<>();
        parameters.forEach((name, value) -> {
            if (name.matches("column\\.\\d{1,4}") && !value.isEmpty()) {
                columns.put(Integer.parseInt(name.substring("column.".length())), value);
            }
        });
        imports.check(
                actor, id, columns, parameters.getOrDefault("dateOrder", ""), parameters.getOrDefault("source", ""));
        return "redirect:/imports/" + id;
    }

    @GetMapping("/imports/{id}/apply")
    String askApply(Actor actor, Model model, @PathVariable UUID id) {
        actor.require(RegistryPermission.IMPORT);
        ImportStatus file = imports.status(actor, id);
        Confirmation confirmation = Confirmation.of(
                        "Write " + file.fileName() + " into the registry?",
                        "People are added and changed in the background. Rejected rows are left out; you can download"
                                + " them, correct them and import the corrected file.",
                        "/imports/" + id + "/apply",
                        "Write " + formats.number(file.rowsCreated() + file.rowsUpdated()) + " people",
                        "/imports/" + id)
                .fact("People who would be added", formats.number(file.rowsCreated()))
                .fact("People who would be changed", formats.number(file.rowsUpdated()))
                .fact("People who are unchanged", formats.number(file.rowsUnchanged()))
                .fact("Rows that are rejected", formats.number(file.rowsRejected()));
        if (file.householdsWithoutHead() > 0) {
            confirmation = confirmation
                    .fact("Households that would have no head", formats.number(file.householdsWithoutHead()))
                    .warning(
                            "Nobody is paid for a household without a head. Correct the rejected rows of the heads first, or"
                                    + " import them afterwards.");
        }
        if (file.accountsChanged() > 0) {
            confirmation = confirmation
                    .fact("People who would be paid to another account", formats.number(file.accountsChanged()))
                    .warning("The import changes to which accounts people are paid. "
                            + (file.confirmedBy() == null
                                    ? "It is written when another registrar confirms it too."
                                    : file.confirmedBy() + " has confirmed it."));
        }
        if (file.rowsTotal() != null && file.rowsRejected() * 10 > file.rowsTotal()) {
            confirmation =
                    confirmation.warning("More than one row in ten is rejected. Perhaps a column has another meaning.");
        }
        model.addAttribute("confirmation", confirmation);
        return "console/confirm";
    }

    @PostMapping("/imports/{id}/apply")
    String apply(Actor actor, @PathVariable UUID id) {
        imports.apply(actor, id);
        return "redirect:/imports/" + id;
    }

    @PostMapping("/imports/{id}/columns")
    String backToColumns(Actor actor, RedirectAttributes redirect, @PathVariable UUID id) {
        ImportStatus again = imports.backToColumns(actor, id);
        Notice.good(redirect, "Correct the columns and check again. Nothing was changed in the registry.");
        return "redirect:/imports/" + again.id();
    }

    @PostMapping("/imports/{id}/cancel")
    String cancel(Actor actor, RedirectAttributes redirect, @PathVariable UUID id) {
        imports.cancel(actor, id);
        Notice.good(redirect, "The import was given up and the file forgotten. The registry is as it was.");
        return "redirect:/imports/" + id;
    }
}
