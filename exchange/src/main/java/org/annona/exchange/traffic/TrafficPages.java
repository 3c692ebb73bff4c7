package org.annona.exchange.traffic;

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

/** The list of all messages between partners and us. */
@Controller
public final class TrafficPages {

    private final Traffic traffic;
    private final TableDefinition<Traffic.Row> table;

    public TrafficPages(Traffic traffic, Formats formats) {
        this.traffic = traffic;
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<Traffic.Row>of("At", row -> Cell.text(formats.time(row.at())))
                                .sortedBy("at"),
                        TableColumn.<Traffic.Row>of(
                                "Partner", row -> Cell.link(row.partnerName(), "/partners/" + row.partnerId())),
                        TableColumn.<Traffic.Row>of(
                                "Direction", row -> Cell.text(row.direction().equals("in") ? "from it" : "to it")),
                        TableColumn.<Traffic.Row>of(
                                "Message",
                                row -> Cell.text(row.passage().registry() + " "
                                        + row.passage().action())),
                        TableColumn.<Traffic.Row>of(
                                        "Items", row -> Cell.text(row.passage().items()))
                                .asNumber(),
                        TableColumn.<Traffic.Row>of("Outcome", TrafficPages::outcome),
                        TableColumn.<Traffic.Row>of(
                                "Detail", row -> Cell.text(row.passage().detail())),
                        TableColumn.<Traffic.Row>of(
                                        "Took ms",
                                        row -> Cell.text(row.passage().time().toMillis()))
                                .asNumber()),
                List.of(
                        FilterField.choice(
                                "direction", "Direction", Map.of("in", "from partners", "out", "to partners")),
                        FilterField.choice(
                                "outcome", "Outcome", Map.of("good", "all well", "refused", "refused or failed"))),
                "Nobody has sent a message yet.");
    }

    private static Cell outcome(Traffic.Row row) {
        String outcome = row.passage().outcome();
        return Cell.badge(outcome, Traffic.GOOD.contains(outcome) ? Tone.GOOD : Tone.ATTENTION);
    }

    @GetMapping("/traffic")
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", table.view("/traffic", request, traffic.page(actor, request)));
        return "exchange/traffic";
    }

    @GetMapping("/traffic.csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(ExchangePermission.VIEW);
        CsvResponse.send(
                response,
                "traffic.csv",
                out -> table.export(out, TableDefinition.request(parameters), request -> traffic.page(actor, request)));
    }
}
