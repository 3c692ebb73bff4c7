package org.annona.payments.bank;

import java.io.ByteArrayInputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.annona.payments.rail.Answer;
import org.annona.payments.rail.Answer.Outcome;

/**
 * Reads pain.002.001.10 (ISO 20022, payment status report). Statuses mean what the payments reference, 4.2, says: accepted
 * in any degree is accepted and no proof of money; {@code RJCT} and {@code CANC} are refusals.
 */
final class Pain002 {

    private Pain002() {}

    /** @return empty where it is no report on this message */
    static Optional<Answer> read(byte[] xml, String messageId) {
        try {
            XMLInputFactory factory = XMLInputFactory.newFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            return new Reading(factory.createXMLStreamReader(new ByteArrayInputStream(xml))).answer(messageId);
        } catch (XMLStreamException broken) {
            return Optional.empty();
        }
    }

    private static final class Reading {

        private final XMLStreamReader reader;
        private final Map<String, Outcome> outcomes = new HashMap<>();
        private String originalMessage = "";
        private String groupStatus = "";
        private String groupReason = "";
        private boolean inTransaction;
        private String reference = "";
        private String status = "";
        private String reason = "";

        Reading(XMLStreamReader reader) {
            this.reader = reader;
        }

        Optional<Answer> answer(String messageId) throws XMLStreamException {
            while (reader.hasNext()) {
                int event = reader.next();
                if (event == XMLStreamConstants.START_ELEMENT) {
                    start(reader.getLocalName());
                } else if (event == XMLStreamConstants.END_ELEMENT
                        && reader.getLocalName().equals("TxInfAndSts")) {
                    endTransaction();
                }
            }
            if (!originalMessage.equals(messageId)) {
                return Optional.empty();
            }
            boolean refused = isRefusal(groupStatus) && outcomes.isEmpty();
            return Optional.of(
                    new Answer.Heard(outcomes, refused ? (groupReason.isEmpty() ? "MS03" : groupReason) : ""));
        }

        private void start(String name) throws XMLStreamException {
            switch (name) {
                case "TxInfAndSts" -> {
                    inTransaction = true;
                    reference = "";
                    status = "";
                    reason = "";
                }
                case "OrgnlMsgId" -> originalMessage = text();
                case "GrpSts" -> groupStatus = text();
                case "OrgnlEndToEndId" -> reference = text();
                case "TxSts" -> status = text();
                case "Cd" -> {
                    String code = text();
                    if (inTransaction) {
                        reason = code;
                    } else {
                        groupReason = code;
                    }
                }
                default -> {}
            }
        }

        private String text() throws XMLStreamException {
            return reader.getElementText().strip();
        }

        private void endTransaction() {
            inTransaction = false;
            if (reference.isEmpty()) {
                return;
            }
            switch (status) {
                case "RCVD", "ACTC", "ACCP", "ACSP", "ACWP", "PDNG", "ACWC", "ACSC", "ACCC" ->
                    outcomes.put(reference, new Outcome(true, ""));
                case "RJCT", "CANC" -> outcomes.put(reference, new Outcome(false, reason.isEmpty() ? "MS03" : reason));
                default -> {} // an unknown status says nothing
            }
        }

        private static boolean isRefusal(String status) {
            return status.equals("RJCT") || status.equals("CANC");
        }
    }
}
