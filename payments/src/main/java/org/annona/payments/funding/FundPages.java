package org.annona.payments.funding;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.console.Cell;
import org.annona.console.CsvResponse;
import org.annona.console.Formats;
import org.annona.console.Notice;
import org.annona.console.TableColumn;
import org.annona.console.TableDefinition;
import org.annona.console.Tone;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.money.Money;
import org.annona.foundation.problem.Problem;
import org.annona.payments.PaymentsPermission;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.PaymentsSettings;
import org.annona.payments.decision.DecisionKind;
import org.annona.payments.decision.Decisions;
import org.annona.payments.funding.Funding.Announcement;
import org.annona.payments.ledger.Ledger;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Funds of programmes: what is there, what was announced, and announcing more. */
@Controller
public final class FundPages {

    private final Currency currency;
    private final Funding funding;
    private final Ledger ledger;
    private final Decisions decisions;
    private final Formats formats;
    private final TableDefinition<Announcement> table;

    public FundPages(Funding funding, Ledger ledger, Decisions decisions, PaymentsSettings settings, Formats formats) {
        this.decisions = decisions;
        this.currency = settings.currency();
        this.funding = funding;
        this.ledger = ledger;
        this.formats = formats;
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<Announcement>of("Programme", row -> Cell.text(row.programmeCode())),
                        TableColumn.<Announcement>of(
                                        "Amount", row -> Cell.text(formats.money(row.amountMinor(), row.currency())))
                                .asNumber(),
                        TableColumn.<Announcement>of("Reference", row -> Cell.text(row.reference())),
                        TableColumn.<Announcement>of(
                                "State",
                                row -> row.withdrawnBy() != null
                                        ? Cell.badge("withdrawn by " + row.withdrawnBy(), Tone.QUIET)
                                        : row.receivedAt() == null
                                                ? Cell.link("waits for the bank's statement", "/funds/" + row.id())
                                                : Cell.badge("arrived " + formats.time(row.receivedAt()), Tone.GOOD)),
                        TableColumn.<Announcement>of("For", row -> Cell.text(Integer.toString(row.year()))),
                        TableColumn.<Announcement>of("Announced by", row -> Cell.text(row.announcedBy())),
                        TableColumn.<Announcement>of("At", row -> Cell.text(formats.time(row.announcedAt())))
                                .sortedBy("announced")),
                List.of(),
                "Announce the first funds below.");
    }

    @GetMapping("/funds")
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", table.view("/funds", request, funding.page(actor, request)));
        model.addAttribute("currency", currency.getCurrencyCode());
        model.addAttribute("programmes", funding.programmes());
        model.addAttribute("years", List.of(funding.thisYear(), funding.thisYear() + 1));
        model.addAttribute("mayAnnounce", actor.may(PaymentsPermission.FUND));
        model.addAttribute("programme", parameters.getOrDefault("programme", ""));
        model.addAttribute("year", parameters.getOrDefault("year", ""));
        model.addAttribute("amount", parameters.getOrDefault("amount", ""));
        List<Ledger.AccountRow> funds = ledger.accounts(
                        actor, new PageRequest("", false, null, PageRequest.LARGEST_SIZE, Map.of("kind", "FUND")))
                .rows();
        model.addAttribute("funds", funds);
        Map<String, String> rests = new LinkedHashMap<>();
        for (Ledger.AccountRow fund : funds) {
            String[] name = fund.code().split(":");
            boolean begun = name.length == 3 && Integer.parseInt(name[2]) <= funding.thisYear();
            if (begun && fund.balanceMinor() > 0 && funding.programmes().containsKey(name[1])) {
                rests.put(
                        new CarryOver.Rest(name[1], Integer.parseInt(name[2]), fund.balanceMinor()).text(),
                        name[1] + " " + name[2] + ": " + formats.money(fund.balanceMinor(), fund.currency()));
            }
        }
        model.addAttribute("rests", rests);
        model.addAttribute("mayCarryOver", !rests.isEmpty() && actor.may(PaymentsPermission.OPERATE));
        return "payments/funds";
    }

    @GetMapping("/funds.csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(PaymentsPermission.VIEW);
        CsvResponse.send(
                response,
                "funds.csv",
                out -> table.export(out, TableDefinition.request(parameters), request -> funding.page(actor, request)));
    }

    @PostMapping("/funds")
    String announce(
            Actor actor,
            RedirectAttributes redirect,
            @RequestParam String programme,
            @RequestParam int year,
            @RequestParam String amount) {
        actor.require(PaymentsPermission.FUND);
        Announcement made =
                funding.announce(actor, programme, year, currency.getCurrencyCode(), minor(amount, currency));
        Notice.good(
                redirect,
                "Let the treasury transfer " + formats.money(made.amountMinor(), made.currency())
                        + " with the reference " + made.reference()
                        + ". The fund grows when the statement of the bank shows it.");
        return "redirect:/funds";
    }

    /** Needs a second person. */
    @PostMapping("/funds/carry-over")
    String carryOver(
            Actor actor,
            RedirectAttributes redirect,
            @RequestParam(defaultValue = "") String rest,
            @RequestParam(defaultValue = "") String reason) {
        CarryOver.Rest asked = CarryOver.Rest.parse(rest);
        UUID request = decisions.ask(actor, DecisionKind.CARRY_OVER, asked.subject(), 0, asked.text(), reason);
        Notice.good(redirect, "Requested. It is done when another finance officer confirms it.");
        return "redirect:/payment-decisions/" + request;
    }

    @GetMapping("/funds/{id}")
    String show(Actor actor, Model model, @PathVariable UUID id) {
        actor.require(PaymentsPermission.VIEW);
        Announcement made = funding.show(id);
        boolean open = made.receivedAt() == null && made.withdrawnBy() == null;
        model.addAttribute("announcement", made);
        model.addAttribute("mayWithdraw", open && actor.may(PaymentsPermission.FUND));
        return "payments/announcement";
    }

    @PostMapping("/funds/{id}/withdraw")
    String withdraw(Actor actor, RedirectAttributes redirect, @PathVariable UUID id) {
        funding.withdraw(actor, id);
        Notice.good(redirect, "The announcement was withdrawn.");
        return "redirect:/funds";
    }

    private static long minor(String amount, Currency currency) {
        try {
            return Money.typed(amount, currency).minor();
        } catch (IllegalArgumentException | ArithmeticException unreadable) {
            throw Problem.of(
                    PaymentsProblem.FUNDING_UNFIT,
                    "reason",
                    "'" + amount + "' is no amount; write digits and a point, such as 250000.00 or 250,000.00");
        }
    }
}
