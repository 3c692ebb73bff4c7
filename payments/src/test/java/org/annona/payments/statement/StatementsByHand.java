package org.annona.payments.statement;

import static org.annona.payments.PaymentsWorld.FINANCE;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.annona.payments.PaymentsWorld;
import org.annona.payments.statement.Statements.StatementRow;

/** Statements that a test writes line by line, each of the day after the one before. */
public final class StatementsByHand {

    private static final String ENTRY = """
            <Ntry><Amt Ccy="KES">%s</Amt><CdtDbtInd>%s</CdtDbtInd>%s<Sts>BOOK</Sts>
            <BookgDt><Dt>2026-11-20</Dt></BookgDt>
            <NtryDtls><TxDtls><Refs><EndToEndId>%s</EndToEndId></Refs>%s</TxDtls></NtryDtls></Ntry>""";

    private final PaymentsWorld world;
    private final List<String> entries = new ArrayList<>();
    private long opening;
    private long closing;
    private int number = 1;

    /** @param balance minor units with which the newest statement closed, which is the first of the account */
    public StatementsByHand(PaymentsWorld world, long balance) {
        this.world = world;
        opening = balance;
        closing = balance;
    }

    public StatementsByHand debit(String reference, long minor) {
        return entry(false, minor, "", reference, "");
    }

    public StatementsByHand credit(String reference, long minor) {
        return entry(true, minor, "", reference, "");
    }

    /** The bank corrects a debit of its own. */
    public StatementsByHand reversal(String reference, long minor) {
        return entry(true, minor, "<RvslInd>true</RvslInd>", reference, "");
    }

    /** The bank of the beneficiary sends money back. */
    public StatementsByHand comesBack(String reference, long minor, String reason) {
        return entry(true, minor, "", reference, "<RtrInf><Rsn><Cd>" + reason + "</Cd></Rsn></RtrInf>");
    }

    private StatementsByHand entry(boolean credit, long minor, String mark, String reference, String details) {
        closing += credit ? minor : -minor;
        entries.add(ENTRY.formatted(amount(minor), credit ? "CRDT" : "DBIT", mark, reference, details));
        return this;
    }

    private static String amount(long minor) {
        return BigDecimal.valueOf(minor, 2).toPlainString();
    }

    private String balance(String code, long minor, LocalDate day) {
        return """
                <Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy="KES">%s</Amt><CdtDbtInd>%s</CdtDbtInd>
                <Dt><Dt>%s</Dt></Dt></Bal>""".formatted(code, amount(Math.abs(minor)), minor < 0 ? "DBIT" : "CRDT", day);
    }

    /** Takes in what was written since the last time. */
    public StatementRow take() {
        return take(number + 1);
    }

    /** As {@link #take()}, in a statement that closes so many days from now. */
    public StatementRow take(int day) {
        number++;
        LocalDate closes = LocalDate.now().plusDays(day);
        byte[] file = """
                <?xml version="1.0" encoding="UTF-8"?>
                <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>
                <Id>H%d</Id><ElctrncSeqNb>%d</ElctrncSeqNb><Acct><Id><Othr><Id>GOV</Id></Othr></Id></Acct>
                %s%s%s</Stmt></BkToCstmrStmt></Document>
                """.formatted(
                        number,
                        number,
                        balance("OPBD", opening, closes),
                        balance("CLBD", closing, closes),
                        String.join("", entries))
                .strip()
                .getBytes(StandardCharsets.UTF_8);
        entries.clear();
        opening = closing;
        return world.statements.upload(FINANCE, file);
    }
}
