package org.annona.simulators.bank;

import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads pain.001 as a bank does: sums and counts of the header must fit. */
record Pain001(String messageId, String currency, String debtorAccount, List<Instruction> instructions) {

    /** @throws IllegalArgumentException with the reason where it cannot be taken */
    static Pain001 read(byte[] bytes) {
        try {
            XMLInputFactory factory = XMLInputFactory.newFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            return new Reading(factory.createXMLStreamReader(new ByteArrayInputStream(bytes))).message();
        } catch (XMLStreamException broken) {
            throw new IllegalArgumentException("not well-formed", broken);
        }
    }

    private static final class Reading {

        private final XMLStreamReader reader;
        private final List<Instruction> instructions = new ArrayList<>();
        private String messageId = "";
        private String count = "";
        private String currency = "";
        private String debtor = "";
        private BigDecimal controlSum = BigDecimal.ZERO;
        private BigDecimal sum = BigDecimal.ZERO;
        private String side = "";
        private String reference = "";
        private String provider = "";
        private String account = "";
        private long amountMinor;

        Reading(XMLStreamReader reader) {
            this.reader = reader;
        }

        Pain001 message() throws XMLStreamException {
            while (reader.hasNext()) {
                int event = reader.next();
                if (event == XMLStreamConstants.START_ELEMENT) {
                    start(reader.getLocalName());
                } else if (event == XMLStreamConstants.END_ELEMENT
                        && reader.getLocalName().equals("CdtTrfTxInf")) {
                    instructions.add(new Instruction(reference, amountMinor, provider, account));
                }
            }
            if (messageId.isEmpty() || instructions.isEmpty()) {
                throw new IllegalArgumentException("no message id or no payment");
            }
            if (!count.equals(Integer.toString(instructions.size())) || sum.compareTo(controlSum) != 0) {
                throw new IllegalArgumentException("control sum or count differ");
            }
            return new Pain001(messageId, currency, debtor, List.copyOf(instructions));
        }

        private void start(String name) throws XMLStreamException {
            switch (name) {
                case "MsgId" -> messageId = reader.getElementText();
                case "NbOfTxs" -> count = reader.getElementText();
                case "CtrlSum" -> controlSum = new BigDecimal(reader.getElementText());
                case "DbtrAcct", "CdtrAcct" -> side = name;
                case "EndToEndId" -> reference = reader.getElementText();
                case "MmbId" -> provider = reader.getElementText();
                case "InstdAmt" -> amount();
                case "Id" -> id();
                default -> {}
            }
        }

        private void amount() throws XMLStreamException {
            currency = reader.getAttributeValue(null, "Ccy");
            BigDecimal amount = new BigDecimal(reader.getElementText());
            sum = sum.add(amount);
            amountMinor = amount.movePointRight(Currency.getInstance(currency).getDefaultFractionDigits())
                    .longValueExact();
        }

        /** {@code <Id><Othr><Id>}: only the inner one has text. */
        private void id() throws XMLStreamException {
            StringBuilder text = new StringBuilder();
            int event = reader.next();
            while (event == XMLStreamConstants.CHARACTERS) {
                text.append(reader.getText());
                event = reader.next();
            }
            if (event == XMLStreamConstants.START_ELEMENT) {
                start(reader.getLocalName());
            } else if (!text.toString().isBlank()) {
                if (side.equals("DbtrAcct")) {
                    debtor = text.toString().strip();
                } else if (side.equals("CdtrAcct")) {
                    account = text.toString().strip();
                }
                side = "";
            }
        }
    }
}
