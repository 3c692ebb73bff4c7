package org.annona.server.wiring;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.annona.exchange.asking.Inquiries;
import org.annona.exchange.asking.InquiryAudience;
import org.annona.exchange.asking.RemoteRegistries;
import org.annona.interop.client.DciClient;
import org.annona.interop.enrolment.EnrollmentUpdates;
import org.annona.interop.matching.MatchingAnswer;
import org.annona.interop.matching.MatchingRequest;
import org.annona.interop.record.EnrollmentStatus;
import org.annona.interop.search.Outcome;
import org.annona.programs.BeneficiaryRegistries;
import org.annona.registry.PersonIdentifier;
import org.annona.registry.Registry;
import tools.jackson.databind.JsonNode;

/**
 * Registries of beneficiaries of our partners, asked over DCI by the identifiers that our registry keeps of people. The values
 * leave sealed in messages, and what comes back is told without them.
 */
public final class PartnersBeneficiaries implements BeneficiaryRegistries, InquiryAudience {

    private static final String PREFIX = "ibr";
    private static final String TOPIC = "programs.duplication";

    private final RemoteRegistries remotes;
    private final Inquiries inquiries;
    private final Registry registry;
    private final Supplier<Audience> audience;

    public PartnersBeneficiaries(
            RemoteRegistries remotes, Inquiries inquiries, Registry registry, Supplier<Audience> audience) {
        this.remotes = remotes;
        this.inquiries = inquiries;
        this.registry = registry;
        this.audience = audience;
    }

    @Override
    public List<Other> all() {
        return remotes.agreed().entrySet().stream()
                .map(partner -> new Other(partner.getKey(), partner.getValue()))
                .toList();
    }

    @Override
    public int mostAtOnce(String senderId) {
        return Math.max(
                1,
                remotes.most(senderId)
                        / Math.max(1, registry.toldIdentifierTypes().size()));
    }

    /** Questions by reference, which names person and type. */
    private record Asked(Map<String, PersonIdentifier> identifiers) {

        static Asked of(Map<UUID, List<PersonIdentifier>> people) {
            Map<String, PersonIdentifier> identifiers = new LinkedHashMap<>();
            people.forEach((person, all) ->
                    all.forEach(identifier -> identifiers.put(person + "." + identifier.type(), identifier)));
            return new Asked(identifiers);
        }

        List<DciClient.Question> questions() {
            List<DciClient.Question> questions = new ArrayList<>();
            identifiers.forEach((reference, identifier) -> questions.add(new DciClient.Question(
                    reference, DciClient.byIdentifier(identifier.type(), identifier.value(), "Beneficiary"))));
            return questions;
        }
    }

    @Override
    public Map<UUID, List<Evidence>> ask(String senderId, List<UUID> people) {
        Asked asked = Asked.of(registry.identifiersOf(people));
        return asked.identifiers().isEmpty()
                ? Map.of()
                : evidence(remotes.ask(senderId, PREFIX, asked.questions()), asked);
    }

    @Override
    public void askLater(String senderId, UUID inquiry, List<UUID> people, Instant deadline) {
        Asked asked = Asked.of(registry.identifiersOf(people));
        if (asked.identifiers().isEmpty()) {
            audience.get().answered(inquiry, Map.of());
        } else {
            inquiries.ask(inquiry, TOPIC, senderId, PREFIX, asked.questions(), deadline);
        }
    }

    @Override
    public Said match(String senderId, MatchingRequest.Step step) {
        Outcome outcome = remotes.match(senderId, PREFIX, step);
        if (outcome instanceof Outcome.Answered answered) {
            return MatchingAnswer.read(answered.records().getFirst())
                    .<Said>map(Said.Answer::new)
                    .orElseGet(() -> new Said.Silence("what it says is no step of blind matching", false));
        }
        return new Said.Silence(
                RemoteRegistries.word(outcome) + ": " + brief(outcome),
                outcome instanceof Outcome.Unreachable || outcome instanceof Outcome.Pending);
    }

    @Override
    public String topic() {
        return TOPIC;
    }

    /** What was asked is looked up once more, so that it need not be kept until the answer comes. */
    @Override
    public void answered(UUID inquiry, Map<String, Outcome> outcomes) {
        Collection<UUID> people = outcomes.keySet().stream()
                .map(PartnersBeneficiaries::person)
                .distinct()
                .toList();
        audience.get().answered(inquiry, evidence(outcomes, Asked.of(registry.identifiersOf(people))));
    }

    private static UUID person(String reference) {
        return UUID.fromString(reference.substring(0, reference.indexOf('.')));
    }

    private static Map<UUID, List<Evidence>> evidence(Map<String, Outcome> outcomes, Asked asked) {
        Map<UUID, List<Evidence>> evidence = new HashMap<>();
        outcomes.forEach((reference, outcome) -> {
            PersonIdentifier identifier = asked.identifiers().get(reference);
            String type = reference.substring(reference.indexOf('.') + 1);
            Finding finding = identifier == null
                    ? new Finding.NotKnown("the identifier has changed since it was asked for")
                    : finding(outcome, identifier);
            evidence.computeIfAbsent(person(reference), none -> new ArrayList<>())
                    .add(new Evidence(type, finding));
        });
        return evidence;
    }

    /** A part of an answer that is not understood, or not there, makes all of it unknown. */
    static Finding finding(Outcome outcome, PersonIdentifier asked) {
        if (!(outcome instanceof Outcome.Answered answered)) {
            return new Finding.NotKnown(RemoteRegistries.word(outcome) + ": " + brief(outcome));
        }
        if (answered.isSurelyNothing()) {
            return new Finding.Nothing();
        }
        List<Match> matches = new ArrayList<>();
        for (JsonNode record : answered.records()) {
            EnrollmentUpdates.Reported told = EnrollmentUpdates.told(record);
            if (told.rejection() != null) {
                return new Finding.NotKnown(
                        "a record cannot be understood: " + told.rejection().text());
            }
            boolean carries = told.identifiers().stream()
                    .anyMatch(one -> one.type().equalsIgnoreCase(asked.type())
                            && one.value().equals(asked.value()));
            told.enrolments()
                    .forEach(one -> matches.add(
                            new Match(one.programme(), one.programmeName(), status(one.status()), carries)));
        }
        if (!answered.isComplete() && matches.stream().noneMatch(match -> match.status() == Status.ACTIVE)) {
            return new Finding.NotKnown("the registry has more than it told");
        }
        return matches.isEmpty() ? new Finding.NotKnown("the registry tells no enrolment") : new Finding.Found(matches);
    }

    /** Codes of the standard tell nothing of anybody; the words of the other side might. */
    private static String brief(Outcome outcome) {
        return outcome instanceof Outcome.Rejected(String code, String text) ? code : RemoteRegistries.reason(outcome);
    }

    private static Status status(EnrollmentStatus status) {
        return switch (status) {
            case ACTIVE -> Status.ACTIVE;
            case SUSPENDED -> Status.SUSPENDED;
            case DECEASED, GRADUATED -> Status.ENDED;
        };
    }
}
