package org.annona.tokens;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.annona.foundation.criteria.odoo.DomainReader.Dialect;

/**
 * When virtual IDs are taken away (reference C9).
 *
 * @param filter of the people whom it is for, in Odoo's domain syntax
 * @param types of identifiers that go
 * @param whereHeld types of tokens of which one must be there
 * @param windowDays for which it can be undone; then the values are destroyed
 * @param keepHash whether a keyed hash stays, so that the value is recognised when it is brought again
 * @param atOnce whether it happens in the transaction that stores a token; what that misses the sweep finds
 * @param sweepMinutes between the end of a sweep and the next one
 */
public record RetentionTerms(
        String filter,
        Dialect dialect,
        Set<String> types,
        Set<String> whereHeld,
        int windowDays,
        boolean keepHash,
        boolean atOnce,
        int sweepMinutes) {

    public RetentionTerms {
        types = Set.copyOf(types);
        whereHeld = Set.copyOf(whereHeld);
    }

    public static RetentionTerms preset() {
        return new RetentionTerms(
                """
                [["reg_ids.id_type","=like","MOSIP VID"],["reg_ids.id_type","=like","MOSIP UIN TOKEN"]]""", Dialect.ODOO_17, Set.of("virtual_id"), Set.of("identity_token"), 7, true, true, 5);
    }

    public Subjects.Retention as(UUID rule, int version) {
        return new Subjects.Retention(
                filter,
                dialect,
                types,
                whereHeld,
                Duration.ofDays(windowDays),
                keepHash,
                "retention/" + rule + "/" + version);
    }
}
