package org.annona.registry;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one part of a sweep over people did.
 *
 * @param last where the next part begins, or null at the end
 * @param people in this part
 * @param taken identifiers that were taken away
 */
public record RetirementPart(@Nullable UUID last, long people, long taken) {}
