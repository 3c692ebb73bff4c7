package org.annona.exchange.played;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

/**
 * A person of the played country.
 *
 * @param number twelve digits, given by the state
 * @param sex as the standard writes it
 */
public record PlayedPerson(
        UUID id,
        String reference,
        String number,
        String given,
        String family,
        String sex,
        LocalDate born,
        String phone,
        Instant registered)
        implements Subject {

    @Override
    public boolean isCalled(String type, String identifier) {
        return type.equals(UIN) && identifier.equals(number)
                || type.equals(PERSON_REF) && identifier.equalsIgnoreCase(reference);
    }

    @Override
    public Object value(String attribute) {
        return switch (attribute) {
            case "sex" -> sex;
            case "birth_date" -> born;
            case "registration_date" -> registered;
            default -> throw new IllegalArgumentException("no attribute " + attribute + " of a person");
        };
    }

    @Override
    public List<Subject> related(String relation) {
        throw new IllegalArgumentException("a person has no " + relation);
    }
}
