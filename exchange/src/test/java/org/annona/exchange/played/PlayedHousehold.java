package org.annona.exchange.played;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** @param members the head first */
record PlayedHousehold(UUID id, String reference, List<PlayedPerson> members, Instant registered) implements Subject {

    static final String MEMBERS = "members";

    PlayedHousehold {
        members = List.copyOf(members);
    }

    @Override
    public boolean isCalled(String type, String identifier) {
        return type.equals(HOUSEHOLD_REF)
                ? identifier.equalsIgnoreCase(reference)
                : members.stream().anyMatch(member -> member.isCalled(type, identifier));
    }

    @Override
    public Object value(String attribute) {
        return switch (attribute) {
            case "group_size" -> (long) members.size();
            case "registration_date" -> registered;
            default -> throw new IllegalArgumentException("no attribute " + attribute + " of a household");
        };
    }

    @Override
    public List<PlayedPerson> related(String relation) {
        return members;
    }
}
