package org.annona.foundation.criteria.odoo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.annona.foundation.criteria.Catalogue;
import org.annona.foundation.criteria.Criterion;
import org.jspecify.annotations.Nullable;

/**
 * What domains may name about one kind of row.
 *
 * @param catalogue of the attributes that the fields lead to
 * @param fields by the names that domains use
 * @param key the attribute that holds the number of a row, where rows are known by numbers
 * @param names attributes that are searched where a row is asked for by a text; empty where that is refused
 * @param hint what to write instead of such a text
 */
public record DomainModel(
        Catalogue catalogue,
        Map<String, DomainField> fields,
        @Nullable String key,
        List<String> names,
        String hint) {

    public DomainModel {
        fields = Map.copyOf(fields);
        names = List.copyOf(names);
    }

    /** The catalogue with those of the related rows that the criteria speak of. */
    Catalogue with(List<Criterion> criteria) {
        Map<String, List<Criterion>> below = new HashMap<>();
        criteria.forEach(criterion -> collect(criterion, below));
        Map<String, Catalogue> relations = new HashMap<>();
        for (DomainField field : fields.values()) {
            if (field instanceof DomainField.One(String relation, Supplier<DomainModel> target)
                    && below.containsKey(relation)) {
                relations.put(relation, target.get().with(below.get(relation)));
            } else if (field instanceof DomainField.Many(String relation, Supplier<DomainModel> target)
                    && below.containsKey(relation)) {
                relations.put(relation, target.get().with(below.get(relation)));
            }
        }
        return new Catalogue(
                catalogue.subject(), catalogue.plural(), catalogue.currency(), catalogue.attributes(), relations);
    }

    private static void collect(Criterion criterion, Map<String, List<Criterion>> below) {
        switch (criterion) {
            case Criterion.And(List<Criterion> parts) -> parts.forEach(part -> collect(part, below));
            case Criterion.Or(List<Criterion> parts) -> parts.forEach(part -> collect(part, below));
            case Criterion.Not(Criterion part) -> collect(part, below);
            case Criterion.IsTrue(Criterion part) -> collect(part, below);
            case Criterion.Exists(String relation, Criterion condition) ->
                below.computeIfAbsent(relation, none -> new ArrayList<>()).add(condition);
            default -> {}
        }
    }

    Optional<DomainField> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }
}
