package org.annona.server.demo;

import java.util.function.BiConsumer;

/** Takes the people of the sample country into a registry, in this house or in another one. */
@FunctionalInterface
public interface Importing {

    /** @param step is told each step and its words */
    Imported take(SampleCountry.Lists lists, BiConsumer<String, String> step);
}
