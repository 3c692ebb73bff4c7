package org.annona.exchange.inbound;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.annona.exchange.ExchangeSettings;
import org.annona.exchange.ServedRegistries;
import org.annona.exchange.ServedRegistry;
import org.annona.exchange.keys.OurKeys;
import org.annona.exchange.log.MessageLog;
import org.annona.exchange.operation.Acknowledgements;
import org.annona.exchange.operation.DeferredHandler;
import org.annona.exchange.operation.Dialect;
import org.annona.exchange.operation.Handled;
import org.annona.exchange.operation.Message;
import org.annona.exchange.operation.OperationHandler;
import org.annona.exchange.operation.OperationHandlers;
import org.annona.exchange.operation.RefusedOperation;
import org.annona.exchange.operation.RegistryHandler;
import org.annona.exchange.operation.ReplyHandler;
import org.annona.exchange.operation.SyncHandler;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.PartnerKeys;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.partner.TokenScope;
import org.annona.exchange.token.Bearer;
import org.annona.foundation.load.MemoryBudget;
import org.annona.foundation.load.Places;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.scope.Scope;
import org.annona.interop.encryption.MessageEncryption;
import org.annona.interop.encryption.UndecryptableMessage;
import org.annona.interop.http.ForbiddenAddress;
import org.annona.interop.json.JsonBody;
import org.annona.interop.json.StrictJson;
import org.annona.interop.json.UnreadableJson;
import org.annona.interop.message.Acknowledgement;
import org.annona.interop.message.Envelope;
import org.annona.interop.message.ErrorCode;
import org.annona.interop.message.MessageHeader;
import org.annona.interop.message.Operation;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.message.Refusal;
import org.annona.interop.signature.SignatureVerifier;
import org.annona.interop.signature.Verdict;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks every message in the order of DCI reference R2.6: announced size and type, bearer, JSON, header and sender,
 * signature, encryption. Then the {@link OperationHandler} at its path gets it. A refusal is a code of the standard in both of
 * its shapes, and nothing else has happened.
 *
 * <p>The reference has JSON before the bearer. Here no body is read before its sender is known, because messages of
 * strangers would otherwise fill the memory (decision 0020).
 */
public final class InboundMessages {

    private static final Logger LOG = LoggerFactory.getLogger(InboundMessages.class);
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int TOO_LARGE = 413;
    private static final int WRONG_TYPE = 415;
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;
    private static final int SECONDS_UNTIL_LESS_BUSY = 5;
    /** They answer below the prefix under which they were asked, also where we serve no such registry. */
    private static final Set<String> REGISTRIES_THAT_WE_ASK = Set.of("sr", "ibr", "crvs", "fr", "dr");

    private final ServedRegistries registries;
    private final Partners partners;
    private final PartnerKeys theirs;
    private final OurKeys ours;
    private final Bearer bearer;
    private final OperationHandlers handlers;
    private final Acknowledgements acknowledgements;
    private final MessageLog log;
    private final ExchangeSettings settings;
    private final Clock clock;
    private final MemoryBudget memory;
    private final Places places;
    private final RateLimits limits = new RateLimits();

    /**
     * @param memory for the bodies of all partners that are in work
     * @param places for messages that have come whole
     */
    public InboundMessages(
            ServedRegistries registries,
            Partners partners,
            PartnerKeys theirs,
            OurKeys ours,
            Bearer bearer,
            OperationHandlers handlers,
            Acknowledgements acknowledgements,
            MessageLog log,
            ExchangeSettings settings,
            MemoryBudget memory,
            Places places,
            Clock clock) {
        this.registries = registries;
        this.partners = partners;
        this.theirs = theirs;
        this.ours = ours;
        this.bearer = bearer;
        this.handlers = handlers;
        this.acknowledgements = acknowledgements;
        this.log = log;
        this.settings = settings;
        this.memory = memory;
        this.places = places;
        this.clock = clock;
    }

    /** What is found out about a message on its way, for the message log. */
    private static final class Findings {
        private @Nullable Partner partner;
        private @Nullable Operation operation;
        private int items;
        private long wait;
    }

    Response receive(Call call) {
        Instant begun = clock.instant();
        Findings findings = new Findings();
        Response response;
        String outcome;
        String detail = "";
        try (MemoryBudget.Claim room = memory.claim()) {
            Handled handled = handle(call, findings, room);
            findings.items = handled.items();
            outcome = handled.outcome();
            detail = handled.detail();
            response = new Response(Response.OK, Map.of(), handled.body());
        } catch (RuntimeException failure) {
            Refusal refusal = refusal(call, failure, findings);
            outcome = refusal.code().code();
            detail = refusal.text();
            response = refused(refusal, findings);
        }
        log(call, findings, outcome, detail, response.status(), begun);
        return response;
    }

    private static Refusal refusal(Call call, RuntimeException failure, Findings findings) {
        if (failure instanceof Refusal refusal) {
            return call.dialect().told(refusal);
        }
        if (failure instanceof Problem problem && problem.code() == FoundationProblem.BUSY) {
            findings.wait = SECONDS_UNTIL_LESS_BUSY;
            return Refusal.http(
                    UNAVAILABLE,
                    ErrorCode.SERVICE_UNAVAILABLE,
                    "too many messages are in work; try again in " + findings.wait + " s");
        }
        String reference = UUID.randomUUID().toString().substring(0, 8);
        LOG.error(
                "a message to {}{} could not be handled, reference {}",
                call.registry(),
                call.path(),
                reference,
                failure);
        return Refusal.http(
                UNAVAILABLE,
                ErrorCode.SERVICE_UNAVAILABLE,
                "it cannot be answered now; try again later (reference " + reference + ")");
    }

    private Response refused(Refusal refusal, Findings findings) {
        Map<String, String> headers = new HashMap<>();
        if (refusal.code() == ErrorCode.UNAUTHORIZED) {
            headers.put("WWW-Authenticate", "Bearer");
        }
        if (findings.wait > 0) {
            headers.put("Retry-After", Long.toString(findings.wait));
        }
        ObjectNode body = Acknowledgement.refused(refusal, UUID.randomUUID().toString(), clock.instant());
        return new Response(refusal.status(), headers, body.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Messages of strangers are not logged: they could fill the disk. */
    private void log(Call call, Findings findings, String outcome, String detail, int status, Instant begun) {
        Partner partner = findings.partner;
        if (partner == null) {
            return;
        }
        try {
            log.add(new MessageLog.Entry(
                    partner.id(),
                    MessageLog.Direction.IN,
                    call.registry(),
                    findings.operation == null ? "" : findings.operation.action(),
                    findings.items,
                    outcome,
                    detail,
                    status,
                    Duration.between(begun, clock.instant())));
        } catch (RuntimeException unwritten) {
            LOG.warn("a message could not be logged: {}", unwritten.getClass().getName());
        }
    }

    private Handled handle(Call call, Findings findings, MemoryBudget.Claim room) {
        Addressed addressed = addressed(call);
        OperationHandler handler = addressed.handler();
        findings.operation = handler.operation();
        if (!call.method().equals("POST")) {
            throw Refusal.http(METHOD_NOT_ALLOWED, ErrorCode.BAD_REQUEST, "operations are called with POST");
        }
        Dialect dialect = call.dialect();
        boolean file = isFile(call.contentType());
        if (!file && (!dialect.departs() || call.contentType() != null)) {
            requireJson(call.contentType());
        }
        requireFitting(call.length());
        Bearer.Token token = bearer.read(call.authorization());
        Partner caller = partners.withClientId(token.clientId())
                .orElseThrow(() -> Refusal.http(401, ErrorCode.UNAUTHORIZED, "the client of the token is not known"));
        findings.partner = caller;
        findings.wait = limits.waitFor(caller);
        if (findings.wait > 0) {
            throw Refusal.http(
                    TOO_MANY,
                    ErrorCode.TOO_MANY_REQUESTS,
                    "more than " + caller.limits().requestsPerMinute() + " requests per minute; try again in "
                            + findings.wait + " s");
        }
        if (file || dialect.departs()) {
            // A table, or a message that is rewritten, is read only for a sender who may send one.
            requireActive(caller);
        }
        byte[] body = file ? file(call, handler, caller, room) : body(call, room);
        try (Places.Place place = places.enter()) {
            byte[] message = file ? body : dialect.standard(body, caller.senderId());
            Envelope envelope = Envelope.read(message, call.signature(), handler.operation());
            return Scope.of(caller.organisation())
                    .call(() -> handle(new Received(envelope, token, caller), addressed, room));
        }
    }

    /** What a message is for. */
    private sealed interface Addressed {
        OperationHandler handler();
    }

    private record ToRegistry<R extends ServedRegistry>(RegistryHandler<R> handler, R registry) implements Addressed {}

    private record ToUs(ReplyHandler handler) implements Addressed {}

    private record Refused(RefusedOperation handler) implements Addressed {}

    private Addressed addressed(Call call) {
        OperationHandler handler = handlers.at(call.dialect(), call.path()).orElseThrow(InboundMessages::noOperation);
        Optional<ServedRegistry> registry = registries.at(call.registry());
        if (registry.isEmpty()
                && (handler instanceof RegistryHandler<?> || !REGISTRIES_THAT_WE_ASK.contains(call.registry()))) {
            throw Refusal.http(NOT_FOUND, ErrorCode.NOT_FOUND, "there is no registry at this path");
        }
        return switch (handler) {
            case RegistryHandler<?> ofRegistry -> toRegistry(ofRegistry, registry.orElseThrow());
            case ReplyHandler reply -> new ToUs(reply);
            case RefusedOperation refused -> new Refused(refused);
        };
    }

    private static <R extends ServedRegistry> Addressed toRegistry(
            RegistryHandler<R> handler, ServedRegistry registry) {
        if (!handler.registryType().isInstance(registry)) {
            throw noOperation();
        }
        return new ToRegistry<>(handler, handler.registryType().cast(registry));
    }

    private static Refusal noOperation() {
        return Refusal.http(NOT_FOUND, ErrorCode.NOT_FOUND, "there is no operation at this path");
    }

    private record Received(Envelope envelope, Bearer.Token token, Partner caller) {}

    private Handled handle(Received received, Addressed addressed, MemoryBudget.Claim room) {
        Envelope envelope = received.envelope();
        Partner caller = received.caller();
        MessageHeader header = envelope.header();
        requireSender(header, caller);
        if (addressed instanceof Refused(RefusedOperation operation)) {
            throw operation.refusal();
        }
        requireAllowed(header, addressed.handler(), received.token(), caller);
        verify(envelope, caller);
        envelope.requireMessage();
        JsonNode content = opened(envelope, caller, room);
        return switch (addressed) {
            case ToRegistry<?> asked -> handle(asked, caller, header, content);
            case ToUs(ReplyHandler handler) -> acknowledgements.receive(handler, caller, header, content);
            case Refused(RefusedOperation operation) -> throw operation.refusal();
        };
    }

    private <R extends ServedRegistry> Handled handle(
            ToRegistry<R> asked, Partner caller, MessageHeader header, JsonNode content) {
        Message<R> message =
                new Message<>(caller, asked.registry(), asked.handler().operation(), header, content);
        return switch (asked.handler()) {
            case SyncHandler<R> handler -> handler.handle(message);
            case DeferredHandler<R> handler -> acknowledgements.store(handler, message);
        };
    }

    private static void requireJson(@Nullable String contentType) {
        String type =
                contentType == null ? "" : contentType.toLowerCase(Locale.ROOT).strip();
        int end = type.indexOf(';');
        String charset = end < 0 ? "" : type.substring(end + 1).replaceAll("[\\s\"]", "");
        boolean json = (end < 0 ? type : type.substring(0, end)).strip().equals("application/json");
        if (!json || !(charset.isEmpty() || charset.equals("charset=utf-8") || charset.equals("charset=utf8"))) {
            throw Refusal.http(
                    WRONG_TYPE,
                    ErrorCode.BAD_REQUEST,
                    "Content-Type has to be application/json, in UTF-8, or multipart/form-data");
        }
    }

    private static boolean isFile(@Nullable String contentType) {
        return contentType != null
                && contentType.toLowerCase(Locale.ROOT).strip().startsWith("multipart/form-data");
    }

    /** The message that a file brings (DCI reference R12.19); the sender of a table is the owner of the token. */
    private static byte[] file(Call call, OperationHandler handler, Partner caller, MemoryBudget.Claim room) {
        if (!handler.takesFiles()) {
            throw Refusal.http(WRONG_TYPE, ErrorCode.BAD_REQUEST, "files are not taken at this path");
        }
        try {
            room.add(call.length());
            byte[] envelope = MessageFile.of(call.parts().read()).envelope(handler.operation(), caller.senderId());
            room.add(JsonBody.need(envelope));
            return envelope;
        } catch (IOException noForm) {
            throw Refusal.http(BAD_REQUEST, ErrorCode.BAD_REQUEST, "the form with the file cannot be read");
        }
    }

    private void requireFitting(long bytes) {
        if (bytes > settings.largestMessage()) {
            throw Refusal.http(
                    TOO_LARGE, ErrorCode.BAD_REQUEST, "a message has at most " + settings.largestMessage() + " bytes");
        }
    }

    private byte[] body(Call call, MemoryBudget.Claim room) {
        try {
            byte[] body = JsonBody.read(call.body(), settings.largestMessage(), room::add);
            requireFitting(body.length);
            return body;
        } catch (IOException broken) {
            throw Refusal.http(BAD_REQUEST, ErrorCode.BAD_REQUEST, "the body did not arrive whole");
        }
    }

    private static void requireActive(@Nullable Partner sender) {
        if (sender == null || !sender.active()) {
            throw Refusal.of(ErrorCode.SENDER_ID_INVALID, "sender_id names no active partner");
        }
    }

    private void requireSender(MessageHeader header, Partner caller) {
        boolean unnamed = header.senderId().isEmpty();
        Optional<Partner> sender = unnamed ? Optional.of(caller) : partners.withSenderId(header.senderId());
        requireActive(sender.orElse(null));
        String receiver = header.receiverId();
        if (receiver != null && !receiver.isEmpty() && !settings.isUs(receiver)) {
            throw Refusal.of(ErrorCode.RECEIVER_ID_INVALID, "receiver_id names somebody else");
        }
        if (!sender.orElseThrow().id().equals(caller.id())) {
            throw Refusal.http(FORBIDDEN, ErrorCode.FORBIDDEN, "the token belongs to another sender than sender_id");
        }
    }

    private void requireAllowed(MessageHeader header, OperationHandler handler, Bearer.Token token, Partner caller) {
        TokenScope scope = handler.scope();
        if (!token.scopes().contains(scope) || !caller.scopes().contains(scope)) {
            throw Refusal.http(FORBIDDEN, ErrorCode.FORBIDDEN, "the token has no scope " + scope.code());
        }
        if (header.senderUri() != null) {
            try {
                partners.addresses(caller).allowed(header.senderUri());
            } catch (ForbiddenAddress forbidden) {
                throw Refusal.of(ErrorCode.SENDER_URI_INVALID, "sender_uri: " + forbidden.getMessage());
            }
        }
        Integer freshness = caller.limits().freshnessSeconds();
        if (freshness != null && header.messageTs().isBefore(clock.instant().minusSeconds(freshness))) {
            throw Refusal.of(ReasonCode.MESSAGE_TS_INVALID, "the message is older than " + freshness + " seconds");
        }
    }

    private void verify(Envelope envelope, Partner caller) {
        SignatureVerifier verifier = new SignatureVerifier(theirs.signing(caller), caller.signatureRules(), clock);
        switch (verifier.verify(envelope.received())) {
            case Verdict.Signed signed -> {}
            case Verdict.Unsigned unsigned -> {}
            case Verdict.Missing missing ->
                throw Refusal.of(ErrorCode.SIGNATURE_MISSING, "messages of this sender have to be signed");
            case Verdict.Invalid invalid -> throw Refusal.of(ErrorCode.SIGNATURE_INVALID, invalid.reason());
            case Verdict.Undecided undecided ->
                throw Refusal.http(UNAVAILABLE, ErrorCode.SERVICE_UNAVAILABLE, undecided.reason());
        }
    }

    /** What was encrypted is answered encrypted, so that the sender's key is looked for before anything is done (R12.17). */
    private JsonNode opened(Envelope envelope, Partner caller, MemoryBudget.Claim room) {
        boolean encrypted = envelope.header().encrypted();
        if (!encrypted && caller.terms().encryptionRequired()) {
            throw Refusal.of(ErrorCode.ENCRYPTION_INVALID, "messages of this sender have to be encrypted");
        }
        if (!encrypted) {
            return envelope.message();
        }
        if (theirs.encryption(caller).isEmpty()) {
            throw Refusal.of(
                    ErrorCode.ENCRYPTION_INVALID, "no key with use enc is known of the sender, to encrypt the answer");
        }
        try {
            byte[] plain = MessageEncryption.decrypt(envelope.message(), ours::decryption);
            room.add(JsonBody.need(plain));
            JsonNode message = StrictJson.read(plain);
            if (!message.isObject()) {
                throw Refusal.of(ErrorCode.BAD_REQUEST, "message is no object");
            }
            return message;
        } catch (UndecryptableMessage | UnreadableJson unreadable) {
            throw Refusal.of(ErrorCode.ENCRYPTION_INVALID, String.valueOf(unreadable.getMessage()));
        }
    }

    /** For partners that ask whether a registry is served. */
    List<ServedRegistry> served() {
        return registries.all();
    }
}
