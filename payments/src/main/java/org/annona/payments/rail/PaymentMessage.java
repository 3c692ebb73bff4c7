package org.annona.payments.rail;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.annona.foundation.money.Money;

/**
 * What is to be paid by one message.
 *
 * @param id at most 35 characters, never used twice
 */
public record PaymentMessage(
        String id, Instant createdAt, LocalDate payOn, String currency, List<Item> items, String purpose) {

    /**
     * @param reference ours, unique for ever; comes back on the statement
     * @param scheme {@code account} or {@code mobile}
     */
    public record Item(String reference, Money amount, String scheme, String provider, String number) {

        @Override
        public String toString() {
            return "Item[" + reference + "]";
        }
    }

    public PaymentMessage {
        items = List.copyOf(items);
    }
}
