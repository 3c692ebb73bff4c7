package org.annona.console.audit;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.annona.access.AccessPermission;
import org.annona.access.Actor;
import org.annona.console.Cell;
import org.annona.console.CsvResponse;
import org.annona.console.FilterField;
import org.annona.console.Formats;
import org.annona.console.TableColumn;
import org.annona.console.TableDefinition;
import org.annona.foundation.audit.AuditLog;
import org.annona.foundation.audit.AuditVerification;
import org.annona.foundation.listing.PageRequest;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The audit trail and its verification. */
@Controller
public final class AuditPages {

    private final AuditLog log;
    private final AuditVerification verification;
    private final TableDefinition<AuditLog.Entry> table;

    public AuditPages(AuditLog log, AuditVerification verification, Formats formats) {
        this.log = log;
        this.verification = verification;
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<AuditLog.Entry>of("At", entry -> Cell.text(formats.time(entry.at())))
                                .sortedBy("at"),
                        TableColumn.<AuditLog.Entry>of("Who", entry -> Cell.text(entry.actor())),
                        TableColumn.<AuditLog.Entry>of("What", entry -> Cell.text(entry.action())),
                        TableColumn.<AuditLog.Entry>of("To what", entry -> Cell.text(entry.subject())),
                        TableColumn.<AuditLog.Entry>of("Because of", entry -> Cell.text(entry.cause())),
                        TableColumn.<AuditLog.Entry>of("Reason", entry -> Cell.text(entry.reason())),
                        TableColumn.<AuditLog.Entry>of("Rows", entry -> Cell.text(formats.number(entry.rows())))
                                .asNumber(),
                        TableColumn.<AuditLog.Entry>of(
                                "Digest", entry -> Cell.text(formats.shortDigest(entry.after()))),
                        TableColumn.<AuditLog.Entry>of("Details", entry -> Cell.text(entry.detail())),
                        TableColumn.<AuditLog.Entry>of("Entry", entry -> Cell.text(entry.chain() + " " + entry.seq()))),
                List.of(
                        FilterField.text("actor", "Who", "user name"),
                        FilterField.text("action", "What begins with", "registry."),
                        FilterField.text("subject", "To what", "programme/…"),
                        FilterField.text("chain", "Block", "registry")),
                "No entry matches.");
    }

    @GetMapping("/audit")
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        actor.require(AccessPermission.VIEW_AUDIT);
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", table.view("/audit", request, log.page(request)));
        return "console/audit";
    }

    @GetMapping("/audit.csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(AccessPermission.VIEW_AUDIT);
        CsvResponse.send(
                response, "audit.csv", out -> table.export(out, TableDefinition.request(parameters), log::page));
    }

    @PostMapping("/audit/verify")
    String verify(Actor actor, RedirectAttributes redirect) {
        actor.require(AccessPermission.VIEW_AUDIT);
        redirect.addFlashAttribute("reports", verification.verify());
        return "redirect:/audit";
    }
}
