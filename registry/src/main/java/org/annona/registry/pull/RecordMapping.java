package org.annona.registry.pull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.annona.foundation.digest.RowDigest;
import org.annona.registry.identifier.NameWords;
import org.annona.registry.importing.PersonColumn;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the records of a source as rows of a list. */
final class RecordMapping {

    /** Before a number that the source did not give, but that we made of what it says. */
    private static final String MADE = "~";

    private static final int MADE_BYTES = 16;
    private static final int DAY_LENGTH = 10;
    /** In which two who are one say the same, if they say anything. */
    private static final Set<PersonColumn> SAME =
            Set.of(PersonColumn.BIRTH_DATE, PersonColumn.SEX, PersonColumn.NATIONAL_ID, PersonColumn.VIRTUAL_ID);

    private final PullTerms terms;
    private final Map<PersonColumn, RecordPath> paths = new EnumMap<>(PersonColumn.class);
    private final Map<String, String> roles = new HashMap<>();
    private final List<PersonColumn> listed;

    RecordMapping(PullTerms terms) {
        this.terms = terms;
        this.listed = terms.listed();
        terms.columns()
                .forEach((column, text) ->
                        paths.put(column, RecordPath.read(text).orElseThrow()));
        terms.roles().forEach((word, role) -> roles.put(word.toLowerCase(Locale.ROOT), role));
    }

    /** The fields that have to be asked for; nothing else is. */
    Set<String> fields() {
        Set<String> fields = new LinkedHashSet<>();
        paths.values().forEach(path -> {
            String above = path.isOfMember() ? terms.members() + "." : "";
            (path.isOfMember() ? path.rest() : path).fields().forEach(field -> fields.add(above + field));
        });
        return fields;
    }

    /** The rows of one record: one for each member, or the person herself. Their cells stand in the order of the list. */
    List<List<String>> rows(JsonNode record) {
        if (!terms.households()) {
            return List.of(row(cells(record, record, "")));
        }
        String household = value(PersonColumn.HOUSEHOLD_NO, record, record);
        List<Map<PersonColumn, String>> members = members(record, household);
        if (household.isEmpty() && !members.isEmpty()) {
            // Whatever order they come in.
            String made = MADE
                    + members.stream()
                            .map(member -> member.getOrDefault(PersonColumn.PERSON_NO, ""))
                            .min(Comparator.naturalOrder())
                            .orElseThrow();
            members.forEach(member -> member.put(PersonColumn.HOUSEHOLD_NO, made));
        }
        return members.stream().map(this::row).toList();
    }

    private List<Map<PersonColumn, String>> members(JsonNode record, String household) {
        List<Map<PersonColumn, String>> members = new ArrayList<>();
        JsonNode list = record.path(terms.members());
        for (JsonNode member : list.isArray() ? list : List.of(list)) {
            if (member.isObject()) {
                members.add(cells(record, member, household));
            }
        }
        if (!terms.head().isEmpty()) {
            sayHead(members, record, household);
        }
        return members;
    }

    /** The head is one of the members, told twice and maybe not in the same words; or stands beside them. */
    private void sayHead(List<Map<PersonColumn, String>> members, JsonNode record, String household) {
        JsonNode node = record.path(terms.head());
        Map<PersonColumn, String> head = node.isObject() ? cells(record, node, household) : Map.of();
        Map<PersonColumn, String> found = head.isEmpty() ? null : among(members, head);
        for (Map<PersonColumn, String> member : members) {
            if (member == found) {
                member.put(PersonColumn.ROLE, "head");
            } else if (member.getOrDefault(PersonColumn.ROLE, "").isEmpty()) {
                member.put(PersonColumn.ROLE, "other");
            }
        }
        if (found == null && !head.isEmpty()) {
            head.put(PersonColumn.ROLE, "head");
            members.add(head);
        }
    }

    /** By her number; else the first with the same name, of whom nothing contradicts. */
    private static @Nullable Map<PersonColumn, String> among(
            List<Map<PersonColumn, String>> members, Map<PersonColumn, String> head) {
        String number = head.getOrDefault(PersonColumn.PERSON_NO, "");
        return members.stream()
                .filter(member -> !number.isEmpty() && number.equals(member.getOrDefault(PersonColumn.PERSON_NO, "")))
                .findFirst()
                .or(() ->
                        members.stream().filter(member -> isAlike(member, head)).findFirst())
                .orElse(null);
    }

    private static boolean isAlike(Map<PersonColumn, String> one, Map<PersonColumn, String> other) {
        boolean contradicts = SAME.stream()
                .anyMatch(column -> !one.getOrDefault(column, "").isEmpty()
                        && !other.getOrDefault(column, "").isEmpty()
                        && !one.getOrDefault(column, "").equals(other.getOrDefault(column, "")));
        return !contradicts && name(one).equals(name(other));
    }

    private List<String> row(Map<PersonColumn, String> cells) {
        return listed.stream().map(column -> cells.getOrDefault(column, "")).toList();
    }

    private Map<PersonColumn, String> cells(JsonNode record, JsonNode member, String household) {
        Map<PersonColumn, String> cells = new EnumMap<>(PersonColumn.class);
        paths.keySet().forEach(column -> cells.put(column, value(column, record, member)));
        if (!household.isEmpty()) {
            cells.put(PersonColumn.HOUSEHOLD_NO, household);
        }
        cells.computeIfPresent(
                PersonColumn.ROLE, (column, word) -> roles.getOrDefault(word.toLowerCase(Locale.ROOT), word));
        cells.computeIfPresent(PersonColumn.BIRTH_DATE, (column, text) -> day(text));
        if (cells.getOrDefault(PersonColumn.PERSON_NO, "").isEmpty()) {
            cells.put(PersonColumn.PERSON_NO, number(cells, household));
        }
        return cells;
    }

    private String value(PersonColumn column, JsonNode record, JsonNode member) {
        RecordPath path = paths.get(column);
        if (path == null) {
            return "";
        }
        return path.isOfMember() ? path.rest().in(member) : path.in(record);
    }

    private static String day(String text) {
        return text.length() > DAY_LENGTH && text.charAt(DAY_LENGTH) == 'T' ? text.substring(0, DAY_LENGTH) : text;
    }

    /** By the identifier; else, where that is allowed, by name, birth date, sex and household (reference IM-13, IM-14). */
    private String number(Map<PersonColumn, String> cells, String household) {
        String nationalId = cells.getOrDefault(PersonColumn.NATIONAL_ID, "");
        String virtualId = cells.getOrDefault(PersonColumn.VIRTUAL_ID, "");
        if (!nationalId.isEmpty() || !virtualId.isEmpty()) {
            return nationalId.isEmpty() ? "vid " + virtualId : "id " + nationalId;
        }
        String name = name(cells);
        if (!terms.withoutIdentifier() || name.isEmpty()) {
            return "";
        }
        byte[] digest = RowDigest.ofText(String.join(
                "\u001f",
                name,
                cells.getOrDefault(PersonColumn.BIRTH_DATE, ""),
                cells.getOrDefault(PersonColumn.SEX, ""),
                household));
        return MADE + HexFormat.of().formatHex(digest, 0, MADE_BYTES);
    }

    private static String name(Map<PersonColumn, String> cells) {
        return String.join(
                " ",
                NameWords.of(cells.getOrDefault(PersonColumn.GIVEN_NAME, "") + " "
                                + cells.getOrDefault(PersonColumn.FAMILY_NAME, ""))
                        .stream()
                        .sorted()
                        .toList());
    }
}
