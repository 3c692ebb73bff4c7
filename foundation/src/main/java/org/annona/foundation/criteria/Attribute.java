package org.annona.foundation.criteria;

/**
 * Something that rules may ask about a subject.
 *
 * @param name as rules write it
 * @param label as people read it, for "the ... is below 5"
 * @param unit for people, such as {@code years}, or an empty text
 * @param source where the value comes from, for the person who has to mend a missing one
 */
public record Attribute(String name, Type type, String label, String unit, String source) {

    /** The unit of keyed hashes, which tell a reader nothing. */
    public static final String SEALED = "sealed";

    public enum Type {
        WHOLE,
        AMOUNT,
        CODE,
        AREA,
        /** Free words, such as a name; ordered by code point. */
        TEXT,
        DATE,
        INSTANT,
        FLAG;

        /** Whether values have an order that rules may use. */
        public boolean isOrdered() {
            return this != CODE && this != AREA && this != FLAG;
        }
    }
}
