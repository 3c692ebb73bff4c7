package org.annona.demo.standin;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Plays with the simulated bank: its clock, deposits, misbehaviour; and reads its own book. */
public final class BankSwitches {

    private final StandInSwitches switches;

    public BankSwitches(String url, String token) {
        this.switches = new StandInSwitches("simulated bank", url + "/admin", token);
    }

    /** What the bank itself says that it did. */
    public record BankBook(
            long paidCount,
            long paidMinor,
            long rejectedCount,
            long returnedCount,
            long returnedMinor,
            long balanceMinor,
            long referencesPaidTwice,
            long accountsPaidTwice) {}

    public BankBook closeDays(int days) {
        return read(switches.post("clock?days=" + days, ""));
    }

    public BankBook deposit(String reference, long minor) {
        return read(switches.post(
                "deposit?reference=" + URLEncoder.encode(reference, StandardCharsets.UTF_8) + "&minor=" + minor, ""));
    }

    /** @param fault name and value as in {@code silentAfterAccepting=1}; the names are those of the bank's faults */
    public BankBook misbehave(String fault) {
        return read(switches.post("faults?" + fault, ""));
    }

    public BankBook book() {
        return read(switches.get("book"));
    }

    private static BankBook read(String answer) {
        JsonNode book = JsonMapper.shared().readTree(answer);
        return new BankBook(
                book.get("paidCount").asLong(),
                book.get("paidMinor").asLong(),
                book.get("rejectedCount").asLong(),
                book.get("returnedCount").asLong(),
                book.get("returnedMinor").asLong(),
                book.get("balanceMinor").asLong(),
                book.get("referencesPaidTwice").asLong(),
                book.get("accountsPaidTwice").asLong());
    }
}
