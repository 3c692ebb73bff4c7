package org.annona.mapper;

import java.time.Instant;
import org.annona.foundation.sealing.Sensitive;

/** What is known of the account behind an identity. Every identity that is asked for is answered, exactly once. */
public sealed interface Resolution {

    String identity();

    /**
     * @param version rises with every change
     * @param since when the account was given
     */
    record Linked(String identity, Sensitive<FinancialAddress> address, int version, Instant since)
            implements Resolution {}

    record NotLinked(String identity) implements Resolution {}
}
