package org.annona.payments.envelope;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
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
import org.annona.console.PersonLinks;
import org.annona.console.TableColumn;
import org.annona.console.TableDefinition;
import org.annona.console.Tone;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.JobState;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.listing.PageRequest;
import org.annona.payments.PaymentsPermission;
import org.annona.payments.decision.Decision;
import org.annona.payments.decision.DecisionKind;
import org.annona.payments.decision.Decisions;
import org.annona.payments.envelope.Envelope.State;
import org.annona.payments.envelope.Envelopes.DisbursementRow;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Envelopes, their payments with the failed and unknown ones, and what can be done about them. */
@Controller
public final class EnvelopePages {

    private static final Map<String, DecisionKind> REQUESTS = Map.of(
            "reissue", DecisionKind.REISSUE,
            "accept-account", DecisionKind.ACCEPT_ACCOUNT,
            "give-back", DecisionKind.GIVE_BACK,
            "declare-unpaid", DecisionKind.DECLARE_UNPAID);
    static final Map<String, String> STATES = new LinkedHashMap<>();

    static {
        STATES.put("received", "looking up the account");
        STATES.put("unresolved", "account missing or changed");
        STATES.put("ready", "to be sent");
        STATES.put("in_flight", "with the bank");
        STATES.put("unknown", "unknown, being asked");
        STATES.put("paid", "paid");
        STATES.put("returned", "came back");
        STATES.put("rejected", "rejected");
        STATES.put("cancelled", "given up");
        STATES.put("stopped", "stopped");
    }

    private final Envelopes envelopes;
    private final Stops stops;
    private final Decisions decisions;
    private final PaymentRequests requests;
    private final List<PersonLinks> links;
    private final Jobs jobs;
    private final Formats formats;
    private final TableDefinition<Envelope> table;
    private final TableDefinition<DisbursementRow> payments;

    public EnvelopePages(
            Envelopes envelopes,
            Stops stops,
            Decisions decisions,
            PaymentRequests requests,
            List<PersonLinks> links,
            Database database,
            Formats formats) {
        this.links = links;
        this.requests = requests;
        this.stops = stops;
        this.envelopes = envelopes;
        this.decisions = decisions;
        this.jobs = new Jobs(database);
        this.formats = formats;
        Map<String, String> states = new LinkedHashMap<>();
        for (State state : State.values()) {
            states.put(Envelopes.state(state), Envelopes.words(state));
        }
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<Envelope>of(
                                "Envelope",
                                row -> Cell.link(
                                        row.programmeName() + ", " + row.cycleCode(), "/envelopes/" + row.id())),
                        TableColumn.<Envelope>of(
                                "State", row -> Cell.badge(Envelopes.words(row.state()), tone(row.state()))),
                        TableColumn.<Envelope>of("Payments", row -> Cell.text(formats.number(row.declaredCount())))
                                .asNumber(),
                        TableColumn.<Envelope>of(
                                        "Amount", row -> Cell.text(formats.money(row.declaredMinor(), row.currency())))
                                .asNumber(),
                        TableColumn.<Envelope>of("Note", row -> Cell.text(row.note())),
                        TableColumn.<Envelope>of("Received", row -> Cell.text(formats.time(row.createdAt())))
                                .sortedBy("created")),
                List.of(FilterField.choice("state", "State", states)),
                "An envelope arrives when a finance officer releases the money of a cycle.");
        this.payments = new TableDefinition<>(
                List.of(
                        TableColumn.<DisbursementRow>of(
                                "Payment", row -> Cell.link(shortId(row), "/payments/" + row.id())),
                        TableColumn.<DisbursementRow>of(
                                        "Amount", row -> Cell.text(formats.money(row.amountMinor(), row.currency())))
                                .asNumber(),
                        TableColumn.<DisbursementRow>of(
                                "State", row -> Cell.badge(words(row.state()), tone(row.state()))),
                        TableColumn.<DisbursementRow>of("Reason", row -> Cell.text(formats.reason(row.reason()))),
                        TableColumn.<DisbursementRow>of("Bank or operator", row -> Cell.text(row.provider())),
                        TableColumn.<DisbursementRow>of("Reference", row -> Cell.text(row.reference()))),
                List.of(
                        FilterField.choice("state", "State", STATES),
                        FilterField.text("reason", "Reason", "such as AC04"),
                        FilterField.text("reference", "Reference", "16 characters")),
                "No payment is like that.");
    }

    static String shortId(DisbursementRow row) {
        return row.lineKey().substring(Math.max(0, row.lineKey().length() - 12));
    }

    static String words(String state) {
        return STATES.getOrDefault(state, state);
    }

    private static Tone tone(State state) {
        return switch (state) {
            case RECEIVING, RECEIVED, FUNDED, DISPATCHED -> Tone.ACTIVE;
            case WAITING_FOR_FUNDS -> Tone.ATTENTION;
            case CLOSED -> Tone.GOOD;
        };
    }

    static Tone tone(String state) {
        return switch (state) {
            case "paid" -> Tone.GOOD;
            case "rejected", "returned" -> Tone.BAD;
            case "unresolved", "unknown" -> Tone.ATTENTION;
            case "cancelled", "stopped" -> Tone.QUIET;
            default -> Tone.ACTIVE;
        };
    }

    @GetMapping("/envelopes")
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", table.view("/envelopes", request, envelopes.page(actor, request)));
        return "payments/envelopes";
    }

    @GetMapping("/envelopes.csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(PaymentsPermission.VIEW);
        CsvResponse.send(
                response,
                "envelopes.csv",
                out -> table.export(
                        out, TableDefinition.request(parameters), request -> envelopes.page(actor, request)));
    }

    /** Payments in one state. */
    public record CountView(String state, String words, String colour, long payments, String amount) {}

    @GetMapping("/envelopes/{id}")
    String show(Actor actor, Model model, @PathVariable UUID id, @RequestParam Map<String, String> parameters) {
        Envelope envelope = envelopes.show(actor, id);
        model.addAttribute("envelope", envelope);
        model.addAttribute("stateWords", Envelopes.words(envelope.state()));
        List<CountView> counts = envelopes.counts(id).stream()
                .map(count -> new CountView(
                        count.state(),
                        words(count.state()),
                        tone(count.state()).colour(),
                        count.payments(),
                        formats.money(count.amountMinor(), envelope.currency())))
                .toList();
        model.addAttribute("counts", counts);
        model.addAttribute("reasons", envelopes.reasons(id));
        model.addAttribute(
                "unresolved",
                counts.stream()
                        .filter(count -> count.state().equals("unresolved"))
                        .mapToLong(CountView::payments)
                        .sum());
        model.addAttribute("mayOperate", actor.may(PaymentsPermission.OPERATE));
        model.addAttribute("funded", envelope.state() == State.FUNDED || envelope.state() == State.DISPATCHED);
        model.addAttribute("changedAccounts", envelopes.changedAccounts(id));
        model.addAttribute("decision", decisions.open(id, 0).orElse(null));
        model.addAttribute(
                "stoppable",
                envelope.state() != State.RECEIVING
                        && envelope.state() != State.CLOSED
                        && counts.stream().anyMatch(count -> Stops.STOPPABLE.contains(count.state())));
        jobs.ofSubject("envelope/" + id, 1).stream()
                .filter(job -> !job.state().isEnded() || job.state() == JobState.FAILED)
                .findFirst()
                .ifPresent(job -> model.addAttribute("job", job));
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute(
                "table", payments.view("/envelopes/" + id, request, envelopes.disbursements(actor, id, request)));
        return "payments/envelope";
    }

    @GetMapping("/envelopes/{id}.csv")
    void exportPayments(
            Actor actor,
            HttpServletResponse response,
            @PathVariable UUID id,
            @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(PaymentsPermission.VIEW);
        CsvResponse.send(
                response,
                "payments.csv",
                out -> payments.export(
                        out,
                        TableDefinition.request(parameters),
                        request -> envelopes.disbursements(actor, id, request)));
    }

    @PostMapping("/envelopes/{id}/look-up-again")
    String retryResolution(Actor actor, RedirectAttributes redirect, @PathVariable UUID id) {
        envelopes.retryResolution(actor, id);
        Notice.good(
                redirect,
                "The accounts are looked up again. An account that was not on the approved list can be requested then.");
        return "redirect:/envelopes/" + id;
    }

    /** Needs a second person. */
    @PostMapping("/envelopes/{id}/accept-accounts")
    String acceptAccounts(
            Actor actor,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam(defaultValue = "") String reason) {
        UUID request = requests.ask(actor, DecisionKind.ACCEPT_ACCOUNTS, id, reason);
        Notice.good(redirect, "Requested. It is done when another finance officer confirms it.");
        return "redirect:/payment-decisions/" + request;
    }

    @GetMapping("/envelopes/{id}/give-up")
    String askGiveUp(Actor actor, Model model, @PathVariable UUID id) {
        actor.require(PaymentsPermission.OPERATE);
        Envelope envelope = envelopes.show(actor, id);
        var unresolved = envelopes.counts(id).stream()
                .filter(count -> count.state().equals("unresolved"))
                .findFirst();
        model.addAttribute(
                "confirmation",
                Confirmation.of(
                                "Give up the payments whose account is missing or changed?",
                                "They are not paid in this envelope. Their money goes back to the fund when the envelope"
                                        + " is closed.",
                                "/envelopes/" + id + "/give-up",
                                "Give them up",
                                "/envelopes/" + id)
                        .fact(
                                "Payments",
                                unresolved
                                        .map(count -> formats.number(count.payments()))
                                        .orElse("0"))
                        .fact(
                                "Amount",
                                unresolved
                                        .map(count -> formats.money(count.amountMinor(), envelope.currency()))
                                        .orElse("0"))
                        .askingReason("Why, and how are these people helped instead?")
                        .grave());
        return "console/confirm";
    }

    @PostMapping("/envelopes/{id}/give-up")
    String giveUp(Actor actor, RedirectAttributes redirect, @PathVariable UUID id, @RequestParam String reason) {
        envelopes.cancelUnresolved(actor, id, reason);
        Notice.good(redirect, "The payments whose account was missing or changed were given up.");
        return "redirect:/envelopes/" + id;
    }

    @GetMapping("/payments/{id}")
    String payment(Actor actor, Model model, @PathVariable UUID id) {
        DisbursementRow payment = envelopes.disbursement(actor, id);
        State envelope = envelopes.show(actor, payment.envelopeId()).state();
        boolean closed = envelope == State.CLOSED;
        boolean funded = envelope == State.FUNDED || envelope == State.DISPATCHED;
        List<Envelopes.AttemptRow> attempts = envelopes.attempts(id);
        boolean may = actor.may(PaymentsPermission.OPERATE);
        boolean unknown = payment.state().equals("unknown");
        boolean unpaid = List.of("rejected", "returned", "stopped").contains(payment.state());
        Decision open = decisions.open(id, 0).orElse(null);
        model.addAttribute("payment", payment);
        model.addAttribute("stateWords", words(payment.state()));
        model.addAttribute("stateTone", tone(payment.state()).colour());
        model.addAttribute("reasonWords", formats.reason(payment.reason()));
        model.addAttribute("attempts", attempts);
        model.addAttribute("decision", open);
        model.addAttribute(
                "links",
                links.stream()
                        .flatMap(one -> one.about(actor, payment.beneficiary()).stream())
                        .toList());
        model.addAttribute("stop", envelopes.stop(id).orElse(null));
        model.addAttribute(
                "mayStop", may && envelope != State.RECEIVING && !closed && Stops.STOPPABLE.contains(payment.state()));
        model.addAttribute("mayAsk", may && (unknown || payment.state().equals("in_flight")));
        model.addAttribute(
                "mayAcceptAccount",
                may
                        && open == null
                        && funded
                        && payment.state().equals("unresolved")
                        && payment.reason().equals(AcceptAccount.CHANGED));
        model.addAttribute("mayReissue", may && open == null && unpaid && (funded || closed));
        model.addAttribute("backInFund", closed && payment.state().equals("rejected"));
        model.addAttribute(
                "mayGiveBack",
                may
                        && open == null
                        && (payment.state().equals("returned")
                                || (payment.state().equals("rejected") && !closed)));
        model.addAttribute("mayDeclareUnpaid", may && open == null && unknown);
        return "payments/payment";
    }

    @PostMapping("/payments/{id}/stop")
    String stop(
            Actor actor,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam(defaultValue = "") String reason) {
        stops.payment(actor, id, reason);
        Notice.good(redirect, "The payment was stopped; its money is free again.");
        return "redirect:/payments/" + id;
    }

    @GetMapping("/envelopes/{id}/stop")
    String askStop(Actor actor, Model model, @PathVariable UUID id) {
        actor.require(PaymentsPermission.OPERATE);
        Envelope envelope = envelopes.show(actor, id);
        List<Envelopes.StateCount> waiting = envelopes.counts(id).stream()
                .filter(count -> Stops.STOPPABLE.contains(count.state()))
                .toList();
        model.addAttribute(
                "confirmation",
                Confirmation.of(
                                "Stop the payments that have not left?",
                                "They are not sent, and their money is free again. What the bank has is not stopped by this.",
                                "/envelopes/" + id + "/stop",
                                "Stop them",
                                "/envelopes/" + id)
                        .fact(
                                "Payments",
                                formats.number(waiting.stream()
                                        .mapToLong(Envelopes.StateCount::payments)
                                        .sum()))
                        .fact(
                                "Amount",
                                formats.money(
                                        waiting.stream()
                                                .mapToLong(Envelopes.StateCount::amountMinor)
                                                .sum(),
                                        envelope.currency()))
                        .askingReason("Why are they stopped?")
                        .grave());
        return "console/confirm";
    }

    @PostMapping("/envelopes/{id}/stop")
    String stopAll(
            Actor actor,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam(defaultValue = "") String reason) {
        stops.envelope(actor, id, reason);
        Notice.good(redirect, "The payments that had not left were stopped; their money is free again.");
        return "redirect:/envelopes/" + id;
    }

    @PostMapping("/payments/{id}/ask")
    String ask(Actor actor, RedirectAttributes redirect, @PathVariable UUID id) {
        envelopes.queryStatus(actor, id);
        Notice.good(redirect, "The bank is asked now.");
        return "redirect:/payments/" + id;
    }

    /** What is asked for needs a second person. */
    @PostMapping("/payments/{id}/request")
    String request(
            Actor actor,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam(defaultValue = "") String decision,
            @RequestParam(defaultValue = "") String reason) {
        DecisionKind kind = REQUESTS.get(decision);
        if (kind == null) {
            throw Envelopes.notPossible("nothing is requested");
        }
        UUID request = requests.ask(actor, kind, id, reason);
        Notice.good(redirect, "Requested. It is done when another finance officer confirms it.");
        return "redirect:/payment-decisions/" + request;
    }
}
