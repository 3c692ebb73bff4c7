package org.annona.exchange.callback;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
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
import java.util.concurrent.atomic.AtomicInteger;
import org.annona.exchange.ExchangeSettings;
import org.annona.exchange.keys.SignedEnvelopes;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.PartnerKeys;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.traffic.Traffic;
import org.annona.interop.http.ForbiddenAddress;
import org.annona.interop.http.PartnerHttp;
import org.annona.interop.json.StrictJson;
import org.annona.interop.json.UnreadableJson;
import org.annona.interop.message.MessageHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Sends what is due. Each partner has a few lines of its own, so that a slow one keeps nobody else waiting; one that cannot be
 * reached is left alone for a while instead of being tried with everything that waits for it (DCI reference R10.4).
 */
public final class DeliverCallbacks implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeliverCallbacks.class);
    private static final int LINES_PER_PARTNER = 8;
    private static final int BATCH = 20;
    private static final Set<Integer> TO_BE_TRIED_AGAIN = Set.of(408, 425, 429);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);
    private static final Duration LONGEST_ASKED_FOR = Duration.ofHours(1);

    private final Callbacks callbacks;
    private final Partners partners;
    private final PartnerKeys connections;
    private final SignedEnvelopes envelopes;
    private final Traffic traffic;
    private final ExchangeSettings settings;
    private final Clock clock;
    private final Outcomes outcomes;
    private final ExecutorService lines = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("callback-", 0).factory());

    private final Map<UUID, AtomicInteger> busy = new ConcurrentHashMap<>();
    private final Map<UUID, Silence> silences = new ConcurrentHashMap<>();

    /** How often in a row a partner could not be reached, and until when it is left alone. */
    private record Silence(int failures, Instant until) {}

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
            Traffic traffic,
            ExchangeSettings settings,
            Clock clock,
            Outcomes outcomes) {
        this.callbacks = callbacks;
        this.partners = partners;
        this.connections = connections;
        this.envelopes = envelopes;
        this.traffic = traffic;
        this.settings = settings;
        this.clock = clock;
        this.outcomes = outcomes;
    }

    /** Opens lines for partners that have something due; returns at once. */
    public void deliverDue() {
        for (UUID id : callbacks.partnersWithSomethingDue()) {
            AtomicInteger open = busy.computeIfAbsent(id, none -> new AtomicInteger());
            if (open.get() == 0 && !isSilent(id)) {
                open.incrementAndGet();
                lines.execute(() -> line(id, open));
            }
        }
    }

    private boolean isSilent(UUID id) {
        Silence silence = silences.get(id);
        return silence != null && clock.instant().isBefore(silence.until());
    }

    /** Sends until nothing is due. Where a whole batch was found, there is work for one line more. */
    private void line(UUID partnerId, AtomicInteger open) {
        try {
            List<Callbacks.Outgoing> batch = callbacks.lease(partnerId, BATCH);
            while (!batch.isEmpty() && !lines.isShutdown()) {
                if (batch.size() == BATCH && !isSilent(partnerId)) {
                    openAnother(partnerId, open);
                }
                send(batch);
                batch = isSilent(partnerId) ? List.of() : callbacks.lease(partnerId, BATCH);
            }
        } catch (RuntimeException failure) {
            LOG.warn("callbacks to a partner wait: {}", failure.getClass().getName());
        } finally {
            open.decrementAndGet();
        }
    }

    private void openAnother(UUID partnerId, AtomicInteger open) {
        if (open.incrementAndGet() <= LINES_PER_PARTNER) {
            lines.execute(() -> line(partnerId, open));
        } else {
            open.decrementAndGet();
        }
    }

    private void send(List<Callbacks.Outgoing> batch) {
        Deque<Callbacks.Outgoing> waiting = new ArrayDeque<>(batch);
        Instant taken = clock.instant();
        Optional<Partner> partner = partners.find(batch.getFirst().partnerId()).filter(Partner::active);
        while (!waiting.isEmpty()) {
            boolean held = clock.instant().isBefore(taken.plus(Callbacks.SURELY_HELD));
            if (partner.isEmpty() || isSilent(partner.get().id()) || !held) {
                callbacks.release(List.copyOf(waiting), LONGEST_SILENCE.dividedBy(30));
                return;
            }
            send(partner.get(), waiting.removeFirst());
        }
    }

    private void send(Partner partner, Callbacks.Outgoing outgoing) {
        Instant begun = clock.instant();
        try {
            PartnerHttp.Answer answer =
                    connections.http(partner).postJson(outgoing.target(), envelope(partner, outgoing), Map.of());
            silences.remove(partner.id());
            judge(partner, outgoing, answer, begun);
        } catch (ForbiddenAddress forbidden) {
            refused(partner, outgoing, 0, String.valueOf(forbidden.getMessage()), begun);
        } catch (IOException unreachable) {
            silences.merge(partner.id(), silence(1), (old, first) -> silence(old.failures() + 1));
            later(partner, outgoing, 0, "the partner could not be reached", Duration.ZERO, begun);
        } catch (RuntimeException failure) {
            // Such as a key that is missing: it may be there later.
            later(
                    partner,
                    outgoing,
                    0,
                    "it could not be written: " + failure.getClass().getSimpleName(),
                    Duration.ZERO,
                    begun);
        }
    }

    private Silence silence(int failures) {
        long seconds = Math.min(LONGEST_SILENCE.toSeconds(), 1L << Math.min(failures, 5));
        return new Silence(failures, clock.instant().plusSeconds(seconds));
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

    private void judge(Partner partner, Callbacks.Outgoing outgoing, PartnerHttp.Answer answer, Instant begun) {
        int status = answer.status();
        boolean good = status >= 200 && status < 300;
        if (good && !saysError(answer.body())) {
            callbacks.delivered(outgoing);
            outcomes.delivered(outgoing);
            note(partner, outgoing, "delivered", "", status, begun);
        } else if (good || status >= 500 || TO_BE_TRIED_AGAIN.contains(status)) {
            String reason = good ? "the partner acknowledged it with an error" : "the partner answered HTTP " + status;
            later(partner, outgoing, status, reason, askedFor(answer), begun);
        } else {
            refused(partner, outgoing, status, "the partner refused it with HTTP " + status, begun);
        }
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
            Partner partner, Callbacks.Outgoing outgoing, int status, String reason, Duration least, Instant begun) {
        boolean again = callbacks.postpone(outgoing, reason, least);
        outcomes.failed(outgoing);
        note(partner, outgoing, again ? "postponed" : "given up", reason, status, begun);
    }

    private void refused(Partner partner, Callbacks.Outgoing outgoing, int status, String reason, Instant begun) {
        callbacks.giveUp(outgoing, reason);
        outcomes.failed(outgoing);
        note(partner, outgoing, "given up", reason, status, begun);
    }

    private void note(
            Partner partner, Callbacks.Outgoing outgoing, String outcome, String detail, int status, Instant begun) {
        traffic.note(new Traffic.Passage(
                partner.id(),
                Traffic.Direction.OUT,
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
