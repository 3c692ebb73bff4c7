package org.annona.registry.importing;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.annona.foundation.problem.Problem;
import org.annona.registry.RegistryProblem;
import org.annona.registry.file.FileShape;

/**
 * Which column of a file holds what.
 *
 * @param columns place in the file (from 0) to meaning; columns that are not listed are not read
 * @param dateOrder how dates are written
 */
record ColumnMapping(Map<Integer, PersonColumn> columns, DateOrder dateOrder) {

    /** Dates as {@code 2001-05-23}, as {@code 23/05/2001} or as {@code 05/23/2001}. */
    enum DateOrder {
        YEAR_MONTH_DAY,
        DAY_MONTH_YEAR,
        MONTH_DAY_YEAR
    }

    /** What the names of the columns suggest; each meaning is proposed once, for the first column that fits. */
    static ColumnMapping proposedFor(FileShape shape) {
        Map<Integer, PersonColumn> columns = new LinkedHashMap<>();
        Set<PersonColumn> open = EnumSet.allOf(PersonColumn.class);
        for (int i = 0; i < shape.header().size(); i++) {
            String name = shape.header().get(i);
            Optional<PersonColumn> meaning =
                    open.stream().filter(column -> column.isCalled(name)).findFirst();
            int place = i;
            meaning.ifPresent(column -> {
                columns.put(place, column);
                open.remove(column);
            });
        }
        return new ColumnMapping(columns, dateOrderOf(shape, columns));
    }

    /** SharedAttributes from the sample where a day beyond 12 betrays it. */
    private static DateOrder dateOrderOf(FileShape shape, Map<Integer, PersonColumn> columns) {
        for (List<String> row : shape.sample()) {
            for (Map.Entry<Integer, PersonColumn> column : columns.entrySet()) {
                if (column.getValue() == PersonColumn.BIRTH_DATE && column.getKey() < row.size()) {
                    String[] parts = row.get(column.getKey()).split("[/.]", -1);
                    if (parts.length == 3 && parts[0].length() <= 2) {
                        return isBeyondTwelve(parts[1]) ? DateOrder.MONTH_DAY_YEAR : DateOrder.DAY_MONTH_YEAR;
                    }
                }
            }
        }
        return DateOrder.YEAR_MONTH_DAY;
    }

    private static boolean isBeyondTwelve(String text) {
        return text.matches("\\d{1,2}") && Integer.parseInt(text) > 12;
    }

    /** Refuses a mapping with which no person could be added. */
    void refuseUnfit() {
        Map<PersonColumn, Integer> places = new EnumMap<>(PersonColumn.class);
        columns.forEach((place, column) -> {
            if (places.put(column, place) != null) {
                throw Problem.of(RegistryProblem.COLUMN_TWICE, "column", column.label());
            }
        });
        String missing = EnumSet.allOf(PersonColumn.class).stream()
                .filter(column -> column.required() && !places.containsKey(column))
                .map(PersonColumn::label)
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw Problem.of(RegistryProblem.COLUMN_MISSING, "columns", missing);
        }
    }
}
