package org.annona.foundation.criteria;

import java.util.List;
import java.util.stream.Collectors;
import org.annona.foundation.criteria.Criterion.Comparator;
import org.annona.foundation.criteria.Criterion.Constant;
import org.annona.foundation.criteria.Criterion.Operand;
import org.annona.foundation.money.Money;

/**
 * Rules as text, in the syntax of the Common Expression Language: {@code write} and {@link RuleParser#parse} are inverse
 * to each other.
 */
public final class RuleText {

    private final Catalogue catalogue;

    public RuleText(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    public String write(Criterion criterion) {
        return write(criterion, "", 0);
    }

    private String write(Criterion criterion, String prefix, int depth) {
        return switch (criterion) {
            case Criterion.Everyone() -> "everyone()";
            case Criterion.And(List<Criterion> parts) -> joined(parts, " && ", prefix, depth);
            case Criterion.Or(List<Criterion> parts) -> joined(parts, " || ", prefix, depth);
            case Criterion.Not(Criterion part) -> "!(" + write(part, prefix, depth) + ")";
            case Criterion.IsTrue(Criterion part) -> "surely(" + write(part, prefix, depth) + ")";
            case Criterion.Like(String attribute, String pattern, boolean anyCase) ->
                (anyCase ? "ilike(" : "like(") + prefix + attribute + ", " + quoted(pattern) + ")";
            case Criterion.Missing(String attribute) -> "missing(" + prefix + attribute + ")";
            case Criterion.Within(String attribute, String area) ->
                "within(" + prefix + attribute + ", " + quoted(area) + ")";
            case Criterion.OneOf(String attribute, List<Constant> values) ->
                prefix + attribute + " in ["
                        + values.stream().map(this::constant).collect(Collectors.joining(", ")) + "]";
            case Criterion.Exists(String relation, Criterion condition) ->
                prefix + relation + ".exists(" + row(depth) + ", " + write(condition, row(depth) + ".", depth + 1)
                        + ")";
            case Criterion.Comparison(Operand left, Comparator comparator, Constant right) ->
                operand(left, prefix, depth) + " " + comparator.symbol() + " " + constant(right);
        };
    }

    private String joined(List<Criterion> parts, String operator, String prefix, int depth) {
        return parts.stream()
                .map(part -> part instanceof Criterion.And || part instanceof Criterion.Or
                        ? "(" + write(part, prefix, depth) + ")"
                        : write(part, prefix, depth))
                .collect(Collectors.joining(operator));
    }

    private String operand(Operand operand, String prefix, int depth) {
        return switch (operand) {
            case Operand.Value(String attribute) -> prefix + attribute;
            case Operand.Count(String relation, Criterion.Everyone()) -> prefix + relation + ".size()";
            case Operand.Count(String relation, Criterion condition) ->
                prefix + relation + ".filter(" + row(depth) + ", " + write(condition, row(depth) + ".", depth + 1)
                        + ").size()";
        };
    }

    private static String row(int depth) {
        return String.valueOf((char) ('m' + depth));
    }

    private String constant(Constant constant) {
        return switch (constant) {
            case Constant.Whole(long value) -> Long.toString(value);
            case Constant.Amount(long minor) ->
                "money(" + quoted(new Money(minor, catalogue.currency()).toPlainString()) + ")";
            case Constant.Text(String value) -> quoted(value);
            case Constant.Day(java.time.LocalDate value) -> "date(" + quoted(value.toString()) + ")";
            case Constant.Moment(java.time.Instant value) -> "instant(" + quoted(value.toString()) + ")";
            case Constant.Flag(boolean value) -> Boolean.toString(value);
        };
    }

    private static String quoted(String text) {
        return '"'
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                + '"';
    }
}
