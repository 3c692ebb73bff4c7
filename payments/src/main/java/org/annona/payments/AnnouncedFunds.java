package org.annona.payments;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was announced for a programme and year and no statement of the bank shows yet; withdrawn announcements do not count.
 *
 * @param since of the oldest of these announcements; null where nothing is announced
 */
public record AnnouncedFunds(long minor, @Nullable Instant since) {}
