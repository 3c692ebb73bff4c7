package org.annona.simulators.socialregistry;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.commons.validator.routines.checkdigit.CheckDigitException;
import org.apache.commons.validator.routines.checkdigit.VerhoeffCheckDigit;
import org.jspecify.annotations.Nullable;

/**
 * A household as the registry keeps it.
 *
 * @param number of the household, given as its only identifier
 */
public record SimulatedHousehold(String number, String name, List<Member> members) {

    private static final List<String> GIVEN = List.of(
            "Abebe",
            "Amina",
            "Chidi",
            "Deka",
            "Elene",
            "Farah",
            "Gatluak",
            "Halima",
            "Ismail",
            "Jamila",
            "Kebede",
            "Leila",
            "Musa",
            "Nyadet",
            "Omar",
            "Patience",
            "Rahel",
            "Samuel",
            "Tigist",
            "Yusuf");
    private static final List<String> FAMILY = List.of(
            "Abdi", "Bekele", "Chol", "Deng", "Eyasu", "Gebre", "Hassan", "Jama", "Kiprono", "Lual", "Mohamed", "Nyong",
            "Otieno", "Tesfaye", "Wako");
    private static final List<String> KINDS = List.of("Head", "Spouse", "Child", "Child", "Other", "Parent");

    /**
     * Somebody who lives there.
     *
     * @param nationalId empty for none, null for an entry without a value, which this registry cannot tell
     * @param kinds what she is in the household; the registry cannot tell two
     */
    public record Member(
            String given,
            String family,
            String gender,
            String birthdate,
            @Nullable String nationalId,
            @Nullable String phone,
            List<String> kinds) {

        public Member withPhone(String number) {
            return new Member(given, family, gender, birthdate, nationalId, number, kinds);
        }

        public Member withNationalId(@Nullable String number) {
            return new Member(given, family, gender, birthdate, number, phone, kinds);
        }

        public Member withBirthdate(String day) {
            return new Member(given, family, gender, day, nationalId, phone, kinds);
        }

        public Member withKinds(String... others) {
            return new Member(given, family, gender, birthdate, nationalId, phone, List.of(others));
        }

        Map<String, @Nullable Object> asRegistrant() {
            Map<String, @Nullable Object> person = new LinkedHashMap<>();
            person.put("name", (given + " " + family).strip());
            person.put("isGroup", false);
            person.put("givenName", given);
            person.put("familyName", family);
            person.put("gender", gender);
            person.put("birthdate", birthdate);
            person.put(
                    "regIds",
                    nationalId != null && nationalId.isEmpty() ? List.of() : List.of(id("National ID", nationalId)));
            person.put(
                    "phoneNumberIds",
                    phone == null ? List.of() : List.of(Map.of("phoneNo", phone, "phoneSanitized", phone)));
            return person;
        }
    }

    private static Map<String, @Nullable Object> id(String type, @Nullable String value) {
        Map<String, @Nullable Object> id = new LinkedHashMap<>();
        id.put("idTypeAsStr", type);
        id.put("value", value);
        return id;
    }

    /** The household at a place of the sample, the same each time. */
    static SimulatedHousehold sample(long seed, long place) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + place);
        String family = FAMILY.get(random.nextInt(FAMILY.size()));
        List<Member> members = new ArrayList<>();
        int size = 2 + random.nextInt(5);
        for (int i = 0; i < size; i++) {
            boolean woman = random.nextBoolean();
            int year = i < 2 ? 1950 + random.nextInt(50) : 2001 + random.nextInt(24);
            boolean hasId = i < 2 || random.nextInt(3) == 0;
            members.add(new Member(
                    GIVEN.get(random.nextInt(GIVEN.size()))
                            + (i == 0 ? "" : " " + GIVEN.get((int) ((place + i) % GIVEN.size()))),
                    family,
                    woman ? "Female" : "Male",
                    LocalDate.of(year, 1 + random.nextInt(12), 1 + random.nextInt(28))
                            .toString(),
                    hasId ? nationalId(seed, place * 10 + i) : "",
                    i == 0 ? "+2547" + String.format("%08d", place % 100_000_000) : null,
                    List.of(KINDS.get(Math.min(i, KINDS.size() - 1)))));
        }
        return new SimulatedHousehold("HH-" + seed + "-" + place, family, members);
    }

    private static String nationalId(long seed, long number) {
        try {
            String digits = String.format("%d%010d", 5 + seed % 5, number);
            return digits + VerhoeffCheckDigit.VERHOEFF_CHECK_DIGIT.calculate(digits);
        } catch (CheckDigitException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public SimulatedHousehold with(int place, Member member) {
        List<Member> others = new ArrayList<>(members);
        others.set(place, member);
        return new SimulatedHousehold(number, name, List.copyOf(others));
    }

    public SimulatedHousehold without(int place) {
        List<Member> others = new ArrayList<>(members);
        others.remove(place);
        return new SimulatedHousehold(number, name, List.copyOf(others));
    }

    Map<String, @Nullable Object> asRegistrant() {
        Map<String, @Nullable Object> group = new LinkedHashMap<>();
        group.put("name", name);
        group.put("isGroup", true);
        group.put("isPartialGroup", false);
        group.put("kind", "g2p.group.kind(1,)");
        group.put("regIds", List.of(id("Household ID", number)));
        group.put("phoneNumberIds", List.of());
        group.put(
                "groupMembershipIds",
                members.stream()
                        .map(member -> {
                            Map<String, Object> membership = new LinkedHashMap<>();
                            membership.put("individual", member.asRegistrant());
                            membership.put("kinds", member.kinds());
                            return membership;
                        })
                        .toList());
        return group;
    }
}
