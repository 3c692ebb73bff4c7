package org.annona.access;

import java.util.Locale;
import java.util.Set;
import org.annona.foundation.text.Texts;

/**
 * One thing that may be done. Each block lists its own in an enum, with the roles that may. Its words stand in the texts of the
 * block, under {@code permission.<code>}.
 */
public interface Permission {

    /** Of the enum. */
    String name();

    String block();

    Set<Role> roles();

    /** Stable, such as {@code registry.import}. */
    default String code() {
        return block() + "." + name().toLowerCase(Locale.ROOT);
    }

    /** In words that complete "may ...", such as {@code import people}. */
    default String words(Locale language) {
        return Texts.of(block(), language).say("permission." + code());
    }
}
