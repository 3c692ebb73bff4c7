package org.annona.payments;

/** Money that was announced: the treasury transfers it under this reference. */
public record FundsAnnouncement(String reference, long amountMinor) {}
