package org.annona.interop.signature;

/** Whether a partner has to sign (DCI reference R12.6). A signature that is present is verified in either case. */
public enum SignaturePolicy {
    REQUIRED,
    OPTIONAL
}
