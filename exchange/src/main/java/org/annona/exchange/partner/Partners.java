package org.annona.exchange.partner;

import static org.annona.exchange.internal.tables.Tables.DISCLOSURE_RULE;
import static org.annona.exchange.internal.tables.Tables.PARTNER;

import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.annona.access.Actor;
import org.annona.exchange.Disclosure;
import org.annona.exchange.ExchangePermission;
import org.annona.exchange.ExchangeProblem;
import org.annona.exchange.internal.tables.states.PartnerState;
import org.annona.exchange.internal.tables.tables.records.PartnerRecord;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.Sqlstate;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Faults;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.scope.AcrossOrganisations;
import org.annona.foundation.scope.Scope;
import org.annona.interop.http.AddressRules;
import org.annona.interop.http.ForbiddenAddress;
import org.annona.interop.message.ErrorCode;
import org.annona.interop.message.Refusal;
import org.annona.interop.signature.DigestProfile;
import org.annona.interop.signature.SignaturePolicy;
import org.annona.interop.signature.Signer;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Who our partners are, and what was agreed with them. */
public final class Partners {

    private static final int FORBIDDEN = 403;
    private static final Keyset ORDER =
            new Keyset(Map.of("name", PARTNER.NAME, "sender", PARTNER.SENDER_ID), "name", false, PARTNER.ID);
    private static final Pattern SENDER_ID = Pattern.compile("[^|\"\\p{Cntrl}]{1,200}");
    private static final int LONGEST_NAME = 120;
    private static final int MOST_LIMIT = 10_000;
    private static final int MOST_REQUESTS = 1_000_000;
    private static final int SHORTEST_LIFE = 60;
    /** In seconds: shorter than the ids of messages are kept, or a message that is sent again could not be told from a new one. */
    private static final int LONGEST_LIFE = 86_400;

    private final Database database;
    private final boolean development;
    private final Set<String> trustedHosts;
    private final Clock clock;
    private final SecretDigest secrets = new SecretDigest();
    private final AuditTrail audit = new AuditTrail("exchange");
    private final Remembered<Partner> bySender = new Remembered<>();
    private final Remembered<Partner> byClient = new Remembered<>();
    private final Remembered<Map<String, Disclosure>> disclosed = new Remembered<>();

    /**
     * @param development whether partners may have us call http and local addresses
     * @param trustedHosts in our own network: those of them that are agreed with a partner may be called for it
     */
    public Partners(Database database, boolean development, Set<String> trustedHosts, Clock clock) {
        this.database = database;
        this.development = development;
        this.trustedHosts = trustedHosts.stream()
                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        this.clock = clock;
    }

    /** @param secret of its client, shown once and not kept */
    public record Onboarded(Partner partner, String secret) {

        @Override
        public String toString() {
            return "Onboarded[" + partner.senderId() + "]";
        }
    }

    /** Filters: q (a part of name or sender id), state. */
    public Page<Partner> page(Actor actor, PageRequest request) {
        actor.require(ExchangePermission.VIEW);
        Condition condition = DSL.noCondition();
        String text = request.filter("q");
        if (!text.isEmpty()) {
            condition =
                    condition.and(PARTNER.NAME.containsIgnoreCase(text).or(PARTNER.SENDER_ID.containsIgnoreCase(text)));
        }
        if (!request.filter("state").isEmpty()) {
            condition = condition.and(PARTNER.STATE.coerce(String.class).eq(request.filter("state")));
        }
        return ORDER.page(database.sql(), List.of(PARTNER.fields()), PARTNER, condition, request)
                .map(row -> partner(row.into(PARTNER)));
    }

    public Partner show(Actor actor, UUID id) {
        actor.require(ExchangePermission.VIEW);
        return find(id).orElseThrow(() -> Problem.of(ExchangeProblem.PARTNER_UNKNOWN));
    }

    public Optional<Partner> find(UUID id) {
        return database.sql().selectFrom(PARTNER).where(PARTNER.ID.eq(id)).fetchOptional(Partners::partner);
    }

    public Optional<Partner> withSenderId(String senderId) {
        return bySender.get(senderId, () -> recognised(PARTNER.SENDER_ID.eq(senderId)));
    }

    public Optional<Partner> withClientId(String clientId) {
        return byClient.get(clientId, () -> recognised(PARTNER.CLIENT_ID.eq(clientId)));
    }

    /** Of whichever organisation; what is done for the partner then is done in the scope of its own. */
    private Optional<Partner> recognised(Condition known) {
        return Scope.across(AcrossOrganisations.PARTNERS)
                .call(() -> database.sql().selectFrom(PARTNER).where(known).fetchOptional(Partners::partner));
    }

    /** For the token server only. */
    public Optional<String> secretHash(UUID id) {
        return database.sql()
                .select(PARTNER.SECRET_HASH)
                .from(PARTNER)
                .where(PARTNER.ID.eq(id))
                .fetchOptional(PARTNER.SECRET_HASH);
    }

    /** Which addresses that partner may have us call. */
    public AddressRules addresses(Partner partner) {
        return addresses(partner.hosts());
    }

    private AddressRules addresses(Set<String> agreed) {
        if (development) {
            return AddressRules.forDevelopment();
        }
        Set<String> trusted = agreed.stream()
                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                .filter(trustedHosts::contains)
                .collect(Collectors.toSet());
        return AddressRules.hosts(agreed, trusted);
    }

    public Onboarded onboard(Actor actor, PartnerDraft draft) {
        actor.require(ExchangePermission.MANAGE);
        refuseUnfit(draft);
        String secret = SecretDigest.newSecret();
        UUID id = Ids.next();
        try {
            return database.inTransaction(tx -> {
                PartnerRecord row = tx.newRecord(PARTNER);
                row.setId(id);
                row.setSenderId(draft.senderId());
                row.setClientId("client-" + id);
                row.setSecretHash(secrets.encode(secret));
                row.setCreatedBy(actor.name());
                fill(row, draft, actor);
                row.insert();
                audit.append(
                        tx,
                        AuditEvent.of(actor.name(), "exchange.partner.onboard", "partner/" + id)
                                .with("sender", draft.senderId()));
                return new Onboarded(require(tx, id), secret);
            });
        } catch (DataAccessException refused) {
            if (Sqlstate.isConflict(refused)) {
                throw Problem.of(ExchangeProblem.SENDER_ID_TAKEN, "sender", draft.senderId());
            }
            throw refused;
        }
    }

    /** @param version that was looked at; the change of another user in between is not overwritten */
    public void change(Actor actor, UUID id, int version, PartnerDraft draft) {
        actor.require(ExchangePermission.MANAGE);
        refuseUnfit(draft);
        database.transact(tx -> {
            PartnerRecord row = locked(tx, id);
            if (row.getVersion() != version) {
                throw Problem.of(FoundationProblem.CHANGED_MEANWHILE, "what", "The partner");
            }
            fill(row, draft, actor);
            row.setVersion(version + 1);
            row.update();
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "exchange.partner.change", "partner/" + id)
                            .with("signatures", row.getSignatures())
                            .with("scopes", String.join(" ", row.getScopes())));
        });
        forget();
    }

    /** A suspended partner is refused from its next message on, and nothing is sent to it until it is let in again. */
    public void suspend(Actor actor, UUID id, boolean suspended, String reason) {
        actor.require(ExchangePermission.MANAGE);
        database.transact(tx -> {
            PartnerRecord row = locked(tx, id);
            row.setState(suspended ? PartnerState.SUSPENDED : PartnerState.ACTIVE);
            row.setUpdatedBy(actor.name());
            row.setUpdatedAt(clock.instant());
            row.setVersion(row.getVersion() + 1);
            row.update();
            audit.append(
                    tx,
                    AuditEvent.of(
                                    actor.name(),
                                    suspended ? "exchange.partner.suspend" : "exchange.partner.reinstate",
                                    "partner/" + id)
                            .forReason(reason.strip()));
        });
        forget();
    }

    /** The old secret ends at once; tokens that it has bought live on until they expire. */
    public String renewSecret(Actor actor, UUID id) {
        actor.require(ExchangePermission.MANAGE);
        String secret = SecretDigest.newSecret();
        database.transact(tx -> {
            PartnerRecord row = locked(tx, id);
            row.setSecretHash(secrets.encode(secret));
            row.update();
            audit.append(tx, AuditEvent.of(actor.name(), "exchange.partner.renew_secret", "partner/" + id));
        });
        return secret;
    }

    public List<DisclosureRule> rules(UUID partner) {
        return database.sql()
                .selectFrom(DISCLOSURE_RULE)
                .where(DISCLOSURE_RULE.PARTNER_ID.eq(partner))
                .orderBy(DISCLOSURE_RULE.REGISTRY, DISCLOSURE_RULE.PURPOSE)
                .fetch(row -> new DisclosureRule(
                        row.getRegistry(),
                        row.getPurpose(),
                        new Disclosure(
                                Arrays.stream(row.getAttributes()).collect(Collectors.toSet()),
                                Arrays.stream(row.getMasked()).collect(Collectors.toSet()))));
    }

    /** By purpose, for one registry; empty where the partner may know nothing of it. */
    public Map<String, Disclosure> disclosures(UUID partner, String registry) {
        return disclosed
                .get(
                        partner + registry,
                        () -> Optional.of(rules(partner).stream()
                                .filter(rule -> rule.registry().equals(registry))
                                .collect(Collectors.toMap(DisclosureRule::purpose, DisclosureRule::disclosure))))
                .orElseThrow();
    }

    /**
     * The same, for a message that needs them.
     *
     * @throws Refusal where the partner may know nothing of that registry
     */
    public Map<String, Disclosure> requireDisclosures(UUID partner, String registry) {
        Map<String, Disclosure> disclosures = disclosures(partner, registry);
        if (disclosures.isEmpty()) {
            throw Refusal.http(FORBIDDEN, ErrorCode.FORBIDDEN, "nothing of this registry may be told to the sender");
        }
        return disclosures;
    }

    /** Sets what the partner may be told for that purpose; nothing at all takes the rule away. */
    public void disclose(Actor actor, UUID id, DisclosureRule rule) {
        actor.require(ExchangePermission.MANAGE);
        String[] attributes = sorted(rule.disclosure().open().stream());
        String[] masked = sorted(rule.disclosure().masked().stream());
        database.transact(tx -> {
            locked(tx, id);
            tx.deleteFrom(DISCLOSURE_RULE)
                    .where(DISCLOSURE_RULE.PARTNER_ID.eq(id))
                    .and(DISCLOSURE_RULE.REGISTRY.eq(rule.registry()))
                    .and(DISCLOSURE_RULE.PURPOSE.eq(rule.purpose()))
                    .execute();
            if (attributes.length + masked.length > 0) {
                tx.insertInto(DISCLOSURE_RULE)
                        .set(DISCLOSURE_RULE.PARTNER_ID, id)
                        .set(DISCLOSURE_RULE.REGISTRY, rule.registry())
                        .set(DISCLOSURE_RULE.PURPOSE, rule.purpose())
                        .set(DISCLOSURE_RULE.ATTRIBUTES, attributes)
                        .set(DISCLOSURE_RULE.MASKED, masked)
                        .execute();
            }
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "exchange.partner.disclose", "partner/" + id)
                            .with("registry", rule.registry())
                            .with("purpose", rule.purpose())
                            .with("attributes", String.join(" ", attributes))
                            .with("masked", String.join(" ", masked)));
        });
        forget();
    }

    private void forget() {
        bySender.forget();
        byClient.forget();
        disclosed.forget();
    }

    private static String[] sorted(Stream<String> texts) {
        return texts.sorted().toArray(String[]::new);
    }

    private PartnerRecord locked(DSLContext tx, UUID id) {
        return tx.selectFrom(PARTNER)
                .where(PARTNER.ID.eq(id))
                .forUpdate()
                .fetchOptional()
                .orElseThrow(() -> Problem.of(ExchangeProblem.PARTNER_UNKNOWN));
    }

    private static Partner require(DSLContext tx, UUID id) {
        return tx.selectFrom(PARTNER).where(PARTNER.ID.eq(id)).fetchSingle(Partners::partner);
    }

    /** Refuses a draft with everything that is wrong with it. */
    void refuseUnfit(PartnerDraft draft) {
        Faults faults = new Faults();
        refuseUnless(
                faults,
                SENDER_ID.matcher(draft.senderId()).matches(),
                "Sender id",
                "it has 1 to 200 characters, without quotation marks, bars and control characters");
        refuseUnless(
                faults,
                !draft.name().isBlank() && draft.name().length() <= LONGEST_NAME,
                "Name",
                "it has 1 to " + LONGEST_NAME + " characters");
        AddressRules rules = addresses(draft.hosts());
        refuseUnlessAllowed(faults, rules, "Address of its keys", draft.keysUrl());
        refuseUnlessAllowed(faults, rules, "Callback address", draft.callbackUrl());
        refuseUnlessAllowed(faults, rules, "Notification address", draft.notifyUrl());
        Partner.Limits limits = draft.limits();
        refuseUnless(
                faults,
                isBetween(limits.mostItems(), MOST_LIMIT) && isBetween(limits.pageSize(), MOST_LIMIT),
                "Items and page size",
                "they lie between 1 and " + MOST_LIMIT);
        refuseUnless(
                faults,
                isBetween(limits.requestsPerMinute(), MOST_REQUESTS),
                "Requests per minute",
                "they lie between 1 and " + MOST_REQUESTS);
        refuseUnless(
                faults,
                limits.mostSubscriptions() >= 0 && limits.mostSubscriptions() <= MOST_LIMIT,
                "Subscriptions",
                "they lie between 0 and " + MOST_LIMIT);
        refuseUnless(
                faults,
                limits.freshnessSeconds() == null || limits.freshnessSeconds() > 0,
                "Age of messages",
                "it is at least one second, or empty");
        refuseUnless(
                faults,
                limits.signatureSeconds() >= SHORTEST_LIFE && limits.signatureSeconds() <= LONGEST_LIFE,
                "Life of signatures",
                "it lies between " + SHORTEST_LIFE + " and " + LONGEST_LIFE + " seconds");
        boolean hasKey =
                draft.keysUrl() != null || !PartnerKeys.read(draft.ownKeys()).isEmpty();
        if (draft.terms().signatures() == SignaturePolicy.REQUIRED && !hasKey) {
            faults.add(Problem.of(ExchangeProblem.PARTNER_HAS_NO_KEY));
        }
        faults.refuse();
    }

    private static boolean isBetween(int number, int most) {
        return number >= 1 && number <= most;
    }

    private static void refuseUnless(Faults faults, boolean fit, String field, String reason) {
        if (!fit) {
            faults.add(Problem.of(ExchangeProblem.PARTNER_UNFIT, "field", field, "reason", reason));
        }
    }

    private static void refuseUnlessAllowed(Faults faults, AddressRules rules, String field, @Nullable String address) {
        if (address != null) {
            try {
                rules.allowed(address);
            } catch (ForbiddenAddress forbidden) {
                refuseUnless(faults, false, field, String.valueOf(forbidden.getMessage()));
            }
        }
    }

    private void fill(PartnerRecord row, PartnerDraft draft, Actor actor) {
        row.setName(draft.name().strip());
        row.setKeysUrl(draft.keysUrl());
        row.setOwnKeys(JSONB.valueOf(draft.ownKeys()));
        row.setSignatures(code(draft.terms().signatures()));
        row.setSignatureFormat(code(draft.terms().signer()));
        row.setDigestProfile(code(draft.terms().profile()));
        row.setEncryption(demand(draft.terms().encryptionRequired()));
        row.setConsent(demand(draft.terms().consentRequired()));
        row.setCallbackUrl(draft.callbackUrl());
        row.setNotifyUrl(draft.notifyUrl());
        row.setHosts(sorted(draft.hosts().stream().map(host -> host.strip().toLowerCase(Locale.ROOT))));
        row.setScopes(sorted(draft.scopes().stream().map(TokenScope::code)));
        row.setMostItems(draft.limits().mostItems());
        row.setPageSize(draft.limits().pageSize());
        row.setRequestsPerMinute(draft.limits().requestsPerMinute());
        row.setMostSubscriptions(draft.limits().mostSubscriptions());
        row.setLenientCount(draft.limits().lenientCount());
        row.setFreshnessSeconds(draft.limits().freshnessSeconds());
        row.setSignatureSeconds(draft.limits().signatureSeconds());
        row.setUpdatedBy(actor.name());
        row.setUpdatedAt(clock.instant());
    }

    private static String demand(boolean required) {
        return required ? "required" : "optional";
    }

    private static String code(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static Partner partner(PartnerRecord row) {
        return new Partner(
                row.getId(),
                row.getOrganisationId(),
                row.getSenderId(),
                row.getName(),
                row.getState() == PartnerState.ACTIVE,
                row.getClientId(),
                row.getKeysUrl(),
                row.getOwnKeys().data(),
                new Partner.Terms(
                        named(row.getSignatures(), SignaturePolicy::valueOf),
                        named(row.getSignatureFormat(), Signer::valueOf),
                        named(row.getDigestProfile(), DigestProfile::valueOf),
                        row.getEncryption().equals("required"),
                        row.getConsent().equals("required")),
                row.getCallbackUrl(),
                row.getNotifyUrl(),
                Arrays.stream(row.getHosts()).collect(Collectors.toSet()),
                Arrays.stream(row.getScopes())
                        .flatMap(code -> TokenScope.of(code).stream())
                        .collect(Collectors.toSet()),
                new Partner.Limits(
                        row.getMostItems(),
                        row.getPageSize(),
                        row.getRequestsPerMinute(),
                        row.getMostSubscriptions(),
                        row.getLenientCount(),
                        row.getFreshnessSeconds(),
                        row.getSignatureSeconds()),
                row.getUpdatedAt(),
                row.getVersion());
    }

    private static <T> T named(String code, Function<String, T> valueOf) {
        return valueOf.apply(code.toUpperCase(Locale.ROOT));
    }
}
