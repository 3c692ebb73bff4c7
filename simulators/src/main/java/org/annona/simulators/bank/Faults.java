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

    /** What happens to the next payment: one thing at most. */
    Mishap mishap(boolean inBatch) {
        for (Fault fault : Fault.values()) {
            Mishap mishap = fault.mishap();
            if (mishap != null && !(inBatch && mishap.isBookedAlone()) && strikes(fault)) {
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
