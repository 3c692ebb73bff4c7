package org.annona.interop.query;

import org.annona.foundation.criteria.Criterion;

/** What one item of a search asks for. */
public sealed interface Query {

    /** The holder of an identifier. @param type one of the vocabulary's, @param value as it was sent, trimmed */
    record ByIdentifier(String type, String value) implements Query {}

    /** Everybody for whom the criterion is surely true; where it is unknown it does not match (DCI reference R7.4). */
    record ByCriteria(Criterion criterion) implements Query {}
}
