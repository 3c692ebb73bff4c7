package org.annona.registry.social;

import static org.annona.registry.internal.tables.Tables.IDENTIFIER;
import static org.annona.registry.internal.tables.Tables.IDENTIFIER_TYPE;
import static org.annona.registry.internal.tables.Tables.PERSON;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.interop.query.Query;
import org.annona.registry.MaskedPerson;
import org.annona.registry.PersonIdentifier;
import org.annona.registry.identifier.IdentifierType;
import org.annona.registry.identifier.IdentifierTypes;
import org.annona.registry.identifier.RegistryKeys;
import org.annona.registry.person.Masks;
import org.annona.registry.person.PersonName;
import org.jooq.DSLContext;

/** Finds the people that identifiers belong to: two statements for any number of them. */
public final class PeopleByIdentifier {

    private static final SqlFile BY_IDENTIFIER = SqlFile.beside(PeopleByIdentifier.class, "people-by-identifier.sql");
    private static final SqlFile IDENTIFIERS_OF = SqlFile.beside(PeopleByIdentifier.class, "identifiers-of-people.sql");
    private static final SqlFile BY_REFERENCE = SqlFile.beside(PeopleByIdentifier.class, "people-by-reference.sql");

    private final Database database;
    private final RegistryKeys keys;

    public PeopleByIdentifier(Database database, RegistryKeys keys) {
        this.database = database;
        this.keys = keys;
    }

    /** The types that can be asked for, by the names of the standard. */
    public List<String> types() {
        return List.of(SocialVocabulary.NATIONAL_TOLD, SocialVocabulary.PERSON_REFERENCE);
    }

    /** @return one answer for each identifier, in their order */
    public List<Optional<UUID>> find(List<PersonIdentifier> identifiers) {
        Map<Integer, Query.ByIdentifier> asked = new HashMap<>();
        for (int i = 0; i < identifiers.size(); i++) {
            String type = identifiers.get(i).type();
            asked.put(
                    i,
                    new Query.ByIdentifier(
                            type.equals(SocialVocabulary.NATIONAL_TOLD) ? IdentifierTypes.NATIONAL_ID : type,
                            identifiers.get(i).value()));
        }
        Map<Integer, UUID> found = find(database.sql(), asked);
        List<Optional<UUID>> answers = new ArrayList<>();
        for (int i = 0; i < identifiers.size(); i++) {
            answers.add(Optional.ofNullable(found.get(i)));
        }
        return List.copyOf(answers);
    }

    /** By the names of the standard. */
    public Map<UUID, List<PersonIdentifier>> of(Collection<UUID> people, boolean alsoDeceased) {
        Map<UUID, List<PersonIdentifier>> identifiers = new HashMap<>();
        IDENTIFIERS_OF.list(
                database.sql(),
                Map.of(
                        "people",
                        SqlFile.column("uuid", List.copyOf(people), person -> person),
                        "deceased",
                        alsoDeceased),
                (row, number) -> identifiers
                        .computeIfAbsent(row.getObject("person_id", UUID.class), none -> new ArrayList<>())
                        .add(new PersonIdentifier(
                                SocialVocabulary.told(row.getString("type")),
                                keys.openText(
                                        RegistryKeys.IDENTIFIER,
                                        row.getObject("id", UUID.class),
                                        row.getBytes("value_sealed")))));
        return identifiers;
    }

    /** A person for decisions of other blocks, which ask whether somebody may see it. */
    public Optional<MaskedPerson> masked(UUID id) {
        DSLContext sql = database.sql();
        return sql.select(PERSON.REF, PERSON.NAME_SEALED, PERSON.BIRTH_DATE)
                .from(PERSON)
                .where(PERSON.ID.eq(id))
                .fetchOptional(row -> new MaskedPerson(
                        row.value1(),
                        PersonName.fromJson(keys.openText(RegistryKeys.NAME, id, row.value2()))
                                .masked(),
                        Masks.year(row.value3()),
                        maskedIdentifiers(sql, id)));
    }

    public Map<UUID, String> maskedNames(Collection<UUID> people) {
        return database.sql()
                .select(PERSON.ID, PERSON.NAME_SEALED)
                .from(PERSON)
                .where(PERSON.ID.in(people))
                .fetchMap(
                        PERSON.ID,
                        row -> PersonName.fromJson(keys.openText(RegistryKeys.NAME, row.value1(), row.value2()))
                                .masked());
    }

    private List<MaskedPerson.Identifier> maskedIdentifiers(DSLContext sql, UUID id) {
        return sql.select(
                        IDENTIFIER.ID,
                        IDENTIFIER_TYPE.LABEL,
                        IDENTIFIER_TYPE.CODE,
                        IDENTIFIER.VALUE_SEALED,
                        IDENTIFIER.STATUS)
                .from(IDENTIFIER)
                .join(IDENTIFIER_TYPE)
                .on(IDENTIFIER_TYPE.CODE.eq(IDENTIFIER.TYPE))
                .where(IDENTIFIER.PERSON_ID.eq(id), IDENTIFIER_TYPE.TOLD.isTrue())
                .orderBy(IDENTIFIER.CREATED_AT.desc(), IDENTIFIER.ID)
                .fetch(row -> new MaskedPerson.Identifier(
                        row.value2(),
                        SocialVocabulary.told(row.value3()),
                        Masks.tail(keys.openText(RegistryKeys.IDENTIFIER, row.value1(), row.value4())),
                        row.value5()));
    }

    public List<String> toldTypes() {
        return database.sql()
                .select(IDENTIFIER_TYPE.CODE)
                .from(IDENTIFIER_TYPE)
                .where(IDENTIFIER_TYPE.TOLD.isTrue())
                .orderBy(IDENTIFIER_TYPE.CODE)
                .fetch(row -> SocialVocabulary.told(row.value1()));
    }

    /** @return the people by the numbers of the questions; whoever is not there is missing in it */
    Map<Integer, UUID> find(DSLContext sql, Map<Integer, Query.ByIdentifier> asked) {
        List<Integer> byValue = new ArrayList<>();
        List<Integer> byReference = new ArrayList<>();
        asked.forEach((number, identifier) ->
                (identifier.type().equals(SocialVocabulary.PERSON_REFERENCE) ? byReference : byValue).add(number));
        Map<Integer, UUID> found = new HashMap<>();
        if (!byValue.isEmpty()) {
            found.putAll(numbered(
                    sql,
                    BY_IDENTIFIER,
                    Map.of(
                            "numbers", SqlFile.column("int4", byValue, number -> number),
                            "types",
                                    SqlFile.column(
                                            "text",
                                            byValue,
                                            number -> of(asked, number).type()),
                            "indexes", SqlFile.column("bytea", byValue, number -> index(of(asked, number))))));
        }
        if (!byReference.isEmpty()) {
            found.putAll(numbered(sql, BY_REFERENCE, references(asked, byReference)));
        }
        return found;
    }

    private static Query.ByIdentifier of(Map<Integer, Query.ByIdentifier> asked, Integer number) {
        return Objects.requireNonNull(asked.get(number));
    }

    private byte[] index(Query.ByIdentifier identifier) {
        return keys.identifierIndex(identifier.type(), IdentifierType.normalise(identifier.value()));
    }

    static Map<String, Object> references(Map<Integer, Query.ByIdentifier> asked, List<Integer> numbers) {
        return Map.of(
                "numbers", SqlFile.column("int4", numbers, number -> number),
                "refs",
                        SqlFile.column(
                                "text",
                                numbers,
                                number -> of(asked, number).value().toUpperCase(Locale.ROOT)));
    }

    static Map<Integer, UUID> numbered(DSLContext sql, SqlFile statement, Map<String, ?> values) {
        Map<Integer, UUID> found = new HashMap<>();
        statement.list(sql, values, (row, number) -> found.put(row.getInt("number"), row.getObject("id", UUID.class)));
        return found;
    }
}
