package org.annona.foundation.criteria.odoo;

import java.math.BigDecimal;
import java.util.List;

/** A value as it stands in the text of a domain. Nothing of it is ever run. @see LiteralReader */
sealed interface Literal {

    /** Where it begins in the text, from 1. */
    int at();

    record Text(String value, int at) implements Literal {}

    record Whole(long value, int at) implements Literal {}

    record Decimal(BigDecimal value, int at) implements Literal {}

    record Truth(boolean value, int at) implements Literal {}

    /** {@code null} or {@code None}. */
    record Nothing(int at) implements Literal {}

    record Sequence(List<Literal> values, int at) implements Literal {
        public Sequence {
            values = List.copyOf(values);
        }
    }

    /** In comparisons both mean that there is no value. */
    default boolean isEmpty() {
        return this instanceof Nothing || this instanceof Truth(boolean value, int at) && !value;
    }
}
