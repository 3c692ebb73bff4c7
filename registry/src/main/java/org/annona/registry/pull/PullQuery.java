package org.annona.registry.pull;

import graphql.language.Argument;
import graphql.language.AstPrinter;
import graphql.language.BooleanValue;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.IntValue;
import graphql.language.OperationDefinition;
import graphql.language.Selection;
import graphql.language.SelectionSet;
import graphql.language.StringValue;
import graphql.parser.InvalidSyntaxException;
import graphql.parser.Parser;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A query as a person wrote it, or pasted it from the importer of a peer, taken apart: the paging is ours, its other arguments
 * stay as filters, and only fields that are used are asked for (reference IM-4 to IM-6).
 */
final class PullQuery {

    /** What a page is asked by; whatever the text says of it is replaced. */
    private static final Set<String> PAGING = Set.of("limit", "offset", "order", "isGroup");

    private static final String TOTAL = "totalRegistrantCount";

    private final Field list;
    private final SelectionSet selection;

    private PullQuery(Field list, SelectionSet selection) {
        this.list = list;
        this.selection = selection;
    }

    /** @throws UnfitQuery where it is not one question for one list */
    static PullQuery read(String text) {
        Document document;
        try {
            document = Parser.parse(text);
        } catch (InvalidSyntaxException broken) {
            throw new UnfitQuery(
                    "it cannot be read at line " + broken.getLocation().getLine() + ", column "
                            + broken.getLocation().getColumn());
        } catch (RuntimeException endless) {
            throw new UnfitQuery("it is too long");
        }
        List<OperationDefinition> operations = document.getDefinitionsOfType(OperationDefinition.class);
        if (document.getDefinitions().size() != 1
                || operations.size() != 1
                || operations.getFirst().getOperation() != OperationDefinition.Operation.QUERY
                || !operations.getFirst().getVariableDefinitions().isEmpty()) {
            throw new UnfitQuery("it has to be one query, without variables and fragments");
        }
        List<Field> fields = new ArrayList<>();
        for (Selection<?> selection : operations.getFirst().getSelectionSet().getSelections()) {
            if (!(selection instanceof Field field)) {
                throw new UnfitQuery("fragments are not understood");
            }
            if (!field.getName().equals(TOTAL)) {
                fields.add(field);
            }
        }
        SelectionSet selection = fields.size() == 1 ? fields.getFirst().getSelectionSet() : null;
        if (selection == null) {
            throw new UnfitQuery("it has to ask for one list, such as getRegistrants");
        }
        plain(fields.getFirst());
        return new PullQuery(fields.getFirst(), selection);
    }

    private static void plain(Field field) {
        if (field.getAlias() != null || !field.getDirectives().isEmpty()) {
            throw new UnfitQuery("other names and directives are not understood (at " + field.getName() + ")");
        }
        if (field.getSelectionSet() != null) {
            for (Selection<?> selection : field.getSelectionSet().getSelections()) {
                if (!(selection instanceof Field below)) {
                    throw new UnfitQuery("fragments are not understood");
                }
                plain(below);
            }
        }
    }

    /** Whether it asks for everybody, so that whoever is missing in the answer is missing in the source. */
    boolean isUnfiltered() {
        return list.getArguments().stream().allMatch(argument -> PAGING.contains(argument.getName()));
    }

    /** The field of the answer in which the records stand. */
    String listed() {
        return list.getName();
    }

    /** The fields without fields of their own, each as names with points between them. */
    List<String> leaves() {
        List<String> leaves = new ArrayList<>();
        leaves(selection, "", leaves);
        return leaves;
    }

    private static void leaves(SelectionSet set, String above, List<String> leaves) {
        for (Selection<?> selection : set.getSelections()) {
            Field field = (Field) selection;
            String path = above + field.getName();
            if (field.getSelectionSet() == null) {
                leaves.add(path);
            } else {
                leaves(field.getSelectionSet(), path + ".", leaves);
            }
        }
    }

    /** The question for one page, in the text that goes over the wire. */
    String page(boolean households, long offset, int limit, Set<String> fields) {
        return AstPrinter.printAstCompact(document(households, offset, limit, fields));
    }

    Document document(boolean households, long offset, int limit, Set<String> fields) {
        List<Argument> arguments = new ArrayList<>();
        arguments.add(new Argument("isGroup", new BooleanValue(households)));
        arguments.add(new Argument("limit", new IntValue(BigInteger.valueOf(limit))));
        arguments.add(new Argument("offset", new IntValue(BigInteger.valueOf(offset))));
        arguments.add(new Argument("order", new StringValue("id asc")));
        list.getArguments().stream()
                .filter(argument -> !PAGING.contains(argument.getName()))
                .forEach(arguments::add);
        Field page =
                list.transform(field -> field.arguments(arguments).selectionSet(used(selection, "", fields::contains)));
        return Document.newDocument()
                .definition(OperationDefinition.newOperationDefinition()
                        .operation(OperationDefinition.Operation.QUERY)
                        .selectionSet(new SelectionSet(List.of(page)))
                        .build())
                .build();
    }

    private static @Nullable SelectionSet used(SelectionSet set, String above, Predicate<String> isUsed) {
        List<Field> used = new ArrayList<>();
        for (Selection<?> selection : set.getSelections()) {
            Field field = (Field) selection;
            String path = above + field.getName();
            if (field.getSelectionSet() == null) {
                if (isUsed.test(path)) {
                    used.add(field);
                }
            } else {
                SelectionSet below = used(field.getSelectionSet(), path + ".", isUsed);
                if (below != null) {
                    used.add(field.transform(copy -> copy.selectionSet(below)));
                }
            }
        }
        return used.isEmpty() ? null : new SelectionSet(used);
    }
}
