package org.annona.foundation.criteria;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.TableLike;

/** Where the attributes of a catalogue lie in the database. */
public interface SqlBinding {

    /** Whole numbers and amounts as bigint, codes, texts and area paths as text, dates as date; SQL null where not known. */
    Field<?> field(String attribute);

    default Related related(String relation) {
        throw new IllegalArgumentException("no rows " + relation);
    }

    /** @param join ties the related rows to the subject of the outer query */
    record Related(TableLike<?> table, Condition join, SqlBinding binding) {}
}
