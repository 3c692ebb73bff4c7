package org.annona.foundation.job;

import java.time.Duration;

/**
 * Small work that is done again and again, by one process at a time. It sees the rows of all organisations and acts for none.
 *
 * @param pause between the end of one run and the start of the next
 */
public record Recurring(String name, Duration pause, Runnable work) {}
