package org.annona.interop.enrolment;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.annona.interop.message.ErrorCode;
import org.annona.interop.message.Fields;
import org.annona.interop.message.LocalName;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.message.Refusal;
import org.annona.interop.record.EnrollmentStatus;
import org.annona.interop.record.Identifier;
import org.annona.interop.search.Rejection;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Enrolments that another system reports (DCI reference 11.2), in the nestings in which they are seen (R13.6). */
public record EnrollmentUpdates(String transactionId, List<Reported> beneficiaries) {

    private static final int LONGEST = 200;
    private static final int DAY_LETTERS = 10;

    /**
     * One beneficiary.
     *
     * @param identifiers of the person, or of the head of the household
     * @param enrolments at least one, unless it is rejected
     * @param rejection where it cannot be understood; the others are not affected
     */
    public record Reported(
            String referenceId,
            List<Identifier> identifiers,
            List<Enrolment> enrolments,
            @Nullable Rejection rejection) {}

    /** @param since null where the date is not told */
    public record Enrolment(
            String programme,
            String programmeName,
            EnrollmentStatus status,
            @Nullable LocalDate since) {}

    /**
     * One beneficiary as a search tells one.
     *
     * @param identifiers none where the record does not say whom it is about
     * @param fault why it cannot be understood; empty where it can
     */
    public record Told(List<Identifier> identifiers, List<ToldEnrolment> enrolments, String fault) {}

    /**
     * @param programme code of the programme, or its name where only that is told; empty where neither is
     * @param status null where it is not told, or in words that are not on the list
     * @param since null where the date is not told, or cannot be read
     */
    public record ToldEnrolment(
            String programme,
            String programmeName,
            @Nullable EnrollmentStatus status,
            @Nullable LocalDate since) {}

    /** Leaves by an exception, because nothing else of the beneficiary is looked at. */
    private static final class Unfit extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Unfit(String text) {
            super(text, null, false, false);
        }
    }

    /** @throws Refusal where its structure is not as the standard says; single beneficiaries with a fault are only rejected */
    public static EnrollmentUpdates read(JsonNode message, int most) {
        Fields fields = Fields.of(message, "message");
        String transactionId = fields.requiredId("transaction_id");
        JsonNode updates =
                message.has("enrolled_updates") ? message.get("enrolled_updates") : message.path("receipt_information");
        Fields.of(updates, "message.enrolled_updates");
        JsonNode all = updates.path("beneficiaries");
        if (!all.isArray() || all.isEmpty()) {
            throw Refusal.of(ErrorCode.BAD_REQUEST, "message.enrolled_updates.beneficiaries is missing or empty");
        }
        if (all.size() > most) {
            throw Refusal.of(ReasonCode.TOTAL_COUNT_LIMIT_EXCEEDED, "a message has at most " + most + " beneficiaries");
        }
        List<Reported> reported = new ArrayList<>();
        for (JsonNode one : all) {
            reported.add(reported(one, reported.size()));
        }
        return new EnrollmentUpdates(transactionId, List.copyOf(reported));
    }

    /**
     * A beneficiary as a search tells one, in the nesting of the standard, or with the lists {@code programs} or
     * {@code enrollments} that other registries write.
     */
    public static Told told(JsonNode beneficiary) {
        try {
            List<Identifier> identifiers = new ArrayList<>(identifiers(beneficiary));
            identifiers.addAll(OtherShapes.identifiers(beneficiary));
            List<ToldEnrolment> enrolments = OtherShapes.areIn(beneficiary)
                    ? OtherShapes.enrolments(beneficiary)
                    : programmes(beneficiary).stream()
                            .map(one -> toldEnrolment(one, beneficiary))
                            .toList();
            if (enrolments.isEmpty() && identifiers.isEmpty()) {
                throw new Unfit("programme_identifier is missing");
            }
            return new Told(identifiers, enrolments, "");
        } catch (Unfit unfit) {
            return new Told(List.of(), List.of(), String.valueOf(unfit.getMessage()));
        }
    }

    private static Reported reported(JsonNode json, int index) {
        String id = json.path("@id").asString("");
        String reference = id.isBlank() || id.length() > LONGEST ? Integer.toString(index) : id;
        try {
            List<Identifier> identifiers = identifiers(json);
            if (identifiers.isEmpty()) {
                throw new Unfit("an identifier of the member is missing");
            }
            List<Enrolment> enrolments =
                    programmes(json).stream().map(one -> enrolment(one, json)).toList();
            if (enrolments.isEmpty()) {
                throw new Unfit("programme_identifier is missing");
            }
            return new Reported(reference, identifiers, enrolments, null);
        } catch (Unfit unfit) {
            return new Reported(
                    reference,
                    List.of(),
                    List.of(),
                    new Rejection(ReasonCode.PERSON_ID_INVALID, String.valueOf(unfit.getMessage())));
        }
    }

    private static List<Identifier> identifiers(JsonNode json) {
        List<Identifier> identifiers = new ArrayList<>();
        JsonNode member = json.path("member");
        for (JsonNode place : List.of(
                member.path("member_identifier"),
                member.path("demographic_info").path("identifier"),
                member.path("demographic_info").path("person").path("identifier"))) {
            for (JsonNode one : place.isObject() ? List.of(place) : place) {
                Optional<String> type = text(one, "identifier_type");
                Optional<String> value = text(one, "identifier_value");
                if (type.isPresent() && value.isPresent()) {
                    identifiers.add(new Identifier(LocalName.of(type.get()), value.get()));
                }
            }
        }
        return identifiers;
    }

    private static List<JsonNode> programmes(JsonNode json) {
        JsonNode programmes = json.has("programme_identifier")
                ? json.get("programme_identifier")
                : json.path("member").path("programme_identifier");
        List<JsonNode> all = new ArrayList<>();
        (programmes.isObject() ? List.of(programmes) : programmes).forEach(all::add);
        return all;
    }

    private static Enrolment enrolment(JsonNode json, JsonNode beneficiary) {
        ToldEnrolment told = toldEnrolment(json, beneficiary);
        if (told.status() == null) {
            throw new Unfit("the status of the enrolment is missing");
        }
        return new Enrolment(told.programme(), told.programmeName(), told.status(), told.since());
    }

    private static ToldEnrolment toldEnrolment(JsonNode json, JsonNode beneficiary) {
        JsonNode programme = json.path("programme").isObject() ? json.get("programme") : json;
        String code = text(programme, "programme_identifier")
                .orElseThrow(() -> new Unfit("the programme has no programme_identifier"));
        EnrollmentStatus status = either(json, beneficiary, "enrolment_status", "enrollment_status")
                .map(written -> EnrollmentStatus.of(written)
                        .orElseThrow(() -> new Unfit("the status of the enrolment is not on the list")))
                .orElse(null);
        LocalDate since = either(json, beneficiary, "enrolment_date", "enrollment_date")
                .map(EnrollmentUpdates::day)
                .orElse(null);
        return new ToldEnrolment(code, text(programme, "programme_name").orElse(code), status, since);
    }

    private static LocalDate day(String written) {
        try {
            return LocalDate.parse(written.substring(0, Math.min(DAY_LETTERS, written.length())));
        } catch (DateTimeException unreadable) {
            throw new Unfit("the date of the enrolment cannot be read");
        }
    }

    private static Optional<String> either(JsonNode json, JsonNode beneficiary, String... names) {
        for (JsonNode place : List.of(json, beneficiary)) {
            for (String name : names) {
                Optional<String> found = text(place, name);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    static Optional<String> text(JsonNode json, String name) {
        JsonNode value = json.path(name);
        boolean scalar = value.isString() || value.isIntegralNumber();
        String text = scalar ? value.asString().strip() : "";
        if (text.length() > LONGEST) {
            throw new Unfit(name + " is longer than " + LONGEST + " characters");
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
