package org.annona.registry.selection;

import static org.annona.registry.internal.tables.Tables.AREA;

import java.util.Currency;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.annona.foundation.criteria.Attribute;
import org.annona.foundation.criteria.Attribute.Type;
import org.annona.foundation.criteria.Catalogue;
import org.annona.foundation.criteria.odoo.DomainField;
import org.annona.foundation.criteria.odoo.DomainModel;
import org.annona.foundation.database.Database;
import org.annona.registry.identifier.IdentifierType;
import org.annona.registry.identifier.IdentifierTypes;
import org.annona.registry.identifier.PhoneNumbers;
import org.annona.registry.identifier.RegistryKeys;
import org.jooq.Condition;

/**
 * What domains may ask of a person, under the names that Odoo's registries use (token seeder reference E5). What this registry
 * does not keep, keeps sealed or keeps elsewhere is refused with a reason, never left out.
 */
final class PersonModel {

    static final String REFERENCE = "ref";
    static final String BIRTH_DATE = "birthdate";
    static final String BIRTH_DATE_NOT_EXACT = "birthdate_not_exact";
    static final String AGE = "age";
    static final String GENDER = "gender";
    static final String AREA_PATH = "area";
    static final String REGISTRATION_DATE = "registration_date";
    static final String CREATED = "create_date";
    static final String CHANGED = "write_date";
    static final String ACTIVE = "active";
    static final String IS_REGISTRANT = "is_registrant";
    static final String IS_GROUP = "is_group";
    static final String IDENTIFIERS = "identifiers";
    static final String PHONES = "phones";
    static final String MEMBERSHIPS = "memberships";
    static final String VALUE = "value";
    static final String STATUS = "status";
    static final String EXPIRES = "expiry_date";
    static final String TYPE_LABEL = "type_label";
    static final String CODE = "code";
    static final String LABEL = "label";
    static final String ROLE = "role";
    static final String BEGIN = "begin";

    private static final String SOURCE = "the registry";
    private static final String SEALED = "it is sealed, and cannot be searched by parts";
    private static final String NOT_KEPT = "this registry does not keep it";

    private final Database database;
    private final RegistryKeys keys;
    private final IdentifierTypes types;
    private final PhoneNumbers phones;
    private final Currency currency;

    PersonModel(Database database, RegistryKeys keys, IdentifierTypes types, PhoneNumbers phones, Currency currency) {
        this.database = database;
        this.keys = keys;
        this.types = types;
        this.phones = phones;
        this.currency = currency;
    }

    DomainModel model() {
        Map<String, DomainField> fields = new HashMap<>();
        for (String plain : List.of(
                BIRTH_DATE, BIRTH_DATE_NOT_EXACT, AGE, GENDER, REGISTRATION_DATE, ACTIVE, IS_REGISTRANT, IS_GROUP)) {
            fields.put(plain, new DomainField.Value(plain));
        }
        fields.put("create_date", new DomainField.Value(CREATED));
        fields.put("write_date", new DomainField.Value(CHANGED));
        fields.put("ref_id", new DomainField.Value(REFERENCE));
        fields.put("individual_gender", new DomainField.Value(GENDER));
        for (String place : List.of("area", "district", "region")) {
            fields.put(place, new DomainField.Place(AREA_PATH, this::paths));
        }
        fields.put("reg_ids", new DomainField.Many(IDENTIFIERS, this::identifiers));
        fields.put("phone_number_ids", new DomainField.Many(PHONES, this::phoneNumbers));
        fields.put("individual_membership_ids", new DomainField.Many(MEMBERSHIPS, this::memberships));
        List.of("name", "display_name", "complete_name", "given_name", "family_name", "addl_name", "email", "address")
                .forEach(name -> fields.put(name, new DomainField.Unsearchable(SEALED)));
        List.of("phone", "mobile")
                .forEach(name -> fields.put(
                        name, new DomainField.Unsearchable("write [\"phone_number_ids.phone_no\", \"=\", \"...\"]")));
        fields.put("id", new DomainField.Unsearchable("people have no numbers here; write ref_id"));
        fields.put(
                "program_membership_ids",
                new DomainField.Unsearchable("the registry does not know the programmes; programmes choose by rules"));
        fields.put(
                "group_membership_ids",
                new DomainField.Unsearchable("it belongs to groups; of a person write individual_membership_ids"));
        List.of(
                        "birth_place",
                        "civil_status",
                        "occupation",
                        "income",
                        "disabled",
                        "disabled_reason",
                        "kind",
                        "tags_ids",
                        "eid",
                        "bank_ids",
                        "is_duplicated",
                        "additional_g2p_info",
                        "z_ind_grp_num_individuals",
                        "creator_eid",
                        "iban")
                .forEach(name -> fields.put(name, new DomainField.Unsearchable(NOT_KEPT)));
        return new DomainModel(
                catalogue(
                        "person",
                        "people",
                        attribute(REFERENCE, Type.CODE, "reference"),
                        attribute(BIRTH_DATE, Type.DATE, "birth date"),
                        attribute(BIRTH_DATE_NOT_EXACT, Type.FLAG, "vagueness of the birth date"),
                        new Attribute(AGE, Type.WHOLE, "age", "years", SOURCE),
                        attribute(GENDER, Type.TEXT, "gender"),
                        attribute(AREA_PATH, Type.AREA, "area"),
                        attribute(REGISTRATION_DATE, Type.DATE, "day of registration"),
                        attribute(CREATED, Type.INSTANT, "time of registration"),
                        attribute(CHANGED, Type.INSTANT, "time of the last change"),
                        attribute(ACTIVE, Type.FLAG, "mark of an active entry"),
                        attribute(IS_REGISTRANT, Type.FLAG, "mark of a registrant"),
                        attribute(IS_GROUP, Type.FLAG, "mark of a group")),
                fields,
                null,
                List.of(),
                "write ref_id");
    }

    private DomainModel identifiers() {
        return new DomainModel(
                catalogue(
                        "identifier",
                        "identifiers",
                        new Attribute(VALUE, Type.CODE, "value", Attribute.SEALED, SOURCE),
                        attribute(STATUS, Type.CODE, "status"),
                        attribute(EXPIRES, Type.DATE, "day of expiry"),
                        attribute(TYPE_LABEL, Type.TEXT, "type")),
                Map.of(
                        "value", new DomainField.Sealed(VALUE, this::indexes),
                        "status", new DomainField.Value(STATUS),
                        "expiry_date", new DomainField.Value(EXPIRES),
                        "id_type_as_str", new DomainField.Value(TYPE_LABEL),
                        "id_type", new DomainField.One("type", PersonModel.this::identifierTypes)),
                null,
                List.of(),
                "write reg_ids.value");
    }

    private DomainModel identifierTypes() {
        return new DomainModel(
                catalogue("type", "types", attribute(CODE, Type.CODE, "code"), attribute(LABEL, Type.TEXT, "name")),
                Map.of("name", new DomainField.Value(LABEL), "code", new DomainField.Value(CODE)),
                null,
                List.of(LABEL, CODE),
                "write its name");
    }

    private DomainModel phoneNumbers() {
        return new DomainModel(
                catalogue("phone", "phones", new Attribute(VALUE, Type.CODE, "number", Attribute.SEALED, SOURCE)),
                Map.of(
                        "phone_no",
                        new DomainField.Sealed(VALUE, this::phoneIndexes),
                        "phone_sanitized",
                        new DomainField.Sealed(VALUE, this::phoneIndexes)),
                null,
                List.of(),
                "write phone_number_ids.phone_no");
    }

    private DomainModel memberships() {
        return new DomainModel(
                catalogue(
                        "membership",
                        "memberships",
                        attribute(ROLE, Type.TEXT, "role"),
                        attribute(BEGIN, Type.DATE, "first day")),
                Map.of(
                        "kind", new DomainField.Value(ROLE),
                        "start_date", new DomainField.Value(BEGIN),
                        "group", new DomainField.One("household", this::households)),
                null,
                List.of(),
                "write individual_membership_ids.kind");
    }

    private DomainModel households() {
        return new DomainModel(
                catalogue(
                        "household",
                        "households",
                        attribute(REFERENCE, Type.CODE, "reference"),
                        attribute(AREA_PATH, Type.AREA, "area")),
                Map.of(
                        "ref_id", new DomainField.Value(REFERENCE),
                        "area", new DomainField.Place(AREA_PATH, this::paths),
                        "district", new DomainField.Place(AREA_PATH, this::paths)),
                null,
                List.of(REFERENCE),
                "write its reference");
    }

    private Catalogue catalogue(String subject, String plural, Attribute... attributes) {
        return Catalogue.of(subject, plural, currency, List.of(attributes), Map.of());
    }

    private static Attribute attribute(String name, Type type, String label) {
        return new Attribute(name, type, label, "", SOURCE);
    }

    /** The type is another field, so that the value may be one of any type. */
    private List<String> indexes(String value) {
        return types.all().stream()
                .map((IdentifierType type) -> hex(keys.identifierIndex(type.code(), type.normalised(value))))
                .toList();
    }

    private List<String> phoneIndexes(String value) {
        return List.of(hex(keys.phoneIndex(phones.e164(value).orElse(value))));
    }

    private static String hex(byte[] index) {
        return HexFormat.of().formatHex(index);
    }

    /** A code means one area; a name may be that of several. */
    private List<String> paths(Object area, boolean exact) {
        if (!(area instanceof String text)) {
            return List.of();
        }
        List<String> coded = paths(AREA.CODE.eq(text));
        return coded.isEmpty() ? paths(exact ? AREA.NAME.eq(text) : AREA.NAME.containsIgnoreCase(text)) : coded;
    }

    private List<String> paths(Condition meant) {
        return database.sql()
                .select(AREA.PATH)
                .from(AREA)
                .where(meant)
                .orderBy(AREA.PATH)
                .fetch(AREA.PATH);
    }
}
