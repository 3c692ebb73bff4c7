package org.annona.registry.pull;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An import from a source, as it is agreed.
 *
 * @param lastSynced by the source's clock, the beginning of the newest run that was written; null where none was
 */
public record Pull(
        UUID id,
        UUID sourceId,
        String name,
        PullTerms terms,
        boolean active,
        int version,
        @Nullable Instant nextAt,
        @Nullable Instant lastSynced) {}
