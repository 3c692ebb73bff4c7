package org.annona.registry.pull;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.annona.foundation.problem.Problem;
import org.annona.registry.RegistryProblem;
import org.annona.registry.importing.PersonColumn;
import org.jspecify.annotations.Nullable;

/** What stands in the form of an import from a source, as it was typed. The path of a column is {@code path.GIVEN_NAME}. */
record PullForm(Map<String, String> texts) {

    static PullForm blank(boolean households, QueryType language) {
        return of("", PullTerms.preset(households, language));
    }

    static PullForm of(String name, PullTerms terms) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("name", name);
        texts.put("households", Boolean.toString(terms.households()));
        texts.put("language", terms.question().language().name());
        texts.put("query", terms.question().text());
        texts.put("registryType", terms.question().registryType());
        texts.put("recordType", terms.question().recordType());
        texts.put("identifierType", terms.question().identifierType());
        // Those that are kept are shown to nobody.
        texts.put("identifiers", "");
        texts.put("members", terms.members());
        texts.put("head", terms.head());
        texts.put(
                "roles",
                terms.roles().entrySet().stream()
                        .map(role -> role.getKey() + " = " + role.getValue())
                        .collect(Collectors.joining("\n")));
        texts.put("withoutIdentifier", Boolean.toString(terms.withoutIdentifier()));
        Integer share = terms.goesOnBelow();
        texts.put("confirmed", Boolean.toString(share == null));
        texts.put("share", share == null ? "20" : share.toString());
        texts.put("interval", Integer.toString(terms.intervalMinutes()));
        texts.put("programme", terms.programme());
        texts.put("purpose", terms.purpose());
        for (PersonColumn column : PersonColumn.values()) {
            texts.put(path(column), terms.columns().getOrDefault(column, ""));
        }
        return new PullForm(texts);
    }

    private static String path(PersonColumn column) {
        return "path." + column.name();
    }

    static PullForm typed(Map<String, String> parameters) {
        Map<String, String> texts =
                new LinkedHashMap<>(blank(true, QueryType.GRAPHQL).texts());
        texts.replaceAll((name, usual) -> parameters.getOrDefault(name, "").strip());
        return new PullForm(texts);
    }

    String text(String name) {
        return texts.getOrDefault(name, "");
    }

    PullTerms terms() {
        boolean households = text("households").equals("true");
        Map<PersonColumn, String> columns = new EnumMap<>(PersonColumn.class);
        for (PersonColumn column : PersonColumn.values()) {
            if (!text(path(column)).isEmpty()) {
                columns.put(column, text(path(column)));
            }
        }
        @Nullable
        Integer share =
                text("confirmed").equals("true") ? null : Integer.valueOf(number("share", "Share that may change"));
        return new PullTerms(
                households,
                question(),
                households ? text("members") : "",
                households ? text("head") : "",
                columns,
                roles(),
                text("withoutIdentifier").equals("true"),
                share,
                number("interval", "Minutes between runs"),
                text("programme"),
                text("purpose"));
    }

    private PullQuestion question() {
        QueryType language = Arrays.stream(QueryType.values())
                .filter(one -> one.name().equals(text("language")))
                .findFirst()
                .orElseThrow(() -> unfit("QueryType: there is no such."));
        return language == QueryType.GRAPHQL
                ? PullQuestion.graphql(text("query"))
                : new PullQuestion(
                        language,
                        language == QueryType.IDENTIFIERS ? "" : text("query"),
                        text("registryType"),
                        text("recordType"),
                        language == QueryType.IDENTIFIERS ? text("identifierType") : "",
                        null,
                        0);
    }

    /** One in each line; each once. */
    List<String> identifiers() {
        return text("identifiers")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .distinct()
                .toList();
    }

    /** As {@code Principal Recipient = head}, one in each line. */
    private Map<String, String> roles() {
        Map<String, String> roles = new LinkedHashMap<>();
        for (String line : text("roles").lines().filter(line -> !line.isBlank()).toList()) {
            int sign = line.lastIndexOf('=');
            if (sign < 1 || line.substring(0, sign).isBlank()) {
                throw unfit("Roles: each line looks like Principal Recipient = head.");
            }
            roles.put(
                    line.substring(0, sign).strip(),
                    line.substring(sign + 1).strip().toLowerCase(Locale.ROOT));
        }
        return roles;
    }

    private int number(String name, String label) {
        String text = text(name);
        if (!text.matches("\\d{1,6}")) {
            throw unfit(label + ": a whole number.");
        }
        return Integer.parseInt(text);
    }

    private static Problem unfit(String fault) {
        return Problem.of(RegistryProblem.PULL_UNFIT, "faults", fault);
    }
}
