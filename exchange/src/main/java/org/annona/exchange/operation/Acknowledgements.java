package org.annona.exchange.operation;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.UUID;
import org.annona.exchange.ServedRegistry;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.transaction.Transactions;
import org.annona.foundation.database.Database;
import org.annona.interop.message.Acknowledgement;
import org.annona.interop.message.MessageHeader;
import org.annona.interop.message.Refusal;
import tools.jackson.databind.JsonNode;

/** Acknowledges messages that are answered later, or not at all. */
public final class Acknowledgements {

    private static final int LONGEST_ID = 99;

    private final Database database;
    private final Transactions transactions;
    private final Clock clock;

    public Acknowledgements(Database database, Transactions transactions, Clock clock) {
        this.database = database;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Stores a message for its answer, which nobody waits for (DCI reference R10.2). */
    public <R extends ServedRegistry> Handled store(DeferredHandler<R> handler, Message<R> message) {
        DeferredHandler.Asked asked = handler.read(message);
        String correlationId = UUID.randomUUID().toString();
        String target = message.header().senderUri() == null
                ? message.partner().callbackUrl()
                : message.header().senderUri();
        boolean first = database.inTransaction(tx -> transactions.open(
                tx,
                message.header().messageId(),
                Arrivals.of(message, asked.transactionId(), correlationId, asked.references(), target)));
        if (!first) {
            throw Refusal.of(Arrivals.SENT_BEFORE.reason(), Arrivals.SENT_BEFORE.text());
        }
        return acknowledged(correlationId, asked.references().size(), "");
    }

    /** Gives the handler an answer to what we asked; one that was not awaited has no effect (R10.7). */
    public Handled receive(ReplyHandler handler, Partner sender, MessageHeader header, JsonNode content) {
        String detail = handler.receive(sender, header, content);
        JsonNode given = content.path("correlation_id");
        boolean fit = given.isString()
                && !given.asString().isEmpty()
                && given.asString().codePointCount(0, given.asString().length()) <= LONGEST_ID;
        return acknowledged(fit ? given.asString() : UUID.randomUUID().toString(), 0, detail);
    }

    private Handled acknowledged(String correlationId, int items, String detail) {
        byte[] body = Acknowledgement.accepted(correlationId, clock.instant())
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        return new Handled(body, items, "acknowledged", detail);
    }
}
