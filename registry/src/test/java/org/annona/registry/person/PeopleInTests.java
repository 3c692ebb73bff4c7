package org.annona.registry.person;

import java.util.List;
import java.util.Map;
import org.annona.foundation.listing.PageRequest;
import org.annona.registry.RegistryWorld;

/** Opens the hidden side of this feature to the tests of others. */
public final class PeopleInTests {

    private PeopleInTests() {}

    public static List<String> refs(RegistryWorld world, PageRequest request) {
        return world.people.page(RegistryWorld.REGISTRAR, request).rows().stream()
                .map(PersonRow::ref)
                .toList();
    }

    static List<String> search(RegistryWorld world, String text) {
        return refs(world, new PageRequest("", false, null, 50, Map.of("q", text)));
    }
}
