package org.annona.exchange.played;

import java.util.UUID;
import org.annona.foundation.criteria.Facts;
import org.annona.foundation.criteria.Interpreter;
import org.annona.foundation.criteria.Truth;
import org.annona.interop.query.Query;

/** Something that a played registry tells of. */
interface Subject extends Facts {

    String UIN = "UIN";
    String PERSON_REF = "PERSON_REF";
    String HOUSEHOLD_REF = "HOUSEHOLD_REF";

    UUID id();

    /** Whether the identifier is its own or that of a person who belongs to it. */
    boolean isCalled(String type, String identifier);

    default boolean fits(Query query) {
        return switch (query) {
            case Query.ByIdentifier(String type, String identifier) -> isCalled(type, identifier);
            case Query.ByCriteria(var criterion) -> Interpreter.decide(criterion, this) == Truth.TRUE;
        };
    }

    static String urn(UUID id) {
        return "urn:uuid:" + id;
    }
}
