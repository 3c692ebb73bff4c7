package org.annona.registry;

import java.util.List;

/**
 * A part of a change feed: each row in its newest state, oldest change first.
 *
 * @param position where the next part begins; opaque
 * @param more whether more is there at once
 */
public record Changes<T>(List<T> rows, String position, boolean more) {}
