package org.annona.registry;

import java.time.Instant;
import java.util.UUID;
import org.annona.foundation.sealing.Sensitive;

/**
 * An account on which a person wants to be paid.
 *
 * @param since when it was given
 */
public record AccountChange(
        UUID id,
        UUID personId,
        String scheme,
        String provider,
        Sensitive<String> number,
        boolean active,
        Instant since) {}
