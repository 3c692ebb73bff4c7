package org.annona.foundation.criteria.domain;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.annona.foundation.criteria.Catalogue;
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

    Optional<DomainField> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }
}
