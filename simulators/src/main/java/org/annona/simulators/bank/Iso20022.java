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

    static byte[] statement(Statement statement, String account, String currency) {
        return document("camt.053.001.08", to -> {
            to.open("BkToCstmrStmt");
            to.open("GrpHdr");
            to.element("MsgId", "STMT" + statement.number());
            to.element("CreDtTm", statement.day() + "T23:59:59Z");
            to.close();
            to.open("Stmt");
            to.element("Id", account + "-" + statement.number());
            to.element("ElctrncSeqNb", Long.toString(statement.number()));
            to.element("CreDtTm", statement.day() + "T23:59:59Z");
            to.open("Acct", "Id", "Othr");
            to.element("Id", account);
            to.close(3);
            to.balance("OPBD", statement.openingMinor(), currency, statement.day());
            to.balance("CLBD", statement.closingMinor(), currency, statement.day());
            for (Entry entry : statement.entries()) {
                to.entry(entry, currency);
            }
            to.close(2);
        });
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
        open("Sts");
        element("Cd", "BOOK");
        close();
        open("BookgDt");
        element("Dt", entry.day().toString());
        close();
        element("AcctSvcrRef", "B" + entry.number());
        open("BkTxCd", "Domn");
        element("Cd", "PMNT");
        open("Fmly");
        element("Cd", entry.credit() ? "RCDT" : "ICDT");
        element("SubFmlyCd", entry.returnReason().isEmpty() ? "DMCT" : "RRTN");
        close(3);
        open("NtryDtls", "TxDtls", "Refs");
        element("EndToEndId", entry.reference());
        close();
        if (!entry.returnReason().isEmpty()) {
            open("RtrInf", "Rsn");
            element("Cd", entry.returnReason());
            close(2);
        }
        close(3);
    }

    private void amount(long minor, String currency) throws XMLStreamException {
        xml.writeStartElement("Amt");
        xml.writeAttribute("Ccy", currency);
        xml.writeCharacters(
                BigDecimal.valueOf(minor, Currency.getInstance(currency).getDefaultFractionDigits())
                        .toPlainString());
        xml.writeEndElement();
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
