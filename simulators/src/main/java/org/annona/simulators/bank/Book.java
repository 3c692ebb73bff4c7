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
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The bank's own book, and so the truth about who was paid. Everything is a line in a journal that is forced to disk before
 * anybody hears of it; the book is what the journal leads to.
 */
final class Book implements AutoCloseable {

    private static final int LARGEST_STATEMENT = 10_000;

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
                case "close" -> applyClose();
                case "message" -> pending = new Pending(cells[1], cells[2], new ArrayList<>());
                case "payment" ->
                    required(pending)
                            .payments()
                            .add(new Payment(
                                    cells[1],
                                    Long.parseLong(cells[2]),
                                    cells[3],
                                    cells[4],
                                    Integer.parseInt(cells[5])));
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

    private record Pending(String id, String hash, List<Payment> payments) {}

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
     * @param times 1, or 2 for a bank that makes the worst of mistakes
     * @param rejectedFirst how many of its payments, from the first, are refused whatever their account says
     */
    synchronized List<Payment> carryOut(Pain001 message, byte[] bytes, int times, int rejectedFirst) {
        List<Payment> known = messages.get(message.messageId());
        if (known != null) {
            return known;
        }
        Pending pending = new Pending(message.messageId(), hash(bytes), new ArrayList<>());
        List<String> lines = new ArrayList<>();
        lines.add(line("message", pending.id(), pending.hash()));
        for (Instruction instruction : message.instructions()) {
            String account = instruction.provider() + ":" + instruction.account();
            String rejection = pending.payments().size() < rejectedFirst ? "AC04" : others.rejection(account);
            Payment payment =
                    new Payment(instruction.reference(), instruction.amountMinor(), account, rejection, times);
            pending.payments().add(payment);
            lines.add(line(
                    "payment",
                    payment.reference(),
                    payment.amountMinor(),
                    payment.accountKey(),
                    payment.rejection(),
                    times));
        }
        lines.add(line("end", pending.id()));
        write(lines);
        applyMessage(pending);
        return pending.payments();
    }

    private void applyMessage(Pending pending) {
        hashes.put(pending.id(), pending.hash());
        messages.put(pending.id(), pending.payments());
        for (Payment payment : pending.payments()) {
            if (payment.rejected()) {
                continue;
            }
            for (int i = 0; i < payment.times(); i++) {
                book(today, false, payment.amountMinor(), payment.reference(), "");
            }
            int days = others.returnedAfterDays(payment.accountKey());
            if (days > 0) {
                due.computeIfAbsent(today.plusDays(days), day -> new ArrayList<>())
                        .add(new Entry(
                                0,
                                today.plusDays(days),
                                true,
                                payment.amountMinor(),
                                payment.reference(),
                                others.returnReason(payment.accountKey())));
            }
        }
    }

    /** Forgets that it ever heard of any message, as banks do after some time; what was booked stays booked. */
    synchronized void forgetMessages() {
        Map<String, List<Payment>> known = new LinkedHashMap<>(messages);
        messages.clear();
        hashes.clear();
        known.forEach((id, payments) -> messages.put("forgotten " + messages.size() + " " + id, payments));
    }

    private void book(LocalDate day, boolean credit, long minor, String reference, String returnReason) {
        open.add(new Entry(++entries, day, credit, minor, reference, returnReason));
        balance += credit ? minor : -minor;
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
        book(today, true, minor, reference, "");
    }

    /** Ends the day: its statements are made, and the next day begins with the money that comes back on it. */
    synchronized void closeDay() {
        write(List.of(line("close", today)));
        applyClose();
    }

    private void applyClose() {
        long opening = closedBalance;
        int from = 0;
        do {
            List<Entry> part = List.copyOf(open.subList(from, Math.min(open.size(), from + LARGEST_STATEMENT)));
            long closing = opening
                    + part.stream()
                            .mapToLong(entry -> entry.credit() ? entry.amountMinor() : -entry.amountMinor())
                            .sum();
            statements.add(new Statement(statements.size() + 1L, today, opening, closing, part));
            opening = closing;
            from += LARGEST_STATEMENT;
        } while (from < open.size());
        closedBalance = opening;
        open = new ArrayList<>();
        today = today.plusDays(1);
        List<Entry> back = due.remove(today);
        if (back != null) {
            back.forEach(entry -> book(today, true, entry.amountMinor(), entry.reference(), entry.returnReason()));
        }
    }

    synchronized Optional<Statement> statement(long number) {
        return number < 1 || number > statements.size()
                ? Optional.empty()
                : Optional.of(statements.get((int) number - 1));
    }

    /** @param accountsPaidTwice accounts that were credited more than once and did not send the rest back */
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
            long referencesPaidTwice,
            long accountsPaidTwice) {}

    /** The truth about who was paid, for comparing with what others believe. */
    synchronized Summary summary() {
        long paid = 0;
        long paidMinor = 0;
        long rejected = 0;
        long rejectedMinor = 0;
        Map<String, Integer> perReference = new HashMap<>();
        Map<String, Integer> perAccount = new HashMap<>();
        for (List<Payment> message : messages.values()) {
            for (Payment payment : message) {
                if (payment.rejected()) {
                    rejected++;
                    rejectedMinor += payment.amountMinor();
                } else {
                    paid += payment.times();
                    paidMinor += payment.amountMinor() * payment.times();
                    perReference.merge(payment.reference(), payment.times(), Integer::sum);
                    perAccount.merge(payment.accountKey(), payment.times(), Integer::sum);
                }
            }
        }
        List<Entry> back = new ArrayList<>();
        statements.forEach(statement -> back.addAll(statement.entries()));
        back.addAll(open);
        back.removeIf(entry -> entry.returnReason().isEmpty());
        return new Summary(
                today,
                statements.size(),
                balance,
                messages.size(),
                paid,
                paidMinor,
                rejected,
                rejectedMinor,
                back.size(),
                back.stream().mapToLong(Entry::amountMinor).sum(),
                perReference.values().stream().filter(times -> times > 1).count(),
                perAccount.values().stream().filter(times -> times > 1).count());
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
