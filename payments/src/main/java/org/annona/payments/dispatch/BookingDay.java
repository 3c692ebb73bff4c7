package org.annona.payments.dispatch;

import static org.annona.payments.internal.tables.Tables.STATEMENT;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.jooq.DSLContext;

/** The day on whose statement a payment has to stand if the bank has made it. */
public final class BookingDay {

    private BookingDay() {}

    public static LocalDate of(Instant sent, ZoneId zone, int bookingDays) {
        return LocalDate.ofInstant(sent, zone).plusDays(bookingDays);
    }

    /** Whether a statement of that day or a later one was read after the payment was sent. */
    public static boolean isOver(DSLContext sql, LocalDate day, Instant sent) {
        return sql.fetchExists(STATEMENT, STATEMENT.DAY.ge(day).and(STATEMENT.TAKEN_AT.gt(sent)));
    }
}
