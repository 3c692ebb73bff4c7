package org.annona.interop.enrolment;

import java.time.Instant;
import java.util.List;
import org.annona.interop.message.MessageStatus;
import org.annona.interop.message.ProtocolTime;
import org.annona.interop.search.Rejection;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What became of reported enrolments, one by one. */
public record EnrollmentUpdatesResponse(String transactionId, String correlationId, List<Answer> answers) {

    /** @param rejection null where it was taken */
    public record Answer(String referenceId, @Nullable Rejection rejection) {}

    public MessageStatus status() {
        return answers.stream().allMatch(answer -> answer.rejection() != null)
                ? MessageStatus.REJECTED
                : MessageStatus.SUCCEEDED;
    }

    public ObjectNode asMessage(Instant now) {
        ObjectNode message = JsonMapper.shared().createObjectNode();
        message.put("transaction_id", transactionId).put("correlation_id", correlationId);
        ArrayNode all = message.putArray("enrolled_response");
        for (Answer answer : answers) {
            ObjectNode json =
                    all.addObject().put("reference_id", answer.referenceId()).put("timestamp", ProtocolTime.write(now));
            if (answer.rejection() == null) {
                json.put("status", MessageStatus.SUCCEEDED.code());
            } else {
                answer.rejection().writeTo(json);
            }
        }
        return message;
    }
}
