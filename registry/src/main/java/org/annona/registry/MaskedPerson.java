package org.annona.registry;

import java.util.List;

/**
 * A person as somebody may see her who has to decide about her and works elsewhere: never in clear.
 *
 * @param name masked
 * @param birthYear in words where it is not known
 */
public record MaskedPerson(String ref, String name, String birthYear, List<Identifier> identifiers) {

    public MaskedPerson {
        identifiers = List.copyOf(identifiers);
    }

    /**
     * @param label of its type, for people
     * @param type by the names of the standard, such as {@code UIN}
     * @param value its last signs
     */
    public record Identifier(String label, String type, String value, String status) {}
}
