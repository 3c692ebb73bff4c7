package org.annona.payments.dispatch;

import static org.annona.payments.internal.tables.Tables.STATEMENT;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.jooq.DSLContext;

/** The last day on which the bank books a payment that it has made. */
public final class BookingDay {

    private BookingDay() {}

    public static LocalDate of(Instant sent, ZoneId zone, int bookingDays) {
        return LocalDate.ofInstant(sent, zone).plusDays(bookingDays);
    }

    /**
     * Whether everything that the bank booked until the end of that day was read after the payment was sent. A bank may split a day over
     * several statements and give the last of them late. Statements are taken in their order, so one of a later day comes after all of them.
     */
    public static boolean isOver(DSLContext sql, LocalDate day, Instant sent) {
        return sql.fetchExists(STATEMENT, STATEMENT.DAY.gt(day).and(STATEMENT.TAKEN_AT.gt(sent)));
    }
}
