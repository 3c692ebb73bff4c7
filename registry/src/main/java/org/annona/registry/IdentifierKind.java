package org.annona.registry;

/** A type of identifiers that people may have here. */
public record IdentifierKind(String code, String label) {}
