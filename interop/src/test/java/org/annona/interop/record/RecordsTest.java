package org.annona.interop.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.annona.testing.DciSpecification;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Records, held against the standard's own classes. */
class RecordsTest {

    private static final Instant NOW = Instant.parse("2026-01-15T10:30:00.5Z");
    private static final List<Identifier> IDENTIFIERS = List.of(new Identifier("UIN", "123"));
    private static final Person PERSON = new Person(
            IDENTIFIERS,
            new Name("ሀይሌ", "É", null),
            "female",
            LocalDate.of(1990, 2, 28),
            null,
            List.of("+254712345678"),
            List.of(),
            NOW,
            null);
    private static final Member MEMBER = new Member("M-1", IDENTIFIERS, PERSON, null, NOW, NOW);
    private static final Group GROUP = new Group(
            "G-1",
            List.of(new Identifier("HOUSEHOLD", "7")),
            AssistanceUnit.HOUSEHOLD,
            new Place("urn:annona:area:N01", "Aruba District"),
            4,
            MEMBER,
            List.of(MEMBER),
            NOW,
            NOW);

    private static Beneficiary beneficiary(List<Benefit> benefits) {
        return new Beneficiary(
                "B-1",
                AssistanceUnit.HOUSEHOLD,
                GROUP,
                null,
                List.of(new Programme("CHILD", "Child grant", null, LocalDate.of(2026, 1, 1), EnrollmentStatus.ACTIVE)),
                LocalDate.of(2026, 1, 1),
                EnrollmentStatus.ACTIVE,
                benefits);
    }

    /** Class by class, with what it has from the one it extends; the standard writes SR_Person once and SRPerson elsewhere. */
    private static Map<String, Set<String>> properties() {
        Map<String, Set<String>> properties = new HashMap<>();
        Map<String, String> parents = new HashMap<>();
        for (JsonNode one : DciSpecification.codes().get("classes")) {
            String name = one.get("class").asString().replace("_", "");
            Set<String> all = properties.computeIfAbsent(name, first -> new HashSet<>());
            one.get("properties")
                    .forEach(property -> all.add(property.get("name").asString()));
            // Some are demanded and not defined: the enrolment in a programme.
            one.path("required").forEach(required -> all.add(required.asString().replace("spdci:", "")));
            String parent = one.path("subClassOf").asString("");
            if (!parent.isEmpty()) {
                parents.put(name, parent.substring(parent.lastIndexOf(':') + 1));
            }
        }
        parents.forEach((name, parent) -> properties.get(name).addAll(properties.getOrDefault(parent, Set.of())));
        // Named as the range of a member's demographic_info, and defined nowhere.
        properties.putIfAbsent("IBRPerson", properties.get("Person"));
        return properties;
    }

    private static void isKnown(JsonNode json, Map<String, Set<String>> properties) {
        if (json.isArray()) {
            json.forEach(one -> isKnown(one, properties));
        }
        if (json.isObject()) {
            String type = json.path("@type").asString("");
            assertThat(properties).as(json.toString()).containsKey(type);
            json.properties().forEach(member -> {
                if (!member.getKey().startsWith("@")) {
                    assertThat(properties.get(type)).as(type).contains(member.getKey());
                    isKnown(member.getValue(), properties);
                }
            });
        }
    }

    @Test
    void every_attribute_is_one_of_its_class_in_the_standard() {
        Map<String, Set<String>> properties = properties();
        for (ObjectNode record : List.of(
                PERSON.asRecord(RegistryKind.SOCIAL, "P-1"),
                MEMBER.asRecord(RegistryKind.SOCIAL),
                GROUP.asRecord(RegistryKind.SOCIAL),
                GROUP.asRecord(RegistryKind.IBR),
                beneficiary(List.of(new Benefit(LocalDate.of(2026, 1, 31), 150_050, Currency.getInstance("KES"))))
                        .asRecord())) {
            isKnown(record, properties);
            assertThat(record.path("@id").asString()).isNotEmpty();
            assertThat(record.path("@context").path("@vocab").asString())
                    .startsWith("https://schema.spdci.org/extensions/");
        }
    }

    @Test
    void what_is_unknown_is_left_out_lists_stay_lists_and_dates_are_date_times() {
        ObjectNode person = PERSON.asRecord(RegistryKind.SOCIAL, "P-1");

        assertThat(person.toString())
                .doesNotContain("null")
                .doesNotContain("\"\"")
                .doesNotContain("[]");
        assertThat(person.get("phone_number").isArray()).isTrue();
        assertThat(person.get("birth_date").asString()).isEqualTo("1990-02-28T00:00:00Z");
        assertThat(person.get("registration_date").asString()).isEqualTo("2026-01-15T10:30:00Z");
        assertThat(person.get("@type").asString()).isEqualTo("SRPerson");
    }

    @Test
    void a_beneficiary_has_both_spellings_of_her_enrolment_and_always_benefits() {
        ObjectNode paid = beneficiary(
                        List.of(new Benefit(LocalDate.of(2026, 1, 31), 150_050, Currency.getInstance("KES"))))
                .asRecord();

        assertThat(paid.get("enrollment_status").asString()).isEqualTo("1");
        assertThat(paid.get("programme_identifier")
                        .get(0)
                        .get("enrolment_status")
                        .asString())
                .isEqualTo("1");
        assertThat(paid.get("benefits").get(0).get("benefit_value").asString()).isEqualTo("KES 1500.50");
        assertThat(beneficiary(List.of()).asRecord().get("benefits").isArray()).isTrue();
        assertThat(new Benefit(LocalDate.EPOCH, 5, Currency.getInstance("JPY"))
                        .json()
                        .get("benefit_value")
                        .asString())
                .isEqualTo("JPY 5");
    }

    @Test
    void codes_are_those_of_the_standard_and_an_unknown_one_is_not_guessed() {
        JsonNode listed =
                DciSpecification.codes().get("enums").get("extensions/ibr/v1/code/EnrollmentStatusEnum.jsonld");
        for (JsonNode one : listed) {
            EnrollmentStatus status =
                    EnrollmentStatus.of(one.get("code").asString()).orElseThrow();
            assertThat(EnrollmentStatus.of(
                            "ns:EnrollmentStatus:" + one.get("label").asString()))
                    .contains(status);
        }
        assertThat(listed.size()).isEqualTo(EnrollmentStatus.values().length);
        assertThat(EnrollmentStatus.of("Exited")).isEmpty();
        assertThat(EnrollmentStatus.of("5")).isEmpty();
    }

    @Test
    void no_record_shows_a_person_by_its_text_form() {
        assertThat(MEMBER.toString() + PERSON + GROUP + beneficiary(List.of()))
                .doesNotContain("ሀይሌ")
                .doesNotContain("123")
                .doesNotContain("254712345678")
                .doesNotContain("1990");
    }
}
