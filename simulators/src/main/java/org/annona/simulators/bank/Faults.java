package org.annona.simulators.bank;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The switches for misbehaviour. Numbers count down: the next so many messages, payments, days or requests for a statement are treated
 * like that.
 */
final class Faults {

    private final Map<Fault, AtomicInteger> left = new EnumMap<>(Fault.class);

    volatile boolean outage;

    Faults() {
        for (Fault fault : Fault.values()) {
            left.put(fault, new AtomicInteger());
        }
    }

    boolean strikes(Fault fault) {
        return left(fault).getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    /** How the payments of the next message are booked. */
    Book.Manner manner() {
        for (Fault fault : Fault.values()) {
            Book.Manner manner = fault.manner();
            if (manner != null && strikes(fault)) {
                return manner;
            }
        }
        return Book.Manner.SINGLY;
    }

    /** What happens to the next payment: one thing at most, and nothing where the bank takes all of them back. */
    Mishap mishap(Book.Manner manner) {
        if (manner == Book.Manner.AS_BATCH_REVERSED) {
            return Mishap.NONE;
        }
        for (Fault fault : Fault.values()) {
            Mishap mishap = fault.mishap();
            if (mishap != null && (manner == Book.Manner.SINGLY || !mishap.isBookedAlone()) && strikes(fault)) {
                return mishap;
            }
        }
        return Mishap.NONE;
    }

    void set(String name, String value) {
        if (name.equals("outage")) {
            outage = Boolean.parseBoolean(value);
        } else {
            left(Fault.of(name)).set(Integer.parseInt(value));
        }
    }

    private AtomicInteger left(Fault fault) {
        return Objects.requireNonNull(left.get(fault));
    }
}
