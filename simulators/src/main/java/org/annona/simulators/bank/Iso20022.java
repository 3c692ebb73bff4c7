package org.annona.simulators.bank;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes what a bank sends: pain.002.001.10 (status report) and camt.053.001.08 (statement). */
final class Iso20022 {

    private final XMLStreamWriter xml;

    private Iso20022(XMLStreamWriter xml) {
        this.xml = xml;
    }

    @FunctionalInterface
    private interface Content {
        void write(Iso20022 document) throws XMLStreamException;
    }

    private static byte[] document(String namespace, Content content) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(bytes, "UTF-8");
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("Document");
            xml.writeDefaultNamespace("urn:iso:std:iso:20022:tech:xsd:" + namespace);
            content.write(new Iso20022(xml));
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
            return bytes.toByteArray();
        } catch (XMLStreamException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A refusal of a message as a whole. */
    static byte[] refusal(String messageId, String code) {
        return document("pain.002.001.10", to -> {
            to.open("CstmrPmtStsRpt");
            to.header(messageId);
            to.open("OrgnlGrpInfAndSts");
            to.element("OrgnlMsgId", messageId);
            to.element("OrgnlMsgNmId", "pain.001.001.09");
            to.element("GrpSts", "RJCT");
            to.reason(code);
            to.close();
            to.close();
        });
    }

    static byte[] report(String messageId, List<Payment> payments) {
        return document("pain.002.001.10", to -> {
            to.open("CstmrPmtStsRpt");
            to.header(messageId);
            to.open("OrgnlGrpInfAndSts");
            to.element("OrgnlMsgId", messageId);
            to.element("OrgnlMsgNmId", "pain.001.001.09");
            boolean all = payments.stream().noneMatch(Payment::rejected);
            to.element("GrpSts", all ? "ACCP" : "PART");
            to.close();
            to.open("OrgnlPmtInfAndSts");
            to.element("OrgnlPmtInfId", messageId);
            for (Payment payment : payments) {
                to.open("TxInfAndSts");
                to.element("OrgnlEndToEndId", payment.reference());
                to.element("TxSts", payment.rejected() ? "RJCT" : "ACSP");
                if (payment.rejected()) {
                    to.reason(payment.rejection());
                }
                to.close();
            }
            to.close();
            to.close();
        });
    }

    /** @param again whether it was given before: another message, which says the same */
    static byte[] statement(Statement statement, boolean again, String account, String currency) {
        return document("camt.053.001.08", to -> {
            String made = statement.day() + (again ? "T23:59:59Z" : "T23:30:00Z");
            to.open("BkToCstmrStmt");
            to.open("GrpHdr");
            to.element("MsgId", (again ? "AGAIN" : "STMT") + statement.number());
            to.element("CreDtTm", made);
            to.close();
            List<Entry> entries = statement.entries();
            int half = statement.inPages() ? (entries.size() + 1) / 2 : entries.size();
            long between = statement.openingMinor()
                    + entries.subList(0, half).stream()
                            .mapToLong(Entry::movementMinor)
                            .sum();
            to.page(statement, 1, made, account, currency, between);
            if (statement.inPages()) {
                to.page(statement, 2, made, account, currency, between);
            }
            to.close();
        });
    }

    /** @param between balance after the first page */
    private void page(Statement statement, int page, String made, String account, String currency, long between)
            throws XMLStreamException {
        List<Entry> entries = statement.entries();
        int half = (entries.size() + 1) / 2;
        open("Stmt");
        element("Id", account + "-" + statement.number());
        if (statement.inPages()) {
            open("StmtPgntn");
            element("PgNb", Integer.toString(page));
            element("LastPgInd", Boolean.toString(page == 2));
            close();
        }
        element("ElctrncSeqNb", Long.toString(statement.number()));
        element("CreDtTm", made);
        open("Acct", "Id", "Othr");
        element("Id", account);
        close(3);
        if (page == 1) {
            balance("OPBD", statement.openingMinor(), currency, statement.day());
        } else {
            balance("ITBD", between, currency, statement.day());
        }
        if (statement.inPages() && page == 1) {
            balance("ITBD", between, currency, statement.day());
        } else {
            balance("CLBD", statement.closingMinor(), currency, statement.day());
        }
        List<Entry> here = !statement.inPages()
                ? entries
                : page == 1 ? entries.subList(0, half) : entries.subList(half, entries.size());
        for (Entry entry : here) {
            entry(entry, currency);
        }
        close();
    }

    private void balance(String code, long minor, String currency, LocalDate day) throws XMLStreamException {
        open("Bal", "Tp", "CdOrPrtry");
        element("Cd", code);
        close(2);
        amount(Math.abs(minor), currency);
        element("CdtDbtInd", minor < 0 ? "DBIT" : "CRDT");
        open("Dt");
        element("Dt", day.toString());
        close(2);
    }

    private void entry(Entry entry, String currency) throws XMLStreamException {
        open("Ntry");
        amount(entry.amountMinor(), currency);
        element("CdtDbtInd", entry.credit() ? "CRDT" : "DBIT");
        if (entry.kind() == Entry.Kind.REVERSAL || entry.kind() == Entry.Kind.BATCH_REVERSAL) {
            element("RvslInd", "true");
        }
        open("Sts");
        element("Cd", "BOOK");
        close();
        open("BookgDt");
        element("Dt", entry.day().toString());
        close();
        element("AcctSvcrRef", "B" + entry.number());
        code(entry.kind());
        open("NtryDtls");
        switch (entry.kind()) {
            case BATCH, BATCH_REVERSAL -> batch(entry, currency);
            case BATCH_WITH_DETAILS -> {
                batch(entry, currency);
                for (Payment payment : entry.payments()) {
                    open("TxDtls");
                    reference(payment.reference());
                    amount(payment.amountMinor(), currency);
                    element("CdtDbtInd", "DBIT");
                    close();
                }
            }
            default -> {
                open("TxDtls");
                reference(entry.reference());
                if (!entry.returnReason().isEmpty()) {
                    open("RtrInf", "Rsn");
                    element("Cd", entry.returnReason());
                    close(2);
                }
                close();
            }
        }
        close(2);
    }

    private void code(Entry.Kind kind) throws XMLStreamException {
        open("BkTxCd", "Domn");
        element("Cd", kind == Entry.Kind.FEE ? "ACMT" : "PMNT");
        open("Fmly");
        element(
                "Cd",
                kind == Entry.Kind.FEE
                        ? "MDOP"
                        : kind == Entry.Kind.DEPOSIT || kind == Entry.Kind.RETURN ? "RCDT" : "ICDT");
        element(
                "SubFmlyCd",
                switch (kind) {
                    case RETURN -> "RRTN";
                    case FEE -> "CHRG";
                    default -> "DMCT";
                });
        close(3);
    }

    private void reference(String reference) throws XMLStreamException {
        open("Refs");
        element("EndToEndId", reference.isEmpty() ? "NOTPROVIDED" : reference);
        close();
    }

    private void batch(Entry entry, String currency) throws XMLStreamException {
        open("Btch");
        element("PmtInfId", entry.reference());
        element("NbOfTxs", Integer.toString(entry.payments().size()));
        xml.writeStartElement("TtlAmt");
        xml.writeAttribute("Ccy", currency);
        xml.writeCharacters(decimal(entry.amountMinor(), currency));
        xml.writeEndElement();
        element("CdtDbtInd", entry.credit() ? "CRDT" : "DBIT");
        close();
    }

    private void amount(long minor, String currency) throws XMLStreamException {
        xml.writeStartElement("Amt");
        xml.writeAttribute("Ccy", currency);
        xml.writeCharacters(decimal(minor, currency));
        xml.writeEndElement();
    }

    private static String decimal(long minor, String currency) {
        return BigDecimal.valueOf(minor, Currency.getInstance(currency).getDefaultFractionDigits())
                .toPlainString();
    }

    private void header(String messageId) throws XMLStreamException {
        open("GrpHdr");
        element("MsgId", "R" + messageId);
        element("CreDtTm", "2026-01-01T00:00:00Z");
        close();
    }

    private void reason(String code) throws XMLStreamException {
        open("StsRsnInf", "Rsn");
        element("Cd", code);
        close(2);
    }

    private void open(String... names) throws XMLStreamException {
        for (String name : names) {
            xml.writeStartElement(name);
        }
    }

    private void element(String name, String text) throws XMLStreamException {
        xml.writeStartElement(name);
        xml.writeCharacters(text);
        xml.writeEndElement();
    }

    private void close() throws XMLStreamException {
        close(1);
    }

    private void close(int levels) throws XMLStreamException {
        for (int i = 0; i < levels; i++) {
            xml.writeEndElement();
        }
    }
}
