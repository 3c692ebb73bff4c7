package org.annona.registry.social;

import graphql.language.Document;
import graphql.language.Field;
import graphql.language.OperationDefinition;
import graphql.language.Selection;
import graphql.language.SelectionSet;
import graphql.parser.InvalidSyntaxException;
import graphql.parser.Parser;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a query asks for each thing under its own name. With other names and fragments a small text can ask for an answer of
 * any size; no importer needs them. A field that stands twice is merged, as the language says, and makes no answer longer. A
 * question for the schema alone, which libraries write with fragments, is left to the library.
 */
final class PlainQuery {

    private static final int MOST_FIELDS = 200;

    private int fields;

    private PlainQuery() {}

    /** @return why it is none */
    static Optional<String> fault(String query) {
        try {
            Document document = Parser.parse(query);
            var operations = document.getDefinitionsOfType(OperationDefinition.class);
            if (operations.size() == 1 && asksForTheSchema(operations.getFirst().getSelectionSet())) {
                return Optional.empty();
            }
            if (operations.size() != 1 || document.getDefinitions().size() != 1) {
                return Optional.of("a query is one operation, without fragments");
            }
            return Optional.ofNullable(
                    new PlainQuery().fault(operations.getFirst().getSelectionSet()));
        } catch (InvalidSyntaxException broken) {
            return Optional.of("the query cannot be read at line "
                    + broken.getLocation().getLine() + ", column "
                    + broken.getLocation().getColumn());
        }
    }

    private static boolean asksForTheSchema(SelectionSet root) {
        return root.getSelections().stream()
                .allMatch(selection ->
                        selection instanceof Field field && field.getName().startsWith("__"));
    }

    private @Nullable String fault(SelectionSet selections) {
        for (Selection<?> selection : selections.getSelections()) {
            if (!(selection instanceof Field field)) {
                return "fragments are not understood";
            }
            if (field.getAlias() != null || !field.getDirectives().isEmpty()) {
                return "other names and directives are not understood, at " + field.getName();
            }
            if (++fields > MOST_FIELDS) {
                return "a query asks for at most " + MOST_FIELDS + " fields";
            }
            String deeper = field.getSelectionSet() == null ? null : fault(field.getSelectionSet());
            if (deeper != null) {
                return deeper;
            }
        }
        return null;
    }
}
