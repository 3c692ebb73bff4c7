package org.annona.programs.population;

import java.time.LocalDate;
import java.util.UUID;
import org.annona.foundation.criteria.SqlBinding;
import org.annona.programs.internal.tables.Tables;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Table;

/** The subjects of one kind in the population as it is, with what rules may ask about them at a date. */
public interface LiveSubjects extends SqlBinding {

    static LiveSubjects of(SubjectKind kind, LocalDate asOf) {
        return switch (kind) {
            case HOUSEHOLD -> new HouseholdBinding(Tables.HOUSEHOLD, asOf);
            case PERSON -> new PersonBinding(Tables.PERSON, asOf);
        };
    }

    Table<?> table();

    Field<UUID> id();

    /** Subjects that can join a programme. */
    Condition active();

    /** What the decision keeps to show later: area, income of the household in minor units, number of people. */
    Field<JSONB> seen();
}
