package org.annona.server.demo;

/** Takes the people of the sample country into a registry, in this house or in another one. */
@FunctionalInterface
public interface Importing {

    Imported take(SampleCountry.Lists lists);
}
