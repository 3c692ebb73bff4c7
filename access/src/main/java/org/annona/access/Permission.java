package org.annona.access;

import java.util.Set;

/** One thing that may be done. Each block lists its own in an enum, with the roles that may. */
public interface Permission {

    /** Stable, such as {@code registry.import}. */
    String code();

    /** In words that complete "may ...", such as {@code import people}. */
    String words();

    Set<Role> roles();
}
