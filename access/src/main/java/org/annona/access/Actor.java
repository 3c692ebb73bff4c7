package org.annona.access;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.scope.Scope;
import org.annona.foundation.text.Texts;

/**
 * Who asks for something. Every operation that people start takes one, and begins by asking it for the permission.
 *
 * @param roles that are built in
 * @param organisation for which the user acts; what the roles allow concerns this one alone
 * @param ownRoles roles of the installation, in the same organisation
 */
public record Actor(String name, String displayName, Set<Role> roles, short organisation, Set<OwnRole> ownRoles) {

    /** The one with which an installation begins. */
    public static final short FIRST_ORGANISATION = 1;

    /** Work that nobody asked for at this moment: schedules and what follows from committed decisions. */
    public static final String SYSTEM = "system";

    public Actor {
        roles = roles.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(roles));
        ownRoles = Set.copyOf(ownRoles);
    }

    /** With built-in roles alone. */
    public Actor(String name, String displayName, Set<Role> roles, short organisation) {
        this(name, displayName, roles, organisation, Set.of());
    }

    /** Of the first organisation. */
    public Actor(String name, String displayName, Set<Role> roles) {
        this(name, displayName, roles, FIRST_ORGANISATION);
    }

    /** In which the actor's work is done. Who has no role anywhere sees nothing of any organisation. */
    public Scope scope() {
        return roles.isEmpty() && ownRoles.isEmpty() ? Scope.NOTHING : Scope.of(organisation);
    }

    public boolean may(Permission permission) {
        boolean here = !permission.ofInstallation() || organisation == FIRST_ORGANISATION;
        return here
                && (permission.roles().stream().anyMatch(roles::contains)
                        || ownRoles.stream().anyMatch(role -> role.permissions().contains(permission.code())));
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
                    "permission",
                    permission.code(),
                    "roles",
                    permission.roles().stream().sorted().map(Role::title).collect(Collectors.joining(" or ")));
        }
    }

    /** The names of all roles, for the person to read. */
    public List<String> titles() {
        return Stream.concat(
                        roles.stream().sorted().map(Role::title),
                        ownRoles.stream().map(OwnRole::name).sorted())
                .toList();
    }
}
