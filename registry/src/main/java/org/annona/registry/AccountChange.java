package org.annona.registry;

import java.util.UUID;
import org.annona.foundation.sealing.Sensitive;

/** An account on which a person wants to be paid. */
public record AccountChange(
        UUID id, UUID personId, String scheme, String provider, Sensitive<String> number, boolean active) {}
