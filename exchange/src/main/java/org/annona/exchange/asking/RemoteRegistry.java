package org.annona.exchange.asking;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a partner's registry is asked.
 *
 * @param address such as {@code https://partner/dci/sr}
 * @param clientId under which it knows us; the secret is sealed
 * @param batch questions in one message
 * @param verifiedAt when an answer of it was verified last
 */
public record RemoteRegistry(
        UUID partnerId,
        String address,
        String tokenAddress,
        String clientId,
        int batch,
        @Nullable Instant verifiedAt,
        int version) {}
