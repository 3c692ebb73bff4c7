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

/** Whether a person is enrolled, programme by programme. */
public record EnrolledResponse(String transactionId, String correlationId, List<Answer> answers) {

    /**
     * @param enrolled means something only where there is no rejection
     * @param note for people, such as that the enrolment is suspended
     */
    public record Answer(
            String referenceId,
            boolean enrolled,
            @Nullable String note,
            @Nullable Rejection rejection) {}

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
            if (answer.rejection() != null) {
                answer.rejection().writeTo(json);
                json.put("enrolled_status", "no");
            } else {
                json.put("status", MessageStatus.SUCCEEDED.code());
                json.put("enrolled_status", answer.enrolled() ? "yes" : "no");
                if (answer.note() != null) {
                    json.put("status_reason_message", answer.note());
                }
            }
        }
        return message;
    }
}
