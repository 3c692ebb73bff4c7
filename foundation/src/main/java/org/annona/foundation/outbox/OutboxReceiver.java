package org.annona.foundation.outbox;

/** Takes the messages of one topic. A message may come more than once, and must then have no further effect. */
public interface OutboxReceiver {

    String topic();

    /** Returns when the message is taken; throws when it should come again later. */
    void receive(OutboxMessage message);
}
