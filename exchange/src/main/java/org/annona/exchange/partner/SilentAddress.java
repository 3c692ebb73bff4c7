package org.annona.exchange.partner;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * An address of a partner that does not take what is sent to it.
 *
 * @param waiting messages
 */
public record SilentAddress(String address, Instant since, String lastError, long waiting) {

    /** Who knows of them. */
    @FunctionalInterface
    public interface Source {
        List<SilentAddress> of(UUID partner);
    }
}
