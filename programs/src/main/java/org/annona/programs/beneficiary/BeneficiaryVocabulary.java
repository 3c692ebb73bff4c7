package org.annona.programs.beneficiary;

import static org.annona.programs.internal.tables.Tables.ENROLMENT;
import static org.annona.programs.internal.tables.Tables.PROGRAMME;
import static org.annona.programs.internal.tables.Tables.REPORTED_ENROLMENT;

import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.annona.exchange.Disclosure;
import org.annona.foundation.criteria.Attribute;
import org.annona.foundation.criteria.Attribute.Type;
import org.annona.foundation.criteria.Catalogue;
import org.annona.foundation.criteria.SqlBinding;
import org.annona.interop.query.Vocabulary;
import org.annona.interop.query.Vocabulary.Place;
import org.annona.programs.PersonDirectory;
import org.jooq.Field;

/** What may be asked of beneficiaries, and where it lies. */
final class BeneficiaryVocabulary {

    static final String HOUSEHOLD_REFERENCE = "HOUSEHOLD_REF";
    private static final String STATUS = "enrollment_status";
    private static final String PROGRAMME_CODE = "programme_identifier";
    private static final String SOURCE = "the programmes";

    /** Where the attributes of a beneficiary lie. */
    private record Binding(Field<String> status, Field<String> programme) implements SqlBinding {

        @Override
        public Field<?> field(String attribute) {
            return switch (attribute) {
                case STATUS -> status;
                case PROGRAMME_CODE -> programme;
                default -> throw new IllegalArgumentException("no attribute " + attribute + " of a beneficiary");
            };
        }

        @Override
        public Related related(String relation) {
            throw new IllegalArgumentException("a beneficiary has no " + relation);
        }
    }

    /** Of enrolments in our programmes. */
    static final SqlBinding OURS = new Binding(EnrolmentStates.code(ENROLMENT.STATE, ENROLMENT.REASON), PROGRAMME.CODE);

    /** Of those that others reported. */
    static final SqlBinding REPORTED = new Binding(REPORTED_ENROLMENT.STATUS, REPORTED_ENROLMENT.PROGRAMME_CODE);

    private final PersonDirectory directory;
    private final Catalogue catalogue;

    BeneficiaryVocabulary(PersonDirectory directory, Currency currency) {
        this.directory = directory;
        this.catalogue = Catalogue.of(
                "beneficiary",
                "beneficiaries",
                currency,
                List.of(
                        new Attribute(STATUS, Type.CODE, "status of the enrolment", "", SOURCE),
                        new Attribute(PROGRAMME_CODE, Type.CODE, "programme", "", SOURCE)),
                Map.of());
    }

    Vocabulary of(Disclosure disclosure) {
        Map<String, Place> places = new HashMap<>();
        for (String path : List.of(
                STATUS,
                "enrolment_status",
                "programme_identifier.enrolment_status",
                "programme_identifier.enrollment_status")) {
            places.put(path, new Place(null, STATUS));
        }
        for (String path : List.of(
                PROGRAMME_CODE,
                "programme_identifier.programme_identifier",
                "programme_identifier.programme.programme_identifier",
                "programme_identifier.program.programme_identifier")) {
            places.put(path, new Place(null, PROGRAMME_CODE));
        }
        Map<String, String> identifiers = new HashMap<>();
        if (disclosure.tells(SharedAttributes.IDENTIFIER)) {
            directory.types().forEach(type -> identifiers.put(type, type));
        }
        if (disclosure.tells(SharedAttributes.GROUP)) {
            identifiers.put(HOUSEHOLD_REFERENCE, HOUSEHOLD_REFERENCE);
        }
        return new Vocabulary(
                catalogue, places, identifiers, Set.of("Beneficiary"), Map.of(STATUS, EnrolmentStates::read));
    }
}
