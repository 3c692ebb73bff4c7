package org.annona.access;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.text.Texts;

/** Who asks for something. Every operation that people start takes one, and begins by asking it for the permission. */
public record Actor(String name, String displayName, Set<Role> roles) {

    /** Work that nobody asked for at this moment: schedules and what follows from committed decisions. */
    public static final String SYSTEM = "system";

    public Actor {
        roles = roles.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(roles));
    }

    public boolean may(Permission permission) {
        return permission.roles().stream().anyMatch(roles::contains);
    }

    public boolean mayAny(List<? extends Permission> permissions) {
        return permissions.stream().anyMatch(this::may);
    }

    /** Refuses with a sentence that tells which role would be needed. */
    public void require(Permission permission) {
        if (!may(permission)) {
            throw Problem.of(
                    AccessProblem.NOT_PERMITTED,
                    "words",
                    permission.words(Texts.ENGLISH),
                    "roles",
                    permission.roles().stream().sorted().map(Role::title).collect(Collectors.joining(" or ")));
        }
    }

    public boolean is(Role role) {
        return roles.contains(role);
    }
}
