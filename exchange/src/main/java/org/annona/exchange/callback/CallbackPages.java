package org.annona.exchange.callback;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
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
import org.annona.exchange.ExchangePermission;
import org.annona.exchange.ExchangeProblem;
import org.annona.exchange.internal.tables.states.CallbackState;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Messages on their way to partners, and those that were given up. */
@Controller
public final class CallbackPages {

    private final Callbacks callbacks;
    private final Undelivered undelivered;
    private final TableDefinition<Callbacks.Row> table;
    private final Clock clock;

    public CallbackPages(Callbacks callbacks, Undelivered undelivered, Formats formats, Clock clock) {
        this.callbacks = callbacks;
        this.undelivered = undelivered;
        this.clock = clock;
        Map<String, String> states = new LinkedHashMap<>();
        for (CallbackState state : CallbackState.values()) {
            states.put(state.code(), word(state));
        }
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<Callbacks.Row>of("Posted at", row -> Cell.text(formats.time(row.createdAt())))
                                .sortedBy("created"),
                        TableColumn.<Callbacks.Row>of(
                                "Partner", row -> Cell.link(row.partnerName(), "/partners/" + row.partnerId())),
                        TableColumn.<Callbacks.Row>of("Message", row -> Cell.text(row.action())),
                        TableColumn.<Callbacks.Row>of("To", row -> Cell.text(row.target())),
                        TableColumn.<Callbacks.Row>of("State", row -> state(row.state())),
                        TableColumn.<Callbacks.Row>of("Attempts", row -> Cell.text(row.attempts()))
                                .asNumber(),
                        TableColumn.<Callbacks.Row>of(
                                "Next try",
                                row -> Cell.text(
                                        row.state() == CallbackState.PENDING ? formats.time(row.nextTryAt()) : "")),
                        TableColumn.<Callbacks.Row>of("Last error", row -> Cell.text(row.lastError())),
                        TableColumn.<Callbacks.Row>of("Why it was dropped", row -> Cell.text(row.dropReason()))),
                List.of(
                        FilterField.choice("state", "State", states),
                        FilterField.text("address", "Host and port", "partner.example:443")),
                "Nothing was sent yet.");
    }

    private static String word(CallbackState state) {
        return switch (state) {
            case PENDING -> "waiting";
            case DELIVERED -> "delivered";
            case DEAD -> "given up";
            case DROPPED -> "dropped";
        };
    }

    private static Cell state(CallbackState state) {
        Tone tone = switch (state) {
            case DELIVERED -> Tone.GOOD;
            case DEAD -> Tone.BAD;
            case PENDING, DROPPED -> Tone.ACTIVE;
        };
        return Cell.badge(word(state), tone);
    }

    @GetMapping("/callbacks")
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        var page = callbacks.page(actor, request);
        model.addAttribute("table", table.view("/callbacks", request, page));
        model.addAttribute("troubles", undelivered.troubles(actor, partner(request)));
        model.addAttribute(
                "dead",
                page.rows().stream()
                        .filter(row -> row.state() == CallbackState.DEAD)
                        .toList());
        model.addAttribute("mayManage", actor.may(ExchangePermission.MANAGE));
        return "exchange/callbacks";
    }

    /** Of the list, where it is one partner's. */
    private static @Nullable UUID partner(PageRequest request) {
        try {
            return request.filter("partner").isEmpty() ? null : UUID.fromString(request.filter("partner"));
        } catch (IllegalArgumentException none) {
            return new UUID(0, 0);
        }
    }

    @GetMapping("/callbacks.csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(ExchangePermission.VIEW);
        CsvResponse.send(
                response,
                "callbacks.csv",
                out -> table.export(
                        out, TableDefinition.request(parameters), request -> callbacks.page(actor, request)));
    }

    @PostMapping("/callbacks/{id}/revive")
    String revive(Actor actor, RedirectAttributes redirect, @PathVariable UUID id) {
        undelivered.revive(actor, id);
        Notice.good(redirect, "The message is sent again.");
        return "redirect:/callbacks";
    }

    @GetMapping("/callbacks/{id}/drop")
    String askToDrop(Actor actor, Model model, @PathVariable UUID id) {
        actor.require(ExchangePermission.MANAGE);
        Callbacks.Row message = callbacks.show(actor, id);
        model.addAttribute(
                "confirmation",
                Confirmation.of(
                                "Drop this message?",
                                "It was given up, and is not sent any more.",
                                "/callbacks/" + id + "/drop",
                                "Drop it",
                                "/callbacks?f.state=" + CallbackState.DEAD.code())
                        .fact("Partner", message.partnerName())
                        .fact("Message", message.action())
                        .fact("To", message.target())
                        .warning("The partner will not know what it says. Speak with those who run it first.")
                        .askingReason("Why")
                        .grave());
        return "console/confirm";
    }

    @PostMapping("/callbacks/{id}/drop")
    String drop(Actor actor, RedirectAttributes redirect, @PathVariable UUID id, @RequestParam String reason) {
        undelivered.drop(actor, id, reason);
        Notice.good(redirect, "The message was dropped.");
        return "redirect:/callbacks";
    }

    @PostMapping("/callbacks/address/send")
    String sendAgain(
            Actor actor, RedirectAttributes redirect, @RequestParam UUID partner, @RequestParam String address) {
        int messages = undelivered.sendAgain(actor, partner, address);
        Notice.good(
                redirect,
                messages + (messages == 1 ? " message is" : " messages are") + " sent to " + address + " now.");
        return "redirect:/callbacks";
    }

    @GetMapping("/callbacks/address/drop")
    String askToDrop(Actor actor, Model model, @RequestParam UUID partner, @RequestParam String address) {
        actor.require(ExchangePermission.MANAGE);
        Undelivered.Trouble trouble = undelivered.troubles(actor, partner).stream()
                .filter(one -> one.address().equals(address))
                .findFirst()
                .orElseThrow(() -> Problem.of(ExchangeProblem.NO_TROUBLE, "address", address));
        model.addAttribute(
                "confirmation",
                Confirmation.of(
                                "Drop the messages to " + address + "?",
                                "Nothing that waits for this address is sent any more; other addresses of the partner are"
                                        + " sent to as before.",
                                "/callbacks/address/drop",
                                "Drop them",
                                "/callbacks")
                        .fact("Partner", trouble.partnerName())
                        .fact("Waiting", trouble.waiting())
                        .fact("Given up", trouble.givenUp())
                        .warning(
                                "The partner will not know what they say. Answers to its searches can be asked for again"
                                        + " by txn/status; notifications cannot.")
                        .carrying("partner", partner)
                        .carrying("address", address)
                        .carrying("seen", clock.instant())
                        .askingReason("Why")
                        .grave());
        return "console/confirm";
    }

    @PostMapping("/callbacks/address/drop")
    String drop(
            Actor actor,
            RedirectAttributes redirect,
            @RequestParam UUID partner,
            @RequestParam String address,
            @RequestParam Instant seen,
            @RequestParam String reason) {
        int messages = undelivered.drop(actor, partner, address, seen, reason);
        Notice.good(redirect, messages + (messages == 1 ? " message was" : " messages were") + " dropped.");
        return "redirect:/callbacks";
    }
}
