package org.annona.programs;

import java.util.UUID;

/**
 * How a programme stands.
 *
 * @param state such as {@code draft}, {@code in_review} or {@code active}
 * @param rule who joins, in words
 */
public record ProgrammeStatus(UUID id, String code, String name, String state, String rule) {}
