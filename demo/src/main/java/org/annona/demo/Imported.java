package org.annona.demo;

/** The outcome of the import of the list of people. */
public record Imported(long imported, long rejected) {}
