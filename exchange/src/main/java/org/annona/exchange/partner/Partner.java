package org.annona.exchange.partner;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.message.Refusal;
import org.annona.interop.search.SearchRequest;
import org.annona.interop.signature.DigestProfile;
import org.annona.interop.signature.SignaturePolicy;
import org.annona.interop.signature.SignatureVerifier;
import org.annona.interop.signature.Signer;
import org.jspecify.annotations.Nullable;

/**
 * Another system, as it was agreed with those who run it.
 *
 * @param organisation whose agreement it is; of others the partner is told nothing
 * @param keysUrl where its keys are published; null where they were entered by hand
 * @param ownKeys those keys, as a set of RFC 7517
 * @param hosts that it may have us call
 */
public record Partner(
        UUID id,
        short organisation,
        String senderId,
        String name,
        boolean active,
        String clientId,
        @Nullable String keysUrl,
        String ownKeys,
        Terms terms,
        @Nullable String callbackUrl,
        @Nullable String notifyUrl,
        Set<String> hosts,
        Set<TokenScope> scopes,
        Limits limits,
        Instant updatedAt,
        int version) {

    /** How messages between us look. */
    public record Terms(
            SignaturePolicy signatures,
            Signer signer,
            DigestProfile profile,
            boolean encryptionRequired,
            boolean consentRequired) {

        public static final Terms DEFAULT =
                new Terms(SignaturePolicy.REQUIRED, Signer.PARAMETER_STRING, DigestProfile.STANDARD, false, false);
    }

    /**
     * @param freshnessSeconds how old a message may be at most; null for any age
     * @param signatureSeconds how long a signature may live at most
     */
    public record Limits(
            int mostItems,
            int pageSize,
            int requestsPerMinute,
            int mostSubscriptions,
            boolean lenientCount,
            @Nullable Integer freshnessSeconds,
            int signatureSeconds) {

        public static final Limits DEFAULT = new Limits(1_000, 1_000, 600, 100, false, null, 3_600);

        public SearchRequest.Limits ofSearch() {
            return new SearchRequest.Limits(mostItems, pageSize, lenientCount);
        }

        /** Of a message with more items. */
        public Refusal exceeded() {
            return Refusal.of(ReasonCode.TOTAL_COUNT_LIMIT_EXCEEDED, "a message has at most " + mostItems + " items");
        }
    }

    public Partner {
        hosts = Set.copyOf(hosts);
        scopes = Set.copyOf(scopes);
    }

    /** By which its messages are verified. */
    public SignatureVerifier.Rules signatureRules() {
        return SignatureVerifier.Rules.DEFAULT
                .with(terms.signatures())
                .with(terms.profile())
                .with(Duration.ofSeconds(limits.signatureSeconds()));
    }

    /** As audit entries name it. */
    public String asActor() {
        return "partner:" + senderId;
    }
}
