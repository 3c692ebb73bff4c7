package org.annona.payments.envelope;

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
import org.annona.foundation.listing.PageRequest;
import org.annona.payments.PaymentsPermission;
import org.annona.payments.envelope.Envelopes.DisbursementRow;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Payments of all envelopes: by reference, state or beneficiary, and those that were rejected or came back. */
@Controller
public final class PaymentPages {

    private final Envelopes envelopes;
    private final TableDefinition<DisbursementRow> table;
    private final TableDefinition<DisbursementRow> unpaid;

    public PaymentPages(Envelopes envelopes, Formats formats) {
        this.envelopes = envelopes;
        List<TableColumn<DisbursementRow>> columns = List.of(
                TableColumn.<DisbursementRow>of(
                        "Payment", row -> Cell.link(EnvelopePages.shortId(row), "/payments/" + row.id())),
                TableColumn.<DisbursementRow>of(
                                "Amount", row -> Cell.text(formats.money(row.amountMinor(), row.currency())))
                        .asNumber(),
                TableColumn.<DisbursementRow>of(
                                "Came back", row -> Cell.text(formats.money(row.returnedMinor(), row.currency())))
                        .asNumber(),
                TableColumn.<DisbursementRow>of(
                        "State", row -> Cell.badge(EnvelopePages.words(row.state()), EnvelopePages.tone(row.state()))),
                TableColumn.<DisbursementRow>of("Reason", row -> Cell.text(formats.reason(row.reason()))),
                TableColumn.<DisbursementRow>of("Reference", row -> Cell.text(row.reference())),
                TableColumn.<DisbursementRow>of(
                        "Envelope", row -> Cell.link("open", "/envelopes/" + row.envelopeId())));
        this.table = new TableDefinition<>(
                columns,
                List.of(
                        FilterField.choice("state", "State", EnvelopePages.STATES),
                        FilterField.text("reference", "Reference", "16 characters"),
                        FilterField.text("beneficiary", "Beneficiary", "from the page of a person")),
                "No payment is like that.");
        this.unpaid = new TableDefinition<>(
                columns,
                List.of(FilterField.choice(
                        "state",
                        "State",
                        Map.of(
                                "returned",
                                EnvelopePages.words("returned"),
                                "rejected",
                                EnvelopePages.words("rejected")))),
                "No payment that was rejected or came back waits for a decision about its money.");
    }

    @GetMapping("/payments")
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", table.view("/payments", request, envelopes.payments(actor, request)));
        return "payments/payments";
    }

    @GetMapping("/payments.csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(PaymentsPermission.VIEW);
        CsvResponse.send(
                response,
                "payments.csv",
                out -> table.export(
                        out, TableDefinition.request(parameters), request -> envelopes.payments(actor, request)));
    }

    @GetMapping("/unpaid")
    String unpaid(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", unpaid.view("/unpaid", request, envelopes.unpaid(actor, request)));
        return "payments/unpaid";
    }

    @GetMapping("/unpaid.csv")
    void exportUnpaid(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(PaymentsPermission.VIEW);
        CsvResponse.send(
                response,
                "unpaid.csv",
                out -> unpaid.export(
                        out, TableDefinition.request(parameters), request -> envelopes.unpaid(actor, request)));
    }
}
