package org.annona.simulators.bank;

import java.util.concurrent.atomic.AtomicInteger;

/** The switches for misbehaviour. Numbers count down: the next so many messages are treated like that. */
final class Faults {

    final AtomicInteger silentAfterAccepting = new AtomicInteger();
    final AtomicInteger errorAfterAccepting = new AtomicInteger();
    final AtomicInteger errorBeforeAccepting = new AtomicInteger();
    final AtomicInteger garbageAfterAccepting = new AtomicInteger();
    final AtomicInteger calledRepetition = new AtomicInteger();
    final AtomicInteger firstRejectedLastLeftOut = new AtomicInteger();
    final AtomicInteger allRejected = new AtomicInteger();
    final AtomicInteger paidTwice = new AtomicInteger();
    /** Statements that say they open with more than the last one closed with. */
    final AtomicInteger wrongOpening = new AtomicInteger();

    volatile boolean outage;

    static boolean strikes(AtomicInteger fault) {
        return fault.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    void set(String name, String value) {
        switch (name) {
            case "silentAfterAccepting" -> silentAfterAccepting.set(Integer.parseInt(value));
            case "errorAfterAccepting" -> errorAfterAccepting.set(Integer.parseInt(value));
            case "errorBeforeAccepting" -> errorBeforeAccepting.set(Integer.parseInt(value));
            case "garbageAfterAccepting" -> garbageAfterAccepting.set(Integer.parseInt(value));
            case "calledRepetition" -> calledRepetition.set(Integer.parseInt(value));
            case "firstRejectedLastLeftOut" -> firstRejectedLastLeftOut.set(Integer.parseInt(value));
            case "allRejected" -> allRejected.set(Integer.parseInt(value));
            case "paidTwice" -> paidTwice.set(Integer.parseInt(value));
            case "wrongOpening" -> wrongOpening.set(Integer.parseInt(value));
            case "outage" -> outage = Boolean.parseBoolean(value);
            default -> throw new IllegalArgumentException("no such fault: " + name);
        }
    }
}
