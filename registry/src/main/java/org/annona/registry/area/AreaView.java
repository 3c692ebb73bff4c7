package org.annona.registry.area;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An area as lists show it. */
record AreaView(
        UUID id,
        String code,
        String name,
        int level,
        @Nullable String parentCode,
        String path,
        long households) {}
