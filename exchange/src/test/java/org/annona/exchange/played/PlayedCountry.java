package org.annona.exchange.played;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.annona.interop.record.EnrollmentStatus;

/** A small country, its people, and what happens to them. The played registries tell of it. */
public final class PlayedCountry {

    static final String REGISTER = "REGISTER";
    static final String NEW_MEMBER = "NewHouseHoldMember";
    static final String STATUS_CHANGE = "enrollement_status_change";
    private static final int HOUSEHOLDS = 12;
    private static final List<String> WOMEN = List.of("Wanjiku", "Achieng", "Nafula", "Chebet");
    private static final List<String> MEN = List.of("Kamau", "Odhiambo", "Wafula", "Kiprono");
    private static final List<String> FAMILIES = List.of("Mwangi", "Omondi", "Simiyu", "Rotich", "Mutua");
    private static final LocalDate SINCE = LocalDate.of(2025, 3, 1);

    final PlayedEvents registrations = new PlayedEvents("sr");
    final PlayedEvents enrolmentSteps = new PlayedEvents("ibr");
    private final List<PlayedPerson> people = new ArrayList<>();
    private final List<PlayedHousehold> households = new ArrayList<>();
    private final List<PlayedEnrolment> enrolments = new ArrayList<>();
    private int changes;

    /** Every household has a woman at its head, a man and a child; every second one is enrolled. */
    public PlayedCountry() {
        for (int i = 0; i < HOUSEHOLDS; i++) {
            String family = FAMILIES.get(i % FAMILIES.size());
            PlayedHousehold household = settle(List.of(
                    person(WOMEN.get(i % WOMEN.size()), family, "female", LocalDate.of(1970 + i, 2, 3)),
                    person(MEN.get(i % MEN.size()), family, "male", LocalDate.of(1968 + i, 5, 6)),
                    person("Baraka", family, i % 2 == 0 ? "female" : "male", LocalDate.of(2012, 7, 1 + i))));
            if (i % 2 == 0) {
                enrolments.add(new PlayedEnrolment(UUID.randomUUID(), household, SINCE, EnrollmentStatus.ACTIVE));
            }
        }
    }

    private PlayedPerson person(String given, String family, String sex, LocalDate born) {
        int number = people.size() + 1;
        PlayedPerson person = new PlayedPerson(
                UUID.randomUUID(),
                "P-000-000-%03d-5".formatted(number),
                "4072%08d".formatted(number),
                given,
                family,
                sex,
                born,
                "+2547%08d".formatted(number),
                Instant.now());
        people.add(person);
        return person;
    }

    private PlayedHousehold settle(List<PlayedPerson> members) {
        PlayedHousehold household = new PlayedHousehold(
                UUID.randomUUID(), "H-000-000-%03d-5".formatted(households.size() + 1), members, Instant.now());
        households.add(household);
        return household;
    }

    /** A woman who is known by everything that is asked for, and whose household is enrolled. */
    public PlayedPerson somebody() {
        return people().getFirst();
    }

    /** Registers two people of a new household: a woman at its head, and a man. */
    public synchronized void register(String woman, String man, String family) {
        PlayedHousehold household = settle(List.of(
                person(woman, family, "female", LocalDate.of(1980, 2, 3)),
                person(man, family, "male", LocalDate.of(1979, 5, 6))));
        changes++;
        for (PlayedPerson member : household.members()) {
            Map<String, UUID> records =
                    Map.of(PlayedSocialRegistry.MEMBER, member.id(), PlayedSocialRegistry.GROUP, household.id());
            registrations.happens(REGISTER, records);
            registrations.happens(NEW_MEMBER, records);
        }
    }

    /** Changes the status of one enrolment. */
    public synchronized void setStatus(EnrollmentStatus status) {
        PlayedEnrolment enrolment = enrolments.getFirst().with(status);
        enrolments.set(0, enrolment);
        changes++;
        enrolmentSteps.happens(STATUS_CHANGE, Map.of(PlayedBeneficiaryRegistry.BENEFICIARY, enrolment.id()));
    }

    /** Says that something else than people and enrolments changed, such as a report that was taken. */
    synchronized void changed() {
        changes++;
    }

    /** Equal for as long as nothing is changed in this country. */
    public synchronized String state() {
        return people.size() + " people, " + households.size() + " households, " + changes + " changes";
    }

    synchronized List<PlayedPerson> people() {
        return List.copyOf(people);
    }

    synchronized List<PlayedHousehold> households() {
        return List.copyOf(households);
    }

    synchronized List<PlayedEnrolment> enrolments() {
        return List.copyOf(enrolments);
    }

    Optional<PlayedPerson> person(String type, String identifier) {
        return people().stream()
                .filter(person -> person.isCalled(type, identifier))
                .findFirst();
    }

    /** Up to where the events of that registry have come. */
    public String position(String prefix) {
        return (prefix.equals("sr") ? registrations : enrolmentSteps)
                .happened("", 1)
                .position();
    }
}
