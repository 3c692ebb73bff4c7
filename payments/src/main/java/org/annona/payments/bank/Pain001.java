package org.annona.payments.bank;

import java.io.ByteArrayOutputStream;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.annona.foundation.money.Money;
import org.annona.payments.rail.PaymentMessage;

/**
 * Writes pain.001.001.09 (ISO 20022, customer credit transfer initiation): one debit per payment on the statement
 * ({@code BtchBookg=false}), our reference as end-to-end id, no name of a beneficiary. The same message always gives the
 * same bytes.
 */
final class Pain001 {

    private static final String NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";

    private Pain001() {}

    static byte[] write(PaymentMessage message, String debtorAccount) {
        try {
            ByteArrayOutputStream bytes =
                    new ByteArrayOutputStream(message.items().size() * 900 + 2_000);
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(bytes, "UTF-8");
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("Document");
            xml.writeDefaultNamespace(NAMESPACE);
            xml.writeStartElement("CstmrCdtTrfInitn");
            header(xml, message);
            payments(xml, message, debtorAccount);
            xml.writeEndElement();
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
            return bytes.toByteArray();
        } catch (XMLStreamException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void header(XMLStreamWriter xml, PaymentMessage message) throws XMLStreamException {
        xml.writeStartElement("GrpHdr");
        element(xml, "MsgId", message.id());
        element(
                xml,
                "CreDtTm",
                DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                        message.createdAt().truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC)));
        element(xml, "NbOfTxs", Integer.toString(message.items().size()));
        element(xml, "CtrlSum", sum(message).toPlainString());
        xml.writeStartElement("InitgPty");
        element(xml, "Nm", "Annona");
        xml.writeEndElement();
        xml.writeEndElement();
    }

    private static Money sum(PaymentMessage message) {
        return message.items().stream()
                .map(PaymentMessage.Item::amount)
                .reduce(Money::plus)
                .orElseThrow();
    }

    private static void payments(XMLStreamWriter xml, PaymentMessage message, String debtorAccount)
            throws XMLStreamException {
        xml.writeStartElement("PmtInf");
        element(xml, "PmtInfId", message.id());
        element(xml, "PmtMtd", "TRF");
        element(xml, "BtchBookg", "false");
        element(xml, "NbOfTxs", Integer.toString(message.items().size()));
        element(xml, "CtrlSum", sum(message).toPlainString());
        xml.writeStartElement("ReqdExctnDt");
        element(xml, "Dt", message.payOn().toString());
        xml.writeEndElement();
        xml.writeStartElement("Dbtr");
        element(xml, "Nm", "Government");
        xml.writeEndElement();
        account(xml, "DbtrAcct", debtorAccount);
        xml.writeStartElement("DbtrAgt");
        xml.writeStartElement("FinInstnId");
        other(xml, "NOTPROVIDED");
        xml.writeEndElement();
        xml.writeEndElement();
        for (PaymentMessage.Item item : message.items()) {
            payment(xml, message, item);
        }
        xml.writeEndElement();
    }

    private static void payment(XMLStreamWriter xml, PaymentMessage message, PaymentMessage.Item item)
            throws XMLStreamException {
        xml.writeStartElement("CdtTrfTxInf");
        xml.writeStartElement("PmtId");
        element(xml, "InstrId", item.reference());
        element(xml, "EndToEndId", item.reference());
        xml.writeEndElement();
        xml.writeStartElement("Amt");
        xml.writeStartElement("InstdAmt");
        xml.writeAttribute("Ccy", item.amount().currency().getCurrencyCode());
        xml.writeCharacters(item.amount().toPlainString());
        xml.writeEndElement();
        xml.writeEndElement();
        xml.writeStartElement("CdtrAgt");
        xml.writeStartElement("FinInstnId");
        xml.writeStartElement("ClrSysMmbId");
        element(xml, "MmbId", item.provider());
        xml.writeEndElement();
        xml.writeEndElement();
        xml.writeEndElement();
        account(xml, "CdtrAcct", item.number());
        xml.writeStartElement("Purp");
        element(xml, "Cd", "GOVT");
        xml.writeEndElement();
        xml.writeStartElement("RmtInf");
        element(
                xml,
                "Ustrd",
                message.purpose().substring(0, Math.min(140, message.purpose().length())));
        xml.writeEndElement();
        xml.writeEndElement();
    }

    private static void account(XMLStreamWriter xml, String name, String number) throws XMLStreamException {
        xml.writeStartElement(name);
        xml.writeStartElement("Id");
        other(xml, number);
        xml.writeEndElement();
        xml.writeEndElement();
    }

    private static void other(XMLStreamWriter xml, String id) throws XMLStreamException {
        xml.writeStartElement("Othr");
        element(xml, "Id", id);
        xml.writeEndElement();
    }

    private static void element(XMLStreamWriter xml, String name, String text) throws XMLStreamException {
        xml.writeStartElement(name);
        xml.writeCharacters(text);
        xml.writeEndElement();
    }
}
