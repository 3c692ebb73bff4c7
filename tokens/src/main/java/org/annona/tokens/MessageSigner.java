package org.annona.tokens;

/** Port to the keys of this installation, for those whose gateway wants to know that a message is ours. */
@FunctionalInterface
public interface MessageSigner {

    /** @return what stands in the header {@code Signature}: a detached JWS over these bytes (RFC 7515, appendix F) */
    String sign(byte[] body);
}
