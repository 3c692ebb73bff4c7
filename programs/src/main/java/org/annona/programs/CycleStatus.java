package org.annona.programs;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * How a cycle stands.
 *
 * @param state such as {@code computed}, {@code released} or {@code closed}
 * @param held households on the roster that are not paid, by reason
 * @param totalMinor of all payable entitlements, in minor units
 * @param outcomes entitlements per state of their payment
 */
public record CycleStatus(
        UUID id,
        String code,
        String state,
        long households,
        long payable,
        long totalMinor,
        Map<String, Long> held,
        String paymentState,
        String paymentNote,
        List<Outcome> outcomes) {

    public record Outcome(String state, long households, long amountMinor, long settledMinor, long returnedMinor) {}
}
