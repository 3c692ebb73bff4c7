package org.annona.interop.query;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.annona.foundation.criteria.Criterion.Comparator;
import org.jspecify.annotations.Nullable;

/** Operators in all their spellings (DCI reference R7.3). */
enum Operator {
    EQUAL(Comparator.EQUAL, "eq", "=", "=="),
    NOT_EQUAL(Comparator.NOT_EQUAL, "ne", "!=", "<>"),
    LESS(Comparator.LESS, "lt", "<"),
    AT_MOST(Comparator.AT_MOST, "le", "lte", "<="),
    GREATER(Comparator.GREATER, "gt", ">"),
    AT_LEAST(Comparator.AT_LEAST, "ge", "gte", ">="),
    IN(null, "in");

    private final @Nullable Comparator comparator;
    private final Set<String> spellings;

    Operator(@Nullable Comparator comparator, String... spellings) {
        this.comparator = comparator;
        this.spellings = Set.of(spellings);
    }

    /** Null for {@link #IN}. */
    @Nullable
    Comparator comparator() {
        return comparator;
    }

    boolean needsOrder() {
        return this != EQUAL && this != NOT_EQUAL && this != IN;
    }

    static Optional<Operator> spelled(String text) {
        String plain = text.strip().toLowerCase(Locale.ROOT);
        plain = plain.startsWith("$") ? plain.substring(1) : plain;
        for (Operator operator : values()) {
            if (operator.spellings.contains(plain)) {
                return Optional.of(operator);
            }
        }
        return Optional.empty();
    }
}
