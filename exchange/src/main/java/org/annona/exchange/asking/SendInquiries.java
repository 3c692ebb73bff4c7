package org.annona.exchange.asking;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.annona.exchange.ExchangeSettings;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.Partners;
import org.annona.interop.message.Operation;
import org.annona.interop.search.AnswerReader;
import org.annona.interop.search.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Carries inquiries on: sends what is due, asks how far a registry is when nothing comes from it, and tells the outcomes to
 * whoever asked.
 */
public final class SendInquiries {

    private static final Logger LOG = LoggerFactory.getLogger(SendInquiries.class);
    private static final int BATCH = 20;
    private static final Duration LONGEST_PATIENCE = Duration.ofMinutes(1);

    private final Inquiries inquiries;
    private final RemoteRegistries registries;
    private final Partners partners;
    private final Map<String, InquiryAudience> audiences;
    private final ExchangeSettings settings;
    private final Clock clock;

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

    /** Carries on everything whose turn it is. */
    public void carryOn() {
        List<Inquiries.Due> batch = inquiries.lease(audiences.keySet(), BATCH);
        while (!batch.isEmpty()) {
            try (ExecutorService desks = Executors.newVirtualThreadPerTaskExecutor()) {
                batch.forEach(inquiry -> desks.execute(() -> carryOn(inquiry)));
            }
            batch = inquiries.lease(audiences.keySet(), BATCH);
        }
    }

    private void carryOn(Inquiries.Due inquiry) {
        try {
            if (inquiry.state().equals("ended")) {
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
            if (inquiry.state().equals("ended")) {
                inquiries.unheard(inquiry);
            } else {
                inquiries.postpone(inquiry);
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
                inquiry.state().equals("taken")
                        ? new Outcome.Pending()
                        : new Outcome.Unreachable("the registry could not be asked in time"));
    }

    private void ask(Inquiries.Due inquiry) {
        Optional<Partner> partner = partners.find(inquiry.partnerId()).filter(Partner::active);
        if (partner.isEmpty()) {
            inquiries.postpone(inquiry);
        } else if (inquiry.state().equals("due")) {
            send(inquiry, partner.get());
        } else {
            askHowFar(inquiry, partner.get());
        }
    }

    private void send(Inquiries.Due inquiry, Partner partner) {
        String replyTo = settings.address() + "/dci/" + inquiry.registry() + Operation.ON_SEARCH.path();
        Outcome outcome =
                registries.askLater(partner, inquiry.registry(), inquiry.transaction(), replyTo, inquiry.questions());
        switch (outcome) {
            case Outcome.Pending taken -> inquiries.taken(inquiry, patience(inquiry));
            case Outcome.Unreachable away -> inquiries.postpone(inquiry);
            // It may have been taken all the same: its answer, or its status, will show.
            case Outcome.Unreadable unreadable -> inquiries.taken(inquiry, patience(inquiry));
            case Outcome.Rejected rejected -> inquiries.end(inquiry, rejected);
            case Outcome.Answered impossible -> throw new IllegalStateException("it was only to be acknowledged");
        }
    }

    /** A tenth of the time that is left, after which a registry is asked how far it is. */
    private Duration patience(Inquiries.Due inquiry) {
        Duration left = Duration.between(clock.instant(), inquiry.deadline());
        return left.dividedBy(10).compareTo(LONGEST_PATIENCE) < 0 ? left.dividedBy(10) : LONGEST_PATIENCE;
    }

    private void askHowFar(Inquiries.Due inquiry, Partner partner) {
        Outcome outcome = registries.askHowFar(partner, inquiry.registry(), inquiry.transaction());
        boolean all = outcome instanceof Outcome.Answered answered
                && inquiries.told(
                        inquiry,
                        new AnswerReader.Part(
                                JsonMapper.shared().createObjectNode(),
                                answered.records().getFirst()));
        if (!all) {
            inquiries.postpone(inquiry);
        }
    }
}
