package org.annona.interop.subscription;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.annona.interop.message.ErrorCode;
import org.annona.interop.message.Fields;
import org.annona.interop.message.Refusal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The wish not to be told any more. Earlier editions misspell two of its fields (DCI reference, section 14). */
public record UnsubscribeRequest(String transactionId, Instant timestamp, List<String> codes) {

    private static final int LONGEST_ID = 99;
    private static final int MOST_CODES = 1_000;

    /** @throws Refusal where its structure is not as the standard says */
    public static UnsubscribeRequest read(JsonNode message) {
        Fields fields = Fields.of(renamed(message), "message");
        String transactionId = fields.requiredId("transaction_id");
        Instant timestamp = fields.requiredTime("timestamp");
        List<String> codes = new ArrayList<>();
        for (JsonNode code : fields.array("subscription_codes")) {
            codes.add(code.isString() ? code.asString() : "");
        }
        boolean unfit =
                codes.stream().anyMatch(code -> code.isBlank() || code.codePointCount(0, code.length()) > LONGEST_ID);
        if (codes.isEmpty() || codes.size() > MOST_CODES || unfit) {
            throw Refusal.of(
                    ErrorCode.BAD_REQUEST,
                    "message.subscription_codes has to be an array of 1 to " + MOST_CODES + " texts of at most "
                            + LONGEST_ID + " characters");
        }
        return new UnsubscribeRequest(transactionId, timestamp, List.copyOf(codes));
    }

    private static JsonNode renamed(JsonNode message) {
        if (!(message instanceof ObjectNode object)) {
            return message;
        }
        ObjectNode read = object.deepCopy();
        for (String typo : List.of("timesstamp", "timesatmp")) {
            if (!read.has("timestamp") && read.has(typo)) {
                read.set("timestamp", read.get(typo));
            }
        }
        for (String other : List.of("sunscription_codes", "subscription_code")) {
            if (!read.has("subscription_codes") && read.has(other)) {
                JsonNode given = read.get(other);
                if (given.isArray()) {
                    read.set("subscription_codes", given);
                } else {
                    read.putArray("subscription_codes").add(given);
                }
            }
        }
        return read;
    }
}
