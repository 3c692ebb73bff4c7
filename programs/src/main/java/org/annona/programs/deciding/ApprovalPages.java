package org.annona.programs.deciding;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.console.Cell;
import org.annona.console.CsvResponse;
import org.annona.console.FilterField;
import org.annona.console.Formats;
import org.annona.console.Notice;
import org.annona.console.TableColumn;
import org.annona.console.TableDefinition;
import org.annona.console.Tone;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.money.Money;
import org.annona.programs.PaymentGateway;
import org.annona.programs.ProgramsPermission;
import org.annona.programs.approval.ApprovalRequest;
import org.annona.programs.approval.ApprovalRequest.Kind;
import org.annona.programs.approval.ApprovalRequest.State;
import org.annona.programs.approval.Approvals;
import org.annona.programs.cycle.Cycle;
import org.annona.programs.cycle.Cycles;
import org.annona.programs.programme.Benefit;
import org.annona.programs.programme.Programme;
import org.annona.programs.programme.ProgrammeTerms;
import org.annona.programs.programme.Programmes;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What waits for a decision, and the card on which one is made: totals, difference to before, funds. */
@Controller
public final class ApprovalPages {

    private final Approvals approvals;
    private final Deciding deciding;
    private final Programmes programmes;
    private final Cycles cycles;
    private final Formats formats;
    private final TableDefinition<ApprovalRequest> table;

    public ApprovalPages(
            Approvals approvals, Deciding deciding, Programmes programmes, Cycles cycles, Formats formats) {
        this.approvals = approvals;
        this.deciding = deciding;
        this.programmes = programmes;
        this.cycles = cycles;
        this.formats = formats;
        Map<String, String> states = new LinkedHashMap<>();
        states.put("open", "open");
        states.put("approved", "approved");
        states.put("rejected", "rejected");
        states.put("void", "no longer needed");
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<ApprovalRequest>of(
                                "What", row -> Cell.link(row.title(), "/approvals/" + row.id())),
                        TableColumn.<ApprovalRequest>of("State", row -> Cell.badge(words(row), tone(row.state()))),
                        TableColumn.<ApprovalRequest>of("Prepared by", row -> Cell.text(row.preparedBy())),
                        TableColumn.<ApprovalRequest>of("Prepared", row -> Cell.text(formats.time(row.preparedAt())))
                                .sortedBy("prepared")),
                List.of(
                        FilterField.choice("state", "State", states),
                        FilterField.choice("mine", "Waiting for me", Map.of("yes", "yes"))),
                "Requests appear here when terms are submitted or the amounts of a cycle are computed.");
    }

    private static String words(ApprovalRequest request) {
        return switch (request.state()) {
            case OPEN -> request.openStage() == 1 ? "waits for approval" : "waits for release";
            case APPROVED -> request.kind() == Kind.CYCLE ? "released" : "approved";
            case REJECTED -> "rejected";
            case VOID -> "no longer needed";
        };
    }

    private static Tone tone(State state) {
        return switch (state) {
            case OPEN -> Tone.ATTENTION;
            case APPROVED -> Tone.GOOD;
            case REJECTED -> Tone.BAD;
            case VOID -> Tone.QUIET;
        };
    }

    @GetMapping("/approvals")
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", table.view("/approvals", request, approvals.page(actor, request)));
        return "programs/approvals";
    }

    @GetMapping("/approvals.csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(ProgramsPermission.VIEW);
        CsvResponse.send(
                response,
                "approvals.csv",
                out -> table.export(
                        out, TableDefinition.request(parameters), request -> approvals.page(actor, request)));
    }

    @GetMapping("/approvals/{id}")
    String show(Actor actor, Model model, @PathVariable UUID id) {
        ApprovalRequest request = approvals.show(actor, id);
        model.addAttribute("request", request);
        model.addAttribute("stateWords", words(request));
        model.addAttribute("stateTone", tone(request.state()).colour());
        model.addAttribute("digest", HexFormat.of().formatHex(request.digest()));
        model.addAttribute("isCycle", request.kind() == Kind.CYCLE);
        model.addAttribute("isRelease", request.kind() == Kind.CYCLE && request.openStage() == 2);
        model.addAttribute("hindrance", hindrance(actor, request));
        switch (request.kind()) {
            case CYCLE -> describe(model, cycles.find(request.subjectId()));
            case PROGRAMME_VERSION -> describe(model, request);
        }
        return "programs/approval";
    }

    /** Why this person cannot decide, or an empty text where the person can. */
    private static String hindrance(Actor actor, ApprovalRequest request) {
        if (request.state() != State.OPEN) {
            return "closed";
        }
        if (!actor.may(Approvals.permission(request.kind(), request.openStage()))) {
            return "Another role decides on this.";
        }
        if (actor.name().equals(request.preparedBy())) {
            return "You prepared this, so somebody else has to decide on it.";
        }
        boolean voted = request.votes().stream().anyMatch(vote -> vote.voter().equals(actor.name()));
        return voted ? "You decided on the stage before, so somebody else has to decide now." : "";
    }

    private void describe(Model model, Cycle cycle) {
        model.addAttribute("cycle", cycle);
        Optional<PaymentGateway.Funds> funds = cycles.fundsOf(cycle);
        model.addAttribute(
                "funds",
                funds.map(found -> formats.money(found.availableMinor(), cycle.currency()))
                        .orElse("nobody knows: the payments do not answer"));
        model.addAttribute(
                "fundsShort",
                cycle.state().compareTo(Cycle.State.RELEASED) < 0
                        && funds.map(found -> found.availableMinor() < cycle.totalMinor())
                                .orElse(true));
        funds.filter(found -> found.announcedSince() != null)
                .ifPresent(found -> model.addAttribute(
                        "announced",
                        formats.money(found.announcedMinor(), cycle.currency()) + " since "
                                + formats.time(found.announcedSince())));
        funds.map(found -> found.toAnnounce(cycle.totalMinor()))
                .filter(missing -> missing > 0)
                .ifPresent(missing -> model.addAttribute(
                        "announce",
                        "/funds?programme=" + cycle.programmeCode() + "&year="
                                + cycle.payOn().getYear() + "&amount="
                                + Money.of(missing, cycle.currency()).toString().replaceAll("[^0-9.]", "")));
        Cycle.Summary summary = cycle.summary();
        model.addAttribute("summary", summary);
        model.addAttribute("difference", difference(cycle, summary));
    }

    private String difference(Cycle cycle, Cycle.Summary summary) {
        if (summary.previousCode() == null) {
            return "the first cycle of this programme";
        }
        long minor = cycle.totalMinor() - summary.previousTotalMinor();
        String sign = minor > 0 ? "+" : "";
        String percent = summary.previousTotalMinor() == 0
                ? ""
                : " (" + sign + minor * 100 / summary.previousTotalMinor() + " %)";
        return sign + formats.money(minor, cycle.currency()) + percent + " against " + summary.previousCode() + "; "
                + formats.number(summary.joined()) + " joined, " + formats.number(summary.left()) + " left, "
                + formats.number(summary.changed()) + " receive another amount";
    }

    private void describe(Model model, ApprovalRequest request) {
        Programme programme = programmes.find(request.subjectId());
        Programme.Version version = programmes.version(programme.id(), request.version());
        String currency = programme.currency().getCurrencyCode();
        model.addAttribute("programme", programme);
        Map<String, String> now = facts(version.terms(), currency);
        // Also after the approval: what was in force until then.
        Map<String, String> before = programmes.versions(programme.id()).stream()
                .filter(earlier -> earlier.number() < request.version() && earlier.approvedAt() != null)
                .findFirst()
                .map(earlier -> facts(earlier.terms(), currency))
                .orElse(Map.of());
        Set<String> labels = new LinkedHashSet<>(now.keySet());
        labels.addAll(before.keySet());
        model.addAttribute("isFirst", before.isEmpty());
        model.addAttribute(
                "terms",
                labels.stream()
                        .map(label ->
                                new TermView(label, before.getOrDefault(label, "–"), now.getOrDefault(label, "–")))
                        .toList());
    }

    /** A part of the terms, as it was in force and as it is proposed. */
    public record TermView(String label, String before, String now) {

        public boolean isChanged() {
            return !before.equals(now);
        }
    }

    private Map<String, String> facts(ProgrammeTerms terms, String currency) {
        Map<String, String> facts = new LinkedHashMap<>();
        Benefit benefit = terms.benefit();
        facts.put("Who joins", terms.subject().who() + " " + terms.reading(terms.catalogue(programmes.currency())));
        facts.put("For each " + terms.subject().word(), formats.money(benefit.baseMinor(), currency));
        for (Benefit.Band band : benefit.bands()) {
            facts.put(
                    "For each " + band.label(),
                    formats.money(band.perMemberMinor(), currency) + ", at most " + band.mostMembers());
        }
        if (benefit.minimumMinor() != null) {
            facts.put("At least", formats.money(benefit.minimumMinor(), currency));
        }
        if (benefit.maximumMinor() != null) {
            facts.put("At most", formats.money(benefit.maximumMinor(), currency));
        }
        facts.put("Words for the beneficiary", terms.purpose());
        facts.put("Rule as text", terms.rule());
        return facts;
    }

    @PostMapping("/approvals/{id}/approve")
    String approve(
            Actor actor,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam String digest,
            @RequestParam(defaultValue = "") String reason) {
        ApprovalRequest voted = deciding.approve(actor, id, digest, reason);
        Notice.good(
                redirect,
                voted.state() == State.OPEN
                        ? "The list is approved. A finance officer releases the money."
                        : voted.kind() == Kind.CYCLE
                                ? "The money is released; the payments begin now."
                                : "The terms are approved and in force.");
        return "redirect:/approvals/" + id;
    }

    @PostMapping("/approvals/{id}/reject")
    String reject(
            Actor actor,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam String digest,
            @RequestParam(defaultValue = "") String reason) {
        deciding.reject(actor, id, digest, reason);
        Notice.good(redirect, "It is rejected. Its author can read why.");
        return "redirect:/approvals/" + id;
    }
}
