package org.annona.programs;

/**
 * What became of households that another part of the installation brought.
 *
 * @param applied those who are applicants now, and were in the programme in no way before
 * @param unknown those of whom this block has not been told yet
 */
public record Applicants(int applied, int unknown) {}
