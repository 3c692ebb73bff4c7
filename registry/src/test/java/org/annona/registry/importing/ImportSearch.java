package org.annona.registry.importing;

import org.annona.foundation.listing.PageRequest;
import org.annona.registry.RegistryWorld;
import org.annona.registry.person.PeopleInTests;

/** Counts who is found. */
record ImportSearch(RegistryWorld world) {

    int find(PageRequest request) {
        return PeopleInTests.refs(world, request).size();
    }
}
