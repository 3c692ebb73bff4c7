package org.annona.exchange.callback;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.annona.exchange.ExchangeSettings;
import org.annona.exchange.keys.SignedEnvelopes;
import org.annona.exchange.log.MessageLog;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.PartnerKeys;
import org.annona.exchange.partner.Partners;
import org.annona.foundation.scope.Scope;
import org.annona.interop.http.ForbiddenAddress;
import org.annona.interop.http.PartnerHttp;
import org.annona.interop.json.StrictJson;
import org.annona.interop.json.UnreadableJson;
import org.annona.interop.message.MessageHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Sends what is due. Each address of each partner has a few lines of its own, so that a slow or dead one keeps nobody else
 * waiting, also not other systems of the same partner; one that cannot be reached is left alone for a while, and then tried
 * with one message instead of everything that waits for it (DCI reference R10.4, decision 0024).
 */
public final class DeliverCallbacks implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeliverCallbacks.class);
    private static final int LINES_PER_ADDRESS = 8;
    private static final int LINES_PER_PARTNER = 64;
    /** The others are kept for addresses that take what is sent. */
    private static final int LINES_INTO_TROUBLE = 32;

    private static final int BATCH = 20;
    private static final Set<Integer> TO_BE_TRIED_AGAIN = Set.of(408, 425, 429);
    /** With these an address may ask to be left alone as a whole. */
    private static final Set<Integer> BUSY = Set.of(429, 503);

    private static final Duration LONGEST_ASKED_FOR = Duration.ofHours(1);

    private final Callbacks callbacks;
    private final Partners partners;
    private final PartnerKeys connections;
    private final SignedEnvelopes envelopes;
    private final MessageLog log;
    private final ExchangeSettings settings;
    private final Clock clock;
    private final Outcomes outcomes;
    private final ExecutorService lines = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("callback-", 0).factory());

    private final Map<Target, Integer> busy = new ConcurrentHashMap<>();

    private record Target(UUID partner, String address) {}

    /** Who wants to know what became of a message, such as the subscription that it belongs to. */
    public interface Outcomes {

        void delivered(Callbacks.Outgoing outgoing);

        void failed(Callbacks.Outgoing outgoing);
    }

    public DeliverCallbacks(
            Callbacks callbacks,
            Partners partners,
            PartnerKeys connections,
            SignedEnvelopes envelopes,
            MessageLog log,
            ExchangeSettings settings,
            Clock clock,
            Outcomes outcomes) {
        this.callbacks = callbacks;
        this.partners = partners;
        this.connections = connections;
        this.envelopes = envelopes;
        this.log = log;
        this.settings = settings;
        this.clock = clock;
        this.outcomes = outcomes;
    }

    /** Opens lines to addresses for which something is due; returns at once. */
    public void deliverDue() {
        Map<UUID, Integer> open = new HashMap<>();
        busy.forEach((target, count) -> open.merge(target.partner(), count, Integer::sum));
        for (Callbacks.Due due : callbacks.addressesWithSomethingDue()) {
            Target target = new Target(due.partnerId(), due.address());
            int most = due.troubled() ? LINES_INTO_TROUBLE : LINES_PER_PARTNER;
            if (open.getOrDefault(target.partner(), 0) < most && open(target, 1)) {
                open.merge(target.partner(), 1, Integer::sum);
                lines.execute(Scope.carried(() -> line(target, due.troubled())));
            }
        }
    }

    /** @return false where so many are open already */
    private boolean open(Target target, int most) {
        boolean[] opened = new boolean[1];
        busy.compute(target, (same, count) -> {
            int before = count == null ? 0 : count;
            opened[0] = before < most;
            return opened[0] ? before + 1 : before;
        });
        return opened[0];
    }

    private void close(Target target) {
        busy.computeIfPresent(target, (same, count) -> count > 1 ? count - 1 : null);
    }

    /**
     * Sends until nothing is due or the address does not take something. Where a whole batch was taken, there is work for one
     * line more.
     */
    private void line(Target target, boolean troubled) {
        try {
            // What was in trouble is tried with one.
            int most = troubled ? 1 : BATCH;
            List<Callbacks.Outgoing> batch = callbacks.lease(target.partner(), target.address(), most);
            while (!batch.isEmpty() && !lines.isShutdown() && send(batch)) {
                if (batch.size() == BATCH && open(target, LINES_PER_ADDRESS)) {
                    lines.execute(Scope.carried(() -> line(target, false)));
                }
                batch = callbacks.lease(target.partner(), target.address(), BATCH);
            }
        } catch (RuntimeException failure) {
            LOG.warn("callbacks to a partner wait: {}", failure.getClass().getName());
        } finally {
            close(target);
        }
    }

    /** @return false where the address is left alone now */
    private boolean send(List<Callbacks.Outgoing> batch) {
        Deque<Callbacks.Outgoing> waiting = new ArrayDeque<>(batch);
        Instant taken = clock.instant();
        Optional<Partner> partner = partners.find(batch.getFirst().partnerId()).filter(Partner::active);
        boolean reached = partner.isPresent();
        while (!waiting.isEmpty()) {
            boolean held = clock.instant().isBefore(taken.plus(Callbacks.SURELY_HELD));
            if (!reached || !held) {
                callbacks.release(List.copyOf(waiting));
                return reached;
            }
            reached = send(partner.get(), waiting.removeFirst());
        }
        return reached;
    }

    /** @return false where the address is left alone now */
    private boolean send(Partner partner, Callbacks.Outgoing outgoing) {
        Instant begun = clock.instant();
        try {
            PartnerHttp.Answer answer =
                    connections.http(partner).postJson(outgoing.target(), envelope(partner, outgoing), Map.of());
            return judge(partner, outgoing, answer, begun);
        } catch (ForbiddenAddress forbidden) {
            refused(partner, outgoing, 0, String.valueOf(forbidden.getMessage()), begun);
            return true;
        } catch (IOException unreachable) {
            String reason = "the address could not be reached";
            callbacks.noteTrouble(outgoing, reason, true, Duration.ZERO);
            later(partner, outgoing, 0, reason, callbacks.postponeAway(outgoing, reason), begun);
            return false;
        } catch (RuntimeException failure) {
            // Such as a key that is missing: it may be there later.
            String reason = "it could not be written: " + failure.getClass().getSimpleName();
            later(partner, outgoing, 0, reason, callbacks.postpone(outgoing, reason, Duration.ZERO), begun);
            return true;
        }
    }

    private byte[] envelope(Partner partner, Callbacks.Outgoing outgoing) {
        Callbacks.Facts facts = outgoing.facts();
        MessageHeader header = new MessageHeader(
                outgoing.id().toString(),
                clock.instant(),
                outgoing.action(),
                settings.senderId(),
                null,
                partner.senderId(),
                (long) facts.total(),
                outgoing.encrypted(),
                facts.status(),
                facts.reasonCode(),
                facts.reasonMessage(),
                (long) facts.completed(),
                null);
        return envelopes.answer(partner, header, outgoing.message());
    }

    private boolean judge(Partner partner, Callbacks.Outgoing outgoing, PartnerHttp.Answer answer, Instant begun) {
        int status = answer.status();
        boolean good = status >= 200 && status < 300;
        if (good && !saysError(answer.body())) {
            callbacks.delivered(outgoing);
            callbacks.cameThrough(outgoing);
            outcomes.delivered(outgoing);
            log(partner, outgoing, "delivered", "", status, begun);
            return true;
        }
        if (good || status >= 500 || TO_BE_TRIED_AGAIN.contains(status)) {
            String reason = good ? "the partner acknowledged it with an error" : "the partner answered HTTP " + status;
            Duration askedFor = askedFor(answer);
            Duration rest = BUSY.contains(status) ? askedFor : Duration.ZERO;
            boolean silent = callbacks.noteTrouble(outgoing, reason, false, rest) != null;
            later(partner, outgoing, status, reason, callbacks.postpone(outgoing, reason, askedFor), begun);
            return !silent;
        }
        callbacks.cameThrough(outgoing);
        refused(partner, outgoing, status, "the partner refused it with HTTP " + status, begun);
        return true;
    }

    private static boolean saysError(byte[] body) {
        try {
            JsonNode ack = StrictJson.read(body).path("message").path("ack_status");
            return ack.asString("").toUpperCase(Locale.ROOT).equals("ERR");
        } catch (UnreadableJson other) {
            // An acknowledgement without readable words is one all the same.
            return false;
        }
    }

    private static Duration askedFor(PartnerHttp.Answer answer) {
        return answer.header("Retry-After")
                .filter(text -> text.matches("\\d{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .map(pause -> pause.compareTo(LONGEST_ASKED_FOR) > 0 ? LONGEST_ASKED_FOR : pause)
                .orElse(Duration.ZERO);
    }

    private void later(
            Partner partner, Callbacks.Outgoing outgoing, int status, String reason, boolean again, Instant begun) {
        outcomes.failed(outgoing);
        log(partner, outgoing, again ? "postponed" : "given up", reason, status, begun);
    }

    private void refused(Partner partner, Callbacks.Outgoing outgoing, int status, String reason, Instant begun) {
        callbacks.giveUp(outgoing, reason);
        outcomes.failed(outgoing);
        log(partner, outgoing, "given up", reason, status, begun);
    }

    private void log(
            Partner partner, Callbacks.Outgoing outgoing, String outcome, String detail, int status, Instant begun) {
        log.add(new MessageLog.Entry(
                partner.id(),
                MessageLog.Direction.OUT,
                outgoing.registry(),
                outgoing.action(),
                outgoing.facts().total(),
                outcome,
                detail,
                status,
                Duration.between(begun, clock.instant())));
    }

    /** Lets what is under way end; what is not sent yet is sent by the next process. */
    @Override
    public void close() {
        lines.shutdown();
        try {
            if (!lines.awaitTermination(10, TimeUnit.SECONDS)) {
                lines.shutdownNow();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
