package org.annona.registry;

/** What a list of areas did. */
public record AreaLoad(int added, int renamed, int unchanged) {}
