package org.annona.registry.source;

import java.time.Instant;
import java.util.UUID;

/**
 * A source as its page shows it; what we show to be let in is not in it.
 *
 * @param code stands before its numbers, and never changes
 */
public record DataSource(
        UUID id,
        String code,
        String name,
        SourceTerms terms,
        boolean active,
        int version,
        boolean hasSecret,
        String changedBy,
        Instant changedAt) {}
