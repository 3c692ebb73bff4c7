package org.annona.registry.person;

import static org.annona.registry.internal.tables.Tables.IDENTIFIER;
import static org.annona.registry.internal.tables.Tables.PERSON;
import static org.annona.registry.internal.tables.Tables.PHONE;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.select;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.annona.foundation.ids.PublicReference;
import org.annona.registry.identifier.IdentifierType;
import org.annona.registry.identifier.IdentifierTypes;
import org.annona.registry.identifier.NameWords;
import org.annona.registry.identifier.PhoneNumbers;
import org.annona.registry.identifier.RegistryKeys;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/**
 * Understands one search field: a reference, the value of an identifier, a phone number, or words of a name in any script.
 * Values are compared by their blind index, so only exact ones are found; words may stand in any order.
 */
final class PersonSearch {

    private final RegistryKeys keys;
    private final PhoneNumbers phones;
    private final IdentifierTypes types;

    PersonSearch(RegistryKeys keys, PhoneNumbers phones, IdentifierTypes types) {
        this.keys = keys;
        this.phones = phones;
        this.types = types;
    }

    /** @param kind what the text was taken for, for the audit trail */
    record Understood(String kind, Condition condition) {}

    Understood understand(String text) {
        Optional<String> reference = PublicReference.read('P', text);
        if (reference.isPresent()) {
            return new Understood("reference", PERSON.REF.eq(reference.get()));
        }
        boolean hasDigit = text.codePoints().anyMatch(Character::isDigit);
        return hasDigit ? byNumber(text) : byWords(text);
    }

    private Understood byNumber(String text) {
        List<Condition> ways = new ArrayList<>();
        String normalised = IdentifierType.normalise(text);
        for (IdentifierType type : types.all()) {
            if (type.fault(normalised).isEmpty()) {
                ways.add(PERSON.ID.in(select(IDENTIFIER.PERSON_ID)
                        .from(IDENTIFIER)
                        .where(IDENTIFIER.VALUE_INDEX.eq(keys.identifierIndex(type.code(), normalised)))));
            }
        }
        phones.e164(text)
                .ifPresent(number -> ways.add(PERSON.ID.in(select(PHONE.PERSON_ID)
                        .from(PHONE)
                        .where(PHONE.VALUE_INDEX.eq(keys.phoneIndex(number)), PHONE.ACTIVE.isTrue()))));
        return new Understood("number", ways.isEmpty() ? falseCondition() : DSL.or(ways));
    }

    private Understood byWords(String text) {
        Long[] tokens =
                NameWords.of(text).stream().map(keys::nameToken).distinct().toArray(Long[]::new);
        return new Understood("name", tokens.length == 0 ? falseCondition() : PERSON.NAME_TOKENS.contains(tokens));
    }
}
