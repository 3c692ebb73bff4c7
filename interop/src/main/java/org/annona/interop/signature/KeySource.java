package org.annona.interop.signature;

import java.util.List;
import org.annona.interop.key.VerificationKey;
import org.jspecify.annotations.Nullable;

/** The keys of one partner, and of nobody else. */
@FunctionalInterface
public interface KeySource {

    /** @param id that a signature names, or null where it names none; then all keys of the partner are meant */
    List<VerificationKey> keys(@Nullable String id);

    /** Fixed keys, such as ones entered by hand. */
    static KeySource of(List<VerificationKey> keys) {
        List<VerificationKey> known = List.copyOf(keys);
        return id -> id == null
                ? known
                : known.stream().filter(key -> key.id().equals(id)).toList();
    }
}
