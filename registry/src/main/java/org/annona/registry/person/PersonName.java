package org.annona.registry.person;

import tools.jackson.databind.json.JsonMapper;

/** A name as its owner writes it, in her script. The family name may be empty. */
public record PersonName(String given, String family) {

    public String toJson() {
        return JsonMapper.shared().writeValueAsString(this);
    }

    public static PersonName fromJson(String json) {
        return JsonMapper.shared().readValue(json, PersonName.class);
    }

    String full() {
        return family.isEmpty() ? given : given + " " + family;
    }

    /** The first letter of each word; enough to recognise a person one is looking for, not enough to find one. */
    public String masked() {
        return masked(full());
    }

    /** The same, in its two parts. */
    public PersonName initials() {
        return new PersonName(masked(given), masked(family));
    }

    private static String masked(String name) {
        StringBuilder out = new StringBuilder();
        for (String word : name.split(" ", -1)) {
            if (!word.isEmpty()) {
                out.append(out.isEmpty() ? "" : " ")
                        .appendCodePoint(word.codePointAt(0))
                        .append("•••");
            }
        }
        return out.toString();
    }

    @Override
    public String toString() {
        return "PersonName[sealed]";
    }
}
