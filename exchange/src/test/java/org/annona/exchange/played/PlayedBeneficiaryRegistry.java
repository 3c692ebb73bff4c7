package org.annona.exchange.played;

import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.annona.exchange.BeneficiaryRegistry;
import org.annona.exchange.Disclosure;
import org.annona.exchange.EventPage;
import org.annona.exchange.Question;
import org.annona.exchange.Reply;
import org.annona.foundation.criteria.Attribute;
import org.annona.foundation.criteria.Attribute.Type;
import org.annona.foundation.criteria.Catalogue;
import org.annona.interop.enrolment.EnrolledRequest;
import org.annona.interop.enrolment.EnrolledResponse;
import org.annona.interop.enrolment.EnrollmentUpdates;
import org.annona.interop.enrolment.EnrollmentUpdatesResponse;
import org.annona.interop.matching.MatchingAnswer;
import org.annona.interop.matching.MatchingRequest;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.message.Refusal;
import org.annona.interop.query.Query;
import org.annona.interop.query.Vocabulary;
import org.annona.interop.query.Vocabulary.Place;
import org.annona.interop.record.AssistanceUnit;
import org.annona.interop.record.Beneficiary;
import org.annona.interop.record.Benefit;
import org.annona.interop.record.EnrollmentStatus;
import org.annona.interop.record.Group;
import org.annona.interop.record.Identifier;
import org.annona.interop.record.Member;
import org.annona.interop.record.Programme;
import org.annona.interop.record.RegistryKind;
import org.annona.interop.search.Page;
import org.annona.interop.search.Rejection;
import tools.jackson.databind.node.ObjectNode;

/** The enrolments of the played country, as the real beneficiary registry tells of its own. */
public final class PlayedBeneficiaryRegistry implements BeneficiaryRegistry {

    static final String BENEFICIARY = "Beneficiary";
    private static final Currency CURRENCY = Currency.getInstance("KES");
    private static final String STATUS = "enrollment_status";
    private static final String PROGRAMME_CODE = "programme_identifier";
    private static final Catalogue CATALOGUE = Catalogue.of(
            "beneficiary",
            "beneficiaries",
            CURRENCY,
            List.of(
                    new Attribute(STATUS, Type.CODE, "status of the enrolment", "", "the played country"),
                    new Attribute(PROGRAMME_CODE, Type.CODE, "programme", "", "the played country")),
            Map.of());

    private final PlayedCountry country;

    public PlayedBeneficiaryRegistry(PlayedCountry country) {
        this.country = country;
    }

    @Override
    public String prefix() {
        return "ibr";
    }

    @Override
    public String title() {
        return "Beneficiary registry";
    }

    @Override
    public RegistryKind kind() {
        return RegistryKind.IBR;
    }

    @Override
    public List<String> attributes() {
        return List.of("identifier", "programme_name", "group", "benefits");
    }

    @Override
    public Optional<String> recordType(String recordType, String responseEntity) {
        String wanted = Objects.requireNonNullElse(recordType, "").toLowerCase(Locale.ROOT);
        return Set.of("", "beneficiary", "member", "group").contains(wanted)
                ? Optional.of(BENEFICIARY)
                : Optional.empty();
    }

    @Override
    public Vocabulary vocabulary(String recordType, Disclosure disclosure) {
        Map<String, String> identifiers = new HashMap<>();
        if (disclosure.tells("identifier")) {
            identifiers.put("UIN", Subject.UIN);
            identifiers.put("PERSON_REF", Subject.PERSON_REF);
        }
        if (disclosure.tells("group")) {
            identifiers.put("HOUSEHOLD_REF", Subject.HOUSEHOLD_REF);
        }
        return new Vocabulary(
                CATALOGUE,
                Map.of(STATUS, new Place(null, STATUS), PROGRAMME_CODE, new Place(null, PROGRAMME_CODE)),
                identifiers,
                Set.of(BENEFICIARY),
                Map.of(STATUS, written -> EnrollmentStatus.of(written).map(EnrollmentStatus::code)));
    }

    @Override
    public List<Reply> answer(List<Question> questions, Disclosure disclosure) {
        return questions.stream().map(question -> answer(question, disclosure)).toList();
    }

    private Reply answer(Question question, Disclosure disclosure) {
        if (!question.sort().isEmpty()) {
            return new Reply.Refused(
                    new Rejection(ReasonCode.SORT_INVALID, "beneficiaries cannot be sorted by an attribute"));
        }
        List<PlayedEnrolment> matches = country.enrolments().stream()
                .filter(enrolment -> enrolment.fits(question.query()))
                .toList();
        Page page = question.page();
        return new Reply.Records(
                matches.stream()
                        .skip((page.number() - 1L) * page.size())
                        .limit(page.size())
                        .map(enrolment -> record(enrolment, question.query(), disclosure))
                        .toList(),
                matches.size());
    }

    /** The identifier of a person by which it was asked is repeated. */
    private static ObjectNode record(PlayedEnrolment enrolment, Query query, Disclosure disclosure) {
        Member member =
                query instanceof Query.ByIdentifier(String type, String asked) && !type.equals(Subject.HOUSEHOLD_REF)
                        ? new Member("", List.of(new Identifier(type, asked)), null, null, null, null)
                        : null;
        return new Beneficiary(
                        Subject.urn(enrolment.id()),
                        AssistanceUnit.HOUSEHOLD,
                        disclosure.tells("group") ? group(enrolment.household()) : null,
                        member,
                        List.of(new Programme(
                                PlayedEnrolment.PROGRAMME,
                                disclosure.tells("programme_name") ? "Family grant" : PlayedEnrolment.PROGRAMME,
                                null,
                                enrolment.since(),
                                enrolment.status())),
                        enrolment.since(),
                        enrolment.status(),
                        disclosure.tells("benefits")
                                ? List.of(new Benefit(enrolment.since().plusMonths(1), 250_000, CURRENCY))
                                : List.of())
                .asRecord();
    }

    private static Group group(PlayedHousehold household) {
        return new Group(
                Subject.urn(household.id()),
                List.of(new Identifier(Subject.HOUSEHOLD_REF, household.reference())),
                AssistanceUnit.HOUSEHOLD,
                null,
                null,
                null,
                List.of(),
                null,
                null);
    }

    @Override
    public List<EnrolledResponse.Answer> enrolled(EnrolledRequest.Question question, Disclosure disclosure) {
        String type = Objects.requireNonNullElse(question.identifierType(), Subject.UIN);
        if (!Set.of(Subject.UIN, Subject.PERSON_REF).contains(type) || !disclosure.tells("identifier")) {
            return List.of(new EnrolledResponse.Answer(
                    "enrolled-1",
                    false,
                    null,
                    new Rejection(ReasonCode.SEARCH_CRITERIA_INVALID, "identifiers of this type cannot be asked for")));
        }
        boolean enrolled =
                country.enrolments().stream().anyMatch(enrolment -> enrolment.isCalled(type, question.identifier()));
        List<EnrolledResponse.Answer> answers = new ArrayList<>();
        if (question.programmes().isEmpty()) {
            answers.add(new EnrolledResponse.Answer("enrolled-1", enrolled, null, null));
        }
        for (String programme : question.programmes()) {
            answers.add(new EnrolledResponse.Answer(
                    "enrolled-" + (answers.size() + 1),
                    enrolled && programme.equalsIgnoreCase(PlayedEnrolment.PROGRAMME),
                    null,
                    null));
        }
        return answers;
    }

    @Override
    public MatchingAnswer match(UUID partner, MatchingRequest.Step step) {
        throw Refusal.of(ReasonCode.ACTION_NOT_SUPPORTED, "nobody is matched in this country");
    }

    /** Nothing of a report is kept but that it was taken. */
    @Override
    public List<EnrollmentUpdatesResponse.Answer> report(
            String reporter, List<EnrollmentUpdates.Reported> beneficiaries) {
        return beneficiaries.stream().map(this::report).toList();
    }

    private EnrollmentUpdatesResponse.Answer report(EnrollmentUpdates.Reported reported) {
        Rejection rejection = reported.rejection();
        boolean known = reported.identifiers().stream()
                .anyMatch(identifier ->
                        country.person(identifier.type(), identifier.value()).isPresent());
        if (rejection == null && !known) {
            rejection = new Rejection(ReasonCode.PERSON_ID_INVALID, "the person is not known here");
        }
        if (rejection == null) {
            country.changed();
        }
        return new EnrollmentUpdatesResponse.Answer(reported.referenceId(), rejection);
    }

    @Override
    public Optional<String> event(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "enrollement", "enrollment" -> Optional.of("enrollement");
            case PlayedCountry.STATUS_CHANGE, "enrollment_status_change" -> Optional.of(PlayedCountry.STATUS_CHANGE);
            default -> Optional.empty();
        };
    }

    @Override
    public void listen(String event) {
        country.enrolmentSteps.listen(event);
    }

    @Override
    public EventPage happened(String after, int limit) {
        return country.enrolmentSteps.happened(after, limit);
    }

    @Override
    public Map<UUID, ObjectNode> records(String recordType, Query filter, Set<UUID> keys, Disclosure disclosure) {
        Map<UUID, ObjectNode> records = new HashMap<>();
        country.enrolments().stream()
                .filter(enrolment -> keys.contains(enrolment.id()) && (filter == null || enrolment.fits(filter)))
                .forEach(enrolment -> records.put(enrolment.id(), record(enrolment, filter, disclosure)));
        return records;
    }
}
