package org.annona.registry.social;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.annona.exchange.Disclosure;
import org.annona.foundation.database.SqlFile;
import org.annona.interop.record.Group;
import org.annona.interop.record.Identifier;
import org.annona.interop.record.Member;
import org.annona.interop.record.Name;
import org.annona.interop.record.Person;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** People and households by the names of deployed registries, with what the reader may know: a handful of statements for any number. */
final class Registrants {

    /** As the people who keep such registries call them. */
    private static final Map<String, String> IDENTIFIER_TYPES = Map.of(
            SocialVocabulary.NATIONAL_TOLD, "National ID",
            SocialVocabulary.PERSON_REFERENCE, "Annona Person",
            SocialVocabulary.HOUSEHOLD_REFERENCE, "Household ID");

    /** Members are looked up here, with their memberships. */
    private static final Set<String> OF_HOUSEHOLDS =
            Set.of(SharedAttributes.IDENTIFIER, SharedAttributes.REGISTRATION_DATE, SharedAttributes.LAST_UPDATED);

    private static final SqlFile MEMBERSHIPS = SqlFile.beside(Registrants.class, "memberships-of-households.sql");

    private final MemberRecords members;
    private final GroupRecords groups;
    private final ZoneId zone;

    Registrants(MemberRecords members, GroupRecords groups, ZoneId zone) {
        this.members = members;
        this.groups = groups;
        this.zone = zone;
    }

    List<Map<String, @Nullable Object>> people(DSLContext sql, List<UUID> ids, Disclosure disclosure) {
        Map<UUID, Member> people = members.of(sql, ids, disclosure);
        return ids.stream()
                .filter(people::containsKey)
                .map(id -> person(id, Objects.requireNonNull(people.get(id))))
                .toList();
    }

    private Map<String, @Nullable Object> person(UUID id, Member member) {
        Person person = Objects.requireNonNull(member.person());
        Name name = person.name();
        String given = name == null ? null : name.givenName();
        String family = name == null ? null : name.surname();
        Map<String, @Nullable Object> told = blank(id, false);
        told.put(
                "name", (Objects.requireNonNullElse(given, "") + " " + Objects.requireNonNullElse(family, "")).strip());
        told.put("givenName", given);
        told.put("familyName", family);
        told.put("gender", gender(person.sex()));
        told.put("email", person.emails().isEmpty() ? null : person.emails().getFirst());
        told.put(
                "birthdate",
                person.birthDate() == null ? null : person.birthDate().toString());
        moments(told, member.registered(), member.updated());
        told.put(
                "phoneNumberIds",
                person.phones().stream()
                        .map(number -> Map.of("phoneNo", number, "phoneSanitized", number))
                        .toList());
        told.put("regIds", identifiers(person.identifiers()));
        return told;
    }

    private void moments(Map<String, @Nullable Object> told, @Nullable Instant registered, @Nullable Instant updated) {
        told.put("registrationDate", day(registered));
        told.put("createDate", day(registered));
        told.put("writeDate", day(updated));
    }

    private static Map<String, @Nullable Object> blank(UUID id, boolean group) {
        Map<String, @Nullable Object> told = new LinkedHashMap<>();
        told.put("id", id.toString());
        told.put("isGroup", group);
        told.put("isPartialGroup", false);
        told.put("groupMembershipIds", List.of());
        told.put("phoneNumberIds", List.of());
        told.put("regIds", List.of());
        return told;
    }

    private static List<Map<String, Object>> identifiers(List<Identifier> identifiers) {
        List<Map<String, Object>> told = new ArrayList<>();
        for (Identifier identifier : identifiers) {
            String type = IDENTIFIER_TYPES.getOrDefault(identifier.type(), identifier.type());
            told.add(Map.of(
                    "idTypeAsStr",
                    type,
                    "idType",
                    Map.of("name", type),
                    "value",
                    identifier.value(),
                    "status",
                    "valid"));
        }
        return told;
    }

    private static @Nullable String gender(@Nullable String sex) {
        return sex == null || sex.equals("unknown")
                ? null
                : sex.substring(0, 1).toUpperCase(Locale.ROOT) + sex.substring(1);
    }

    private @Nullable String day(@Nullable Instant moment) {
        return moment == null ? null : moment.atZone(zone).toLocalDate().toString();
    }

    private record Membership(UUID id, UUID household, UUID person, String role, LocalDate from, Instant entered) {}

    /** @param members takes those who are told of the households; null where members are not told */
    List<Map<String, @Nullable Object>> households(
            DSLContext sql, List<UUID> ids, LocalDate today, @Nullable List<UUID> members, Disclosure disclosure) {
        Disclosure ofHouseholds =
                new Disclosure(OF_HOUSEHOLDS.stream().filter(disclosure::tells).collect(Collectors.toSet()), Set.of());
        Map<UUID, Group> households = groups.of(sql, ids, today, ofHouseholds);
        Map<UUID, List<Map<String, Object>>> memberships =
                members == null ? Map.of() : memberships(sql, ids, today, members, disclosure);
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (UUID id : ids) {
            Group group = households.get(id);
            if (group == null) {
                continue;
            }
            Map<String, @Nullable Object> told = blank(id, true);
            told.put(
                    "name",
                    group.identifiers().isEmpty()
                            ? ""
                            : group.identifiers().getFirst().value());
            told.put("regIds", identifiers(group.identifiers()));
            moments(told, group.registered(), group.updated());
            told.put("groupMembershipIds", memberships.getOrDefault(id, List.of()));
            all.add(told);
        }
        return all;
    }

    private Map<UUID, List<Map<String, Object>>> memberships(
            DSLContext sql, List<UUID> households, LocalDate today, List<UUID> told, Disclosure disclosure) {
        List<Membership> found = MEMBERSHIPS.list(
                sql,
                Map.of("ids", SqlFile.column("uuid", households, id -> id), "day", today),
                (row, number) -> new Membership(
                        row.getObject("id", UUID.class),
                        row.getObject("household_id", UUID.class),
                        row.getObject("person_id", UUID.class),
                        row.getString("role"),
                        row.getObject("valid_from", LocalDate.class),
                        row.getTimestamp("created_at").toInstant()));
        Set<UUID> ids = new LinkedHashSet<>();
        found.forEach(membership -> ids.add(membership.person()));
        Map<UUID, Member> people = this.members.of(sql, ids, disclosure);
        told.addAll(people.keySet());
        Map<UUID, List<Map<String, Object>>> memberships = new HashMap<>();
        for (Membership membership : found) {
            Member member = people.get(membership.person());
            if (member != null) {
                memberships
                        .computeIfAbsent(membership.household(), none -> new ArrayList<>())
                        .add(membership(membership, person(membership.person(), member)));
            }
        }
        return memberships;
    }

    private Map<String, Object> membership(Membership membership, Map<String, @Nullable Object> person) {
        String role = membership.role();
        String entered = String.valueOf(day(membership.entered()));
        return Map.of(
                "id",
                membership.id().toString(),
                "individual",
                person,
                "kind",
                Map.of("name", role.substring(0, 1).toUpperCase(Locale.ROOT) + role.substring(1)),
                "startDate",
                membership.from().toString(),
                "status",
                "active",
                "createDate",
                entered,
                "writeDate",
                entered);
    }
}
