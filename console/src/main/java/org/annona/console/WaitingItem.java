package org.annona.console;

/**
 * Something that waits for a person.
 *
 * @param count how many, or 1
 * @param urgent shown first and marked
 */
public record WaitingItem(String title, String explanation, long count, String path, boolean urgent) {}
