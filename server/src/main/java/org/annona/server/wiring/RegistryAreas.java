package org.annona.server.wiring;

import java.util.List;
import org.annona.programs.AreaDirectory;
import org.annona.registry.Registry;

/** The areas of the registry beside the programmes. */
public final class RegistryAreas implements AreaDirectory {

    private final Registry registry;

    public RegistryAreas(Registry registry) {
        this.registry = registry;
    }

    @Override
    public List<Area> areas(int limit) {
        return registry.areas(limit).stream()
                .map(area -> new Area(area.code(), area.name(), area.path()))
                .toList();
    }

    @Override
    public boolean isUnknown(String code) {
        return !registry.hasArea(code);
    }
}
