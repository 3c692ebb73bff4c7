package org.annona.exchange.status;

import java.util.List;
import org.annona.exchange.ServedRegistry;
import org.annona.exchange.operation.Handled;
import org.annona.exchange.operation.Message;
import org.annona.exchange.operation.SyncAnswers;
import org.annona.exchange.operation.SyncHandler;
import org.annona.exchange.partner.TokenScope;
import org.annona.interop.message.Operation;
import org.annona.interop.status.StatusRequest;
import tools.jackson.databind.node.ObjectNode;

/** Tells in the response how far earlier messages are. */
public final class SyncStatusHandler implements SyncHandler<ServedRegistry> {

    private final StatusAnswers statuses;
    private final SyncAnswers answers;

    public SyncStatusHandler(StatusAnswers statuses, SyncAnswers answers) {
        this.statuses = statuses;
        this.answers = answers;
    }

    @Override
    public Operation operation() {
        return Operation.SYNC_TXN_STATUS;
    }

    @Override
    public TokenScope scope() {
        return TokenScope.STATUS;
    }

    @Override
    public Class<ServedRegistry> registryType() {
        return ServedRegistry.class;
    }

    @Override
    public boolean takesFiles() {
        return false;
    }

    @Override
    public Handled handle(Message<ServedRegistry> message) {
        StatusRequest request = StatusRequest.read(message.content());
        SyncAnswers.Asked asked = new SyncAnswers.Asked(
                message,
                request.transactionId(),
                List.of(request.referenceId()),
                Operation.TXN_ON_STATUS,
                SyncStatusHandler::putNothing);
        return answers.once(
                asked,
                correlationId -> statuses.answer(
                        message.partner(),
                        message.registry().prefix(),
                        request,
                        message.header().encrypted(),
                        correlationId));
    }

    private static void putNothing(ObjectNode content) {
        ObjectNode nothing = content.deepCopy();
        nothing.putArray("search_response");
        content.putObject("txnstatus_response").put("txn_type", "search").set("txn_status", nothing);
    }
}
