package org.annona.access;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.scope.Scope;
import org.annona.foundation.text.Texts;

/**
 * Who asks for something. Every operation that people start takes one, and begins by asking it for the permission.
 *
 * @param organisation for which the user acts; what the roles allow concerns this one alone
 */
public record Actor(String name, String displayName, Set<Role> roles, short organisation) {

    /** The one with which an installation begins. */
    public static final short FIRST_ORGANISATION = 1;

    /** Work that nobody asked for at this moment: schedules and what follows from committed decisions. */
    public static final String SYSTEM = "system";

    public Actor {
        roles = roles.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(roles));
    }

    /** Of the first organisation. */
    public Actor(String name, String displayName, Set<Role> roles) {
        this(name, displayName, roles, FIRST_ORGANISATION);
    }

    /** In which the actor's work is done. */
    public Scope scope() {
        return Scope.of(organisation);
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
