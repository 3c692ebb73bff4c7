package org.annona.interop.search;

import java.time.Instant;
import java.util.List;
import org.annona.interop.message.MessageHeader;
import org.annona.interop.message.MessageStatus;
import org.annona.interop.message.ProtocolTime;
import org.annona.interop.message.ReasonCode;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers to the questions of one transaction, each under the reference of its question. */
public record SearchResponse(String transactionId, String correlationId, List<Answer> answers) {

    /** What became of one question. */
    public sealed interface Answer {

        String referenceId();

        @Nullable
        String locale();
    }

    /**
     * Found, or surely not found.
     *
     * @param total of all matches, of which the records are one page
     */
    public record Found(
            String referenceId,
            @Nullable String locale,
            String registryType,
            String recordType,
            List<ObjectNode> records,
            Page page,
            long total)
            implements Answer {}

    /** The question waits for its turn; nothing follows from it. */
    public record Waiting(String referenceId, @Nullable String locale) implements Answer {}

    /** Nothing was looked for, and nothing follows from it. */
    public record Rejected(String referenceId, @Nullable String locale, Rejection rejection) implements Answer {}

    /** Rejected only when every answer is; there is nothing between (DCI reference R3.3). */
    public MessageStatus status() {
        return !answers.isEmpty() && answers.stream().allMatch(Rejected.class::isInstance)
                ? MessageStatus.REJECTED
                : MessageStatus.SUCCEEDED;
    }

    /** Of the header, where all were rejected. */
    public @Nullable String statusReasonCode() {
        return status() == MessageStatus.REJECTED ? ReasonCode.ERRORS_TOO_MANY.code() : null;
    }

    public ObjectNode asMessage(Instant now) {
        ObjectNode message = JsonMapper.shared().createObjectNode();
        message.put("transaction_id", transactionId).put("correlation_id", correlationId);
        ArrayNode all = message.putArray("search_response");
        for (Answer answer : answers) {
            ObjectNode json =
                    all.addObject().put("reference_id", answer.referenceId()).put("timestamp", ProtocolTime.write(now));
            switch (answer) {
                case Found found -> write(json, found);
                case Waiting waiting -> json.put("status", MessageStatus.PENDING.code());
                case Rejected rejected -> rejected.rejection().writeTo(json);
            }
            if (answer.locale() != null) {
                json.put("locale", answer.locale());
            }
        }
        return message;
    }

    private static void write(ObjectNode json, Found found) {
        json.put("status", MessageStatus.SUCCEEDED.code());
        ObjectNode data = json.putObject("data")
                .put("version", MessageHeader.VERSION)
                .put("reg_type", found.registryType())
                .put("reg_record_type", found.recordType());
        data.putArray("reg_records").addAll(found.records());
        json.putObject("pagination")
                .put("page_size", found.page().size())
                .put("page_number", found.page().number())
                .put("total_count", found.total());
    }
}
