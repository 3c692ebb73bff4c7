package org.annona.server.wiring;

import java.util.UUID;

/** How a person of the registry is called in the mapper: a G2P Connect id of the form {@code uid:<uuid>@registry}. */
final class PersonIdentity {

    private PersonIdentity() {}

    static String of(UUID personId) {
        return "uid:" + personId + "@registry";
    }
}
