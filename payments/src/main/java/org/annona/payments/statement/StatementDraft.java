package org.annona.payments.statement;

import static org.annona.payments.statement.BankText.unreadable;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.annona.foundation.problem.Problem;
import org.annona.payments.statement.BankText.Amount;
import org.annona.payments.statement.StatementFile.Line;
import org.jspecify.annotations.Nullable;

/** A statement (Stmt), or one page of it, as it stands in the file, before it is checked. */
final class StatementDraft {

    /** Said with a refusal where the file is one of several of one message, or an empty text. */
    private final String partOfMessage;

    /** That of the message where it has none of its own. */
    String id;

    String iban = "";
    String otherAccount = "";
    String currency = "";
    String sequence = "";
    String legalSequence = "";
    String page = "";
    boolean lastPage;
    final List<Balance> balances = new ArrayList<>();
    final List<EntryDraft> entries = new ArrayList<>();

    StatementDraft(String messageId, String partOfMessage) {
        this.id = messageId;
        this.partOfMessage = partOfMessage;
    }

    static final class Balance {
        String code = "";
        Amount amount = Amount.MISSING;
        String direction = "";
        String day = "";

        private long minor(String of, String currency) {
            long minor = amount.minor(of, currency);
            if (BankText.isCredit(direction, of)) {
                return minor;
            }
            if (minor < 0) {
                // Less than nothing taken away: either of the two may be meant.
                throw unreadable(of + " is negative and DBIT");
            }
            return -minor;
        }
    }

    /** What the pages of one statement have in common. */
    private record Common(String account, String number) {}

    /** @return one for each statement, in the order of the file; the pages of a statement are joined */
    static List<StatementFile> join(List<StatementDraft> drafts) {
        Map<Object, List<StatementDraft>> pages = new LinkedHashMap<>();
        for (StatementDraft draft : drafts) {
            Object key = draft.page.isEmpty() ? draft : new Common(draft.account(), draft.number());
            pages.computeIfAbsent(key, ignored -> new ArrayList<>()).add(draft);
        }
        return pages.values().stream().map(StatementDraft::joined).toList();
    }

    private static StatementFile joined(List<StatementDraft> unordered) {
        List<StatementDraft> pages = unordered.stream()
                .sorted(Comparator.comparingLong(StatementDraft::pageNumber))
                .toList();
        StatementDraft first = pages.getFirst();
        String statement = first.statement();
        refuseMissingPages(pages, statement);
        Balance opening = first.balance("OPBD", "PRCD");
        Balance closing = pages.getLast().balance("CLBD");
        if (first.id.isEmpty()
                || first.account().isEmpty()
                || opening == null
                || closing == null
                || closing.day.isEmpty()) {
            throw first.incomplete(opening, closing);
        }
        String currency =
                BankText.currency(first.currency.isEmpty() ? closing.amount.currency() : first.currency, statement);
        LocalDate day = Objects.requireNonNull(BankText.date(closing.day, "day of the closing balance", statement));
        List<Line> lines = new ArrayList<>();
        List<Line> pending = new ArrayList<>();
        for (StatementDraft page : pages) {
            page.sort(currency, day, lines, pending);
        }
        StatementFile read = new StatementFile(
                first.account(),
                first.id,
                BankText.number(first.sequence, "number (ElctrncSeqNb)", statement),
                BankText.number(first.legalSequence, "number (LglSeqNb)", statement),
                day,
                currency,
                opening.minor("the opening balance of " + statement, currency),
                closing.minor("the closing balance of " + statement, currency),
                lines,
                pending);
        refuseOverflow(read, statement);
        return read;
    }

    private static void refuseMissingPages(List<StatementDraft> pages, String statement) {
        if (pages.getFirst().page.isEmpty()) {
            return;
        }
        for (int i = 0; i < pages.size(); i++) {
            StatementDraft page = pages.get(i);
            if (page.pageNumber() == i) {
                throw unreadable("page " + i + " of " + statement + " is in the file twice");
            }
            if (page.pageNumber() != i + 1) {
                throw unreadable("page " + (i + 1) + " of " + statement + " is missing");
            }
            if (page.lastPage && i + 1 < pages.size()) {
                throw unreadable("page " + (i + 1) + " of " + statement + " says that it is the last, and is not");
            }
        }
        if (!pages.getLast().lastPage) {
            throw unreadable("page " + (pages.size() + 1) + " of " + statement + " is missing");
        }
    }

    private Problem incomplete(@Nullable Balance opening, @Nullable Balance closing) {
        List<String> missing = new ArrayList<>();
        if (id.isEmpty()) {
            missing.add("id (Stmt/Id)");
        }
        if (account().isEmpty()) {
            missing.add("account (Acct/Id)");
        }
        if (opening == null) {
            missing.add("opening balance (OPBD or PRCD)");
        }
        if (closing == null) {
            missing.add("closing balance (CLBD)");
        } else if (closing.day.isEmpty()) {
            missing.add("day of the closing balance (Dt)");
        }
        return unreadable(statement() + " has no " + String.join(" and no ", missing) + partOfMessage);
    }

    private void sort(String currency, LocalDate day, List<Line> lines, List<Line> pending) {
        for (int i = 0; i < entries.size(); i++) {
            EntryDraft entry = entries.get(i);
            String name =
                    "entry " + (i + 1) + (page.isEmpty() ? "" : " on page " + pageNumber()) + " of " + statement();
            for (Line line : entry.lines(name, currency, day)) {
                // An entry of nothing, as for a service that is free, cannot be booked and need not be.
                (entry.isBooked() && line.amountMinor() > 0 ? lines : pending).add(line);
            }
        }
    }

    private @Nullable Balance balance(String... codes) {
        for (String code : codes) {
            List<Balance> of = balances.stream()
                    .filter(balance -> balance.code.equals(code))
                    .toList();
            if (of.stream()
                            .map(balance -> balance.amount + balance.direction)
                            .distinct()
                            .count()
                    > 1) {
                throw unreadable(statement() + " has several balances of the kind " + code);
            }
            if (!of.isEmpty()) {
                return of.getFirst();
            }
        }
        return null;
    }

    /** Banks group the digits of account numbers as people do. */
    private String account() {
        return (iban.isEmpty() ? otherAccount : iban.toUpperCase(Locale.ROOT)).replaceAll("[\\s\\p{Z}]", "");
    }

    /** What tells this statement from others of the account. */
    private String number() {
        return !sequence.isEmpty() ? sequence : !legalSequence.isEmpty() ? legalSequence : id;
    }

    private String statement() {
        return id.isEmpty() ? "a statement" : "statement " + (id.length() > 40 ? id.substring(0, 40) + "…" : id);
    }

    private long pageNumber() {
        Long number = BankText.number(page, "page (PgNb)", statement());
        return number == null ? 0 : number;
    }

    /** Whatever is added up of its lines, in whatever order, fits into 64 bits. */
    private static void refuseOverflow(StatementFile read, String statement) {
        BigInteger in = sum(read.lines(), true);
        BigInteger out = sum(read.lines(), false);
        BankText.fitting(in, "what came in by " + statement);
        BankText.fitting(out, "what went out by " + statement);
        BankText.fitting(
                BigInteger.valueOf(read.openingMinor()).add(in).subtract(out),
                "the opening balance of " + statement + " with all its entries");
    }

    private static BigInteger sum(List<Line> lines, boolean credit) {
        return lines.stream()
                .filter(line -> line.credit() == credit)
                .map(line -> BigInteger.valueOf(line.amountMinor()))
                .reduce(BigInteger.ZERO, BigInteger::add);
    }
}
