package org.annona.access;

import java.util.Locale;
import java.util.Set;
import org.annona.foundation.text.Texts;

/**
 * One thing that may be done. Each block lists its own in an enum, with the built-in roles that may. Its words stand in the texts of
 * the block, under {@code permission.<code>}.
 */
public interface Permission {

    /** A block's list of what may be done in it. */
    @FunctionalInterface
    interface OfBlock {
        Permission[] all();
    }

    /** Of the enum. */
    String name();

    String block();

    Set<Role> roles();

    /**
     * Moves money, reads or changes personal data, or lets somebody become another user. A role with such a permission is granted by
     * two administrators.
     */
    default boolean sensitive() {
        return false;
    }

    /** Concerns all organisations; a role gives it in the first organisation alone. */
    default boolean ofInstallation() {
        return false;
    }

    /** Stable, such as {@code registry.import}. */
    default String code() {
        return block() + "." + name().toLowerCase(Locale.ROOT);
    }

    /** In words that complete "may ...", such as {@code import people}. */
    default String words(Locale language) {
        return Texts.of(block(), language).say("permission." + code());
    }
}
