package org.annona.programs.cycle;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.programs.ProgramsPermission;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.ProgramsSettings;
import org.annona.programs.cycle.AccountConcerns.ConcernRow;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The new and shared accounts of a cycle, which an approver accepts or leaves out. */
@Controller
public final class AccountConcernPages {

    private static final Map<String, String> KINDS = words(
            "new", "not the account of the last payment",
            "shared", "serves more than one household",
            "new_and_shared", "not the account of the last payment, and serves more than one household");
    private static final Map<String, String> DECISIONS =
            words("open", "not decided", "accepted", "accepted", "left_out", "left out");

    private final AccountConcerns concerns;
    private final Cycles cycles;
    private final int percent;
    private final String currency;
    private final Formats formats;
    private final TableDefinition<ConcernRow> table;

    public AccountConcernPages(AccountConcerns concerns, Cycles cycles, ProgramsSettings settings, Formats formats) {
        this.concerns = concerns;
        this.cycles = cycles;
        this.percent = settings.accountConcernPercent();
        this.formats = formats;
        this.currency = settings.currency().getCurrencyCode();
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<ConcernRow>of(
                                        "Beneficiary",
                                        row -> Cell.link(row.subjectRef(), "/enrolments/" + row.enrolmentId()))
                                .sortedBy("ref"),
                        TableColumn.<ConcernRow>of(
                                        "Amount", row -> Cell.text(formats.money(row.amountMinor(), currency)))
                                .asNumber(),
                        TableColumn.<ConcernRow>of("Account", row -> Cell.text(KINDS.get(row.kind()))),
                        TableColumn.<ConcernRow>of(
                                        "Households on this account",
                                        row -> Cell.text(formats.number(row.households())))
                                .asNumber(),
                        TableColumn.<ConcernRow>of("Version", row -> Cell.text(row.accountVersion()))
                                .asNumber(),
                        TableColumn.<ConcernRow>of("Decision", AccountConcernPages::decision),
                        TableColumn.<ConcernRow>of(
                                "Decided",
                                row -> Cell.text(
                                        row.decidedAt() == null
                                                ? ""
                                                : formats.time(row.decidedAt()) + " by " + row.decidedBy()))),
                List.of(
                        FilterField.choice("decision", "Decision", DECISIONS),
                        FilterField.choice("kind", "Account", KINDS),
                        FilterField.text("q", "Beneficiary", "H-123-456-789-0 or P-123-456-789-0")),
                "No line has a new or a shared account.");
    }

    /**
     * A line with what somebody needs who decides about it.
     *
     * @param more households on the account that are not named, in words
     */
    public record LineView(
            ConcernRow row, String amount, String words, List<AccountConcerns.Other> others, String more) {}

    private LineView line(ConcernRow row, AccountConcerns.@Nullable Sharing sharing) {
        return new LineView(
                row,
                formats.money(row.amountMinor(), currency),
                KINDS.getOrDefault(row.kind(), row.kind()),
                sharing == null ? List.of() : sharing.others(),
                sharing == null || sharing.more() == 0
                        ? ""
                        : "and " + (sharing.atLeast() ? "at least " : "") + formats.number(sharing.more()) + " more");
    }

    private static Map<String, String> words(String... pairs) {
        Map<String, String> words = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            words.put(pairs[i], pairs[i + 1]);
        }
        return words;
    }

    private static Cell decision(ConcernRow row) {
        return switch (row.decision()) {
            case "accepted" -> Cell.badge("accepted", Tone.GOOD);
            case "left_out" -> Cell.badge("left out", Tone.QUIET);
            default -> Cell.badge("not decided", Tone.ATTENTION);
        };
    }

    @GetMapping("/cycles/{id}/accounts")
    String list(Actor actor, Model model, @PathVariable UUID id, @RequestParam Map<String, String> parameters) {
        Cycle cycle = cycles.show(actor, id);
        PageRequest request = TableDefinition.request(parameters);
        Page<ConcernRow> page = concerns.page(actor, id, request);
        AccountConcerns.Count count = concerns.count(actor, cycle);
        List<UUID> undecided = page.rows().stream()
                .filter(row -> row.decision().isEmpty())
                .map(ConcernRow::subjectId)
                .toList();
        Map<UUID, AccountConcerns.Sharing> sharing = concerns.sharing(
                actor, id, page.rows().stream().map(ConcernRow::subjectId).toList());
        model.addAttribute(
                "lines",
                page.rows().stream()
                        .filter(row -> row.decision().isEmpty() || sharing.containsKey(row.subjectId()))
                        .map(row -> line(row, sharing.get(row.subjectId())))
                        .toList());
        boolean waits = cycle.state() == Cycle.State.ACCOUNTS && count.open() > 0;
        boolean others = !cycle.openedBy().equals(actor.name());
        model.addAttribute("cycle", cycle);
        model.addAttribute("count", count);
        model.addAttribute("percent", percent);
        model.addAttribute("undecided", undecided);
        model.addAttribute("mayDecide", waits && others && !count.tooMany() && actor.may(ProgramsPermission.APPROVE));
        model.addAttribute("waits", waits);
        model.addAttribute("table", table.view("/cycles/" + id + "/accounts", request, page));
        return "programs/accounts";
    }

    @GetMapping("/cycles/{id}/accounts.csv")
    void export(
            Actor actor,
            HttpServletResponse response,
            @PathVariable UUID id,
            @RequestParam Map<String, String> parameters)
            throws IOException {
        cycles.show(actor, id);
        CsvResponse.send(
                response,
                "accounts.csv",
                out -> table.export(
                        out, TableDefinition.request(parameters), request -> concerns.page(actor, id, request)));
    }

    /** @param household the undecided lines that the page showed; none where all of them are meant */
    @PostMapping("/cycles/{id}/accounts")
    String decide(
            Actor actor,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam(defaultValue = "") String decision,
            @RequestParam(defaultValue = "") List<UUID> household,
            @RequestParam(defaultValue = "0") long all) {
        boolean accepted = decision.equals("accept");
        if (!accepted && !decision.equals("leave-out")) {
            throw Problem.of(ProgramsProblem.STEP_MISSING);
        }
        if (all > 0) {
            concerns.decideAll(actor, id, all, accepted);
        } else {
            concerns.decide(actor, id, household, accepted);
        }
        boolean ready = concerns.count(actor, cycles.find(id)).open() == 0;
        Notice.good(
                redirect,
                (accepted ? "The accounts are accepted." : "The lines are left out of this list.")
                        + (ready ? " The list now goes to its approval." : ""));
        return "redirect:/cycles/" + id + (ready ? "" : "/accounts?f.decision=open");
    }
}
