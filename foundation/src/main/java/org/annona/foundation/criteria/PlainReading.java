package org.annona.foundation.criteria;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import org.annona.foundation.criteria.Criterion.Comparator;
import org.annona.foundation.criteria.Criterion.Constant;
import org.annona.foundation.criteria.Criterion.Operand;
import org.annona.foundation.money.Money;

/** A rule in a sentence, for the person who answers for it. */
public final class PlainReading {

    private PlainReading() {}

    public static String of(Criterion criterion, Catalogue catalogue) {
        return switch (criterion) {
            case Criterion.Everyone() -> "every " + catalogue.subject();
            case Criterion.And(List<Criterion> parts) -> joined(parts, " and ", catalogue);
            case Criterion.Or(List<Criterion> parts) -> joined(parts, " or ", catalogue);
            case Criterion.Not(Criterion part) -> "it is not so that " + bracketed(part, catalogue);
            case Criterion.IsTrue(Criterion part) -> of(part, catalogue);
            case Criterion.Like(String attribute, String pattern, boolean anyCase) ->
                label(attribute, catalogue) + " fits \"" + pattern + "\"" + (anyCase ? " in any case" : "");
            case Criterion.Missing(String attribute) -> label(attribute, catalogue) + " is not known";
            case Criterion.Within(String attribute, String area) ->
                label(attribute, catalogue) + " lies within " + area;
            case Criterion.OneOf(String attribute, List<Constant> values)
            when isSealed(attribute, catalogue) -> label(attribute, catalogue) + " is among those that are given";
            case Criterion.OneOf(String attribute, List<Constant> values) ->
                label(attribute, catalogue) + " is "
                        + values.stream()
                                .map(value -> constant(value, "", catalogue))
                                .collect(Collectors.joining(" or "));
            case Criterion.Exists(String relation, Criterion condition) -> {
                Catalogue related = catalogue.relation(relation).orElseThrow();
                yield "there is " + article(related.subject()) + related.subject() + condition(condition, related);
            }
            case Criterion.Comparison(Operand.Value(String attribute), Comparator comparator, Constant right) ->
                label(attribute, catalogue) + " is " + words(comparator)
                        + constant(
                                right,
                                catalogue.attribute(attribute).orElseThrow().unit(),
                                catalogue);
            case Criterion.Comparison(
                    Operand.Count(String relation, Criterion condition),
                    Comparator comparator,
                    Constant right) -> {
                Catalogue related = catalogue.relation(relation).orElseThrow();
                yield "the number of " + related.plural() + condition(condition, related) + " is " + words(comparator)
                        + constant(right, "", catalogue);
            }
        };
    }

    private static String article(String noun) {
        return "aeiou".indexOf(noun.charAt(0)) < 0 ? "a " : "an ";
    }

    private static boolean isSealed(String attribute, Catalogue catalogue) {
        return catalogue.attribute(attribute).orElseThrow().unit().equals(Attribute.SEALED);
    }

    private static String condition(Criterion condition, Catalogue related) {
        return condition instanceof Criterion.Everyone ? "" : " for whom " + bracketed(condition, related);
    }

    /** So that a reader sees where it ends. */
    private static String bracketed(Criterion part, Catalogue catalogue) {
        Criterion inner = part instanceof Criterion.IsTrue(Criterion sure) ? sure : part;
        boolean several = inner instanceof Criterion.And || inner instanceof Criterion.Or;
        return several ? "(" + of(inner, catalogue) + ")" : of(inner, catalogue);
    }

    private static String joined(List<Criterion> parts, String word, Catalogue catalogue) {
        return parts.stream().map(part -> bracketed(part, catalogue)).collect(Collectors.joining(word));
    }

    private static String label(String attribute, Catalogue catalogue) {
        return "the " + catalogue.attribute(attribute).orElseThrow().label();
    }

    private static String words(Comparator comparator) {
        return switch (comparator) {
            case EQUAL -> "";
            case NOT_EQUAL -> "not ";
            case LESS -> "below ";
            case AT_MOST -> "at most ";
            case GREATER -> "above ";
            case AT_LEAST -> "at least ";
        };
    }

    private static String constant(Constant constant, String unit, Catalogue catalogue) {
        return switch (constant) {
            case Constant.Whole(long value) -> value + (unit.isEmpty() ? "" : " " + unit);
            case Constant.Amount(long minor) -> new Money(minor, catalogue.currency()).toString();
            case Constant.Text(String value) -> value.matches("[\\w.-]+") ? value : '"' + value + '"';
            case Constant.Day(LocalDate value) -> value.toString();
            case Constant.Moment(Instant value) -> value.toString();
            case Constant.Flag(boolean value) -> value ? "yes" : "no";
        };
    }
}
