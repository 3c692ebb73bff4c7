package org.annona.foundation.criteria;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.annona.foundation.criteria.Criterion.Operand;
import org.jspecify.annotations.Nullable;

/**
 * An attribute that a rule reads.
 *
 * @param relation the related rows it belongs to, or null for the subject itself
 */
public record UsedAttribute(@Nullable String relation, String name) {

    /** As it is listed: {@code monthly_income}, {@code members.age}. */
    public String path() {
        return relation == null ? name : relation + "." + name;
    }

    /** In the order in which the rule names them, each once. */
    public static Set<UsedAttribute> in(Criterion criterion) {
        Set<UsedAttribute> used = new LinkedHashSet<>();
        collect(criterion, null, used);
        return used;
    }

    private static void collect(Criterion criterion, @Nullable String relation, Set<UsedAttribute> used) {
        switch (criterion) {
            case Criterion.Everyone() -> {}
            case Criterion.And(List<Criterion> parts) -> parts.forEach(part -> collect(part, relation, used));
            case Criterion.Or(List<Criterion> parts) -> parts.forEach(part -> collect(part, relation, used));
            case Criterion.Not(Criterion part) -> collect(part, relation, used);
            case Criterion.IsTrue(Criterion part) -> collect(part, relation, used);
            case Criterion.Like(String attribute, var pattern, var anyCase) ->
                used.add(new UsedAttribute(relation, attribute));
            case Criterion.Missing(String attribute) -> {}
            case Criterion.Within(String attribute, String area) -> used.add(new UsedAttribute(relation, attribute));
            case Criterion.OneOf(String attribute, var values) -> used.add(new UsedAttribute(relation, attribute));
            case Criterion.Exists(String rows, Criterion condition) -> collect(condition, rows, used);
            case Criterion.Comparison(Operand.Value(String attribute), var how, var right) ->
                used.add(new UsedAttribute(relation, attribute));
            case Criterion.Comparison(Operand.Count(String rows, Criterion condition), var how, var right) ->
                collect(condition, rows, used);
        }
    }
}
