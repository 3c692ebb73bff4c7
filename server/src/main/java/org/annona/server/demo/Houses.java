package org.annona.server.demo;

/** The names of the two houses of a split demo. */
public final class Houses {

    public static final String REGISTRY = "annona-registry";
    public static final String PROGRAMMES = "annona-programmes";

    private Houses() {}
}
