package org.annona.console;

import java.util.List;
import org.annona.access.Actor;
import org.jspecify.annotations.Nullable;

/** Which pages of other blocks an actor may open, so that no link leads to a refusal. */
public final class Reach {

    private final @Nullable Actor actor;
    private final List<NavigationEntry> entries;

    Reach(@Nullable Actor actor, List<NavigationEntry> entries) {
        this.actor = actor;
        this.entries = entries;
    }

    /** Whether the navigation entry above this address, if there is one, is for the actor. */
    public boolean opens(String href) {
        String path = href.replaceAll("[?#].*", "");
        return entries.stream()
                .filter(entry -> entry.holds(path))
                .allMatch(entry -> actor != null && entry.isFor(actor));
    }
}
