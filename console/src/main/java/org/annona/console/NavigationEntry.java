package org.annona.console;

import java.util.List;
import org.annona.access.Actor;
import org.annona.access.Permission;

/**
 * A place in the navigation; shown to those who hold one of the permissions.
 *
 * @param order entries of all blocks are sorted by it
 */
public record NavigationEntry(int order, String label, String path, List<? extends Permission> permissions) {

    public boolean isFor(Actor actor) {
        return actor.mayAny(permissions);
    }

    public boolean holds(String currentPath) {
        return currentPath.equals(path) || currentPath.startsWith(path + "/");
    }
}
