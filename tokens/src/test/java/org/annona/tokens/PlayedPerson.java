package org.annona.tokens;

import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.annona.foundation.criteria.Attribute;
import org.annona.foundation.criteria.Catalogue;
import org.annona.foundation.criteria.Facts;
import org.annona.foundation.criteria.odoo.DomainField;
import org.annona.foundation.criteria.odoo.DomainModel;
import org.annona.foundation.ids.Ids;
import org.jspecify.annotations.Nullable;

/** An entry of the played registry, and what filters may ask of it. */
final class PlayedPerson implements Facts {

    static final DomainModel MODEL = new DomainModel(
            catalogue(
                    "person",
                    "people",
                    attribute("active", Attribute.Type.FLAG),
                    attribute("is_registrant", Attribute.Type.FLAG)),
            Map.of(
                    "active", new DomainField.Value("active"),
                    "is_registrant", new DomainField.Value("is_registrant"),
                    "name", new DomainField.Unsearchable("it is sealed, and cannot be searched by parts"),
                    "reg_ids", new DomainField.Many("identifiers", PlayedPerson::identifierModel)),
            null,
            List.of(),
            "write ref_id");

    final UUID id = Ids.next();
    final String reference;
    final List<Identifier> identifiers = new ArrayList<>();
    private PersonInTests data;
    private int version = 1;

    PlayedPerson(String reference, PersonInTests data) {
        this.reference = reference;
        this.data = data;
        identifiers.add(new Identifier(Ids.next(), PlayedRegistry.VIRTUAL_ID, data.vid()));
    }

    /** One that is in force. */
    record Identifier(UUID id, PlayedRegistry.Type type, String value) implements Facts {

        @Override
        public @Nullable Object value(String attribute) {
            return attribute.equals("value") ? type.index(value) : null;
        }

        @Override
        public List<? extends Facts> related(String relation) {
            return List.of(type);
        }

        @Override
        public String toString() {
            return "Identifier[" + type.code() + "]";
        }
    }

    void change(PersonInTests other) {
        if (!data.equals(other)) {
            data = other;
            version++;
        }
    }

    String vid() {
        return data.vid();
    }

    Map<String, String> fields() {
        return data.fields();
    }

    String version() {
        return String.valueOf(version);
    }

    Optional<Identifier> held(String type) {
        return identifiers.stream()
                .filter(one -> one.type().code().equals(type))
                .findFirst();
    }

    @Override
    public Object value(String attribute) {
        return true;
    }

    @Override
    public List<? extends Facts> related(String relation) {
        return identifiers;
    }

    private static DomainModel identifierModel() {
        return new DomainModel(
                catalogue(
                        "identifier",
                        "identifiers",
                        new Attribute("value", Attribute.Type.CODE, "value", Attribute.SEALED, "the registry")),
                Map.of(
                        "value", new DomainField.Sealed("value", PlayedRegistry::indexes),
                        "id_type", new DomainField.One("type", PlayedPerson::typeModel)),
                null,
                List.of(),
                "write reg_ids.value");
    }

    private static DomainModel typeModel() {
        return new DomainModel(
                catalogue(
                        "type",
                        "types",
                        attribute("code", Attribute.Type.CODE),
                        attribute("label", Attribute.Type.TEXT)),
                Map.of("name", new DomainField.Value("label"), "code", new DomainField.Value("code")),
                null,
                List.of("label", "code"),
                "write its name");
    }

    private static Catalogue catalogue(String subject, String plural, Attribute... attributes) {
        return Catalogue.of(subject, plural, Currency.getInstance("KES"), List.of(attributes), Map.of());
    }

    private static Attribute attribute(String name, Attribute.Type type) {
        return new Attribute(name, type, name.replace('_', ' ').toLowerCase(Locale.ROOT), "", "the registry");
    }
}
