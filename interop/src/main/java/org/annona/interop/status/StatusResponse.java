package org.annona.interop.status;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How far a transaction is.
 *
 * @param txnType as it was asked for
 * @param txnStatus the answer to that transaction as it stands: with what is finished, and with what is pending as such
 */
public record StatusResponse(String transactionId, String correlationId, String txnType, ObjectNode txnStatus) {

    public ObjectNode asMessage() {
        ObjectNode message = JsonMapper.shared().createObjectNode();
        message.put("transaction_id", transactionId).put("correlation_id", correlationId);
        message.putObject("txnstatus_response").put("txn_type", txnType).set("txn_status", txnStatus);
        return message;
    }
}
