package org.annona.exchange.asking;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.annona.exchange.ExchangeSettings;
import org.annona.exchange.internal.tables.states.InquiryState;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.partner.PerPartnerExecutor;
import org.annona.foundation.scope.Scope;
import org.annona.interop.message.Operation;
import org.annona.interop.search.AnswerReader;
import org.annona.interop.search.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Carries inquiries on: sends what is due, asks how far a registry is when nothing comes from it, and tells the outcomes to
 * the block that asked. Each partner is asked a few things at a time, so that a slow one keeps no other waiting.
 */
public final class SendInquiries implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SendInquiries.class);
    private static final Duration LONGEST_TURN = Duration.ofSeconds(5);
    private static final Duration LONGEST_PATIENCE = Duration.ofMinutes(1);
    private static final Duration LONGEST_REST = Duration.ofHours(1);

    private final Inquiries inquiries;
    private final RemoteRegistries registries;
    private final Partners partners;
    private final Map<String, InquiryAudience> audiences;
    private final ExchangeSettings settings;
    private final Clock clock;
    private final PerPartnerExecutor executor = new PerPartnerExecutor("inquiry", 64, 8);

    /** Until when partners want to be left alone. */
    private final Map<UUID, Instant> resting = new ConcurrentHashMap<>();

    public SendInquiries(
            Inquiries inquiries,
            RemoteRegistries registries,
            Partners partners,
            List<InquiryAudience> audiences,
            ExchangeSettings settings,
            Clock clock) {
        this.inquiries = inquiries;
        this.registries = registries;
        this.partners = partners;
        this.audiences = audiences.stream().collect(Collectors.toMap(InquiryAudience::topic, Function.identity()));
        this.settings = settings;
        this.clock = clock;
    }

    /** Takes up what is due, and more as places become free, until nothing is left or others have to have their turn. */
    public void carryOn() {
        Instant turn = clock.instant().plus(LONGEST_TURN);
        boolean more = true;
        while (more && clock.instant().isBefore(turn)) {
            int free = executor.free();
            List<Inquiries.Due> due =
                    free > 0 ? inquiries.lease(audiences.keySet(), executor.busy(), resting(), free) : List.of();
            for (Inquiries.Due inquiry : due) {
                if (!executor.take(
                        inquiry.id(),
                        inquiry.partnerId(),
                        () -> scopeOf(inquiry).run(() -> carryOn(inquiry)))) {
                    // Its answer came while it was asked for; it is told once the asking is over.
                    inquiries.giveBack(inquiry);
                }
            }
            more = !due.isEmpty() || executor.awaitEnded();
        }
    }

    /** Who asked hears the answer. */
    private static Scope scopeOf(Inquiries.Due inquiry) {
        return inquiry.organisation() == null ? Scope.NOTHING : Scope.of(inquiry.organisation());
    }

    private Set<UUID> resting() {
        Instant now = clock.instant();
        resting.values().removeIf(until -> until.isBefore(now));
        return Set.copyOf(resting.keySet());
    }

    private void carryOn(Inquiries.Due inquiry) {
        try {
            if (inquiry.state() == InquiryState.ENDED) {
                tell(inquiry);
            } else if (!clock.instant().isBefore(inquiry.deadline())) {
                end(inquiry);
            } else {
                ask(inquiry);
            }
        } catch (RuntimeException failure) {
            LOG.warn(
                    "inquiry {} ({}) could not be carried on: {}",
                    inquiry.id(),
                    inquiry.state(),
                    failure.getClass().getName());
            if (inquiry.state() == InquiryState.ENDED) {
                inquiries.unheard(inquiry);
            } else {
                inquiries.postpone(inquiry, Duration.ZERO);
            }
        }
    }

    private void tell(Inquiries.Due inquiry) {
        Objects.requireNonNull(audiences.get(inquiry.topic()), "it was leased for this topic")
                .answered(inquiry.id(), inquiries.outcomes(inquiry));
        inquiries.heard(inquiry);
    }

    private void end(Inquiries.Due inquiry) {
        inquiries.end(
                inquiry,
                inquiry.taken()
                        ? new Outcome.Pending()
                        : new Outcome.Unreachable("the registry could not be asked in time"));
    }

    private void ask(Inquiries.Due inquiry) {
        Optional<Partner> partner = partners.find(inquiry.partnerId()).filter(Partner::active);
        if (partner.isEmpty()) {
            inquiries.postpone(inquiry, Duration.ZERO);
        } else if (inquiry.state() == InquiryState.DUE) {
            send(inquiry, partner.get());
        } else {
            askHowFar(inquiry, partner.get());
        }
    }

    private void send(Inquiries.Due inquiry, Partner partner) {
        String replyTo = settings.address() + "/dci/" + inquiry.registry() + Operation.ON_SEARCH.path();
        Outcome outcome = registries.askLater(
                partner, inquiry.registry(), inquiry.transaction(), replyTo, inquiries.questions(inquiry));
        switch (outcome) {
            case Outcome.Pending taken -> inquiries.taken(inquiry, patience(inquiry));
            case Outcome.Unreachable away -> leaveAlone(inquiry, away);
            // It may have been taken all the same: its answer, or its status, will show.
            case Outcome.Unreadable unreadable -> inquiries.taken(inquiry, patience(inquiry));
            case Outcome.Rejected rejected -> {
                if (inquiry.attempts() > 1 && saysItWasTaken(rejected)) {
                    inquiries.taken(inquiry, patience(inquiry));
                } else {
                    inquiries.end(inquiry, rejected);
                }
            }
            case Outcome.Answered impossible -> throw new IllegalStateException("it was only to be acknowledged");
        }
    }

    /** An earlier try, of which nothing was heard, has reached it. */
    private static boolean saysItWasTaken(Outcome.Rejected rejected) {
        return (rejected.code() + rejected.text()).toLowerCase(Locale.ROOT).contains("duplicate");
    }

    private void leaveAlone(Inquiries.Due inquiry, Outcome.Unreachable away) {
        Duration rest = away.rest().compareTo(LONGEST_REST) > 0 ? LONGEST_REST : away.rest();
        if (rest.isPositive()) {
            resting.put(inquiry.partnerId(), clock.instant().plus(rest));
        }
        inquiries.postpone(inquiry, rest);
    }

    /** A tenth of the time that is left, after which a registry is asked how far it is. */
    private Duration patience(Inquiries.Due inquiry) {
        Duration left = Duration.between(clock.instant(), inquiry.deadline());
        return left.dividedBy(10).compareTo(LONGEST_PATIENCE) < 0 ? left.dividedBy(10) : LONGEST_PATIENCE;
    }

    private void askHowFar(Inquiries.Due inquiry, Partner partner) {
        Outcome outcome = registries.askHowFar(partner, inquiry.registry(), inquiry.transaction());
        if (outcome instanceof Outcome.Unreachable away) {
            leaveAlone(inquiry, away);
            return;
        }
        if (!(outcome instanceof Outcome.Answered answered)) {
            inquiries.postpone(inquiry, Duration.ZERO);
            return;
        }
        JsonNode kept = answered.records().getFirst();
        if (kept.path("search_response").isEmpty()) {
            inquiries.again(inquiry);
        } else if (!inquiries.told(
                inquiry, new AnswerReader.Part(JsonMapper.shared().createObjectNode(), kept))) {
            inquiries.postpone(inquiry, Duration.ZERO);
        }
    }

    @Override
    public void close() {
        executor.close();
    }
}
