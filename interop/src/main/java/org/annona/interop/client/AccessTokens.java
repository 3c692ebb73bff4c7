package org.annona.interop.client;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.annona.interop.http.PartnerHttp;
import org.annona.interop.json.StrictJson;
import org.annona.interop.json.UnreadableJson;
import tools.jackson.databind.JsonNode;

/**
 * Access tokens by client credentials. One serves until a minute before its end; when it has to be renewed, one caller does
 * so and the others wait for it (DCI reference R16.9).
 */
public final class AccessTokens {

    private static final Duration EARLY = Duration.ofSeconds(60);
    private static final long USUAL_LIFE_SECONDS = 300;
    private static final int OK = 200;

    private final PartnerHttp http;
    private final Credentials credentials;
    private final Clock clock;
    private final ReentrantLock renewing = new ReentrantLock();
    private volatile Token current = new Token("", Instant.MIN);

    /** @param scope empty for all that is agreed */
    public record Credentials(String tokenAddress, String clientId, String clientSecret, String scope) {

        @Override
        public String toString() {
            return "Credentials[" + clientId + "]";
        }
    }

    private record Token(String value, Instant until) {

        boolean servesAt(Instant now) {
            return now.isBefore(until);
        }

        @Override
        public String toString() {
            return "Token[sealed]";
        }
    }

    public AccessTokens(PartnerHttp http, Credentials credentials, Clock clock) {
        this.http = http;
        this.credentials = credentials;
        this.clock = clock;
    }

    /** @throws IOException where none can be had now */
    public String token() throws IOException {
        Token known = current;
        if (known.servesAt(clock.instant())) {
            return known.value();
        }
        renewing.lock();
        try {
            if (!current.servesAt(clock.instant())) {
                current = fetch();
            }
            return current.value();
        } finally {
            renewing.unlock();
        }
    }

    /** It was refused, so that it is not used again. */
    public void forget(String refused) {
        renewing.lock();
        try {
            if (current.value().equals(refused)) {
                current = new Token("", Instant.MIN);
            }
        } finally {
            renewing.unlock();
        }
    }

    private Token fetch() throws IOException {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        form.put("client_id", credentials.clientId());
        form.put("client_secret", credentials.clientSecret());
        if (!credentials.scope().isEmpty()) {
            form.put("scope", credentials.scope());
        }
        PartnerHttp.Answer answer = http.postForm(credentials.tokenAddress(), form);
        if (answer.status() != OK) {
            boolean passing = answer.status() >= 500 || answer.status() == 429;
            throw new NoToken(
                    passing
                            ? "its token server answered HTTP " + answer.status()
                            : "its token server refused our client and secret with HTTP " + answer.status(),
                    passing);
        }
        try {
            JsonNode json = StrictJson.read(answer.body());
            String value = json.path("access_token").asString("");
            if (value.isEmpty()) {
                throw new NoToken("its token server gave no token", false);
            }
            String life = json.path("expires_in").asString("");
            long seconds = life.matches("\\d{1,9}") ? Long.parseLong(life) : USUAL_LIFE_SECONDS;
            Duration early = Duration.ofSeconds(Math.min(EARLY.toSeconds(), seconds / 2));
            return new Token(value, clock.instant().plusSeconds(seconds).minus(early));
        } catch (UnreadableJson unreadable) {
            throw new NoToken("the answer of its token server cannot be read", false);
        }
    }
}
