package org.annona.console;

/** A strip at the top of every page, for what surrounds the program, such as a demo. Its template may call its public methods. */
public interface PageStrip {

    /** Name of the template; its fragment {@code strip(strip)} is shown. */
    String template();
}
