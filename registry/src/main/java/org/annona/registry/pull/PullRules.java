package org.annona.registry.pull;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.annona.registry.ProgrammeIntake;
import org.annona.registry.importing.PersonColumn;

/** What an agreement on an import has to be, as far as it can be told without the source. */
final class PullRules {

    private static final int LONGEST_QUERY = 20_000;
    private static final int LONGEST_NAME = 80;
    private static final int LONGEST_CODE = 100;
    private static final Set<String> ROLES = Set.of("head", "spouse", "child", "parent", "other");
    private static final String FIELD = "[A-Za-z_][A-Za-z0-9_]*";

    private final ProgrammeIntake programmes;

    PullRules(ProgrammeIntake programmes) {
        this.programmes = programmes;
    }

    /** @param identifiers to be asked for; empty where a list is kept already, or none is needed */
    List<String> faults(String name, PullTerms terms, List<String> identifiers) {
        List<String> faults = new ArrayList<>(faults(terms, identifiers));
        if (name.isBlank() || name.length() > LONGEST_NAME) {
            faults.addFirst("Name: up to " + LONGEST_NAME + " letters.");
        }
        return faults;
    }

    List<String> faults(PullTerms terms, List<String> identifiers) {
        List<String> faults = new ArrayList<>();
        if (terms.purpose().isBlank()) {
            faults.add("Purpose and ground: it is missing.");
        }
        faults.addAll(ofRecords(terms));
        faults.addAll(ofRuns(terms));
        if (faults.isEmpty()) {
            faults.addAll(ofQuestion(terms, identifiers));
        }
        return faults;
    }

    private static List<String> ofRecords(PullTerms terms) {
        List<String> faults = new ArrayList<>();
        boolean saysHead = !terms.head().isEmpty();
        if (!terms.columns().containsKey(PersonColumn.GIVEN_NAME)) {
            faults.add("Given name: it has to be known where it stands.");
        }
        if (terms.households() && !terms.members().matches(FIELD)) {
            faults.add("Members: the name of the list in which they stand.");
        }
        if (terms.households() && !saysHead && !terms.columns().containsKey(PersonColumn.ROLE)) {
            faults.add("Role in the household: without it no household has a head.");
        }
        if (saysHead && !terms.head().matches(FIELD)) {
            faults.add("Head: the name of the field in which the head stands.");
        }
        if (saysHead && terms.question().language() == QueryType.GRAPHQL) {
            faults.add("Head: by GraphQL roles tell who it is.");
        }
        if (!terms.households()
                && (saysHead
                        || terms.columns().containsKey(PersonColumn.ROLE)
                        || terms.columns().containsKey(PersonColumn.HOUSEHOLD_NO))) {
            faults.add("Number of the household, role, head: these are records of people.");
        }
        terms.columns().forEach((column, text) -> {
            Optional<RecordPath> path = RecordPath.read(text);
            if (path.isEmpty()) {
                faults.add(column.label() + ": '" + text + "' is no path.");
            } else if (path.get().isOfMember() && !terms.households()) {
                faults.add(column.label() + ": people have no members.");
            }
        });
        terms.roles().forEach((word, role) -> {
            if (!ROLES.contains(role)) {
                faults.add("Roles: '" + role + "' is none of head, spouse, child, parent, other.");
            }
        });
        return faults;
    }

    private List<String> ofRuns(PullTerms terms) {
        List<String> faults = new ArrayList<>();
        Integer share = terms.goesOnBelow();
        if (share != null && (share < 0 || share > 100)) {
            faults.add("Share that may change: 0 to 100.");
        }
        if (terms.intervalMinutes() < 0 || terms.intervalMinutes() > 525_600) {
            faults.add("Minutes between runs: 0 to 525600.");
        }
        if (!terms.programme().isEmpty() && !programmes.programmes().containsKey(terms.programme())) {
            faults.add("Programme: there is none with the code '" + terms.programme() + "'.");
        }
        if (!terms.programme().isEmpty() && !terms.households()) {
            faults.add("Programme: only households are brought to a programme.");
        }
        return faults;
    }

    private static List<String> ofQuestion(PullTerms terms, List<String> identifiers) {
        PullQuestion question = terms.question();
        if (question.text().length() > LONGEST_QUERY) {
            return List.of("Query: it is too long.");
        }
        try {
            return switch (question.language()) {
                case GRAPHQL -> unasked(terms);
                case EXPRESSION, PREDICATE -> {
                    SearchText.query(question);
                    yield codes(question);
                }
                case IDENTIFIERS -> {
                    List<String> faults = new ArrayList<>(codes(question));
                    faults.addAll(ofList(question, identifiers));
                    yield faults;
                }
            };
        } catch (UnfitQuery unfit) {
            return List.of(String.valueOf(unfit.getMessage()));
        }
    }

    /** Values that the mapping uses and the query does not ask for. */
    private static List<String> unasked(PullTerms terms) {
        Set<String> leaves =
                new HashSet<>(PullQuery.read(terms.question().text()).leaves());
        return new RecordMapping(terms)
                .fields().stream()
                        .filter(field -> !leaves.contains(field))
                        .map(field -> "Query: it does not ask for " + field + ", which the mapping needs.")
                        .toList();
    }

    private static List<String> codes(PullQuestion question) {
        List<String> faults = new ArrayList<>();
        if (!isCode(question.registryType())) {
            faults.add("Type of the registry: such as ns:org:RegistryType:Social.");
        }
        if (!isCode(question.recordType())) {
            faults.add("Type of the records: such as Member or Group.");
        }
        return faults;
    }

    private static boolean isCode(String text) {
        return text.matches("[A-Za-z0-9_.:/#-]{1," + LONGEST_CODE + "}");
    }

    private static List<String> ofList(PullQuestion question, List<String> identifiers) {
        List<String> faults = new ArrayList<>();
        if (!isCode(question.identifierType())) {
            faults.add("Type of the identifiers: such as UIN.");
        }
        if (identifiers.isEmpty() && question.list() == null) {
            faults.add("Identifiers: one in each line.");
        }
        if (identifiers.size() > IdentifierLists.MOST) {
            faults.add("Identifiers: at most " + IdentifierLists.MOST + "; make several imports of them.");
        }
        if (identifiers.stream().anyMatch(identifier -> identifier.length() > IdentifierLists.LONGEST)) {
            faults.add("Identifiers: up to " + IdentifierLists.LONGEST + " signs in each line.");
        }
        return faults;
    }
}
