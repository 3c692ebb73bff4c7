package org.annona.payments.statement;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A statement as a bank writes it, with one thing or another changed. */
final class StatementText {

    private String id = "<Id>S1</Id><ElctrncSeqNb>7</ElctrncSeqNb>";
    private String account = "<Acct><Id><Othr><Id>GOV</Id></Othr></Id></Acct>";
    private final List<String> balances = new ArrayList<>(
            List.of(balance("OPBD", "0.00", "CRDT", "2026-11-20"), balance("CLBD", "0.00", "CRDT", "2026-11-20")));
    private final List<String> entries = new ArrayList<>();

    static StatementText statement() {
        return new StatementText();
    }

    /** The elements before the account. */
    StatementText id(String xml) {
        id = xml;
        return this;
    }

    StatementText account(String xml) {
        account = xml;
        return this;
    }

    StatementText balances(String... xml) {
        balances.clear();
        balances.addAll(List.of(xml));
        return this;
    }

    /** @param xml what stands in an entry; an amount and a direction are added unless they are there */
    StatementText entry(String xml) {
        String amount = xml.startsWith("<Amt") ? "" : "<Amt Ccy=\"KES\">10.00</Amt>";
        String direction =
                xml.replaceAll("<NtryDtls>.*", "").contains("<CdtDbtInd>") ? "" : "<CdtDbtInd>DBIT</CdtDbtInd>";
        entries.add("<Ntry>" + amount + direction + xml + "</Ntry>");
        return this;
    }

    static String balance(String code, String amount, String direction, String day) {
        return "<Bal><Tp><CdOrPrtry><Cd>" + code + "</Cd></CdOrPrtry></Tp><Amt Ccy=\"KES\">" + amount
                + "</Amt><CdtDbtInd>" + direction + "</CdtDbtInd><Dt><Dt>" + day + "</Dt></Dt></Bal>";
    }

    /** @param details what stands in each transaction */
    static String transactions(String... details) {
        return "<NtryDtls><TxDtls>" + String.join("</TxDtls><TxDtls>", details) + "</TxDtls></NtryDtls>";
    }

    static String reference(String endToEndId) {
        return "<Refs><EndToEndId>" + endToEndId + "</EndToEndId></Refs>";
    }

    static String family(String subFamily) {
        return "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>MCRD</Cd><SubFmlyCd>" + subFamily
                + "</SubFmlyCd></Fmly></Domn></BkTxCd>";
    }

    private String xml() {
        return "<Stmt>" + id + account + String.join("", balances) + String.join("", entries) + "</Stmt>";
    }

    static String document(String header, StatementText... statements) {
        StringBuilder xml = new StringBuilder("<Document><BkToCstmrStmt>").append(header);
        for (StatementText statement : statements) {
            xml.append(statement.xml());
        }
        return xml.append("</BkToCstmrStmt></Document>").toString();
    }

    static byte[] file(StatementText... statements) {
        return document("", statements).getBytes(StandardCharsets.UTF_8);
    }

    StatementFile read() {
        return Camt053.read(file(this)).getFirst();
    }

    StatementFile.Line line() {
        return read().lines().getFirst();
    }
}
