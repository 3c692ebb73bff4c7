package org.annona.exchange.operation;

import org.annona.interop.message.Refusal;

/** How systems of one family write their messages. */
public enum Dialect {
    /** As the standard says. */
    DCI {
        @Override
        public Refusal told(Refusal refusal) {
            return refusal;
        }
    },

    /** As the importers of deployed systems do: see {@link G2pConnectMessages}. */
    G2P_CONNECT {
        @Override
        public byte[] standard(byte[] body, String senderId) {
            return G2pConnectMessages.standard(body, senderId);
        }

        /** They do not read what is refused within the protocol, and would take it for an empty registry. */
        @Override
        public Refusal told(Refusal refusal) {
            return refusal.status() == OK ? Refusal.http(BAD_REQUEST, refusal.code(), refusal.text()) : refusal;
        }
    };

    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;

    /** Whether messages are rewritten, and need not say that they are JSON. */
    public boolean departs() {
        return this != DCI;
    }

    /**
     * A message as the standard would have it.
     *
     * @param senderId of the partner whose token came with it
     */
    public byte[] standard(byte[] body, String senderId) {
        return body;
    }

    /** A refusal in a form that these systems notice. */
    public abstract Refusal told(Refusal refusal);
}
