package org.annona.console;

import java.util.List;
import org.annona.access.Actor;

/** Tells what waits for this person in one block, with a query that is cheap at any size. */
@FunctionalInterface
public interface WaitingSource {

    List<WaitingItem> waitingFor(Actor actor);
}
