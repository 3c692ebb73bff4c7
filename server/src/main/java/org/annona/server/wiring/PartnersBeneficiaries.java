package org.annona.server.wiring;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.annona.exchange.asking.Inquiries;
import org.annona.exchange.asking.InquiryAudience;
import org.annona.exchange.asking.RemoteRegistries;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.Sealer;
import org.annona.interop.client.DciClient;
import org.annona.interop.enrolment.EnrollmentUpdates;
import org.annona.interop.matching.MatchingAnswer;
import org.annona.interop.matching.MatchingRequest;
import org.annona.interop.record.EnrollmentStatus;
import org.annona.interop.search.Outcome;
import org.annona.programs.BeneficiaryRegistries;
import org.annona.registry.PersonIdentifier;
import org.annona.registry.Registry;
import org.jspecify.annotations.Nullable;
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
    private final Sealer sealer;
    private final Supplier<Audience> audience;

    public PartnersBeneficiaries(
            RemoteRegistries remotes,
            Inquiries inquiries,
            Registry registry,
            Keyring keyring,
            Supplier<Audience> audience) {
        this.remotes = remotes;
        this.inquiries = inquiries;
        this.registry = registry;
        this.sealer = keyring.sealer("server.references");
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

    private Map<QuestionReference, PersonIdentifier> identifiers(Collection<UUID> people) {
        Map<QuestionReference, PersonIdentifier> identifiers = new LinkedHashMap<>();
        registry.identifiersOf(people)
                .forEach((person, all) -> all.forEach(
                        identifier -> identifiers.put(new QuestionReference(person, identifier.type()), identifier)));
        return identifiers;
    }

    private List<DciClient.Question> questions(UUID inquiry, Map<QuestionReference, PersonIdentifier> identifiers) {
        List<DciClient.Question> questions = new ArrayList<>();
        identifiers.forEach((reference, identifier) -> questions.add(new DciClient.Question(
                reference.sealed(sealer, inquiry),
                DciClient.byIdentifier(identifier.type(), identifier.value(), "Beneficiary"))));
        return questions;
    }

    @Override
    public Map<UUID, List<Evidence>> ask(String senderId, List<UUID> people) {
        UUID inquiry = UUID.randomUUID();
        Map<QuestionReference, PersonIdentifier> identifiers = identifiers(people);
        return identifiers.isEmpty()
                ? Map.of()
                : evidence(
                        opened(inquiry, remotes.ask(senderId, PREFIX, questions(inquiry, identifiers))), identifiers);
    }

    @Override
    public Evidence ask(String senderId, String identifierType, String value) {
        String reference = UUID.randomUUID().toString();
        Outcome outcome = remotes.ask(
                        senderId,
                        PREFIX,
                        List.of(new DciClient.Question(
                                reference, DciClient.byIdentifier(identifierType, value, "Beneficiary"))))
                .values()
                .iterator()
                .next();
        return new Evidence(identifierType, finding(outcome, new PersonIdentifier(identifierType, value)));
    }

    @Override
    public void askLater(String senderId, UUID inquiry, List<UUID> people, Instant deadline) {
        Map<QuestionReference, PersonIdentifier> identifiers = identifiers(people);
        if (identifiers.isEmpty()) {
            audience.get().answered(inquiry, Map.of());
        } else {
            inquiries.ask(inquiry, TOPIC, senderId, PREFIX, questions(inquiry, identifiers), deadline);
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
        Map<QuestionReference, Outcome> opened = opened(inquiry, outcomes);
        Set<UUID> people =
                opened.keySet().stream().map(QuestionReference::person).collect(Collectors.toSet());
        audience.get().answered(inquiry, evidence(opened, identifiers(people)));
    }

    private Map<QuestionReference, Outcome> opened(UUID inquiry, Map<String, Outcome> outcomes) {
        Map<QuestionReference, Outcome> opened = new LinkedHashMap<>();
        outcomes.forEach(
                (reference, outcome) -> opened.put(QuestionReference.open(sealer, inquiry, reference), outcome));
        return opened;
    }

    private static Map<UUID, List<Evidence>> evidence(
            Map<QuestionReference, Outcome> outcomes, Map<QuestionReference, PersonIdentifier> identifiers) {
        Map<UUID, List<Evidence>> evidence = new HashMap<>();
        outcomes.forEach((reference, outcome) -> {
            PersonIdentifier identifier = identifiers.get(reference);
            Finding finding = identifier == null
                    ? new Finding.NotKnown("the identifier has changed since it was asked for")
                    : finding(outcome, identifier);
            evidence.computeIfAbsent(reference.person(), none -> new ArrayList<>())
                    .add(new Evidence(reference.type(), finding));
        });
        return evidence;
    }

    /** A part of an answer that is not understood, or not there, makes all of it unknown. */
    static Finding finding(Outcome outcome, PersonIdentifier asked) {
        if (!(outcome instanceof Outcome.Answered answered)) {
            return new Finding.NotKnown(
                    RemoteRegistries.word(outcome) + ": " + brief(outcome), outcome instanceof Outcome.Unreachable);
        }
        if (answered.isSurelyNothing()) {
            return new Finding.Nothing();
        }
        if (answered.records().isEmpty()) {
            return new Finding.NotKnown(
                    answered.total() == null
                            ? "the registry does not say how many records there are"
                            : "the registry has more than it told");
        }
        List<Match> matches = new ArrayList<>();
        for (JsonNode record : answered.records()) {
            EnrollmentUpdates.Told told = EnrollmentUpdates.told(record);
            if (!told.fault().isEmpty()) {
                return new Finding.NotKnown("a record cannot be understood: " + told.fault());
            }
            boolean carries = told.identifiers().stream()
                    .anyMatch(one -> one.type().equalsIgnoreCase(asked.type())
                            && one.value().equals(asked.value()));
            told.enrolments()
                    .forEach(one -> matches.add(new Match(
                            one.programme(),
                            one.programmeName(),
                            status(one.status()),
                            one.since() == null ? "" : one.since().toString(),
                            carries)));
        }
        return matches.isEmpty()
                ? new Finding.NotKnown("the registry tells no enrolment")
                : new Finding.Found(matches, answered.isComplete());
    }

    /** Codes of the standard tell nothing of anybody; the words of the other side might. */
    private static String brief(Outcome outcome) {
        return outcome instanceof Outcome.Rejected(String code, String text) ? code : RemoteRegistries.reason(outcome);
    }

    private static Status status(@Nullable EnrollmentStatus status) {
        return switch (status) {
            case null -> Status.UNKNOWN;
            case ACTIVE -> Status.ACTIVE;
            case SUSPENDED -> Status.SUSPENDED;
            case DECEASED, GRADUATED -> Status.ENDED;
        };
    }
}
