package org.annona.exchange.log;

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
import org.annona.exchange.ExchangePermission;
import org.annona.foundation.listing.PageRequest;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The list of all messages from and to partners. */
@Controller
public final class MessageLogPages {

    private final MessageLog messages;
    private final TableDefinition<MessageLog.Row> table;

    public MessageLogPages(MessageLog messages, Formats formats) {
        this.messages = messages;
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<MessageLog.Row>of("At", row -> Cell.text(formats.time(row.at())))
                                .sortedBy("at"),
                        TableColumn.<MessageLog.Row>of(
                                "Partner", row -> Cell.link(row.partnerName(), "/partners/" + row.partnerId())),
                        TableColumn.<MessageLog.Row>of(
                                "Direction", row -> Cell.text(row.direction().equals("in") ? "from it" : "to it")),
                        TableColumn.<MessageLog.Row>of(
                                "Message",
                                row -> Cell.text(row.entry().registry() + " "
                                        + row.entry().action())),
                        TableColumn.<MessageLog.Row>of(
                                        "Items", row -> Cell.text(row.entry().items()))
                                .asNumber(),
                        TableColumn.<MessageLog.Row>of("Outcome", MessageLogPages::outcome),
                        TableColumn.<MessageLog.Row>of(
                                "Detail", row -> Cell.text(row.entry().detail())),
                        TableColumn.<MessageLog.Row>of(
                                        "Took ms",
                                        row -> Cell.text(row.entry().time().toMillis()))
                                .asNumber()),
                List.of(
                        FilterField.choice(
                                "direction", "Direction", Map.of("in", "from partners", "out", "to partners")),
                        FilterField.choice(
                                "outcome", "Outcome", Map.of("good", "all well", "refused", "refused or failed"))),
                "No messages yet.");
    }

    private static Cell outcome(MessageLog.Row row) {
        String outcome = row.entry().outcome();
        return Cell.badge(outcome, MessageLog.GOOD.contains(outcome) ? Tone.GOOD : Tone.ATTENTION);
    }

    @GetMapping("/traffic")
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", table.view("/traffic", request, messages.page(actor, request)));
        return "exchange/message-log";
    }

    @GetMapping("/traffic.csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(ExchangePermission.VIEW);
        CsvResponse.send(
                response,
                "messages.csv",
                out -> table.export(
                        out, TableDefinition.request(parameters), request -> messages.page(actor, request)));
    }
}
