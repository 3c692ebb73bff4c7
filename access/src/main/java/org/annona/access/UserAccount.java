package org.annona.access;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A user as the list shows it.
 *
 * @param grants oldest first, also those that wait for a second administrator
 * @param hasPassword false until the user has chosen the first one
 * @param passwordResetAt until the user has been told of it
 * @param passwordResetBy who accepted that reset
 */
public record UserAccount(
        String name,
        String displayName,
        List<Grant> grants,
        boolean enabled,
        boolean hasPassword,
        boolean mustChangePassword,
        @Nullable Instant lastLoginAt,
        @Nullable Instant passwordResetAt,
        @Nullable String passwordResetBy) {

    /** Something that the user has to read or to do before anything else. */
    public boolean isHeldUp() {
        return mustChangePassword || passwordResetAt != null;
    }

    private Stream<Grant> inForce() {
        return grants.stream().filter(grant -> grant.inForce() && grant.active());
    }

    boolean isOf(short organisation) {
        return grants.stream().anyMatch(grant -> grant.organisation() == organisation);
    }

    /** As users of that organisation alone see it. */
    UserAccount seenBy(short organisation) {
        return new UserAccount(
                name,
                displayName,
                grants.stream()
                        .filter(grant -> grant.organisation() == organisation)
                        .toList(),
                enabled,
                hasPassword,
                mustChangePassword,
                lastLoginAt,
                passwordResetAt,
                passwordResetBy);
    }

    /** Of any organisation. */
    boolean isAdministrator() {
        return inForce().anyMatch(grant -> grant.gives(Role.ADMINISTRATOR));
    }

    /** For which the user may act, by their names; the first granted one first. */
    public Map<Short, String> organisations() {
        Map<Short, String> names = new LinkedHashMap<>();
        inForce().forEach(grant -> names.putIfAbsent(grant.organisation(), grant.organisationName()));
        return names;
    }

    /** Where the user acts before choosing: the first granted one, or null where there is none. */
    public @Nullable Short firstOrganisation() {
        return organisations().keySet().stream().findFirst().orElse(null);
    }

    /** The built-in roles that are in force there. */
    public Set<Role> roles(short organisation) {
        return inForce()
                .filter(grant -> grant.organisation() == organisation && grant.builtIn())
                .map(grant -> Role.read(grant.role()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Acting for the first granted organisation. */
    public Actor actor() {
        return actor(null);
    }

    /** @param chosen the organisation that the user wants to act for; one without a role of the user counts for nothing */
    public Actor actor(@Nullable Short chosen) {
        Set<Short> possible = organisations().keySet();
        Short first = firstOrganisation();
        short acting =
                chosen != null && possible.contains(chosen) ? chosen : first == null ? Actor.FIRST_ORGANISATION : first;
        return new Actor(
                name,
                displayName,
                roles(acting),
                acting,
                inForce()
                        .filter(grant -> grant.organisation() == acting && !grant.builtIn())
                        .map(grant -> new OwnRole(grant.role(), grant.title(), grant.permissions()))
                        .collect(Collectors.toSet()));
    }
}
