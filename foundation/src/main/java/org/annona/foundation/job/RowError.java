package org.annona.foundation.job;

/**
 * Why one row of a job was left out.
 *
 * @param row names the row to whoever started the job, such as {@code row 118}; no personal data
 */
public record RowError(String row, String code, String message) {}
