package org.annona.mapper;

import org.annona.foundation.sealing.Sensitive;

/** What is known of the account behind an identity. Every identity that is asked for is answered, exactly once. */
public sealed interface Resolution {

    String identity();

    /** @param version rises with every change */
    record Linked(String identity, Sensitive<FinancialAddress> address, int version) implements Resolution {}

    record NotLinked(String identity) implements Resolution {}
}
