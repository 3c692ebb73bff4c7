package org.annona.registry;

/** An identifier of a person. @param type by the names of the standard, such as {@code UIN} */
public record PersonIdentifier(String type, String value) {

    @Override
    public String toString() {
        return "PersonIdentifier[" + type + "]";
    }
}
