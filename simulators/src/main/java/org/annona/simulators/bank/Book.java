package org.annona.simulators.bank;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The bank's own book, and so the truth about who was paid. Everything is a line in a journal that is forced to disk before
 * anybody hears of it; the book is what the journal leads to.
 */
final class Book implements AutoCloseable {

    private static final int LARGEST_STATEMENT = 10_000;
    private static final long FEE_MINOR = 150;

    private final AccountsOfOthers others;
    private final FileChannel journal;
    private final Map<String, String> hashes = new HashMap<>();
    private final Map<String, List<Payment>> messages = new LinkedHashMap<>();
    private final Set<String> deposits = new HashSet<>();
    private final List<Statement> statements = new ArrayList<>();
    private final NavigableMap<LocalDate, List<Entry>> due = new TreeMap<>();
    private List<Entry> open = new ArrayList<>();
    private LocalDate today;
    private long balance;
    private long closedBalance;
    private long entries;

    Book(Path folder, AccountsOfOthers others, LocalDate firstDay) throws IOException {
        this.others = others;
        this.today = firstDay;
        Files.createDirectories(folder);
        Path file = folder.resolve("journal");
        if (Files.exists(file)) {
            replay(file);
        }
        this.journal =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        if (journal.size() == 0) {
            write(List.of(line("first", firstDay)));
        }
    }

    private void replay(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        int end = all.length;
        // A line without an end was never told to anybody.
        while (end > 0 && all[end - 1] != '\n') {
            end--;
        }
        if (end < all.length) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(end);
            }
        }
        Pending pending = null;
        for (String line : new String(all, 0, end, StandardCharsets.UTF_8).split("\n", -1)) {
            String[] cells = line.split("\t", -1);
            switch (cells[0]) {
                case "first" -> today = LocalDate.parse(cells[1]);
                case "deposit" -> applyDeposit(cells[1], Long.parseLong(cells[2]));
                case "close" ->
                    applyClose(new Closing(
                            Boolean.parseBoolean(cells[2]),
                            Boolean.parseBoolean(cells[3]),
                            Boolean.parseBoolean(cells[4])));
                case "message" ->
                    pending = new Pending(cells[1], cells[2], Manner.valueOf(cells[3]), new ArrayList<>());
                case "payment" ->
                    required(pending)
                            .payments()
                            .add(new Payment(
                                    cells[1], Long.parseLong(cells[2]), cells[3], cells[4], Mishap.valueOf(cells[5])));
                case "end" -> {
                    applyMessage(required(pending));
                    pending = null;
                }
                default -> {}
            }
        }
    }

    private static Pending required(@Nullable Pending pending) {
        if (pending == null) {
            throw new IllegalStateException("the journal is damaged");
        }
        return pending;
    }

    private record Pending(String id, String hash, Manner manner, List<Payment> payments) {}

    /** How the payments of a message are booked. */
    enum Manner {
        SINGLY,
        AS_BATCH,
        AS_BATCH_WITH_DETAILS,
        AS_BATCH_TWICE,
        AS_BATCH_TWICE_WITHIN_DAY,
        AS_BATCH_REVERSED
    }

    /** What the bank knows about a message, or empty where it never heard of it. */
    synchronized Optional<List<Payment>> message(String id) {
        return Optional.ofNullable(messages.get(id));
    }

    /** Whether the message is known with another content. */
    synchronized boolean conflicts(String id, byte[] bytes) {
        String known = hashes.get(id);
        return known != null && !known.equals(hash(bytes));
    }

    private static String hash(byte[] bytes) {
        return HexFormat.of().formatHex(AccountsOfOthers.digest(new String(bytes, StandardCharsets.UTF_8)));
    }

    synchronized boolean covers(Pain001 message) {
        return message.instructions().stream()
                        .mapToLong(Instruction::amountMinor)
                        .sum()
                <= balance;
    }

    /**
     * Carries a message out; one that is known already has no further effect.
     *
     * @param mishaps what happens to the next payment that is booked
     * @param rejectedFirst how many of its payments, from the first, are refused whatever their account says
     */
    synchronized List<Payment> carryOut(
            Pain001 message, byte[] bytes, Manner manner, Supplier<Mishap> mishaps, int rejectedFirst) {
        List<Payment> known = messages.get(message.messageId());
        if (known != null) {
            return known;
        }
        Pending pending = new Pending(message.messageId(), hash(bytes), manner, new ArrayList<>());
        List<String> lines = new ArrayList<>();
        lines.add(line("message", pending.id(), pending.hash(), manner));
        for (Instruction instruction : message.instructions()) {
            String account = instruction.provider() + ":" + instruction.account();
            String rejection = pending.payments().size() < rejectedFirst ? "AC04" : others.rejection(account);
            Payment payment = new Payment(
                    instruction.reference(),
                    instruction.amountMinor(),
                    account,
                    rejection,
                    rejection.isEmpty() ? mishaps.get() : Mishap.NONE);
            pending.payments().add(payment);
            lines.add(line(
                    "payment",
                    payment.reference(),
                    payment.amountMinor(),
                    payment.accountKey(),
                    payment.rejection(),
                    payment.mishap()));
        }
        lines.add(line("end", pending.id()));
        write(lines);
        applyMessage(pending);
        return pending.payments();
    }

    private void applyMessage(Pending pending) {
        hashes.put(pending.id(), pending.hash());
        messages.put(pending.id(), pending.payments());
        List<Payment> booked = pending.payments().stream()
                .filter(payment -> !payment.rejected())
                .toList();
        boolean isBatch = pending.manner() != Manner.SINGLY && !booked.isEmpty();
        if (isBatch) {
            bookBatch(pending, booked);
        }
        for (Payment payment : booked) {
            bookDebits(payment, isBatch);
            bookWhatFollows(payment);
            int days = others.returnedAfterDays(payment.accountKey());
            if (days > 0 && payment.mishap().leavesMoneyOutside()) {
                bookOn(
                        days,
                        comesBack(payment, days, payment.amountMinor(), others.returnReason(payment.accountKey())));
            }
        }
    }

    private void bookBatch(Pending pending, List<Payment> booked) {
        Entry.Kind kind =
                pending.manner() == Manner.AS_BATCH_WITH_DETAILS ? Entry.Kind.BATCH_WITH_DETAILS : Entry.Kind.BATCH;
        long sum = booked.stream().mapToLong(Payment::amountMinor).sum();
        Entry batch = new Entry(0, today, kind, sum, pending.id(), "", booked);
        bookOn(0, batch);
        int reversedAfter = switch (pending.manner()) {
            case SINGLY, AS_BATCH, AS_BATCH_WITH_DETAILS -> -1;
            case AS_BATCH_TWICE -> {
                bookOn(0, batch);
                yield 1;
            }
            case AS_BATCH_TWICE_WITHIN_DAY -> {
                bookOn(0, batch);
                yield 0;
            }
            case AS_BATCH_REVERSED -> 1;
        };
        if (reversedAfter >= 0) {
            bookOn(
                    reversedAfter,
                    new Entry(
                            0,
                            today.plusDays(reversedAfter),
                            Entry.Kind.BATCH_REVERSAL,
                            sum,
                            pending.id(),
                            "",
                            booked));
        }
    }

    private void bookDebits(Payment payment, boolean inBatch) {
        switch (payment.mishap()) {
            case WRONG_AMOUNT ->
                bookOn(0, entry(payment, 0, Entry.Kind.PAYMENT, payment.amountMinor() + extraMinor(payment)));
            case RETURNED_BEFORE_DEBIT -> {
                bookOn(0, comesBack(payment, 0, payment.amountMinor(), "AC04"));
                bookOn(1, entry(payment, 1, Entry.Kind.PAYMENT, payment.amountMinor()));
            }
            default -> {
                boolean twice = List.of(Mishap.PAID_TWICE, Mishap.DEBITED_TWICE, Mishap.DEBITED_TWICE_WITHIN_DAY)
                        .contains(payment.mishap());
                for (int i = inBatch ? 1 : 0; i < (twice ? 2 : 1); i++) {
                    bookOn(0, entry(payment, 0, Entry.Kind.PAYMENT, payment.amountMinor()));
                }
            }
        }
    }

    private void bookWhatFollows(Payment payment) {
        long minor = payment.amountMinor();
        switch (payment.mishap()) {
            case DEBITED_TWICE, REVERSED -> bookOn(1, entry(payment, 1, Entry.Kind.REVERSAL, minor));
            case DEBITED_TWICE_WITHIN_DAY -> bookOn(0, entry(payment, 0, Entry.Kind.REVERSAL, minor));
            case WRONG_AMOUNT -> {
                bookOn(1, entry(payment, 1, Entry.Kind.REVERSAL, minor + extraMinor(payment)));
                bookOn(1, entry(payment, 1, Entry.Kind.PAYMENT, minor));
            }
            case RETURNED -> bookOn(1, comesBack(payment, 1, minor, "AC04"));
            case RETURNED_IN_PART -> bookOn(1, comesBack(payment, 1, Math.max(1, minor / 2), "AM09"));
            case CHARGED -> bookOn(0, new Entry(today, Entry.Kind.FEE, FEE_MINOR, ""));
            case CHARGED_UNDER_REFERENCE -> bookOn(0, entry(payment, 0, Entry.Kind.FEE, FEE_MINOR));
            case CHARGED_UNMARKED -> bookOn(0, new Entry(today, Entry.Kind.UNMARKED_FEE, FEE_MINOR, ""));
            case NONE, PAID_TWICE, RETURNED_BEFORE_DEBIT -> {}
        }
    }

    private static long extraMinor(Payment payment) {
        return Math.max(1, payment.amountMinor() / 10);
    }

    private Entry entry(Payment payment, int days, Entry.Kind kind, long minor) {
        return new Entry(today.plusDays(days), kind, minor, payment.reference());
    }

    private Entry comesBack(Payment payment, int days, long minor, String reason) {
        return new Entry(0, today.plusDays(days), Entry.Kind.RETURN, minor, payment.reference(), reason, List.of());
    }

    private void bookOn(int days, Entry entry) {
        if (days == 0) {
            book(entry);
        } else {
            due.computeIfAbsent(entry.day(), day -> new ArrayList<>()).add(entry);
        }
    }

    /** Forgets that it ever heard of any message, as banks do after some time; what was booked stays booked. */
    synchronized void forgetMessages() {
        Map<String, List<Payment>> known = new LinkedHashMap<>(messages);
        messages.clear();
        hashes.clear();
        known.forEach((id, payments) -> messages.put("forgotten " + messages.size() + " " + id, payments));
    }

    private void book(Entry entry) {
        open.add(entry.numbered(++entries));
        balance += entry.movementMinor();
    }

    /** One reference is paid in once, however often it is asked for. */
    synchronized void deposit(String reference, long minor) {
        if (deposits.contains(reference)) {
            return;
        }
        write(List.of(line("deposit", reference, minor)));
        applyDeposit(reference, minor);
    }

    private void applyDeposit(String reference, long minor) {
        deposits.add(reference);
        book(new Entry(today, Entry.Kind.DEPOSIT, minor, reference));
    }

    /**
     * How the statements of a day are given.
     *
     * @param split in two
     * @param inPages each in two pages
     * @param late only when another day has ended
     */
    record Closing(boolean split, boolean inPages, boolean late) {}

    /** Ends the day: its statements are made, and the next day begins with what was to be booked on it. */
    synchronized void closeDay(Closing closing) {
        write(List.of(line("close", today, closing.split(), closing.inPages(), closing.late())));
        applyClose(closing);
    }

    private void applyClose(Closing manner) {
        int largest = manner.split() ? Math.clamp((open.size() + 1) / 2, 1, LARGEST_STATEMENT) : LARGEST_STATEMENT;
        LocalDate givenFrom = today.plusDays(manner.late() ? 2 : 1);
        long opening = closedBalance;
        int from = 0;
        do {
            List<Entry> part = List.copyOf(open.subList(from, Math.min(open.size(), from + largest)));
            long closing =
                    opening + part.stream().mapToLong(Entry::movementMinor).sum();
            statements.add(
                    new Statement(statements.size() + 1L, today, opening, closing, part, manner.inPages(), givenFrom));
            opening = closing;
            from += largest;
        } while (from < open.size());
        closedBalance = opening;
        open = new ArrayList<>();
        today = today.plusDays(1);
        List<Entry> now = due.remove(today);
        if (now != null) {
            now.forEach(this::book);
        }
    }

    synchronized Optional<Statement> statement(long number) {
        return number < 1 || number > statements.size()
                ? Optional.empty()
                : Optional.of(statements.get((int) number - 1))
                        .filter(statement -> !statement.givenFrom().isAfter(today));
    }

    /**
     * @param paidCount debits of payments, less those that the bank itself reversed
     * @param returnedCount how often money came back from the banks of beneficiaries
     * @param referencesPaidTwice references of which more stays with the beneficiary than was asked for
     * @param accountsPaidTwice accounts with which more stays than the largest payment to them
     */
    record Summary(
            LocalDate day,
            int statements,
            long balanceMinor,
            int messages,
            long paidCount,
            long paidMinor,
            long rejectedCount,
            long rejectedMinor,
            long returnedCount,
            long returnedMinor,
            long feesMinor,
            long referencesPaidTwice,
            long accountsPaidTwice) {}

    /**
     * What became of the payments under one reference.
     *
     * @param staysMinor what went out and neither was reversed nor came back
     * @param returnedMinor what came back from the bank of the beneficiary
     */
    record Outcome(
            String reference, String account, boolean rejected, long askedMinor, long staysMinor, long returnedMinor) {}

    private static final class Sums {
        private String account = "";
        private boolean rejected;
        private long asked;
        private long stays;
        private long returned;
    }

    /** The truth about each reference. */
    synchronized List<Outcome> outcomes() {
        Map<String, Sums> sums = new LinkedHashMap<>();
        for (List<Payment> message : messages.values()) {
            for (Payment payment : message) {
                Sums of = sums.computeIfAbsent(payment.reference(), reference -> new Sums());
                of.account = payment.accountKey();
                of.rejected = payment.rejected();
                of.asked = Math.max(of.asked, payment.amountMinor());
            }
        }
        entries().forEach(entry -> {
            Sums of = sums.get(entry.reference());
            switch (entry.kind()) {
                case BATCH, BATCH_WITH_DETAILS, BATCH_REVERSAL -> {
                    for (Payment payment : entry.payments()) {
                        Objects.requireNonNull(sums.get(payment.reference())).stays +=
                                entry.credit() ? -payment.amountMinor() : payment.amountMinor();
                    }
                }
                case PAYMENT, REVERSAL -> Objects.requireNonNull(of).stays -= entry.movementMinor();
                case RETURN -> {
                    Objects.requireNonNull(of).stays -= entry.amountMinor();
                    of.returned += entry.amountMinor();
                }
                case DEPOSIT, FEE, UNMARKED_FEE -> {}
            }
        });
        List<Outcome> outcomes = new ArrayList<>();
        sums.forEach((reference, of) ->
                outcomes.add(new Outcome(reference, of.account, of.rejected, of.asked, of.stays, of.returned)));
        return outcomes;
    }

    private Stream<Entry> entries() {
        return Stream.concat(statements.stream().flatMap(statement -> statement.entries().stream()), open.stream());
    }

    /** The truth about who was paid, for comparing with what others believe. */
    synchronized Summary summary() {
        long paid = 0;
        long paidMinor = 0;
        long returned = 0;
        long returnedMinor = 0;
        long fees = 0;
        for (Entry entry : (Iterable<Entry>) entries()::iterator) {
            switch (entry.kind()) {
                case PAYMENT -> {
                    paid++;
                    paidMinor += entry.amountMinor();
                }
                case BATCH, BATCH_WITH_DETAILS -> {
                    paid += entry.payments().size();
                    paidMinor += entry.amountMinor();
                }
                case REVERSAL -> {
                    paid--;
                    paidMinor -= entry.amountMinor();
                }
                case BATCH_REVERSAL -> {
                    paid -= entry.payments().size();
                    paidMinor -= entry.amountMinor();
                }
                case RETURN -> {
                    returned++;
                    returnedMinor += entry.amountMinor();
                }
                case FEE, UNMARKED_FEE -> fees += entry.amountMinor();
                case DEPOSIT -> {}
            }
        }
        long rejected = 0;
        long rejectedMinor = 0;
        for (List<Payment> message : messages.values()) {
            for (Payment payment : message) {
                if (payment.rejected()) {
                    rejected++;
                    rejectedMinor += payment.amountMinor();
                }
            }
        }
        long referencesPaidTwice = 0;
        Map<String, Long> staysWith = new HashMap<>();
        Map<String, Long> largest = new HashMap<>();
        for (Outcome outcome : outcomes()) {
            referencesPaidTwice += outcome.staysMinor() > outcome.askedMinor() ? 1 : 0;
            staysWith.merge(outcome.account(), outcome.staysMinor(), Long::sum);
            largest.merge(outcome.account(), outcome.askedMinor(), Long::max);
        }
        long accountsPaidTwice = staysWith.entrySet().stream()
                .filter(account -> account.getValue() > largest.getOrDefault(account.getKey(), 0L))
                .count();
        return new Summary(
                today,
                statements.size(),
                balance,
                messages.size(),
                paid,
                paidMinor,
                rejected,
                rejectedMinor,
                returned,
                returnedMinor,
                fees,
                referencesPaidTwice,
                accountsPaidTwice);
    }

    private static String line(Object... cells) {
        StringBuilder line = new StringBuilder();
        for (Object cell : cells) {
            line.append(line.isEmpty() ? "" : "\t").append(cell.toString().replaceAll("[\\t\\n\\r]", " "));
        }
        return line.append('\n').toString();
    }

    private void write(List<String> lines) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(String.join("", lines).getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                journal.write(bytes);
            }
            journal.force(false);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
