package org.annona.registry;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A household without anything personal.
 *
 * @param areaPath from the root, such as {@code /N/N01/}
 * @param monthlyIncomeMinor in minor units of the registry's currency; null where it is not known
 */
public record HouseholdChange(
        UUID id,
        String ref,
        boolean active,
        @Nullable String areaPath,
        @Nullable Long monthlyIncomeMinor) {}
