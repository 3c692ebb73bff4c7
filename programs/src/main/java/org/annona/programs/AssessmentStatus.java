package org.annona.programs;

import java.util.Map;
import java.util.UUID;

/**
 * How an assessment stands, and what it found.
 *
 * @param done false while it runs; the numbers are complete only then
 * @param newlyEligible eligible households that are not in the programme yet
 * @param costMinor of one cycle for all eligible households, in minor units
 * @param missing why households are unknown: attribute to number of households without it
 */
public record AssessmentStatus(
        UUID id,
        boolean done,
        long eligible,
        long notEligible,
        long unknown,
        long newlyEligible,
        long costMinor,
        Map<String, Long> missing) {}
