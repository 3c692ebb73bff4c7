package org.annona.console;

import java.util.List;
import java.util.UUID;
import org.annona.access.Actor;

/** Where another block has something about a person of the registry, as links on her page. */
@FunctionalInterface
public interface PersonLinks {

    /** @param text as people read it */
    record Link(String text, String href) {}

    List<Link> about(Actor actor, UUID person);
}
