package org.annona.exchange;

import java.util.Set;

/**
 * What one partner may know for one purpose, attribute by attribute of a {@link ServedRegistry}. What is masked is told in
 * parts and cannot be asked for, because asking would reveal it.
 */
public record Disclosure(Set<String> open, Set<String> masked) {

    public Disclosure {
        open = Set.copyOf(open);
        masked = Set.copyOf(masked);
    }

    /** Whether the attribute, or one that it is a part of, is told in clear. */
    public boolean tells(String attribute) {
        return holds(open, attribute) && !masks(attribute);
    }

    public boolean masks(String attribute) {
        return holds(masked, attribute);
    }

    private static boolean holds(Set<String> attributes, String attribute) {
        for (String part = attribute; ; part = part.substring(0, part.lastIndexOf('.'))) {
            if (attributes.contains(part)) {
                return true;
            }
            if (part.indexOf('.') < 0) {
                return false;
            }
        }
    }
}
