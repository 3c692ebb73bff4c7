package org.annona.tokens;

import java.util.LinkedHashMap;
import java.util.Map;

/** A person with everything that the seeder needs. A field without value is empty. */
public record PersonInTests(String vid, String givenName, String familyName, String birthDate) {

    public static PersonInTests with(String vid) {
        return new PersonInTests(vid, "Asha", "Devi", "1976/01/01");
    }

    public PersonInTests born(String date) {
        return new PersonInTests(vid, givenName, familyName, date);
    }

    Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("name", givenName + " " + familyName);
        fields.put("given_name", givenName);
        fields.put("family_name", familyName);
        fields.put("birthdate", birthDate);
        fields.put("gender", "Female");
        fields.put("address", "12 Main St, North");
        fields.put("phone", "");
        fields.put("email", "");
        fields.values().removeIf(String::isEmpty);
        return fields;
    }
}
