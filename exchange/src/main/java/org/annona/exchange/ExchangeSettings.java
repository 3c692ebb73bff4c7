package org.annona.exchange;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.annona.interop.http.Origin;

/**
 * @param senderId under which we sign and are asked for
 * @param aliases other names by which partners may address us
 * @param address under which partners reach this server, such as {@code https://registry.example}; the issuer of tokens
 * @param development whether partners may have us call http and local addresses; only on one's own machine
 * @param trustedHosts in our own network, which may be called over http where they are agreed with a partner
 * @param keepAnswers how long finished answers can be asked for again
 * @param largestMessage in bytes
 */
public record ExchangeSettings(
        String senderId,
        Set<String> aliases,
        String address,
        boolean development,
        Set<String> trustedHosts,
        Duration keepAnswers,
        int largestMessage) {

    public static final int LARGEST_MESSAGE = 10_000_000;

    public ExchangeSettings {
        aliases = Set.copyOf(aliases);
        trustedHosts = Set.copyOf(trustedHosts);
    }

    /** By a name, or by our address, with or without the path of a registry: some send the base address that they call. */
    public boolean isUs(String receiverId) {
        return receiverId.equals(senderId) || aliases.contains(receiverId) || isOurAddress(receiverId);
    }

    private boolean isOurAddress(String receiverId) {
        try {
            String path = Objects.requireNonNullElse(URI.create(receiverId).getPath(), "");
            String ours = Objects.requireNonNullElse(URI.create(address).getPath(), "");
            return Origin.of(receiverId).equals(Origin.of(address)) && (path + "/").startsWith(ours + "/");
        } catch (IllegalArgumentException | NullPointerException noAddress) {
            return false;
        }
    }
}
