package org.annona.demo;

import java.util.function.BiConsumer;

/** Takes the people of the sample country into a registry, of this installation or of another one. */
@FunctionalInterface
public interface Importing {

    /** @param step gets the name of each step and what it did */
    Imported take(SampleCountry.Lists lists, BiConsumer<String, String> step);
}
