package org.annona.registry.importing;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.annona.foundation.ids.Ids;
import org.annona.registry.identifier.IdentifierTypes;
import org.annona.registry.identifier.RegistryKeys;
import org.annona.registry.internal.tables.tables.records.AccountRecord;
import org.annona.registry.internal.tables.tables.records.IdentifierRecord;
import org.annona.registry.internal.tables.tables.records.ImportRowRecord;
import org.annona.registry.internal.tables.tables.records.PersonRecord;
import org.annona.registry.internal.tables.tables.records.PhoneRecord;
import org.annona.registry.person.PersonName;
import org.jspecify.annotations.Nullable;

/** Turns what a file says of a person into rows, sealed and indexed. Reads and writes nothing. */
final class PersonRows {

    private final RegistryKeys keys;
    private final String source;
    private final String actor;

    /** @param actor on whose word the rows are written */
    PersonRows(RegistryKeys keys, String source, String actor) {
        this.keys = keys;
        this.source = source;
        this.actor = actor;
    }

    /** Someone who is not registered yet. Her reference is given when she is written. */
    record Newcomer(
            PersonRecord person,
            @Nullable IdentifierRecord identifier,
            @Nullable PhoneRecord phone,
            @Nullable AccountRecord account) {}

    Newcomer newcomer(ImportRowRecord row, RowDraft draft) {
        PersonRecord person = new PersonRecord();
        person.setId(row.getNewPersonId());
        person.setSource(source);
        person.setCreatedBy(actor);
        person.setVersion(0);
        describe(person, row, draft);
        return new Newcomer(
                person,
                identifier(person.getId(), row, draft),
                phone(person.getId(), draft),
                account(person.getId(), draft));
    }

    void describe(PersonRecord person, ImportRowRecord row, RowDraft draft) {
        PersonName name = new PersonName(draft.givenName(), draft.familyName());
        person.setNameSealed(keys.seal(RegistryKeys.NAME, person.getId(), name.toJson()));
        person.setNameTokens(keys.nameTokens(name.given(), name.family()));
        person.setLikeness(row.getLikeness());
        person.setBirthDate(draft.birthDate());
        person.setBirthPrecision(draft.birthPrecision());
        person.setSex(draft.sex());
        String email = draft.email();
        person.setEmailSealed(email == null ? null : keys.seal(RegistryKeys.EMAIL, person.getId(), email));
        person.setContentMac(row.getContentMac());
        person.setUpdatedBy(actor);
        person.setUpdatedAt(Instant.now());
        person.setVersion(person.getVersion() + 1);
        if (person.getSource().equals(source) && person.getSourceIndex() == null) {
            person.setSourceIndex(row.getSourceIndex());
        }
    }

    @Nullable
    IdentifierRecord identifier(UUID person, ImportRowRecord row, RowDraft draft) {
        if (draft.nationalId() == null) {
            return null;
        }
        IdentifierRecord identifier = new IdentifierRecord();
        identifier.setId(Ids.next());
        identifier.setPersonId(person);
        identifier.setType(IdentifierTypes.NATIONAL_ID);
        identifier.setValueIndex(row.getIdentifierIndex());
        identifier.setValueSealed(keys.seal(RegistryKeys.IDENTIFIER, identifier.getId(), draft.nationalId()));
        identifier.setStatus("unverified");
        return identifier;
    }

    @Nullable
    PhoneRecord phone(UUID person, RowDraft draft) {
        if (draft.phone() == null) {
            return null;
        }
        PhoneRecord phone = new PhoneRecord();
        phone.setId(Ids.next());
        phone.setPersonId(person);
        phone.setValueIndex(keys.phoneIndex(draft.phone()));
        phone.setValueSealed(keys.seal(RegistryKeys.PHONE, phone.getId(), draft.phone()));
        return phone;
    }

    @Nullable
    AccountRecord account(UUID person, RowDraft draft) {
        if (draft.accountNumber() == null || draft.accountProvider() == null) {
            return null;
        }
        AccountRecord account = new AccountRecord();
        account.setId(Ids.next());
        account.setPersonId(person);
        account.setScheme(Objects.requireNonNull(draft.accountScheme()));
        account.setProvider(draft.accountProvider());
        account.setNumberIndex(keys.accountIndex(draft.accountProvider(), draft.accountNumber()));
        account.setNumberSealed(keys.seal(RegistryKeys.ACCOUNT, account.getId(), draft.accountNumber()));
        return account;
    }
}
