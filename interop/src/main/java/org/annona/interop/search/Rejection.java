package org.annona.interop.search;

import org.annona.interop.message.ReasonCode;

/** Why one item, or a message that was understood, is not answered. The text is fit for the partner. */
public record Rejection(ReasonCode reason, String text) {}
