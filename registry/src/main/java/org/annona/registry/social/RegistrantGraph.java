package org.annona.registry.social;

import graphql.ExceptionWhileDataFetching;
import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.GraphQLError;
import graphql.analysis.MaxQueryDepthInstrumentation;
import graphql.language.Field;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLSchema;
import graphql.schema.SelectedField;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import graphql.validation.ValidationError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.annona.exchange.Disclosure;
import org.annona.exchange.GraphqlRegistry;
import org.annona.foundation.database.Database;
import org.annona.registry.social.RegistrantPages.Moment;
import org.annona.registry.social.RegistrantPages.Order;
import org.annona.registry.social.RegistrantPages.Wanted;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers GraphQL as deployed registries do, with their names, without their faults (reference "Import from external social
 * registries", SV-2 to SV-7). What is not understood or may not be known is refused by its name.
 */
final class RegistrantGraph {

    /**
     * An importer states when it asked last, by its own clock. What was being written then became visible later with an earlier
     * stamp, so that the time before is told again; importers store what they know already as the same.
     */
    static final Duration WRITTEN_WITHIN = Duration.ofMinutes(5);

    private static final String LIST = "getRegistrants";
    private static final String TOTAL = "totalRegistrantCount";
    private static final int DEEPEST = 16;
    private static final int LONGEST_QUERY = 20_000;

    /** What somebody has to be allowed to know for a field; of the others we hold nothing, or nothing that is of a person. */
    private static final Map<String, String> RIGHTS = Map.ofEntries(
            Map.entry("name", SharedAttributes.NAME),
            Map.entry("givenName", SharedAttributes.NAME),
            Map.entry("familyName", SharedAttributes.NAME),
            Map.entry("gender", SharedAttributes.SEX),
            Map.entry("birthdate", SharedAttributes.BIRTH_DATE),
            Map.entry("email", SharedAttributes.EMAIL),
            Map.entry("phoneNumberIds", SharedAttributes.PHONE_NUMBER),
            Map.entry("regIds", SharedAttributes.IDENTIFIER),
            Map.entry("registrationDate", SharedAttributes.REGISTRATION_DATE),
            Map.entry("createDate", SharedAttributes.REGISTRATION_DATE),
            Map.entry("writeDate", SharedAttributes.LAST_UPDATED),
            Map.entry("groupMembershipIds", SharedAttributes.MEMBERS));

    private static final Set<String> FILTERS =
            Set.of("isGroup", "limit", "offset", "order", "lastSyncDate", "gender", "birthdate");

    private final Database database;
    private final RegistrantPages pages;
    private final Registrants registrants;
    private final Clock clock;
    private final GraphQL graphql;

    RegistrantGraph(Database database, RegistrantPages pages, Registrants registrants, Clock clock) {
        this.database = database;
        this.pages = pages;
        this.registrants = registrants;
        this.clock = clock;
        this.graphql = GraphQL.newGraphQL(schema())
                .instrumentation(new MaxQueryDepthInstrumentation(DEEPEST))
                .build();
    }

    private GraphQLSchema schema() {
        try (InputStream sdl = RegistrantGraph.class.getResourceAsStream("registrants.graphqls")) {
            String text = new String(Objects.requireNonNull(sdl).readAllBytes(), StandardCharsets.UTF_8);
            RuntimeWiring wiring = RuntimeWiring.newRuntimeWiring()
                    .type(
                            "Query",
                            type -> type.dataFetcher(
                                            LIST,
                                            environment -> asking(environment).list(environment))
                                    .dataFetcher(
                                            TOTAL,
                                            environment -> asking(environment).total(environment)))
                    .build();
            return new SchemaGenerator().makeExecutableSchema(new SchemaParser().parse(text), wiring);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Asking asking(DataFetchingEnvironment environment) {
        return Objects.requireNonNull(environment.getGraphQlContext().get(Asking.class));
    }

    /** Leaves the execution, because nothing else of the query is looked at. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final boolean forbidden;

        Refusal(String text, boolean forbidden) {
            super(text, null, false, false);
            this.forbidden = forbidden;
        }
    }

    GraphqlRegistry.Answered answer(String reader, String query, Disclosure disclosure, int largestPage) {
        if (query.length() > LONGEST_QUERY) {
            return new GraphqlRegistry.Refused("a query has at most " + LONGEST_QUERY + " characters", false);
        }
        Optional<String> fault = PlainQuery.fault(query);
        if (fault.isPresent()) {
            return new GraphqlRegistry.Refused(fault.get(), false);
        }
        return database.onOneSnapshot(sql -> {
            Asking asking = new Asking(sql, reader, disclosure, largestPage);
            ExecutionResult result = graphql.execute(ExecutionInput.newExecutionInput(query)
                    .graphQLContext(context -> context.put(Asking.class, asking))
                    .build());
            return refusal(result).orElseGet(() -> data(result, asking));
        });
    }

    /** @throws RuntimeException what went wrong here, and not in the query */
    private static Optional<GraphqlRegistry.Answered> refusal(ExecutionResult result) {
        for (GraphQLError error : result.getErrors()) {
            if (error instanceof ExceptionWhileDataFetching thrown) {
                if (thrown.getException() instanceof Refusal refusal) {
                    return Optional.of(
                            new GraphqlRegistry.Refused(String.valueOf(refusal.getMessage()), refusal.forbidden));
                }
                throw thrown.getException() instanceof RuntimeException ours
                        ? ours
                        : new IllegalStateException(thrown.getException());
            }
        }
        return result.getErrors().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new GraphqlRegistry.Refused(fault(result.getErrors().getFirst()), false));
    }

    /** Where and what, but none of the library's words: they repeat the values of the query, which may be a person's. */
    private static String fault(GraphQLError error) {
        String where = error.getLocations() == null || error.getLocations().isEmpty()
                ? ""
                : " at line " + error.getLocations().getFirst().getLine() + ", column "
                        + error.getLocations().getFirst().getColumn();
        if (error instanceof ValidationError invalid) {
            List<String> path = Objects.requireNonNullElse(invalid.getQueryPath(), List.of());
            return "the query does not fit the schema: " + invalid.getValidationErrorType()
                    + (path.isEmpty() ? "" : " in " + String.join("/", path)) + where;
        }
        return "the query cannot be executed: " + error.getErrorType() + where;
    }

    /** Both keys are always there (SV-6); a list that was not asked for is none of the answer's people. */
    private static GraphqlRegistry.Answered data(ExecutionResult result, Asking asking) {
        ObjectNode data = JsonMapper.shared().valueToTree(result.getData());
        if (!data.has(LIST)) {
            data.putArray(LIST);
        }
        if (!data.has(TOTAL)) {
            data.put(TOTAL, asking.told.size());
        }
        asking.told.addAll(asking.members);
        return new GraphqlRegistry.Data(data, List.copyOf(asking.told));
    }

    /** One question, while it is answered. */
    private final class Asking {

        private final DSLContext sql;
        private final String reader;
        private final Disclosure disclosure;
        private final int largestPage;
        private final List<UUID> told = new ArrayList<>();
        /** Of the households that are told. */
        private final List<UUID> members = new ArrayList<>();

        private boolean listed;

        Asking(DSLContext sql, String reader, Disclosure disclosure, int largestPage) {
            this.sql = sql;
            this.reader = reader;
            this.disclosure = disclosure;
            this.largestPage = largestPage;
        }

        List<Map<String, @Nullable Object>> list(DataFetchingEnvironment environment) {
            listed = true;
            Wanted wanted = wanted(environment.getArguments());
            Disclosure asked = asked(environment, wanted.groups());
            long offset = number(environment, "offset", 0);
            Long stated = environment.getArgument("limit") == null ? null : number(environment, "limit", 0);
            if (stated != null && stated > largestPage) {
                throw new Refusal("limit is at most " + largestPage, false);
            }
            int limit = stated == null ? largestPage + 1 : stated.intValue();
            List<UUID> ids = pages.page(sql, reader, wanted, offset, limit);
            if (ids.size() > largestPage) {
                throw new Refusal(
                        "there are more than " + largestPage + "; ask page by page, with limit and offset", false);
            }
            told.addAll(ids);
            boolean withMembers = environment.getSelectionSet().contains("groupMembershipIds");
            return wanted.groups()
                    ? registrants.households(sql, ids, LocalDate.now(clock), withMembers ? members : null, asked)
                    : registrants.people(sql, ids, asked);
        }

        private static long number(DataFetchingEnvironment environment, String name, long usual) {
            Integer stated = environment.getArgument(name);
            if (stated != null && stated < 0) {
                throw new Refusal(name + " is not negative", false);
            }
            return stated == null ? usual : stated;
        }

        /** Beside the list it is how long that is, because an importer slices by it; alone it is how many there are (SV-5). */
        int total(DataFetchingEnvironment environment) {
            boolean beside = environment.getOperationDefinition().getSelectionSet().getSelections().stream()
                    .anyMatch(selection ->
                            selection instanceof Field field && !field.getName().equals(TOTAL));
            if (beside && !listed) {
                throw new Refusal(TOTAL + " stands behind " + LIST, false);
            }
            return beside ? told.size() : (int) Math.min(Integer.MAX_VALUE, pages.all(sql));
        }

        private Wanted wanted(Map<String, Object> arguments) {
            for (String argument : arguments.keySet()) {
                if (arguments.get(argument) != null && !FILTERS.contains(argument)) {
                    throw new Refusal("nobody can be found by " + argument + " here", false);
                }
            }
            if (!(arguments.get("isGroup") instanceof Boolean groups)) {
                throw new Refusal("isGroup has to be true (households) or false (people)", false);
            }
            String gender = text(arguments, "gender", groups, SharedAttributes.SEX);
            String birthdate = text(arguments, "birthdate", groups, SharedAttributes.BIRTH_DATE);
            return new Wanted(
                    groups,
                    gender == null ? null : sex(gender),
                    birthdate == null ? null : day(birthdate),
                    changedAfter(arguments),
                    order(arguments));
        }

        private @Nullable String text(Map<String, Object> arguments, String name, boolean groups, String right) {
            Object text = arguments.get(name);
            if (text == null) {
                return null;
            }
            if (groups) {
                throw new Refusal("a household has no " + name, false);
            }
            requireRight(name, right);
            return text.toString();
        }

        private @Nullable Instant changedAfter(Map<String, Object> arguments) {
            Object text = arguments.get("lastSyncDate");
            if (text == null) {
                return null;
            }
            requireRight("lastSyncDate", SharedAttributes.LAST_UPDATED);
            try {
                Instant last = text.toString().length() == "2026-01-15".length()
                        ? LocalDate.parse(text.toString())
                                .atStartOfDay(ZoneOffset.UTC)
                                .toInstant()
                        : Instant.parse(text.toString());
                return last.minus(WRITTEN_WITHIN);
            } catch (DateTimeParseException unreadable) {
                throw new Refusal("lastSyncDate has to look like 2026-01-15T10:30:00.000Z", false);
            }
        }

        /** Whoever may order or search by something learns it. */
        private void requireRight(String argument, String right) {
            if (!disclosure.tells(right)) {
                throw new Refusal("the sender may not ask by " + argument, true);
            }
        }

        private @Nullable Order order(Map<String, Object> arguments) {
            Object text = arguments.get("order");
            String order = text == null
                    ? ""
                    : text.toString().toLowerCase(Locale.ROOT).strip().replaceAll("\\s+", " ");
            if (order.startsWith("create_date")) {
                requireRight("create_date", SharedAttributes.REGISTRATION_DATE);
            } else if (order.startsWith("write_date")) {
                requireRight("write_date", SharedAttributes.LAST_UPDATED);
            }
            return switch (order) {
                case "", "id", "id asc" -> null;
                case "create_date", "create_date asc" -> new Order(Moment.CREATED, false);
                case "create_date desc" -> new Order(Moment.CREATED, true);
                case "write_date", "write_date asc" -> new Order(Moment.CHANGED, false);
                case "write_date desc" -> new Order(Moment.CHANGED, true);
                default -> throw new Refusal("order is one of id, create_date, write_date; asc or desc", false);
            };
        }

        private static String sex(String gender) {
            return switch (gender.toLowerCase(Locale.ROOT)) {
                case "female", "f" -> "F";
                case "male", "m" -> "M";
                case "other", "x" -> "X";
                default -> throw new Refusal("gender is Female, Male or Other", false);
            };
        }

        private static LocalDate day(String text) {
            try {
                return LocalDate.parse(text);
            } catch (DateTimeParseException unreadable) {
                throw new Refusal("birthdate has to look like 1990-01-31", false);
            }
        }

        /** What of the disclosure is asked for. A mask would be taken for the truth by whoever stores it, so it is no right here. */
        private Disclosure asked(DataFetchingEnvironment environment, boolean groups) {
            Set<String> wanted = new HashSet<>();
            Set<String> forbidden = new TreeSet<>();
            for (SelectedField field : environment.getSelectionSet().getFields()) {
                String right = right(field, groups);
                if (right != null) {
                    wanted.add(right);
                    if (!disclosure.tells(right)) {
                        forbidden.add(field.getName());
                    }
                }
            }
            if (!forbidden.isEmpty()) {
                throw new Refusal("the sender may not know " + String.join(", ", forbidden), true);
            }
            return new Disclosure(wanted, Set.of());
        }

        /** A household is called by its number; its memberships are one right, whatever is asked of them. */
        private static @Nullable String right(SelectedField field, boolean groups) {
            String place = field.getQualifiedName();
            boolean ofRegistrant = place.indexOf('/') < 0
                    || Objects.requireNonNull(field.getParentField()).getName().equals("individual");
            if (!ofRegistrant) {
                return null;
            }
            return groups && place.equals("name") ? SharedAttributes.IDENTIFIER : RIGHTS.get(field.getName());
        }
    }
}
