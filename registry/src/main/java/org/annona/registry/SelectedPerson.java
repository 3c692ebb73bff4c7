package org.annona.registry;

import java.util.UUID;

/**
 * Someone whom a filter selects.
 *
 * @param identifierId of her current identifier of the wanted type
 * @param version differs whenever what can be told of her has changed
 */
public record SelectedPerson(UUID id, UUID identifierId, String version) {}
