package org.annona.registry.source;

import org.annona.interop.signature.Signer;
import tools.jackson.databind.node.ObjectNode;

/** Signs messages to sources with the keys of this installation. */
public interface MessageSigning {

    /** Of ours, under which our keys are published. */
    String senderId();

    String sign(Signer signer, ObjectNode header, ObjectNode message);
}
