package org.annona.registry;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What leaves the installation of one person, and nothing else.
 *
 * @param identifier the value of her current identifier of the wanted type
 * @param values by the names of {@link PersonField}; a field without value is missing
 * @param receipt of her consent to the purpose, where she gave one
 */
public record PersonExtract(
        SelectedPerson person,
        String identifier,
        Map<String, String> values,
        @Nullable String receipt) {

    @Override
    public String toString() {
        return "PersonExtract[" + person.id() + "]";
    }
}
