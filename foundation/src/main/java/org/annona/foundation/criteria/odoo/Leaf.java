package org.annona.foundation.criteria.odoo;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One condition of a domain.
 *
 * @param number of it, from 1
 * @param path empty for {@code [1,'=',1]} and {@code [0,'=',1]}, which are always true or false
 */
record Leaf(int number, List<String> path, String operator, Literal value, int at) {

    static final Set<String> OPERATORS = Set.of(
            "=",
            "!=",
            "<>",
            "<",
            ">",
            "<=",
            ">=",
            "=?",
            "=like",
            "=ilike",
            "like",
            "not like",
            "ilike",
            "not ilike",
            "in",
            "not in",
            "child_of",
            "parent_of",
            "any",
            "not any");

    private static final Map<String, String> OPPOSITES = Map.ofEntries(
            Map.entry("=", "!="),
            Map.entry("!=", "="),
            Map.entry("<", ">="),
            Map.entry(">=", "<"),
            Map.entry(">", "<="),
            Map.entry("<=", ">"),
            Map.entry("in", "not in"),
            Map.entry("not in", "in"),
            Map.entry("like", "not like"),
            Map.entry("not like", "like"),
            Map.entry("ilike", "not ilike"),
            Map.entry("not ilike", "ilike"),
            Map.entry("any", "not any"),
            Map.entry("not any", "any"));

    private static final Set<String> NEGATIVE = Set.of("!=", "not in", "not like", "not ilike", "not any");

    boolean isConstant() {
        return path.isEmpty();
    }

    boolean isNegative() {
        return NEGATIVE.contains(operator);
    }

    /** The same for the rows for which this one is not so; null where there is no such operator. */
    @Nullable
    Leaf opposite() {
        String other = OPPOSITES.get(operator);
        return other == null ? null : with(other);
    }

    Leaf with(String otherOperator) {
        return new Leaf(number, path, otherOperator, value, at);
    }

    /** What is asked of the rows that the first part of the path leads to. */
    Leaf below() {
        return new Leaf(number, path.subList(1, path.size()), operator, value, at);
    }

    DomainRefused refuse(String reason) {
        return new DomainRefused(reason, at, number);
    }
}
