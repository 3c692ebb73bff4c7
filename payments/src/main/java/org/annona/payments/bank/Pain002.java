package org.annona.payments.bank;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.xml.stream.XMLStreamException;
import org.annona.payments.rail.Answer;
import org.annona.payments.rail.Answer.Outcome;
import org.annona.payments.xml.XmlPaths;
import org.jspecify.annotations.Nullable;

/**
 * Reads pain.002 (ISO 20022, payment status report). Statuses mean what the payments reference, 4.2, says: accepted in any
 * degree is accepted and no proof of money; {@code RJCT} and {@code CANC} are refusals. What is said of a payment counts
 * more than what is said of its block ({@code PmtInf}), and that more than what is said of the whole message.
 */
final class Pain002 {

    private static final Set<String> ACCEPTED =
            Set.of("RCVD", "ACTC", "ACCP", "ACSP", "ACWP", "PDNG", "ACWC", "ACSC", "ACCC");
    private static final Set<String> REFUSED = Set.of("RJCT", "CANC");

    /** Where the bank gives no reason: not specified by the agent. */
    private static final String NO_REASON = "MS03";

    private static final XmlPaths<Report> PATHS = new XmlPaths<Report>("CstmrPmtStsRpt")
            .text("OrgnlGrpInfAndSts/OrgnlMsgId", (report, text) -> report.message = text)
            .text("OrgnlGrpInfAndSts/GrpSts", (report, text) -> report.group.status = text)
            .begin("OrgnlPmtInfAndSts", report -> report.blocks.add(new Block()))
            .text("OrgnlPmtInfAndSts/OrgnlPmtInfId", (report, text) -> report.block().id = text)
            .text("OrgnlPmtInfAndSts/PmtInfSts", (report, text) -> report.block().said.status = text);

    static {
        // In blocks, and without a block around them as in the oldest version.
        for (String payment : List.of("OrgnlPmtInfAndSts/TxInfAndSts", "TxInfAndSts")) {
            PATHS.begin(payment, report -> report.block().payments.add(new Payment()))
                    .text(payment + "/OrgnlEndToEndId", (report, text) -> report.payment().reference = text)
                    .text(payment + "/TxSts", (report, text) -> report.payment().said.status = text);
            reason(payment, report -> report.payment().said);
        }
        reason("OrgnlGrpInfAndSts", report -> report.group);
        reason("OrgnlPmtInfAndSts", report -> report.block().said);
    }

    private Pain002() {}

    private static void reason(String of, Function<Report, Said> what) {
        for (String code : List.of("Cd", "Prtry")) {
            PATHS.text(of + "/StsRsnInf/Rsn/" + code, (report, text) -> what.apply(report).reason = text);
        }
    }

    /** @return empty where it is no report on this message */
    static Optional<Answer> read(byte[] xml, String messageId) {
        try {
            Report report = new Report();
            PATHS.read(xml, report);
            return report.message.equals(messageId) ? Optional.of(report.answer(messageId)) : Optional.empty();
        } catch (XMLStreamException broken) {
            return Optional.empty();
        }
    }

    /** A status, of whatever it is, and its reason. */
    private static final class Said {
        private String status = "";
        private String reason = "";

        /** @param around what was said of what this is part of; counts where nothing was said of this itself */
        private Said within(Said around) {
            Said said = new Said();
            said.status = status.isEmpty() ? around.status : status;
            said.reason = reason.isEmpty() && REFUSED.contains(around.status) ? around.reason : reason;
            return said;
        }

        /** @return null for a status that says nothing */
        private @Nullable Outcome outcome() {
            if (ACCEPTED.contains(status)) {
                return new Outcome(true, "");
            }
            return REFUSED.contains(status) ? new Outcome(false, reason.isEmpty() ? NO_REASON : reason) : null;
        }
    }

    private static final class Payment {
        private String reference = "";
        private final Said said = new Said();
    }

    private static final class Block {
        private String id = "";
        private final Said said = new Said();
        private final List<Payment> payments = new ArrayList<>();

        /** We send one block in each message, under the same id. Where the bank repeats no id, it can mean no other. */
        private boolean isOf(String messageId) {
            return id.isEmpty() || id.equals("NOTPROVIDED") || id.equals(messageId);
        }
    }

    private static final class Report {

        private String message = "";
        private final Said group = new Said();
        private final List<Block> blocks = new ArrayList<>();

        private Block block() {
            if (blocks.isEmpty()) {
                blocks.add(new Block());
            }
            return blocks.getLast();
        }

        private Payment payment() {
            return block().payments.getLast();
        }

        Answer answer(String messageId) {
            Map<String, Outcome> outcomes = new HashMap<>();
            Said rest = group;
            boolean clear = true;
            for (Block block : blocks) {
                if (!block.isOf(messageId)) {
                    continue;
                }
                Said ofBlock = block.said.within(group);
                rest = ofBlock;
                for (Payment payment : block.payments) {
                    Outcome outcome = payment.said.within(ofBlock).outcome();
                    if (outcome != null && !payment.reference.isEmpty()) {
                        outcomes.put(payment.reference, outcome);
                    }
                    boolean says = !payment.said.status.isEmpty();
                    clear = clear && !(says && (outcome == null || payment.reference.isEmpty()));
                }
            }
            return new Answer.Heard(outcomes, clear ? ofRest(rest.outcome(), outcomes.isEmpty()) : null);
        }

        /**
         * A refusal of the whole refuses what is not listed, too. An acceptance of it beside listed payments does not accept
         * the others: a bank may list those that it has looked at.
         */
        private static @Nullable Outcome ofRest(@Nullable Outcome whole, boolean nothingListed) {
            return whole == null || nothingListed || !whole.accepted() ? whole : null;
        }
    }
}
