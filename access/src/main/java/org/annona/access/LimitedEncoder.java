package org.annona.access;

import org.annona.foundation.load.Places;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Looks at few passwords at the same time. Each takes much memory on purpose, and anybody may have one looked at: forty at the
 * same time would need twice the heap of a small server.
 */
final class LimitedEncoder implements PasswordEncoder {

    private final PasswordEncoder encoder;
    private final Places places;

    LimitedEncoder(PasswordEncoder encoder, Places places) {
        this.encoder = encoder;
        this.places = places;
    }

    @Override
    public @Nullable String encode(@Nullable CharSequence password) {
        try (Places.Place place = places.enter()) {
            return encoder.encode(password);
        }
    }

    @Override
    public boolean matches(@Nullable CharSequence password, @Nullable String hash) {
        try (Places.Place place = places.enter()) {
            return encoder.matches(password, hash);
        }
    }

    @Override
    public boolean upgradeEncoding(@Nullable String hash) {
        return encoder.upgradeEncoding(hash);
    }
}
