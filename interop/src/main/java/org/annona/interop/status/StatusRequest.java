package org.annona.interop.status;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.annona.interop.message.ErrorCode;
import org.annona.interop.message.Fields;
import org.annona.interop.message.Refusal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A question for the state of earlier transactions.
 *
 * @param txnType as it was written, to be echoed
 * @param values what the transactions are known by
 */
public record StatusRequest(
        String transactionId,
        String referenceId,
        String txnType,
        By by,
        List<String> values,
        @Nullable String locale) {

    private static final int MOST_VALUES = 1_000;
    private static final int LONGEST_ID = 99;

    /** All spellings of the editions of the standard (DCI reference, section 14). */
    private static final Set<String> TXN_TYPES = Set.of(
            "search", "on-search", "subscribe", "subscibe", "on-subscribe", "unsubscribe", "on-unsubscribe", "receipt");

    /** What a transaction is looked up by. */
    public enum By {
        TRANSACTION_ID,
        REFERENCE_ID_LIST,
        CORRELATION_ID,
        SUBSCRIPTION_CODE_LIST;

        private boolean isList() {
            return this == REFERENCE_ID_LIST || this == SUBSCRIPTION_CODE_LIST;
        }

        private static By named(String name) {
            for (By by : values()) {
                if (by.name().toLowerCase(Locale.ROOT).equals(name)) {
                    return by;
                }
            }
            throw Refusal.of(
                    ErrorCode.BAD_REQUEST, "message.txnstatus_request.attribute_type has to be one of the standard's");
        }
    }

    /** @throws Refusal where its structure is not as the standard says */
    public static StatusRequest read(JsonNode message) {
        Fields fields = Fields.of(message, "message");
        String transactionId = fields.requiredId("transaction_id");
        JsonNode json = message.path("txnstatus_request");
        Fields request = Fields.of(json, "message.txnstatus_request");
        String txnType = request.required("txn_type");
        if (!TXN_TYPES.contains(txnType.toLowerCase(Locale.ROOT))) {
            throw Refusal.of(
                    ErrorCode.BAD_REQUEST, "message.txnstatus_request.txn_type has to be one of the standard's");
        }
        By by = By.named(request.required("attribute_type"));
        return new StatusRequest(
                transactionId,
                request.required("reference_id"),
                txnType,
                by,
                values(json.path("attribute_value"), by),
                request.locale("locale"));
    }

    private static List<String> values(JsonNode given, By by) {
        List<String> values = new ArrayList<>();
        if (given.isArray() && by.isList()) {
            given.forEach(value -> values.add(value.isString() ? value.asString() : ""));
        } else {
            values.add(given.isString() ? given.asString() : "");
        }
        boolean unfit = values.stream()
                .anyMatch(value -> value.isBlank()
                        || by != By.REFERENCE_ID_LIST && value.codePointCount(0, value.length()) > LONGEST_ID);
        if (values.isEmpty() || values.size() > MOST_VALUES || unfit) {
            throw Refusal.of(
                    ErrorCode.BAD_REQUEST,
                    "message.txnstatus_request.attribute_value has to be a text of 1 to " + LONGEST_ID
                            + " characters, or for lists an array of 1 to " + MOST_VALUES + " of them");
        }
        return List.copyOf(values);
    }

    /** Whether the question is for what became of reported enrolments. */
    public boolean isForReceipt() {
        return txnType.equalsIgnoreCase("receipt");
    }

    public boolean isForSubscriptions() {
        String type = txnType.toLowerCase(Locale.ROOT);
        return type.contains("subsc") || type.contains("subsci");
    }
}
