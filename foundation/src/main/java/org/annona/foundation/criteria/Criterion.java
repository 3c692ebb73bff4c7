package org.annona.foundation.criteria;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * A rule about one subject. It is true, false or unknown: where an input is missing the answer is unknown, and nothing
 * turns that into no.
 */
public sealed interface Criterion {

    /** True for every subject; written out, because an empty rule would mean nobody. */
    record Everyone() implements Criterion {}

    record And(List<Criterion> parts) implements Criterion {
        public And {
            parts = atLeastOne(parts);
        }
    }

    record Or(List<Criterion> parts) implements Criterion {
        public Or {
            parts = atLeastOne(parts);
        }
    }

    record Not(Criterion part) implements Criterion {}

    /** True where the part is, else false: for languages in which unknown counts as no. Never the end of a rule of ours. */
    record IsTrue(Criterion part) implements Criterion {}

    record Comparison(Operand left, Comparator comparator, Constant right) implements Criterion {}

    /** The attribute is one of the constants. */
    record OneOf(String attribute, List<Constant> values) implements Criterion {
        public OneOf {
            values = List.copyOf(values);
        }
    }

    /**
     * The text fits a pattern, in which {@code %} stands for any letters, {@code _} for one, and a backslash takes a letter as
     * it is.
     */
    record Like(String attribute, String pattern, boolean anyCase) implements Criterion {}

    /** The area attribute names this area or one below it. */
    record Within(String attribute, String area) implements Criterion {}

    /** The attribute has no value; always true or false, never unknown. */
    record Missing(String attribute) implements Criterion {}

    /**
     * At least one related row fulfils the condition. True if one surely does, unknown if none does but one might, else
     * false.
     */
    record Exists(String relation, Criterion condition) implements Criterion {}

    private static List<Criterion> atLeastOne(List<Criterion> parts) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("and, or need at least one part");
        }
        return List.copyOf(parts);
    }

    /** What is compared. */
    sealed interface Operand {

        record Value(String attribute) implements Operand {}

        /** How many related rows fulfil the condition; between the sure ones and the sure plus the possible ones. */
        record Count(String relation, Criterion condition) implements Operand {}
    }

    enum Comparator {
        EQUAL("=="),
        NOT_EQUAL("!="),
        LESS("<"),
        AT_MOST("<="),
        GREATER(">"),
        AT_LEAST(">=");

        private final String symbol;

        Comparator(String symbol) {
            this.symbol = symbol;
        }

        public String symbol() {
            return symbol;
        }
    }

    sealed interface Constant {

        record Whole(long value) implements Constant {}

        /** An amount in minor units of the catalogue's currency. */
        record Amount(long minor) implements Constant {}

        record Text(String value) implements Constant {}

        record Day(LocalDate value) implements Constant {}

        record Moment(Instant value) implements Constant {}

        record Flag(boolean value) implements Constant {}
    }
}
