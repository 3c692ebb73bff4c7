package org.annona.simulators.seeder;

import java.util.concurrent.atomic.AtomicInteger;

/** The switches for misbehaviour (reference part B). Numbers count down: the next so many are treated like that. */
final class SeederFaults {

    private static final int ALL = Integer.MAX_VALUE;

    /** Requests that are answered with this status instead, and how many. */
    final AtomicInteger failing = new AtomicInteger();

    volatile int failingStatus = 500;
    final AtomicInteger reset = new AtomicInteger();
    /** Taken in, and then the connection breaks before the answer. */
    final AtomicInteger resetAfterAccepting = new AtomicInteger();

    /** Requests that it answers with an exception of its own, in its envelope. */
    final AtomicInteger ownError = new AtomicInteger();

    /** Requests whose identifier is one that nobody can store. */
    final AtomicInteger oddIdentifier = new AtomicInteger();

    final AtomicInteger garbage = new AtomicInteger();
    final AtomicInteger dropCallbacks = new AtomicInteger();
    final AtomicInteger duplicateCallbacks = new AtomicInteger();
    final AtomicInteger contradictoryCallbacks = new AtomicInteger();
    final AtomicInteger callbackTimeout = new AtomicInteger();
    final AtomicInteger foreignRef = new AtomicInteger();
    final AtomicInteger emptyFile = new AtomicInteger();
    final AtomicInteger truncateFile = new AtomicInteger();
    /** A file that names nobody, although records were taken in. */
    final AtomicInteger noResults = new AtomicInteger();

    /** A file in which each result is null, as where the output format fails. */
    final AtomicInteger nullResults = new AtomicInteger();

    final AtomicInteger stuck = new AtomicInteger();
    final AtomicInteger nullToken = new AtomicInteger();
    final AtomicInteger shortToken = new AtomicInteger();
    final AtomicInteger foreignToken = new AtomicInteger();
    volatile boolean shuffleCallbacks;
    volatile long delayMillis;
    volatile long processMillis = 20;
    /** After so long a request is forgotten, whatever became of it; 0 for never. */
    volatile long cleanupMillis;
    /** For so long the status says that it is done before file and callbacks are there. */
    volatile long raceMillis;

    static boolean strikes(AtomicInteger fault) {
        return fault.getAndUpdate(left -> left == ALL ? ALL : Math.max(0, left - 1)) > 0;
    }

    void set(String name, String value) {
        switch (name) {
            case "http" -> {
                String[] parts = value.split("x");
                failingStatus = Integer.parseInt(parts[0]);
                failing.set(parts.length == 1 ? 1 : number(parts[1]));
            }
            case "reset" -> reset.set(number(value));
            case "resetAfterAccepting" -> resetAfterAccepting.set(number(value));
            case "ownError" -> ownError.set(number(value));
            case "oddIdentifier" -> oddIdentifier.set(number(value));
            case "garbage" -> garbage.set(number(value));
            case "dropCallbacks" -> dropCallbacks.set(number(value));
            case "duplicateCallbacks" -> duplicateCallbacks.set(number(value));
            case "contradictoryCallbacks" -> contradictoryCallbacks.set(number(value));
            case "callbackTimeout" -> callbackTimeout.set(number(value));
            case "foreignRef" -> foreignRef.set(number(value));
            case "emptyFile" -> emptyFile.set(number(value));
            case "truncateFile" -> truncateFile.set(number(value));
            case "noResults" -> noResults.set(number(value));
            case "nullResults" -> nullResults.set(number(value));
            case "stuck" -> stuck.set(number(value));
            case "nullToken" -> nullToken.set(number(value));
            case "shortToken" -> shortToken.set(number(value));
            case "foreignToken" -> foreignToken.set(number(value));
            case "shuffleCallbacks" -> shuffleCallbacks = Boolean.parseBoolean(value);
            case "delay" -> delayMillis = Long.parseLong(value);
            case "processDelay" -> processMillis = Long.parseLong(value);
            case "cleanupSeconds" -> cleanupMillis = (long) (Double.parseDouble(value) * 1000);
            case "race" -> raceMillis = Long.parseLong(value);
            default -> throw new IllegalArgumentException("no such fault: " + name);
        }
    }

    private static int number(String value) {
        return value.equals("all") ? ALL : Integer.parseInt(value);
    }
}
