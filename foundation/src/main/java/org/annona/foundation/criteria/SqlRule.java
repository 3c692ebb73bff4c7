package org.annona.foundation.criteria;

import static org.jooq.impl.DSL.and;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.not;
import static org.jooq.impl.DSL.or;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.trueCondition;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.DSL.when;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.annona.foundation.criteria.Criterion.Comparator;
import org.annona.foundation.criteria.Criterion.Constant;
import org.annona.foundation.criteria.Criterion.Operand;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * Writes a rule as one SQL condition with bound values: true, false, or null for unknown. {@code Interpreter} of the tests
 * defines what a rule means, and property tests compare the two.
 */
public final class SqlRule {

    private SqlRule() {}

    public static Condition of(Criterion criterion, SqlBinding binding) {
        return switch (criterion) {
            case Criterion.Everyone() -> trueCondition();
            case Criterion.And(List<Criterion> parts) ->
                and(parts.stream().map(part -> of(part, binding)).toList());
            case Criterion.Or(List<Criterion> parts) ->
                or(parts.stream().map(part -> of(part, binding)).toList());
            case Criterion.Not(Criterion part) -> not(of(part, binding));
            case Criterion.IsTrue(Criterion part) -> condition(coalesce(field(of(part, binding)), inline(false)));
            case Criterion.Like(String attribute, String pattern, boolean anyCase) ->
                like(binding.field(attribute).coerce(String.class), pattern, anyCase);
            case Criterion.Missing(String attribute) -> binding.field(attribute).isNull();
            case Criterion.Within(String attribute, String area) ->
                binding.field(attribute).cast(SQLDataType.CLOB).contains("/" + area + "/");
            case Criterion.OneOf(String attribute, List<Constant> values) -> oneOf(binding.field(attribute), values);
            case Criterion.Exists(String relation, Criterion condition) -> exists(binding.related(relation), condition);
            case Criterion.Comparison(Operand.Value(String attribute), Comparator comparator, Constant right) ->
                compare(binding.field(attribute), comparator, right);
            case Criterion.Comparison(
                    Operand.Count(String relation, Criterion condition),
                    Comparator comparator,
                    Constant.Whole(long limit)) ->
                compareCount(binding.related(relation), condition, comparator, limit);
            case Criterion.Comparison(Operand.Count count, Comparator comparator, Constant other) ->
                throw new IllegalArgumentException("a count is compared with a whole number, not with " + other);
        };
    }

    /** The rule as a column: true, false or null. */
    public static Field<Boolean> asColumn(Criterion criterion, SqlBinding binding) {
        return field(of(criterion, binding));
    }

    private static Condition oneOf(Field<?> field, List<Constant> values) {
        return values.isEmpty()
                ? falseCondition()
                : or(values.stream()
                        .map(value -> compare(field, Comparator.EQUAL, value))
                        .toList());
    }

    private static Condition compare(Field<?> field, Comparator comparator, Constant right) {
        return switch (right) {
            case Constant.Whole(long value) -> compare(field.coerce(Long.class), comparator, val(value));
            case Constant.Amount(long minor) -> compare(field.coerce(Long.class), comparator, val(minor));
            case Constant.Text(String value) -> compareText(field.coerce(String.class), comparator, val(value));
            case Constant.Day(LocalDate value) -> compare(field.coerce(LocalDate.class), comparator, val(value));
            case Constant.Moment(Instant value) -> compare(field.coerce(Instant.class), comparator, val(value));
            case Constant.Flag(boolean value) -> compare(field.coerce(Boolean.class), comparator, val(value));
        };
    }

    /** In the order of code points, whatever the collation of the database. */
    private static Condition compareText(Field<String> left, Comparator comparator, Field<String> right) {
        boolean equality = comparator == Comparator.EQUAL || comparator == Comparator.NOT_EQUAL;
        return compare(equality ? left : left.collate(DSL.collation(DSL.quotedName("C"))), comparator, right);
    }

    private static Condition like(Field<String> text, String pattern, boolean anyCase) {
        return anyCase ? text.likeIgnoreCase(pattern) : text.like(pattern);
    }

    private static <T> Condition compare(Field<T> left, Comparator comparator, Field<T> right) {
        return switch (comparator) {
            case EQUAL -> left.eq(right);
            case NOT_EQUAL -> left.ne(right);
            case LESS -> left.lt(right);
            case AT_MOST -> left.le(right);
            case GREATER -> left.gt(right);
            case AT_LEAST -> left.ge(right);
        };
    }

    private static Condition exists(SqlBinding.Related related, Criterion condition) {
        if (condition instanceof Criterion.IsTrue || condition instanceof Criterion.Everyone) {
            // Never unknown, so that the database may stop at the first row.
            Condition sure = condition instanceof Criterion.IsTrue(Criterion part)
                    ? of(part, related.binding())
                    : trueCondition();
            return DSL.exists(select(inline(1)).from(related.table()).where(related.join(), sure));
        }
        return threeValued(
                related,
                condition,
                (sure, possible) -> when(sure.gt(0), inline(true))
                        .when(possible.eq(0), inline(false))
                        .otherwise(unknown()));
    }

    private static Condition compareCount(
            SqlBinding.Related related, Criterion condition, Comparator comparator, long limit) {
        return threeValued(related, condition, (sure, possible) -> {
            Field<Integer> most = sure.plus(possible);
            Field<Integer> target = val((int) Math.clamp(limit, Integer.MIN_VALUE, Integer.MAX_VALUE));
            return switch (comparator) {
                case LESS -> decided(most.lt(target), sure.ge(target));
                case AT_MOST -> decided(most.le(target), sure.gt(target));
                case GREATER -> decided(sure.gt(target), most.le(target));
                case AT_LEAST -> decided(sure.ge(target), most.lt(target));
                case EQUAL -> decided(equal(sure, possible, target), apart(sure, most, target));
                case NOT_EQUAL -> decided(apart(sure, most, target), equal(sure, possible, target));
            };
        });
    }

    private static Condition equal(Field<Integer> sure, Field<Integer> possible, Field<Integer> target) {
        return sure.eq(target).and(possible.eq(0));
    }

    private static Condition apart(Field<Integer> sure, Field<Integer> most, Field<Integer> target) {
        return sure.gt(target).or(most.lt(target));
    }

    private static Field<Boolean> decided(Condition surely, Condition surelyNot) {
        return when(surely, inline(true)).when(surelyNot, inline(false)).otherwise(unknown());
    }

    private static Field<Boolean> unknown() {
        return inline((Boolean) null, SQLDataType.BOOLEAN);
    }

    private interface Verdict {
        Field<Boolean> of(Field<Integer> sure, Field<Integer> possible);
    }

    /** Counts the related rows for which the condition is true, and those for which it is null, in one pass. */
    private static Condition threeValued(SqlBinding.Related related, Criterion condition, Verdict verdict) {
        Condition inner = of(condition, related.binding());
        Field<Boolean> answer = field(inner);
        Field<Integer> sure = count().filterWhere(inner);
        Field<Integer> possible = count().filterWhere(answer.isNull());
        return condition(
                field(select(verdict.of(sure, possible)).from(related.table()).where(related.join())));
    }
}
