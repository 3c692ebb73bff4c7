package org.annona.payments;

/** How an order stands, in words for people, and whether nothing will change any more except late returns. */
public record EnvelopeProgress(String state, String note, boolean closed) {}
