package org.annona.server.demo;

/** What became of the list of people, wherever it was taken in. */
public record Imported(long imported, long rejected) {}
