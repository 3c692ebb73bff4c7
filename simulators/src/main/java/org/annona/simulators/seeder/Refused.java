package org.annona.simulators.seeder;

import java.util.List;

/** A request that the seeder refuses (reference A5). */
final class Refused extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient List<Fault> faults;

    record Fault(String code, String message) {}

    Refused(int status, List<Fault> faults) {
        super(faults.getFirst().message());
        this.status = status;
        this.faults = List.copyOf(faults);
    }

    static Refused business(String code, String message) {
        return new Refused(400, List.of(new Fault(code, message)));
    }

    static Refused input(String message) {
        return business("ATS-REQ-102", "invalid input. " + message);
    }

    /** An exception that nobody of the seeder's foresaw. */
    static Refused broken(String message) {
        return new Refused(500, List.of(new Fault("ATS-REQ-100", message)));
    }

    int status() {
        return status;
    }

    List<Fault> faults() {
        return faults;
    }
}
