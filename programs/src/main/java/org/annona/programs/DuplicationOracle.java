package org.annona.programs;

import java.util.Collection;
import java.util.Set;
import java.util.UUID;

/** Says whom a programme may admit, as far as programmes of others are concerned. */
public interface DuplicationOracle {

    /**
     * Households that are not cleared: a member is a possible or confirmed duplicate, or nothing is known of one. Empty for a
     * programme that asks for no clearance.
     */
    Set<UUID> notCleared(UUID programme, Collection<UUID> households);
}
