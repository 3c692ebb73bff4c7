package org.annona.programs;

import java.util.UUID;

/**
 * Something that was prepared and waits for a decision.
 *
 * @param stage 1, or 2 for the release of an approved list
 * @param digest of what is decided on, in hexadecimal; a decision names it
 */
public record DecisionRequest(UUID id, String title, boolean open, int stage, String digest) {}
