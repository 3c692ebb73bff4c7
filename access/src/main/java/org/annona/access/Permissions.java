package org.annona.access;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All that may be done in any block of this program. */
public final class Permissions {

    private final List<Permission> all;
    private final Map<String, Permission> byCode;

    public Permissions(Collection<? extends Permission> all) {
        this.all = all.stream()
                .<Permission>map(one -> one)
                .sorted(Comparator.comparing(Permission::code))
                .toList();
        this.byCode = this.all.stream().collect(Collectors.toMap(Permission::code, Function.identity()));
    }

    public List<Permission> all() {
        return all;
    }

    public Optional<Permission> find(String code) {
        return Optional.ofNullable(byCode.get(code));
    }

    /** The codes of what a built-in role may do. */
    Set<String> of(Role role) {
        return all.stream()
                .filter(one -> one.roles().contains(role))
                .map(Permission::code)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether one of these is granted by two. A code that no block knows any more gives nothing. */
    boolean anySensitive(Collection<String> codes) {
        return codes.stream()
                .anyMatch(code -> find(code).map(Permission::sensitive).orElse(false));
    }
}
