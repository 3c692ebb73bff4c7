package org.annona.foundation.database;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Table;
import org.jooq.TableRecord;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Writes many new rows of one table at once, by {@code COPY}: several times faster than inserts, and held to the same
 * constraints. The names in the statement come from the generated tables, the values travel as data.
 */
public final class CopyWriter {

    private static final int BYTES_PER_ROW = 512;
    private static final byte[] BEGINNING =
            "PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int END = -1;
    private static final int NULL = -1;
    private static final int OID_OF_BIGINT = 20;
    /** PostgreSQL counts days and microseconds from here. */
    private static final LocalDate FIRST_DAY = LocalDate.of(2000, 1, 1);

    private static final Instant FIRST_INSTANT = Instant.parse("2000-01-01T00:00:00Z");

    private final @Nullable Table<?> table;
    private final List<Field<?>> columns;
    private final byte[] tuples;

    private CopyWriter(@Nullable Table<?> table, List<Field<?>> columns, byte[] tuples) {
        this.table = table;
        this.columns = columns;
        this.tuples = tuples;
    }

    /**
     * The rows as they will travel; later changes of the records are not seen any more. A column that no row has set keeps
     * its default; where some rows have set it, it is null in the others.
     */
    public static <R extends TableRecord<R>> CopyWriter of(Collection<R> rows) {
        if (rows.isEmpty()) {
            return new CopyWriter(null, List.of(), new byte[0]);
        }
        R first = rows.iterator().next();
        int[] set = IntStream.range(0, first.size())
                .filter(column -> rows.stream().anyMatch(row -> row.touched(column)))
                .toArray();
        List<Field<?>> columns =
                IntStream.of(set).<Field<?>>mapToObj(first::field).collect(Collectors.toList());
        return new CopyWriter(first.getTable(), columns, tuples(set, columns, rows));
    }

    /** @throws org.jooq.exception.DataAccessException where a constraint refuses a row; then none is written */
    public void write(DSLContext tx) {
        if (table == null) {
            return;
        }
        String statement = "copy " + tx.render(table)
                + columns.stream()
                        .map(column -> tx.render(column.getUnqualifiedName()))
                        .collect(Collectors.joining(", ", " (", ") from stdin with (format binary)"));
        tx.connection(connection ->
                connection.unwrap(PGConnection.class).getCopyAPI().copyIn(statement, new ByteArrayInputStream(tuples)));
    }

    /** The binary format of COPY (PostgreSQL documentation, COPY, "Binary Format"). */
    private static <R extends TableRecord<R>> byte[] tuples(int[] set, List<Field<?>> columns, Collection<R> rows) {
        ByteArrayOutputStream tuples = new ByteArrayOutputStream(BEGINNING.length + rows.size() * BYTES_PER_ROW);
        try (DataOutputStream out = new DataOutputStream(tuples)) {
            out.write(BEGINNING);
            for (R row : rows) {
                out.writeShort(set.length);
                for (int i = 0; i < set.length; i++) {
                    append(out, stored(columns.get(i), row.get(set[i])));
                }
            }
            out.writeShort(END);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return tuples.toByteArray();
    }

    /** As the database has it, where Java has another type. */
    private static <T> @Nullable Object stored(Field<T> column, @Nullable Object value) {
        return column.getConverter().to(column.getType().cast(value));
    }

    private static void append(DataOutputStream out, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> out.writeInt(NULL);
            case byte[] bytes -> appendBytes(out, bytes);
            case String text -> appendBytes(out, text.getBytes(StandardCharsets.UTF_8));
            case UUID id -> {
                out.writeInt(2 * Long.BYTES);
                out.writeLong(id.getMostSignificantBits());
                out.writeLong(id.getLeastSignificantBits());
            }
            case Boolean flag -> {
                out.writeInt(1);
                out.writeBoolean(flag);
            }
            case Integer number -> {
                out.writeInt(Integer.BYTES);
                out.writeInt(number);
            }
            case Long number -> appendNumber(out, number);
            case LocalDate day -> {
                out.writeInt(Integer.BYTES);
                out.writeInt(Math.toIntExact(FIRST_DAY.until(day, ChronoUnit.DAYS)));
            }
            case Instant instant -> appendNumber(out, FIRST_INSTANT.until(instant, ChronoUnit.MICROS));
            case JSONB json -> {
                byte[] text = json.data().getBytes(StandardCharsets.UTF_8);
                out.writeInt(1 + text.length);
                out.writeByte(1);
                out.write(text);
            }
            case Long[] numbers -> appendNumbers(out, numbers);
            default -> throw new IllegalArgumentException("a column of " + value.getClass() + " cannot be written yet");
        }
    }

    private static void appendBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static void appendNumber(DataOutputStream out, long number) throws IOException {
        out.writeInt(Long.BYTES);
        out.writeLong(number);
    }

    private static void appendNumbers(DataOutputStream out, Long[] numbers) throws IOException {
        int header = (numbers.length == 0 ? 3 : 5) * Integer.BYTES;
        out.writeInt(header + numbers.length * (Integer.BYTES + Long.BYTES));
        out.writeInt(numbers.length == 0 ? 0 : 1);
        out.writeInt(0);
        out.writeInt(OID_OF_BIGINT);
        if (numbers.length > 0) {
            out.writeInt(numbers.length);
            out.writeInt(1);
        }
        for (long number : numbers) {
            appendNumber(out, number);
        }
    }
}
