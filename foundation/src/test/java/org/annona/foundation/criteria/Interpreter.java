package org.annona.foundation.criteria;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.annona.foundation.criteria.Criterion.Comparator;
import org.annona.foundation.criteria.Criterion.Constant;
import org.annona.foundation.criteria.Criterion.Operand;
import org.jspecify.annotations.Nullable;

/** Decides a rule in memory: the definition that the SQL of {@link SqlRule} is compared with. */
public final class Interpreter {

    private Interpreter() {}

    public static Truth decide(Criterion criterion, Facts facts) {
        return switch (criterion) {
            case Criterion.Everyone() -> Truth.TRUE;
            case Criterion.And(List<Criterion> parts) ->
                Truth.all(parts.stream().map(part -> decide(part, facts)).toList());
            case Criterion.Or(List<Criterion> parts) ->
                Truth.any(parts.stream().map(part -> decide(part, facts)).toList());
            case Criterion.Not(Criterion part) -> decide(part, facts).not();
            case Criterion.IsTrue(Criterion part) -> Truth.of(decide(part, facts) == Truth.TRUE);
            case Criterion.Like(String attribute, String pattern, boolean anyCase) -> {
                Object value = facts.value(attribute);
                yield value == null ? Truth.UNKNOWN : Truth.of(TextPattern.fits(value.toString(), pattern, anyCase));
            }
            case Criterion.Missing(String attribute) -> Truth.of(facts.value(attribute) == null);
            case Criterion.Within(String attribute, String area) -> within(facts.value(attribute), area);
            case Criterion.OneOf(String attribute, List<Constant> values) -> oneOf(facts.value(attribute), values);
            case Criterion.Exists(String relation, Criterion condition) ->
                Truth.any(facts.related(relation).stream()
                        .map(row -> decide(condition, row))
                        .toList());
            case Criterion.Comparison(Operand.Value(String attribute), Comparator comparator, Constant right) ->
                compare(facts.value(attribute), comparator, right);
            case Criterion.Comparison(
                    Operand.Count(String relation, Criterion condition),
                    Comparator comparator,
                    Constant.Whole(long limit)) -> compareCount(facts.related(relation), condition, comparator, limit);
            case Criterion.Comparison(Operand.Count count, Comparator comparator, Constant other) ->
                throw new IllegalArgumentException("a count is compared with a whole number, not with " + other);
        };
    }

    private static Truth within(@Nullable Object path, String area) {
        return path == null ? Truth.UNKNOWN : Truth.of(path.toString().contains("/" + area + "/"));
    }

    private static Truth oneOf(@Nullable Object value, List<Constant> values) {
        return value == null
                ? Truth.UNKNOWN
                : Truth.of(values.stream().anyMatch(constant -> plain(constant).equals(value)));
    }

    private static Truth compare(@Nullable Object value, Comparator comparator, Constant right) {
        if (value == null) {
            return Truth.UNKNOWN;
        }
        return Truth.of(holds(order(value, plain(right)), comparator));
    }

    /** The count lies between the sure rows and the sure plus the possible ones; the answer must hold for all of these. */
    private static Truth compareCount(
            List<? extends Facts> rows, Criterion condition, Comparator comparator, long limit) {
        long sure = 0;
        long possible = 0;
        for (Facts row : rows) {
            switch (decide(condition, row)) {
                case TRUE -> sure++;
                case UNKNOWN -> possible++;
                case FALSE -> {}
            }
        }
        boolean some = false;
        boolean every = true;
        for (long count = sure; count <= sure + possible; count++) {
            boolean holds = holds(Long.compare(count, limit), comparator);
            some |= holds;
            every &= holds;
        }
        if (every) {
            return Truth.TRUE;
        }
        return some ? Truth.UNKNOWN : Truth.FALSE;
    }

    private static boolean holds(int order, Comparator comparator) {
        return switch (comparator) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case AT_MOST -> order <= 0;
            case GREATER -> order > 0;
            case AT_LEAST -> order >= 0;
        };
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the parser has made sure that both sides are of one type
    private static int order(Object left, Object right) {
        return ((Comparable) left).compareTo(right);
    }

    private static Object plain(Constant constant) {
        return switch (constant) {
            case Constant.Whole(long value) -> value;
            case Constant.Amount(long minor) -> minor;
            case Constant.Text(String value) -> value;
            case Constant.Day(LocalDate value) -> value;
            case Constant.Moment(Instant value) -> value;
            case Constant.Flag(boolean value) -> value;
        };
    }
}
