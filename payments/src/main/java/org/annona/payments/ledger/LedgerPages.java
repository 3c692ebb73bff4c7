package org.annona.payments.ledger;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.annona.access.Actor;
import org.annona.console.Cell;
import org.annona.console.CsvResponse;
import org.annona.console.FilterField;
import org.annona.console.Formats;
import org.annona.console.TableColumn;
import org.annona.console.TableDefinition;
import org.annona.foundation.listing.PageRequest;
import org.annona.payments.PaymentsPermission;
import org.annona.payments.ledger.Ledger.AccountRow;
import org.annona.payments.ledger.Ledger.KindRow;
import org.annona.payments.ledger.Ledger.TransferRow;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The ledger: trial balance, accounts, transfers, and a check of every invariant. */
@Controller
public final class LedgerPages {

    private static final Map<String, String> KINDS = new LinkedHashMap<>();

    static {
        KINDS.put("BANK", "what the bank holds for us");
        KINDS.put("FUND", "free funds of programmes");
        KINDS.put("COMMITTED", "reserved and not sent");
        KINDS.put("IN_FLIGHT", "sent and not seen on a statement");
        KINDS.put("RETURNS", "came back from beneficiaries");
        KINDS.put("SUSPENSE", "not explained");
        KINDS.put("BENEFIT", "paid to beneficiaries");
        KINDS.put("APPLIED", "appropriation used");
        KINDS.put("FEES", "charged by the bank");
        KINDS.put("OPENING", "with which the account began");
    }

    private final Ledger ledger;
    private final LedgerCheck check;
    private final Formats formats;
    private final TableDefinition<AccountRow> accounts;
    private final TableDefinition<TransferRow> transfers;

    public LedgerPages(Ledger ledger, LedgerCheck check, Formats formats) {
        this.ledger = ledger;
        this.check = check;
        this.formats = formats;
        this.accounts = new TableDefinition<>(
                List.of(
                        TableColumn.<AccountRow>of(
                                        "Account",
                                        row -> Cell.link(row.code(), "/ledger/transfers?f.account=" + row.code()))
                                .sortedBy("code"),
                        TableColumn.<AccountRow>of("Kind", row -> Cell.text(KINDS.get(row.kind()))),
                        money("Debits", AccountRow::debits),
                        money("Credits", AccountRow::credits),
                        money("Balance", AccountRow::balanceMinor)),
                List.of(FilterField.choice("kind", "Kind", KINDS)),
                "The first funds make the first accounts.");
        this.transfers = new TableDefinition<>(
                List.of(
                        TableColumn.<TransferRow>of("Posted", row -> Cell.text(formats.time(row.postedAt())))
                                .sortedBy("posted"),
                        TableColumn.<TransferRow>of("Kind", row -> Cell.text(row.kind())),
                        TableColumn.<TransferRow>of("Debit", row -> Cell.text(row.debitCode())),
                        TableColumn.<TransferRow>of("Credit", row -> Cell.text(row.creditCode())),
                        TableColumn.<TransferRow>of(
                                        "Amount", row -> Cell.text(formats.money(row.amountMinor(), row.currency())))
                                .asNumber(),
                        TableColumn.<TransferRow>of(
                                "Envelope",
                                row -> row.envelopeId() == null
                                        ? Cell.text("")
                                        : Cell.link("open", "/envelopes/" + row.envelopeId()))),
                List.of(
                        FilterField.text("account", "Account", "such as FUND:FAMILY:2026"),
                        FilterField.text("kind", "Kind", "such as settle")),
                "No transfer is like that.");
    }

    private TableColumn<AccountRow> money(String label, ToLongFunction<AccountRow> minor) {
        return TableColumn.<AccountRow>of(
                        label, row -> Cell.text(formats.money(minor.applyAsLong(row), row.currency())))
                .asNumber();
    }

    /** A line of the trial balance. */
    public record BalanceView(String kind, String words, long accounts, String debits, String credits) {}

    @GetMapping("/ledger")
    String show(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        fill(actor, model, parameters);
        return "payments/ledger";
    }

    private void fill(Actor actor, Model model, Map<String, String> parameters) {
        List<KindRow> balance = ledger.trialBalance(actor);
        model.addAttribute(
                "balance",
                balance.stream()
                        .map(row -> new BalanceView(
                                row.kind(),
                                String.valueOf(KINDS.get(row.kind())),
                                row.accounts(),
                                formats.money(row.debits(), row.currency()),
                                formats.money(row.credits(), row.currency())))
                        .toList());
        Map<String, long[]> totals = new LinkedHashMap<>();
        balance.forEach(row -> {
            long[] sums = totals.computeIfAbsent(row.currency(), absent -> new long[2]);
            sums[0] += row.debits();
            sums[1] += row.credits();
        });
        Map<String, List<String>> shown = new LinkedHashMap<>();
        totals.forEach((currency, sums) -> shown.put(
                currency,
                List.of(
                        formats.money(sums[0], currency),
                        formats.money(sums[1], currency),
                        formats.money(sums[0] - sums[1], currency))));
        model.addAttribute("totals", shown);
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", accounts.view("/ledger", request, ledger.accounts(actor, request)));
    }

    @GetMapping("/ledger.csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(PaymentsPermission.VIEW);
        CsvResponse.send(
                response,
                "ledger-accounts.csv",
                out -> accounts.export(
                        out, TableDefinition.request(parameters), request -> ledger.accounts(actor, request)));
    }

    @PostMapping("/ledger/check")
    String check(Actor actor, RedirectAttributes redirect) {
        actor.require(PaymentsPermission.VIEW);
        redirect.addFlashAttribute("faults", check.faults());
        return "redirect:/ledger";
    }

    @GetMapping("/ledger/transfers")
    String transfers(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", transfers.view("/ledger/transfers", request, ledger.transfers(actor, request)));
        return "payments/transfers";
    }

    @GetMapping("/ledger/transfers.csv")
    void exportTransfers(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(PaymentsPermission.VIEW);
        CsvResponse.send(
                response,
                "transfers.csv",
                out -> transfers.export(
                        out, TableDefinition.request(parameters), request -> ledger.transfers(actor, request)));
    }
}
