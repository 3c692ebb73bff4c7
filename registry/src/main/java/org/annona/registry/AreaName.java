package org.annona.registry;

/** @param path codes from the root, such as {@code /N/N01/} */
public record AreaName(String code, String name, String path) {}
