package org.annona.exchange.asking;

import static org.annona.exchange.internal.tables.Tables.PARTNER;
import static org.annona.exchange.internal.tables.Tables.REMOTE_REGISTRY;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.annona.access.Actor;
import org.annona.exchange.ExchangePermission;
import org.annona.exchange.ExchangeProblem;
import org.annona.exchange.ExchangeSettings;
import org.annona.exchange.internal.tables.states.PartnerState;
import org.annona.exchange.internal.tables.tables.records.RemoteRegistryRecord;
import org.annona.exchange.keys.OurKeys;
import org.annona.exchange.keys.SignedEnvelopes;
import org.annona.exchange.log.MessageLog;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.PartnerKeys;
import org.annona.exchange.partner.Partners;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.Sealer;
import org.annona.interop.client.AccessTokens;
import org.annona.interop.client.DciClient;
import org.annona.interop.http.ForbiddenAddress;
import org.annona.interop.matching.MatchingRequest;
import org.annona.interop.search.AnswerReader;
import org.annona.interop.search.Outcome;
import org.annona.interop.signature.SignaturePolicy;
import org.annona.interop.signature.SignatureVerifier;
import org.jspecify.annotations.Nullable;

/** The registries of partners: how each is asked, and the asking itself. */
public final class RemoteRegistries {

    private static final String SECRET = "exchange.remote_registry.secret_sealed";

    private final Database database;
    private final Partners partners;
    private final PartnerKeys connections;
    private final OurKeys ourKeys;
    private final SignedEnvelopes envelopes;
    private final MessageLog log;
    private final ExchangeSettings settings;
    private final Sealer sealer;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("exchange");
    private final Map<UUID, Known> clients = new ConcurrentHashMap<>();

    private record Known(int partnerVersion, int version, DciClient client) {}

    public RemoteRegistries(
            Database database,
            Partners partners,
            PartnerKeys connections,
            OurKeys ourKeys,
            SignedEnvelopes envelopes,
            MessageLog log,
            ExchangeSettings settings,
            Keyring keyring,
            Clock clock) {
        this.database = database;
        this.partners = partners;
        this.connections = connections;
        this.ourKeys = ourKeys;
        this.envelopes = envelopes;
        this.log = log;
        this.settings = settings;
        this.sealer = keyring.sealer("exchange");
        this.clock = clock;
    }

    public Optional<RemoteRegistry> find(UUID partner) {
        return database.sql()
                .selectFrom(REMOTE_REGISTRY)
                .where(REMOTE_REGISTRY.PARTNER_ID.eq(partner))
                .fetchOptional(row -> new RemoteRegistry(
                        row.getPartnerId(),
                        row.getAddress(),
                        row.getTokenAddress(),
                        row.getClientId(),
                        row.getBatch(),
                        row.getVerifiedAt(),
                        row.getVersion()));
    }

    /**
     * @param address before the paths of the standard, such as {@code https://registry.example/api/v1}; it is used as it is
     *     written
     * @param secret empty to keep the one that is there
     */
    public void agree(
            Actor actor,
            UUID partnerId,
            String address,
            String tokenAddress,
            String clientId,
            String secret,
            int batch) {
        actor.require(ExchangePermission.MANAGE);
        Partner partner = partners.show(actor, partnerId);
        requireAllowed(partner, "Address of its registry", address);
        String base = address.replaceAll("/+$", "");
        if (base.contains("?") || base.contains("#") || base.contains("/registry/sync/")) {
            throw Problem.of(
                    ExchangeProblem.PARTNER_UNFIT,
                    "field",
                    "Address of its registry",
                    "reason",
                    "it ends before /registry/sync/search, which is added to it");
        }
        requireAllowed(partner, "Address of its tokens", tokenAddress);
        if (clientId.isBlank() || secret.isBlank() && find(partnerId).isEmpty()) {
            throw Problem.of(ExchangeProblem.PARTNER_UNFIT, "field", "Client", "reason", "name and secret are needed");
        }
        if (batch < 1 || batch > 10_000) {
            throw Problem.of(
                    ExchangeProblem.PARTNER_UNFIT, "field", "Questions", "reason", "they lie between 1 and 10000");
        }
        database.transact(tx -> {
            RemoteRegistryRecord row = tx.fetchOptional(REMOTE_REGISTRY, REMOTE_REGISTRY.PARTNER_ID.eq(partnerId))
                    .orElseGet(() -> tx.newRecord(REMOTE_REGISTRY));
            boolean isNew = row.getPartnerId() == null;
            row.setPartnerId(partnerId);
            row.setAddress(base);
            row.setTokenAddress(tokenAddress);
            row.setClientId(clientId);
            if (!secret.isBlank()) {
                row.setSecretSealed(sealer.seal(SECRET, partnerId, secret));
            }
            row.setBatch(batch);
            row.setVerifiedAt(null);
            row.setUpdatedBy(actor.name());
            row.setUpdatedAt(clock.instant());
            row.setVersion(isNew ? 1 : row.getVersion() + 1);
            row.store();
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "exchange.remote.agree", "partner/" + partnerId)
                            .with("address", base));
        });
    }

    private void requireAllowed(Partner partner, String field, String address) {
        try {
            partners.addresses(partner).allowed(address);
        } catch (ForbiddenAddress forbidden) {
            throw Problem.of(
                    ExchangeProblem.PARTNER_UNFIT, "field", field, "reason", String.valueOf(forbidden.getMessage()));
        }
    }

    /**
     * Asks the registry of the partner, at the address that is agreed.
     *
     * @param kind of registry, such as {@code ibr}, for the list of messages
     * @return an outcome for each question, in their order
     * @throws Problem where it is not agreed how
     */
    public Map<String, Outcome> ask(String senderId, String kind, List<DciClient.Question> questions) {
        Partner partner = asked(senderId);
        return logged(partner, kind, () -> client(partner).search(questions));
    }

    /**
     * Asks a registry that another installation of Annona has beside the one that is agreed.
     *
     * @param name of it, such as {@code changes}
     * @return an outcome for each question, in their order
     * @throws Problem where it is not agreed how
     */
    public Map<String, Outcome> askBeside(String senderId, String name, List<DciClient.Question> questions) {
        Partner partner = asked(senderId);
        return logged(partner, name, () -> client(partner).searchBeside(name, questions));
    }

    private Map<String, Outcome> logged(Partner partner, String kind, Supplier<Map<String, Outcome>> asking) {
        Instant begun = clock.instant();
        Map<String, Outcome> outcomes = asking.get();
        Outcome fault = outcomes.values().stream()
                .filter(outcome -> !(outcome instanceof Outcome.Answered))
                .findFirst()
                .orElse(null);
        log(partner, kind, "search", outcomes.size(), fault, begun);
        return outcomes;
    }

    /** Takes one step of an exchange with the registry of the partner. @return answered with the message that was said to it */
    public Outcome match(String senderId, String kind, MatchingRequest.Step step) {
        Partner partner = asked(senderId);
        Instant begun = clock.instant();
        Outcome outcome = client(partner).match(step);
        log(partner, kind, "search", 1, outcome, begun);
        return outcome;
    }

    /** Active partners with whom it is agreed how they are asked: name by sender id. */
    public Map<String, String> agreed() {
        Map<String, String> agreed = new LinkedHashMap<>();
        database.sql()
                .select(PARTNER.SENDER_ID, PARTNER.NAME)
                .from(REMOTE_REGISTRY)
                .join(PARTNER)
                .on(PARTNER.ID.eq(REMOTE_REGISTRY.PARTNER_ID))
                .where(PARTNER.STATE.eq(PartnerState.ACTIVE))
                .orderBy(PARTNER.NAME)
                .forEach(row -> agreed.put(row.value1(), row.value2()));
        return agreed;
    }

    /** How many questions one message to a partner may hold. */
    public int most(String senderId) {
        return agreed(asked(senderId)).batch();
    }

    /** @throws Problem where there is no active partner of that name */
    Partner asked(String senderId) {
        return partners.withSenderId(senderId)
                .filter(Partner::active)
                .orElseThrow(() -> Problem.of(ExchangeProblem.REGISTRY_NOT_AGREED, "partner", senderId));
    }

    /** @throws Problem where it is not agreed how it is asked */
    RemoteRegistry agreed(Partner partner) {
        return find(partner.id())
                .orElseThrow(() -> Problem.of(ExchangeProblem.REGISTRY_NOT_AGREED, "partner", partner.name()));
    }

    /** Has a registry take questions that it answers later. @return pending where it was taken */
    Outcome askLater(
            Partner partner, String kind, String transaction, String replyTo, List<DciClient.Question> questions) {
        Instant begun = clock.instant();
        Outcome outcome = client(partner).searchLater(transaction, replyTo, questions);
        log(partner, kind, "search", questions.size(), outcome, begun);
        return outcome;
    }

    /** @return answered with what the registry keeps of the transaction */
    Outcome askHowFar(Partner partner, String kind, String transaction) {
        Instant begun = clock.instant();
        Outcome outcome = client(partner).status(transaction);
        log(partner, kind, "txn-status", 1, outcome, begun);
        return outcome;
    }

    private void log(Partner partner, String kind, String action, int items, @Nullable Outcome outcome, Instant begun) {
        boolean fine = outcome == null || outcome instanceof Outcome.Answered || outcome instanceof Outcome.Pending;
        log.add(new MessageLog.Entry(
                partner.id(),
                MessageLog.Direction.OUT,
                kind,
                action,
                items,
                outcome == null ? "answered" : outcome instanceof Outcome.Pending ? "acknowledged" : word(outcome),
                fine ? "" : code(Objects.requireNonNull(outcome)),
                fine ? 200 : 0,
                Duration.between(begun, clock.instant())));
    }

    /** In one word, for programs and people alike. */
    public static String word(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answered answered -> "answered";
            case Outcome.Rejected rejected -> "rejected";
            case Outcome.Pending pending -> "pending";
            case Outcome.Unreachable unreachable -> "unreachable";
            case Outcome.Unreadable unreadable -> "unreadable";
        };
    }

    /** Without words of the other side, which might repeat what was asked. */
    private static String code(Outcome outcome) {
        return outcome instanceof Outcome.Rejected(String code, String text) ? code : reason(outcome);
    }

    /** Why nothing is known, for people. */
    public static String reason(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answered answered -> "";
            case Outcome.Rejected rejected -> rejected.code() + " " + rejected.text();
            case Outcome.Pending pending -> "it has not finished";
            case Outcome.Unreachable unreachable -> unreachable.reason();
            case Outcome.Unreadable unreadable -> unreadable.reason();
        };
    }

    /** What became of a test. @param signed whether the answer carries a signature, which then holds */
    public record Tested(Outcome outcome, boolean signed) {}

    /**
     * A signed question about an identifier that no person has. Whatever is answered with a signature that holds shows that the
     * connection works (DCI reference R16.13). Of a partner that need not sign an unsigned answer is taken too, and said to be one.
     */
    public Tested test(Actor actor, UUID partnerId) {
        actor.require(ExchangePermission.MANAGE);
        Partner partner = partners.show(actor, partnerId);
        RemoteRegistry remote = agreed(partner);
        Outcome outcome = tested(connect(partner, remote, SignaturePolicy.REQUIRED));
        boolean signed = outcome instanceof Outcome.Answered;
        if (!signed && partner.terms().signatures() == SignaturePolicy.OPTIONAL) {
            return new Tested(tested(connect(partner, remote, SignaturePolicy.OPTIONAL)), false);
        }
        if (signed) {
            database.sql()
                    .update(REMOTE_REGISTRY)
                    .set(REMOTE_REGISTRY.VERIFIED_AT, clock.instant())
                    .where(REMOTE_REGISTRY.PARTNER_ID.eq(partnerId))
                    .execute();
        }
        return new Tested(outcome, signed);
    }

    private static Outcome tested(DciClient client) {
        return client.search(
                        List.of(new DciClient.Question("test", DciClient.byIdentifier("UIN", "000000000000", null))))
                .values()
                .iterator()
                .next();
    }

    private DciClient client(Partner partner) {
        RemoteRegistry remote = agreed(partner);
        return clients.compute(
                        partner.id(),
                        (id, known) -> known != null
                                        && known.version() == remote.version()
                                        && known.partnerVersion() == partner.version()
                                ? known
                                : new Known(
                                        partner.version(),
                                        remote.version(),
                                        connect(partner, remote, partner.terms().signatures())))
                .client();
    }

    private DciClient connect(Partner partner, RemoteRegistry remote, SignaturePolicy signatures) {
        var http = connections.http(partner);
        boolean encrypted = partner.terms().encryptionRequired();
        String secret = new String(
                sealer.open(
                        SECRET,
                        partner.id(),
                        database.sql()
                                .select(REMOTE_REGISTRY.SECRET_SEALED)
                                .from(REMOTE_REGISTRY)
                                .where(REMOTE_REGISTRY.PARTNER_ID.eq(partner.id()))
                                .fetchSingle()
                                .value1()),
                StandardCharsets.UTF_8);
        SignatureVerifier verifier = new SignatureVerifier(
                connections.signing(partner), partner.signatureRules().with(signatures), clock);
        return new DciClient(
                http,
                new DciClient.Line(
                        remote.address(), settings.senderId(), partner.senderId(), encrypted, remote.batch()),
                new AccessTokens(
                        http,
                        new AccessTokens.Credentials(remote.tokenAddress(), remote.clientId(), secret, ""),
                        clock),
                (header, message) -> envelopes.request(partner, header, message),
                new AnswerReader(verifier, partner.senderId(), settings::isUs, encrypted, ourKeys::decryption),
                clock);
    }
}
