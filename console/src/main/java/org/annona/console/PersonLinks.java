package org.annona.console;

import java.util.List;
import java.util.UUID;
import org.annona.access.Actor;

/** Where a block has something about a person, as links on the pages of other blocks. Only links that the actor may open. */
@FunctionalInterface
public interface PersonLinks {

    /** @param text as people read it */
    record Link(String text, String href) {}

    List<Link> about(Actor actor, UUID person);
}
