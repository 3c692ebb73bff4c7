package org.annona.registry.selection;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.annona.foundation.database.SqlFile;
import org.annona.registry.PersonExtract;
import org.annona.registry.PersonField;
import org.annona.registry.SelectedPerson;
import org.annona.registry.identifier.RegistryKeys;
import org.annona.registry.person.PersonName;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Writes down what leaves of some people: each field on its own, by key, and only those that were agreed. */
final class PersonExtracts {

    private static final SqlFile PEOPLE = SqlFile.beside(PersonExtracts.class, "sheets.sql");
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu/MM/dd", Locale.ROOT);

    private final RegistryKeys keys;

    PersonExtracts(RegistryKeys keys) {
        this.keys = keys;
    }

    List<PersonExtract> of(
            DSLContext sql, List<SelectedPerson> people, List<String> fields, String purpose, LocalDate today) {
        Map<UUID, SelectedPerson> byId = new HashMap<>();
        people.forEach(person -> byId.put(person.id(), person));
        Set<String> wanted = new HashSet<>(fields);
        List<PersonExtract> sheets = new ArrayList<>();
        Map<String, Object> values = Map.of(
                "people",
                SqlFile.column("uuid", people, SelectedPerson::id),
                "identifiers",
                SqlFile.column("uuid", people, SelectedPerson::identifierId),
                "purpose",
                purpose,
                "today",
                today);
        PEOPLE.list(sql, values, (row, number) -> {
            SelectedPerson person = byId.get(row.getObject("id", UUID.class));
            return person != null && sheets.add(sheet(row, person, wanted));
        });
        return sheets;
    }

    private PersonExtract sheet(ResultSet row, SelectedPerson person, Set<String> wanted) throws SQLException {
        UUID id = person.id();
        Map<String, @Nullable String> all = new LinkedHashMap<>();
        all.put(PersonField.REFERENCE, row.getString("ref"));
        if (wanted.contains(PersonField.NAME)
                || wanted.contains(PersonField.GIVEN_NAME)
                || wanted.contains(PersonField.FAMILY_NAME)) {
            PersonName name = PersonName.fromJson(keys.openText(RegistryKeys.NAME, id, row.getBytes("name_sealed")));
            all.put(PersonField.NAME, (name.given() + " " + name.family()).strip());
            all.put(PersonField.GIVEN_NAME, name.given());
            all.put(PersonField.FAMILY_NAME, name.family());
        }
        all.put(
                PersonField.BIRTH_DATE,
                "day".equals(row.getString("birth_precision")) ? date(row, "birth_date") : null);
        all.put(PersonField.GENDER, gender(row.getString("sex")));
        if (wanted.contains(PersonField.ADDRESS)) {
            all.put(PersonField.ADDRESS, address(row));
        }
        all.put(PersonField.AREA, row.getString("area"));
        if (wanted.contains(PersonField.PHONE)) {
            all.put(PersonField.PHONE, opened(row, "phone_sealed", RegistryKeys.PHONE, row.getString("phone_id")));
        }
        if (wanted.contains(PersonField.EMAIL)) {
            all.put(PersonField.EMAIL, opened(row, "email_sealed", RegistryKeys.EMAIL, id.toString()));
        }
        all.put(PersonField.REGISTRATION_DATE, date(row, "registered_on"));
        Map<String, String> told = new LinkedHashMap<>();
        all.forEach((name, value) -> {
            if (wanted.contains(name) && value != null && !value.isBlank()) {
                told.put(name, value);
            }
        });
        String identifier =
                keys.openText(RegistryKeys.IDENTIFIER, person.identifierId(), row.getBytes("identifier_sealed"));
        return new PersonExtract(person, identifier, Map.copyOf(told), row.getString("receipt"));
    }

    private static @Nullable String date(ResultSet row, String column) throws SQLException {
        LocalDate date = row.getObject(column, LocalDate.class);
        return date == null ? null : DATE.format(date);
    }

    private static @Nullable String gender(@Nullable String sex) {
        return switch (sex) {
            case "F" -> "Female";
            case "M" -> "Male";
            case "X" -> "Other";
            case null, default -> null;
        };
    }

    private @Nullable String address(ResultSet row) throws SQLException {
        String line = opened(row, "address_sealed", RegistryKeys.ADDRESS, row.getString("household_id"));
        String places = row.getString("places");
        return line == null ? places : places == null ? line : line + ", " + places;
    }

    private @Nullable String opened(ResultSet row, String column, String place, @Nullable String key)
            throws SQLException {
        byte[] sealed = row.getBytes(column);
        return sealed == null || key == null ? null : keys.openText(place, key, sealed);
    }
}
