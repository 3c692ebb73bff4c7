package org.annona.registry.social;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.annona.exchange.Disclosure;
import org.annona.foundation.database.SqlFile;
import org.annona.interop.record.AssistanceUnit;
import org.annona.interop.record.Group;
import org.annona.interop.record.Identifier;
import org.annona.interop.record.Member;
import org.annona.interop.record.Place;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Households as groups of the standard, with what the reader may know of them: at most five statements for any number. */
final class GroupRecords {

    private static final SqlFile HOUSEHOLDS = SqlFile.beside(GroupRecords.class, "households.sql");
    private static final SqlFile MEMBERS = SqlFile.beside(GroupRecords.class, "members.sql");
    private static final String AREA = "urn:annona:area:";

    private final MemberRecords members;

    GroupRecords(MemberRecords members) {
        this.members = members;
    }

    private record Membership(UUID household, UUID person, String role) {}

    private record Household(
            UUID id,
            String ref,
            @Nullable String areaCode,
            @Nullable String areaName,
            Instant registered,
            Instant updated) {}

    Map<UUID, Group> of(DSLContext sql, Collection<UUID> ids, LocalDate day, Disclosure disclosure) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        Object column = SqlFile.column("uuid", List.copyOf(ids), id -> id);
        List<Household> households = HOUSEHOLDS.list(
                sql,
                Map.of("ids", column),
                (row, number) -> new Household(
                        row.getObject("id", UUID.class),
                        row.getString("ref"),
                        row.getString("area_code"),
                        row.getString("area_name"),
                        row.getTimestamp("created_at").toInstant(),
                        row.getTimestamp("updated_at").toInstant()));
        Map<UUID, List<Membership>> memberships = tellsOfMembers(disclosure) ? memberships(sql, column, day) : Map.of();

        Map<UUID, Member> people = members.of(sql, wanted(memberships, disclosure), disclosure);
        Map<UUID, Group> groups = new HashMap<>();
        for (Household household : households) {
            groups.put(
                    household.id(),
                    group(household, memberships.getOrDefault(household.id(), List.of()), people, disclosure));
        }
        return groups;
    }

    private static boolean tellsOfMembers(Disclosure disclosure) {
        return disclosure.tells(SharedAttributes.MEMBERS)
                || disclosure.tells(SharedAttributes.GROUP_HEAD)
                || disclosure.tells(SharedAttributes.GROUP_SIZE);
    }

    private static Map<UUID, List<Membership>> memberships(DSLContext sql, Object households, LocalDate day) {
        Map<UUID, List<Membership>> memberships = new HashMap<>();
        MEMBERS.list(sql, Map.of("ids", households, "day", day), (row, number) -> {
            Membership membership = new Membership(
                    row.getObject("household_id", UUID.class),
                    row.getObject("person_id", UUID.class),
                    row.getString("role"));
            return memberships
                    .computeIfAbsent(membership.household(), none -> new ArrayList<>())
                    .add(membership);
        });
        return memberships;
    }

    private static Set<UUID> wanted(Map<UUID, List<Membership>> memberships, Disclosure disclosure) {
        Set<UUID> wanted = new LinkedHashSet<>();
        memberships
                .values()
                .forEach(all -> all.stream()
                        .filter(one -> disclosure.tells(SharedAttributes.MEMBERS)
                                || disclosure.tells(SharedAttributes.GROUP_HEAD) && isHead(one))
                        .forEach(one -> wanted.add(one.person())));
        return wanted;
    }

    private static boolean isHead(Membership membership) {
        return membership.role().equals("head");
    }

    private static Group group(
            Household household, List<Membership> memberships, Map<UUID, Member> people, Disclosure disclosure) {
        Member head = memberships.stream()
                .filter(GroupRecords::isHead)
                .map(one -> people.get(one.person()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        List<Member> told = disclosure.tells(SharedAttributes.MEMBERS)
                ? memberships.stream()
                        .map(one -> people.get(one.person()))
                        .filter(Objects::nonNull)
                        .toList()
                : List.of();
        boolean placed = disclosure.tells(SharedAttributes.PLACE) && household.areaCode() != null;
        return new Group(
                MemberRecords.id(household.id()),
                disclosure.tells(SharedAttributes.IDENTIFIER)
                        ? List.of(new Identifier(SocialVocabulary.HOUSEHOLD_REFERENCE, household.ref()))
                        : List.of(),
                AssistanceUnit.HOUSEHOLD,
                placed ? new Place(AREA + household.areaCode(), String.valueOf(household.areaName())) : null,
                disclosure.tells(SharedAttributes.GROUP_SIZE) ? memberships.size() : null,
                disclosure.tells(SharedAttributes.GROUP_HEAD) ? head : null,
                told,
                disclosure.tells(SharedAttributes.REGISTRATION_DATE) ? household.registered() : null,
                disclosure.tells(SharedAttributes.LAST_UPDATED) ? household.updated() : null);
    }
}
