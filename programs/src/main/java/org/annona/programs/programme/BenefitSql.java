package org.annona.programs.programme;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.greatest;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.lateral;
import static org.jooq.impl.DSL.least;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.trueCondition;
import static org.jooq.impl.DSL.val;

import java.util.ArrayList;
import java.util.List;
import org.annona.foundation.criteria.Criterion;
import org.annona.foundation.criteria.SqlBinding;
import org.annona.foundation.criteria.SqlRule;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.impl.SQLDataType;

/**
 * The same amounts as {@link Benefit}, for many households in one statement.
 *
 * @param tables one to be joined per band; each counts the members of its band
 * @param counted members who surely belong to each band
 * @param certain false where a member may or may not belong to a band
 */
public record BenefitSql(
        List<Table<?>> tables, List<Field<Integer>> counted, Condition certain, Field<Long> amountMinor) {

    /** @param rules of the bands, in their order */
    public static BenefitSql of(Benefit benefit, List<Criterion> rules, SqlBinding.Related members) {
        List<Table<?>> tables = new ArrayList<>();
        List<Field<Integer>> counted = new ArrayList<>();
        Condition certain = trueCondition();
        Field<Long> amount = val(benefit.baseMinor());
        for (int i = 0; i < rules.size(); i++) {
            Benefit.Band band = benefit.bands().get(i);
            Condition belongs = SqlRule.of(rules.get(i), members.binding());
            String alias = "band_" + i;
            tables.add(lateral(select(
                            count().filterWhere(belongs).as("sure"),
                            count().filterWhere(field(belongs).isNull()).as("possible"))
                    .from(members.table())
                    .where(members.join())
                    .asTable(alias)));
            Field<Integer> sure = field(name(alias, "sure"), SQLDataType.INTEGER);
            Field<Integer> possible = field(name(alias, "possible"), SQLDataType.INTEGER);
            counted.add(sure);
            // One who may belong makes no difference where as many as can count do so already.
            certain = certain.and(possible.eq(0).or(sure.ge(band.mostMembers())));
            amount = amount.plus(least(sure, inline(band.mostMembers()))
                    .cast(SQLDataType.BIGINT)
                    .mul(band.perMemberMinor()));
        }
        if (benefit.minimumMinor() != null) {
            amount = greatest(amount, val(benefit.minimumMinor()));
        }
        if (benefit.maximumMinor() != null) {
            amount = least(amount, val(benefit.maximumMinor()));
        }
        if (benefit.roundTo() > 1) {
            amount = amount.minus(amount.mod(benefit.roundTo()));
        }
        return new BenefitSql(tables, counted, certain, amount);
    }
}
