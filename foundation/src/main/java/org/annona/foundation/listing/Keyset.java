package org.annona.foundation.listing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectFieldOrAsterisk;
import org.jooq.SortField;
import org.jooq.TableLike;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a page of a query by the values of its last row instead of counting rows from the start: every page costs the
 * same, and rows that come or go in between are neither skipped nor shown twice.
 *
 * @param sortable columns that may be sorted by; they must not be null
 * @param defaultSort one of them
 * @param key unique column that makes the order total
 */
public record Keyset(Map<String, Field<?>> sortable, String defaultSort, boolean descendingByDefault, Field<?> key) {

    /** A position is the values of a row, and whether the page before or after it is wanted. */
    private record Position(boolean before, List<String> values) {}

    public Page<Record> page(
            DSLContext sql,
            List<? extends SelectFieldOrAsterisk> columns,
            TableLike<?> from,
            Condition condition,
            PageRequest request) {
        String sort = request.sort().isEmpty() ? defaultSort : request.sort();
        Field<?> sortField = sortable.get(sort);
        if (sortField == null) {
            throw Problem.of(
                    FoundationProblem.INVALID_INPUT, "field", "Sorting", "reason", "this list has no column " + sort);
        }
        boolean descending = request.sort().isEmpty() ? descendingByDefault : request.descending();
        Position position = request.position() == null ? null : decode(request.position());
        boolean backwards = position != null && position.before();
        List<Field<?>> order = sortField.equals(key) ? List.of(sortField) : List.of(sortField, key);
        var ordered = sql.select(columns)
                .from(from)
                .where(condition)
                .orderBy(order.stream()
                        .map(field -> direct(field, descending != backwards))
                        .toList());
        int oneMore = request.size() + 1;
        List<Record> rows = new ArrayList<>(
                position == null
                        ? ordered.limit(oneMore).fetch()
                        : ordered.seek(values(order, position)).limit(oneMore).fetch());
        boolean more = rows.size() > request.size();
        if (more) {
            rows.removeLast();
        }
        if (backwards) {
            Collections.reverse(rows);
        }
        boolean hasPrevious = backwards ? more : position != null;
        boolean hasNext = backwards || more;
        return new Page<>(
                List.copyOf(rows),
                hasPrevious && !rows.isEmpty() ? encode(true, order, rows.getFirst()) : null,
                hasNext && !rows.isEmpty() ? encode(false, order, rows.getLast()) : null);
    }

    private static SortField<?> direct(Field<?> field, boolean descending) {
        return descending ? field.desc() : field.asc();
    }

    private static Object[] values(List<Field<?>> order, Position position) {
        if (position.values().size() != order.size()) {
            throw outdated();
        }
        Object[] values = new Object[order.size()];
        for (int i = 0; i < values.length; i++) {
            try {
                values[i] = order.get(i).getDataType().convert(position.values().get(i));
            } catch (RuntimeException foreign) {
                throw outdated();
            }
        }
        return values;
    }

    private static String encode(boolean before, List<Field<?>> order, Record row) {
        List<String> values =
                order.stream().map(field -> String.valueOf(row.get(field))).toList();
        byte[] json = JsonMapper.shared().writeValueAsBytes(new Position(before, values));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
    }

    private static Position decode(String text) {
        try {
            byte[] json = Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.US_ASCII));
            Position position = JsonMapper.shared().readValue(json, Position.class);
            if (position == null || position.values() == null) {
                throw new IllegalArgumentException("no position");
            }
            return position;
        } catch (IllegalArgumentException | JacksonException foreign) {
            throw outdated();
        }
    }

    private static Problem outdated() {
        return Problem.of(
                FoundationProblem.INVALID_INPUT,
                "field",
                "Page",
                "reason",
                "this address points into a list that is sorted otherwise; start from its first page");
    }

    /** Walks the whole list page by page, for exports. */
    public interface PageReader<R> {
        Page<R> read(PageRequest request);
    }

    public static <R> void forEach(PageReader<R> reader, PageRequest request, Consumer<R> consumer) {
        @Nullable String position = null;
        do {
            Page<R> page = reader.read(request.at(position).ofSize(PageRequest.LARGEST_SIZE));
            page.rows().forEach(consumer);
            position = page.next();
        } while (position != null);
    }
}
