package org.annona.postgres;

import java.nio.file.Path;

/** Where the unpacked PostgreSQL programs lie: {@code ANNONA_CACHE}, or {@code .cache/annona} in the user's home. */
public final class CacheFolder {

    private CacheFolder() {}

    public static Path ofThisUser() {
        String configured = System.getenv("ANNONA_CACHE");
        return configured == null || configured.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache", "annona")
                : Path.of(configured);
    }
}
