package org.annona.registry;

import java.time.Duration;
import java.util.Set;
import org.annona.foundation.criteria.odoo.DomainReader.Dialect;

/**
 * A rule by which identifiers are taken away from people who do not need them any more.
 *
 * @param domain of the people whom it is for, in Odoo's syntax
 * @param types of identifiers that are taken away
 * @param whereHeld types of which a person must hold one
 * @param window how long it can be undone; then the value is destroyed
 * @param keepHash whether a keyed hash stays, so that the value is recognised when it is brought again
 * @param cause such as {@code retention/3}: the rule and its version
 */
public record RetirementRule(
        String domain,
        Dialect dialect,
        Set<String> types,
        Set<String> whereHeld,
        Duration window,
        boolean keepHash,
        String cause) {

    public RetirementRule {
        types = Set.copyOf(types);
        whereHeld = Set.copyOf(whereHeld);
    }
}
