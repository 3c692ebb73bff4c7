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
import org.jspecify.annotations.Nullable;

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
        private boolean inReason;
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
                } else if (event == XMLStreamConstants.END_ELEMENT) {
                    end(reader.getLocalName());
                }
            }
            if (!originalMessage.equals(messageId)) {
                return Optional.empty();
            }
            return Optional.of(
                    new Answer.Heard(outcomes, outcomes.isEmpty() ? outcome(groupStatus, groupReason) : null));
        }

        private void end(String name) {
            if (name.equals("Rsn")) {
                inReason = false;
            } else if (name.equals("TxInfAndSts")) {
                endTransaction();
            }
        }

        private void start(String name) throws XMLStreamException {
            switch (name) {
                case "Rsn" -> inReason = true;
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
                    // The report repeats other parts of the order, which have codes too.
                    if (!inReason) {
                        return;
                    }
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
            Outcome outcome = outcome(status, reason);
            if (outcome != null) {
                outcomes.put(reference, outcome);
            }
        }

        /** @return null for a status that says nothing */
        private static @Nullable Outcome outcome(String status, String reason) {
            return switch (status) {
                case "RCVD", "ACTC", "ACCP", "ACSP", "ACWP", "PDNG", "ACWC", "ACSC", "ACCC" -> new Outcome(true, "");
                case "RJCT", "CANC" -> new Outcome(false, reason.isEmpty() ? "MS03" : reason);
                default -> null;
            };
        }
    }
}
