package org.annona.programs.programme;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a subject receives: a base amount, amounts for people of certain kinds among its members, a smallest and a largest
 * amount, and a unit to which the result is rounded down. All in minor units.
 *
 * @param minimumMinor paid where less was computed, unless null
 * @param maximumMinor paid where more was computed, unless null
 * @param roundTo 1 for no rounding
 */
public record Benefit(
        long baseMinor,
        List<Band> bands,
        @Nullable Long minimumMinor,
        @Nullable Long maximumMinor,
        long roundTo) {

    /**
     * An amount for each member of one kind.
     *
     * @param label for people, such as {@code child under 5}
     * @param rule which members count, in the language of rules, about a member
     * @param mostMembers how many count at most
     */
    public record Band(String label, String rule, long perMemberMinor, int mostMembers) {}

    public Benefit {
        bands = List.copyOf(bands);
    }

    /** Why these numbers cannot be a benefit, or empty. */
    public Optional<String> fault() {
        if (baseMinor < 0 || bands.stream().anyMatch(band -> band.perMemberMinor() < 0)) {
            return Optional.of("an amount is negative");
        }
        if (bands.stream().anyMatch(band -> band.mostMembers() < 1 || band.mostMembers() > 50)) {
            return Optional.of("the largest number of members that count lies between 1 and 50");
        }
        if (roundTo < 1) {
            return Optional.of("the unit of rounding must be positive");
        }
        if (minimumMinor != null && (minimumMinor < 0 || (maximumMinor != null && minimumMinor > maximumMinor))) {
            return Optional.of("the minimum is above the maximum, or negative");
        }
        if (maximumMinor != null && maximumMinor < 0) {
            return Optional.of("the maximum is negative");
        }
        if (baseMinor == 0 && bands.isEmpty()) {
            return Optional.of("it would pay nothing to anybody");
        }
        return Optional.empty();
    }

    /** @param counted members of each band, in the order of the bands */
    public long amountMinor(List<Integer> counted) {
        long computed = baseMinor;
        for (int i = 0; i < bands.size(); i++) {
            Band band = bands.get(i);
            int counting = Math.min(counted.get(i), band.mostMembers());
            computed = Math.addExact(computed, Math.multiplyExact(band.perMemberMinor(), (long) counting));
        }
        if (minimumMinor != null) {
            computed = Math.max(computed, minimumMinor);
        }
        if (maximumMinor != null) {
            computed = Math.min(computed, maximumMinor);
        }
        return computed - computed % roundTo;
    }

    /** One line of the way to an amount. */
    public record TraceLine(String words, long amountMinor) {}

    /** How the amount came about, for the household that asks. */
    public List<TraceLine> trace(List<Integer> counted) {
        List<TraceLine> lines = new ArrayList<>();
        lines.add(new TraceLine("base amount", baseMinor));
        long sum = baseMinor;
        for (int i = 0; i < bands.size(); i++) {
            Band band = bands.get(i);
            int counting = Math.min(counted.get(i), band.mostMembers());
            long amount = band.perMemberMinor() * counting;
            String capped =
                    counted.get(i) > counting ? " (of " + counted.get(i) + ", at most " + counting + " count)" : "";
            lines.add(new TraceLine(counting + " × " + band.label() + capped, amount));
            sum += amount;
        }
        long result = amountMinor(counted);
        if (minimumMinor != null && sum < minimumMinor) {
            lines.add(new TraceLine("raised to the minimum", minimumMinor - sum));
            sum = minimumMinor;
        }
        if (maximumMinor != null && sum > maximumMinor) {
            lines.add(new TraceLine("lowered to the maximum", maximumMinor - sum));
            sum = maximumMinor;
        }
        if (result != sum) {
            lines.add(new TraceLine("rounded down", result - sum));
        }
        return lines;
    }
}
