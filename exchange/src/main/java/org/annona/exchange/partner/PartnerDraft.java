package org.annona.exchange.partner;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is agreed with a partner, as it is entered or changed. The sender id stays what it was at first. */
public record PartnerDraft(
        String senderId,
        String name,
        @Nullable String keysUrl,
        String ownKeys,
        Partner.Terms terms,
        @Nullable String callbackUrl,
        @Nullable String notifyUrl,
        Set<String> hosts,
        Set<TokenScope> scopes,
        Partner.Limits limits) {

    public static final String NO_KEYS = "{\"keys\":[]}";

    public static PartnerDraft of(String senderId, String name) {
        return new PartnerDraft(
                senderId,
                name,
                null,
                NO_KEYS,
                Partner.Terms.DEFAULT,
                null,
                null,
                Set.of(),
                Set.of(TokenScope.SEARCH, TokenScope.STATUS),
                Partner.Limits.DEFAULT);
    }

    public static PartnerDraft of(Partner partner) {
        return new PartnerDraft(
                partner.senderId(),
                partner.name(),
                partner.keysUrl(),
                partner.ownKeys(),
                partner.terms(),
                partner.callbackUrl(),
                partner.notifyUrl(),
                partner.hosts(),
                partner.scopes(),
                partner.limits());
    }

    public PartnerDraft withKeys(String set) {
        return new PartnerDraft(senderId, name, null, set, terms, callbackUrl, notifyUrl, hosts, scopes, limits);
    }

    public PartnerDraft withKeysAt(String url) {
        return new PartnerDraft(senderId, name, url, NO_KEYS, terms, callbackUrl, notifyUrl, hosts, scopes, limits);
    }

    public PartnerDraft with(Partner.Terms other) {
        return new PartnerDraft(senderId, name, keysUrl, ownKeys, other, callbackUrl, notifyUrl, hosts, scopes, limits);
    }

    public PartnerDraft with(Partner.Limits other) {
        return new PartnerDraft(senderId, name, keysUrl, ownKeys, terms, callbackUrl, notifyUrl, hosts, scopes, other);
    }

    public PartnerDraft with(Set<TokenScope> other) {
        return new PartnerDraft(senderId, name, keysUrl, ownKeys, terms, callbackUrl, notifyUrl, hosts, other, limits);
    }

    public PartnerDraft calledAt(@Nullable String callback, @Nullable String notify, Set<String> allowedHosts) {
        return new PartnerDraft(
                senderId, name, keysUrl, ownKeys, terms, callback, notify, allowedHosts, scopes, limits);
    }
}
