package org.annona.payments;

/**
 * How an order stands.
 *
 * @param state in words for people
 * @param dispatched everything that can be sent was sent
 * @param closed nothing will change any more except late returns
 */
public record EnvelopeProgress(String state, String note, boolean dispatched, boolean closed) {}
