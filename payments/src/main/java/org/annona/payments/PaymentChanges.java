package org.annona.payments;

import java.util.List;

/** A part of the feed of changes; a line that changes again comes again. */
public record PaymentChanges(List<PaymentChange> rows, String position, boolean more) {}
