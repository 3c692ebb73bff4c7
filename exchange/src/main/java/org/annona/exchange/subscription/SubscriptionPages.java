package org.annona.exchange.subscription;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.annona.access.Actor;
import org.annona.console.Cell;
import org.annona.console.CsvResponse;
import org.annona.console.FilterField;
import org.annona.console.Formats;
import org.annona.console.Notice;
import org.annona.console.TableColumn;
import org.annona.console.TableDefinition;
import org.annona.console.Tone;
import org.annona.exchange.ExchangePermission;
import org.annona.exchange.internal.tables.states.SubscriptionState;
import org.annona.foundation.listing.PageRequest;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Who wants to be told of what, and what stopped. */
@Controller
public final class SubscriptionPages {

    private final Subscriptions subscriptions;
    private final TableDefinition<Subscriptions.Row> table;

    public SubscriptionPages(Subscriptions subscriptions, Formats formats) {
        this.subscriptions = subscriptions;
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<Subscriptions.Row>of("Since", row -> Cell.text(formats.time(row.createdAt())))
                                .sortedBy("created"),
                        TableColumn.<Subscriptions.Row>of(
                                "Partner", row -> Cell.link(row.partnerName(), "/partners/" + row.partnerId())),
                        TableColumn.<Subscriptions.Row>of(
                                "Event", row -> Cell.text(row.registry() + " " + row.event())),
                        TableColumn.<Subscriptions.Row>of("To", row -> Cell.text(row.target())),
                        TableColumn.<Subscriptions.Row>of(
                                "When", row -> Cell.text(row.cron() == null ? "at once" : row.cron())),
                        TableColumn.<Subscriptions.Row>of("State", SubscriptionPages::state),
                        TableColumn.<Subscriptions.Row>of("Failures in a row", row -> Cell.text(row.failures()))
                                .asNumber()),
                List.of(FilterField.choice("state", "State", states())),
                "No partner has subscribed to anything.");
    }

    private static Map<String, String> states() {
        return Arrays.stream(SubscriptionState.values())
                .collect(Collectors.toMap(SubscriptionState::code, SubscriptionState::code));
    }

    private static Cell state(Subscriptions.Row row) {
        Tone tone = switch (row.state()) {
            case ACTIVE -> Tone.GOOD;
            case SUSPENDED -> Tone.BAD;
            case ENDED -> Tone.QUIET;
        };
        return Cell.badge(row.state().code(), tone);
    }

    @GetMapping("/subscriptions")
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        var page = subscriptions.page(actor, request);
        model.addAttribute("table", table.view("/subscriptions", request, page));
        model.addAttribute(
                "suspended",
                page.rows().stream()
                        .filter(row -> row.state() == SubscriptionState.SUSPENDED)
                        .toList());
        model.addAttribute("mayManage", actor.may(ExchangePermission.MANAGE));
        return "exchange/subscriptions";
    }

    @GetMapping("/subscriptions.csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(ExchangePermission.VIEW);
        CsvResponse.send(
                response,
                "subscriptions.csv",
                out -> table.export(
                        out, TableDefinition.request(parameters), request -> subscriptions.page(actor, request)));
    }

    @PostMapping("/subscriptions/{code}/resume")
    String resume(Actor actor, RedirectAttributes redirect, @PathVariable String code) {
        subscriptions.resume(actor, code);
        Notice.good(redirect, "It goes on; what happened meanwhile is told now.");
        return "redirect:/subscriptions";
    }
}
