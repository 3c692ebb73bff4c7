package org.annona.exchange;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The registries that this installation serves, by their prefixes. */
public final class ServedRegistries {

    private final Map<String, ServedRegistry> byPrefix = new TreeMap<>();

    public ServedRegistries(List<ServedRegistry> registries) {
        for (ServedRegistry registry : registries) {
            if (byPrefix.put(registry.prefix(), registry) != null) {
                throw new IllegalArgumentException("two registries are served at " + registry.prefix());
            }
        }
    }

    public List<ServedRegistry> all() {
        return List.copyOf(byPrefix.values());
    }

    public Optional<ServedRegistry> at(String prefix) {
        return Optional.ofNullable(byPrefix.get(prefix));
    }
}
