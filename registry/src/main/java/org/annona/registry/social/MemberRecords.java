package org.annona.registry.social;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.exchange.Disclosure;
import org.annona.foundation.database.SqlFile;
import org.annona.interop.record.Identifier;
import org.annona.interop.record.Member;
import org.annona.interop.record.Name;
import org.annona.interop.record.Person;
import org.annona.registry.identifier.RegistryKeys;
import org.annona.registry.person.Masks;
import org.annona.registry.person.PersonName;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** People as members of the standard, with what the reader may know of them and nothing else: one statement for any number. */
final class MemberRecords {

    private static final SqlFile PEOPLE = SqlFile.beside(MemberRecords.class, "people.sql");

    private final RegistryKeys keys;

    MemberRecords(RegistryKeys keys) {
        this.keys = keys;
    }

    static String id(UUID id) {
        return "urn:uuid:" + id;
    }

    Map<UUID, Member> of(DSLContext sql, Collection<UUID> ids, Disclosure disclosure) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        Map<String, Object> values = Map.of(
                "ids",
                SqlFile.column("uuid", List.copyOf(ids), id -> id),
                "identifiers",
                tellsSome(disclosure, SharedAttributes.IDENTIFIER),
                "phones",
                tellsSome(disclosure, SharedAttributes.PHONE_NUMBER));
        Map<UUID, Member> members = new HashMap<>();
        PEOPLE.list(sql, values, (row, number) -> {
            UUID id = row.getObject("id", UUID.class);
            return members.put(id, member(row, id, disclosure));
        });
        return members;
    }

    private List<Identifier> identifiers(ResultSet row, Disclosure disclosure) throws SQLException {
        UUID[] ids = (UUID[]) array(row, "identifier_ids", new UUID[0]);
        String[] types = (String[]) array(row, "identifier_types", new String[0]);
        byte[][] sealed = (byte[][]) array(row, "identifiers_sealed", new byte[0][]);
        List<Identifier> all = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            String value = keys.openText(RegistryKeys.IDENTIFIER, ids[i], sealed[i]);
            all.add(new Identifier(
                    SocialVocabulary.told(types[i]),
                    disclosure.tells(SharedAttributes.IDENTIFIER) ? value : Masks.tail(value)));
        }
        if (disclosure.tells(SharedAttributes.IDENTIFIER)) {
            all.add(new Identifier(SocialVocabulary.PERSON_REFERENCE, row.getString("ref")));
        }
        return all;
    }

    private List<String> phones(ResultSet row, Disclosure disclosure) throws SQLException {
        UUID[] ids = (UUID[]) array(row, "phone_ids", new UUID[0]);
        byte[][] sealed = (byte[][]) array(row, "phones_sealed", new byte[0][]);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            String value = keys.openText(RegistryKeys.PHONE, ids[i], sealed[i]);
            all.add(disclosure.tells(SharedAttributes.PHONE_NUMBER) ? value : Masks.tail(value));
        }
        return all;
    }

    private static Object array(ResultSet row, String column, Object none) throws SQLException {
        Array array = row.getArray(column);
        return array == null ? none : array.getArray();
    }

    private static boolean tellsSome(Disclosure disclosure, String attribute) {
        return disclosure.tells(attribute) || disclosure.masks(attribute);
    }

    private Member member(ResultSet row, UUID id, Disclosure disclosure) throws SQLException {
        List<Identifier> all = identifiers(row, disclosure);
        Instant registered = disclosure.tells(SharedAttributes.REGISTRATION_DATE) ? instant(row, "created_at") : null;
        Instant updated = disclosure.tells(SharedAttributes.LAST_UPDATED) ? instant(row, "updated_at") : null;
        Person person = new Person(
                all,
                name(row, id, disclosure),
                disclosure.tells(SharedAttributes.SEX) ? sex(row.getString("sex")) : null,
                // A masked date would be a false one; so would one of which only the year is known.
                disclosure.tells(SharedAttributes.BIRTH_DATE) && "day".equals(row.getString("birth_precision"))
                        ? row.getObject("birth_date", LocalDate.class)
                        : null,
                disclosure.tells(SharedAttributes.DEATH_DATE) ? row.getObject("death_date", LocalDate.class) : null,
                phones(row, disclosure),
                emails(row, id, disclosure),
                null,
                null);
        return new Member(id(id), all, person, null, registered, updated);
    }

    private @Nullable Name name(ResultSet row, UUID id, Disclosure disclosure) throws SQLException {
        if (!tellsSome(disclosure, SharedAttributes.NAME)) {
            return null;
        }
        PersonName name = PersonName.fromJson(keys.openText(RegistryKeys.NAME, id, row.getBytes("name_sealed")));
        PersonName told = disclosure.tells(SharedAttributes.NAME) ? name : name.initials();
        return new Name(told.family(), told.given(), null);
    }

    private List<String> emails(ResultSet row, UUID id, Disclosure disclosure) throws SQLException {
        byte[] sealed = row.getBytes("email_sealed");
        if (sealed == null || !tellsSome(disclosure, SharedAttributes.EMAIL)) {
            return List.of();
        }
        String value = keys.openText(RegistryKeys.EMAIL, id, sealed);
        return List.of(disclosure.tells(SharedAttributes.EMAIL) ? value : Masks.email(value));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }

    private static String sex(@Nullable String ours) {
        return switch (ours) {
            case "F" -> "female";
            case "M" -> "male";
            case "X" -> "other";
            case null, default -> "unknown";
        };
    }
}
