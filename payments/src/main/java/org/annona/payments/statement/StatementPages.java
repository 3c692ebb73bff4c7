package org.annona.payments.statement;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Currency;
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
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.money.Money;
import org.annona.foundation.problem.Problem;
import org.annona.payments.PaymentsPermission;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.PaymentsSettings;
import org.annona.payments.decision.Decision;
import org.annona.payments.decision.DecisionKind;
import org.annona.payments.decision.Decisions;
import org.annona.payments.statement.Statements.LineRow;
import org.annona.payments.statement.Statements.StatementRow;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Statements of the bank: those taken in, their lines with what they were taken for, and taking in a file by hand. */
@Controller
public final class StatementPages {

    private static final long LARGEST_FILE_BYTES = 60_000_000;
    private static final Map<String, String> MEANINGS = new LinkedHashMap<>();

    static {
        MEANINGS.put("suspense", "not explained");
        MEANINGS.put("settlement", "a payment of ours");
        MEANINGS.put("return", "came back");
        MEANINGS.put("funding", "funds");
        MEANINGS.put("fee", "fee of the bank");
    }

    private final Statements statements;
    private final boolean byHand;
    private final String account;
    private final Currency currency;
    private final TableDefinition<StatementRow> table;
    private final TableDefinition<LineRow> lines;
    private final TableDefinition<LineRow> suspense;
    private final Decisions decisions;

    public StatementPages(
            Statements statements, Decisions decisions, PaymentsSettings settings, Formats formats, Clock clock) {
        this.decisions = decisions;
        this.byHand = settings.statementsByHand();
        this.account = settings.bankAccount();
        this.currency = settings.currency();
        this.statements = statements;
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<StatementRow>of(
                                        "Number", row -> Cell.link(row.sequence(), "/statements/" + row.id()))
                                .sortedBy("sequence"),
                        TableColumn.<StatementRow>of("Day", row -> Cell.text(row.day())),
                        TableColumn.<StatementRow>of(
                                        "Opening", row -> Cell.text(formats.money(row.openingMinor(), row.currency())))
                                .asNumber(),
                        TableColumn.<StatementRow>of(
                                        "Closing", row -> Cell.text(formats.money(row.closingMinor(), row.currency())))
                                .asNumber(),
                        TableColumn.<StatementRow>of("Lines", row -> Cell.text(formats.number(row.lines())))
                                .asNumber(),
                        TableColumn.<StatementRow>of(
                                "Not explained",
                                row -> row.suspense() == 0
                                        ? Cell.text("none")
                                        : Cell.badge(formats.number(row.suspense()), Tone.BAD)),
                        TableColumn.<StatementRow>of("Taken by", row -> Cell.text(row.takenBy())),
                        TableColumn.<StatementRow>of("At", row -> Cell.text(formats.time(row.takenAt())))),
                List.of(),
                "Statements are fetched from the bank by themselves, or taken in below as camt.053 files.");
        this.lines = new TableDefinition<>(
                List.of(
                        TableColumn.<LineRow>of("Line", row -> Cell.text(row.number()))
                                .sortedBy("number")
                                .asNumber(),
                        TableColumn.<LineRow>of(
                                        "Amount",
                                        row -> Cell.text((row.credit() ? "+" : "−")
                                                + formats.money(row.amountMinor(), row.currency())))
                                .asNumber(),
                        TableColumn.<LineRow>of("Meaning", StatementPages::meaning),
                        TableColumn.<LineRow>of("Reference", row -> Cell.text(row.reference())),
                        TableColumn.<LineRow>of("Reason", row -> Cell.text(row.returnReason())),
                        TableColumn.<LineRow>of("Note", row -> Cell.text(row.note())),
                        TableColumn.<LineRow>of("Booked on", row -> Cell.text(row.bookedOn()))),
                List.of(FilterField.choice("meaning", "Meaning", MEANINGS)),
                "The statement of a day without movements has no lines.");
        this.suspense = new TableDefinition<>(
                List.of(
                        TableColumn.<LineRow>of(
                                "Line", row -> Cell.link(row.sequence() + "/" + row.number(), pathOf(row))),
                        TableColumn.<LineRow>of(
                                        "Not explained",
                                        row -> Cell.text((row.credit() ? "+" : "−")
                                                + formats.money(row.openMinor(), row.currency())))
                                .asNumber(),
                        TableColumn.<LineRow>of("Reference", row -> Cell.text(row.reference())),
                        TableColumn.<LineRow>of("Note", row -> Cell.text(row.note())),
                        TableColumn.<LineRow>of("Booked on", row -> Cell.text(row.bookedOn()))
                                .sortedBy("taken"),
                        TableColumn.<LineRow>of(
                                        "Days",
                                        row -> Cell.text(Long.toString(
                                                ChronoUnit.DAYS.between(row.bookedOn(), LocalDate.now(clock)))))
                                .asNumber()),
                List.of(),
                "Every line of every statement is explained.");
    }

    private static String pathOf(LineRow row) {
        return "/statements/" + row.statementId() + "/lines/" + row.number();
    }

    private static Cell meaning(LineRow row) {
        String meaning = row.meaning();
        if (meaning.equals("suspense")) {
            return Cell.link(row.openMinor() == 0 ? "explained later" : "not explained", pathOf(row));
        }
        Tone tone = switch (meaning) {
            case "settlement", "funding" -> Tone.GOOD;
            case "return" -> Tone.ATTENTION;
            default -> Tone.QUIET;
        };
        return Cell.badge(MEANINGS.getOrDefault(meaning, meaning), tone);
    }

    @GetMapping("/statements")
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", table.view("/statements", request, statements.page(actor, request)));
        model.addAttribute("refusal", statements.refusal(actor).orElse(null));
        model.addAttribute("byHand", byHand);
        boolean begun = statements.hasBegun();
        Decision opening = begun
                ? null
                : decisions.open(OpeningBalance.subject(account), 0).orElse(null);
        model.addAttribute("account", account);
        model.addAttribute("opening", opening);
        model.addAttribute("mayOpen", !begun && opening == null && actor.may(PaymentsPermission.OPERATE));
        model.addAttribute("mayTake", byHand && actor.may(PaymentsPermission.STATEMENTS));
        return "payments/statements";
    }

    @GetMapping("/statements.csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(PaymentsPermission.VIEW);
        CsvResponse.send(
                response,
                "statements.csv",
                out -> table.export(
                        out, TableDefinition.request(parameters), request -> statements.page(actor, request)));
    }

    @PostMapping("/statements")
    String take(Actor actor, RedirectAttributes redirect, @RequestParam MultipartFile file) throws IOException {
        actor.require(PaymentsPermission.STATEMENTS);
        if (file.getSize() > LARGEST_FILE_BYTES) {
            throw Problem.of(PaymentsProblem.STATEMENT_UNREADABLE, "reason", "it is larger than 60 MB");
        }
        StatementRow taken = statements.upload(actor, file.getBytes());
        Notice.good(
                redirect,
                "Statement " + taken.sequence() + " is booked: " + taken.lines() + " lines, " + taken.suspense()
                        + " of them not explained.");
        return "redirect:/statements/" + taken.id();
    }

    @GetMapping("/suspense")
    String suspense(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", suspense.view("/suspense", request, statements.suspense(actor, request)));
        return "payments/suspense";
    }

    @GetMapping("/suspense.csv")
    void exportSuspense(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(PaymentsPermission.VIEW);
        CsvResponse.send(
                response,
                "suspense.csv",
                out -> suspense.export(
                        out, TableDefinition.request(parameters), request -> statements.suspense(actor, request)));
    }

    @GetMapping("/statements/{id}/lines/{number}")
    String line(Actor actor, Model model, @PathVariable UUID id, @PathVariable int number) {
        LineRow line = statements.line(actor, id, number);
        Decision open = decisions.open(id, number).orElse(null);
        model.addAttribute("line", line);
        model.addAttribute("words", MEANINGS.getOrDefault(line.meaning(), line.meaning()));
        model.addAttribute("decision", open);
        model.addAttribute("mayExplain", line.openMinor() > 0 && open == null && actor.may(PaymentsPermission.OPERATE));
        Map<String, String> kinds = new LinkedHashMap<>();
        for (Explanation.Kind kind : Explanation.Kind.values()) {
            if (kind.fits(line.credit())) {
                kinds.put(kind.code(), kind.words());
            }
        }
        model.addAttribute("kinds", kinds);
        return "payments/statement-line";
    }

    @PostMapping("/statements/{id}/lines/{number}/explain")
    String explain(
            Actor actor,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @PathVariable int number,
            @RequestParam(defaultValue = "") String kind,
            @RequestParam(defaultValue = "") String reference,
            @RequestParam(defaultValue = "") String reason) {
        String explanation = Explanation.of(kind, reference).text();
        UUID request = decisions.ask(actor, DecisionKind.EXPLAIN_LINE, id, number, explanation, reason);
        Notice.good(redirect, "Requested. It is booked when another finance officer confirms it.");
        return "redirect:/payment-decisions/" + request;
    }

    @PostMapping("/statements/opening")
    String opening(
            Actor actor,
            RedirectAttributes redirect,
            @RequestParam(defaultValue = "") String amount,
            @RequestParam(defaultValue = "") String reason) {
        actor.require(PaymentsPermission.OPERATE);
        boolean overdrawn = amount.strip().startsWith("-");
        String digits = overdrawn ? amount.strip().substring(1) : amount;
        long minor;
        try {
            minor = Money.typed(digits, currency).minor();
        } catch (IllegalArgumentException odd) {
            throw Problem.of(
                    PaymentsProblem.NOT_POSSIBLE, "reason", "'" + amount + "' is no amount; write it as 250,000.00");
        }
        UUID request = decisions.ask(
                actor,
                DecisionKind.OPENING_BALANCE,
                OpeningBalance.subject(account),
                0,
                Long.toString(overdrawn ? -minor : minor),
                reason);
        Notice.good(redirect, "Requested. It is booked when another finance officer confirms it.");
        return "redirect:/payment-decisions/" + request;
    }

    @GetMapping("/statements/{id}")
    String show(Actor actor, Model model, @PathVariable UUID id, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("statement", statements.show(actor, id));
        model.addAttribute("pending", statements.pending(id));
        model.addAttribute("table", lines.view("/statements/" + id, request, statements.lines(actor, id, request)));
        return "payments/statement";
    }

    @GetMapping("/statements/{id}.csv")
    void exportLines(
            Actor actor,
            HttpServletResponse response,
            @PathVariable UUID id,
            @RequestParam Map<String, String> parameters)
            throws IOException {
        statements.show(actor, id);
        CsvResponse.send(
                response,
                "statement-lines.csv",
                out -> lines.export(
                        out, TableDefinition.request(parameters), request -> statements.lines(actor, id, request)));
    }
}
