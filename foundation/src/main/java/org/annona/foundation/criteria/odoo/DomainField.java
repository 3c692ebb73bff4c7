package org.annona.foundation.criteria.odoo;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a name in a domain stands for. */
public sealed interface DomainField {

    /** A value of the row itself. @param attribute of the model's catalogue, which knows its type */
    record Value(String attribute) implements DomainField {}

    /**
     * A text that is sealed, so that it is only found by its exact value.
     *
     * @param attribute of the model's catalogue, a code that holds the keyed hash
     * @param indexes of a value, as the attribute may hold it: one for each kind that the value may be of
     */
    record Sealed(String attribute, Function<String, List<String>> indexes) implements DomainField {}

    /** A place in the tree of areas. @param attribute of the model's catalogue, an area */
    record Place(String attribute, Tree tree) implements DomainField {}

    /** Another row, or none: many2one. */
    record One(String relation, Supplier<DomainModel> target) implements DomainField {}

    /** Other rows: one2many, many2many. Archived ones are not among them: whoever binds the relation leaves them out. */
    record Many(String relation, Supplier<DomainModel> target) implements DomainField {}

    /** Known, and not to be asked. @param reason for the person who asked */
    record Unsearchable(String reason) implements DomainField {}

    /** The areas, for {@code child_of} and {@code parent_of}. */
    @FunctionalInterface
    interface Tree {

        /**
         * @param area its number, its code, or its name
         * @param exact whether a part of the name is not enough
         * @return the paths of all areas that are meant, from the root, such as {@code /N/N01/}
         */
        List<String> paths(Object area, boolean exact);
    }
}
