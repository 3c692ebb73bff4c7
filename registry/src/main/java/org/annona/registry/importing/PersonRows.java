package org.annona.registry.importing;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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
import org.jooq.JSONB;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Turns what a file says of a person into rows, sealed and indexed. Reads and writes nothing. */
final class PersonRows {

    private final RegistryKeys keys;
    private final String source;
    private final String actor;
    private final UUID importId;
    private final Set<PersonColumn> told;
    private final boolean ofSource;

    /**
     * @param actor on whose word the rows are written
     * @param importId that is written down as the origin of each value
     * @param told the columns there are; of what has no column nothing is said, so that it stays as it is
     * @param ofSource whether an empty cell says nothing either (reference IM-18); in a list it says that there is nothing
     */
    PersonRows(
            RegistryKeys keys, String source, String actor, UUID importId, Set<PersonColumn> told, boolean ofSource) {
        this.ofSource = ofSource;
        this.keys = keys;
        this.source = source;
        this.actor = actor;
        this.importId = importId;
        this.told = told;
    }

    boolean ofSource() {
        return ofSource;
    }

    /** @param value null or empty where the cell is */
    boolean tells(PersonColumn column, @Nullable Object value) {
        return told.contains(column) && !(ofSource && (value == null || value.equals("")));
    }

    /** Someone who is not registered yet. Her reference is given when she is written. */
    record Newcomer(
            PersonRecord person,
            List<IdentifierRecord> identifiers,
            @Nullable PhoneRecord phone,
            @Nullable AccountRecord account) {}

    Newcomer newcomer(ImportRowRecord row, RowDraft draft) {
        PersonRecord person = new PersonRecord();
        person.setId(row.getNewPersonId());
        person.setSource(source);
        person.setCreatedBy(actor);
        person.setVersion(0);
        person.setOrigins(JSONB.valueOf("{\"*\":\"" + importId + "\"}"));
        describe(person, row, draft);
        return new Newcomer(
                person,
                identifiers(person.getId(), row, draft),
                phone(person.getId(), draft),
                account(person.getId(), draft));
    }

    /**
     * Tells somebody who is registered what the row says of her.
     *
     * @return what is different now
     */
    Set<PersonColumn> change(PersonRecord person, ImportRowRecord row, RowDraft draft) {
        Set<PersonColumn> changed = EnumSet.noneOf(PersonColumn.class);
        PersonName known =
                PersonName.fromJson(keys.openText(RegistryKeys.NAME, person.getId(), person.getNameSealed()));
        String family = tells(PersonColumn.FAMILY_NAME, draft.familyName()) ? draft.familyName() : known.family();
        note(changed, PersonColumn.GIVEN_NAME, known.given(), draft.givenName());
        note(changed, PersonColumn.FAMILY_NAME, known.family(), family);
        note(changed, PersonColumn.SEX, person.getSex(), draft.sex());
        note(changed, PersonColumn.BIRTH_DATE, person.getBirthDate(), draft.birthDate());
        if (draft.birthDate() != null) {
            note(changed, PersonColumn.BIRTH_DATE, person.getBirthPrecision(), draft.birthPrecision());
        }
        byte[] email = person.getEmailSealed();
        String knownEmail = email == null ? null : keys.openText(RegistryKeys.EMAIL, person.getId(), email);
        note(changed, PersonColumn.EMAIL, knownEmail, draft.email());
        describe(person, row, draft, family);
        if (!tells(PersonColumn.SEX, draft.sex())
                || !tells(PersonColumn.BIRTH_DATE, draft.birthDate())
                || !tells(PersonColumn.FAMILY_NAME, draft.familyName())) {
            person.setLikeness(keys.likeness(
                    draft.givenName(), family, String.valueOf(person.getBirthDate()), String.valueOf(person.getSex())));
        }
        return changed;
    }

    private void note(Set<PersonColumn> changed, PersonColumn column, @Nullable Object before, @Nullable Object now) {
        if (tells(column, now) && !Objects.equals(before, now)) {
            changed.add(column);
        }
    }

    /** Writes down that this import said these values last. */
    void originate(PersonRecord person, Set<PersonColumn> changed) {
        if (changed.isEmpty()) {
            return;
        }
        ObjectNode origins =
                (ObjectNode) Imports.JSON.readTree(person.getOrigins().data());
        changed.forEach(column -> origins.put(column.name(), importId.toString()));
        person.setOrigins(JSONB.valueOf(origins.toString()));
    }

    private void describe(PersonRecord person, ImportRowRecord row, RowDraft draft) {
        describe(person, row, draft, draft.familyName());
    }

    private void describe(PersonRecord person, ImportRowRecord row, RowDraft draft, String family) {
        PersonName name = new PersonName(draft.givenName(), family);
        person.setNameSealed(keys.seal(RegistryKeys.NAME, person.getId(), name.toJson()));
        person.setNameTokens(keys.nameTokens(name.given(), name.family()));
        person.setLikeness(row.getLikeness());
        if (tells(PersonColumn.BIRTH_DATE, draft.birthDate())) {
            person.setBirthDate(draft.birthDate());
            person.setBirthPrecision(draft.birthPrecision());
        }
        if (tells(PersonColumn.SEX, draft.sex())) {
            person.setSex(draft.sex());
        }
        if (tells(PersonColumn.EMAIL, draft.email())) {
            String email = draft.email();
            person.setEmailSealed(email == null ? null : keys.seal(RegistryKeys.EMAIL, person.getId(), email));
        }
        person.setContentMac(row.getContentMac());
        person.setUpdatedBy(actor);
        person.setVersion(person.getVersion() + 1);
        if (person.getSource().equals(source) && person.getSourceIndex() == null) {
            person.setSourceIndex(row.getSourceIndex());
        }
    }

    List<IdentifierRecord> identifiers(UUID person, ImportRowRecord row, RowDraft draft) {
        List<IdentifierRecord> identifiers = new ArrayList<>();
        if (draft.nationalId() != null) {
            identifiers.add(
                    identifier(person, IdentifierTypes.NATIONAL_ID, row.getIdentifierIndex(), draft.nationalId()));
        }
        if (draft.virtualId() != null) {
            identifiers.add(identifier(person, IdentifierTypes.VIRTUAL_ID, row.getVirtualIdIndex(), draft.virtualId()));
        }
        return identifiers;
    }

    private IdentifierRecord identifier(UUID person, String type, byte @Nullable [] index, String value) {
        IdentifierRecord identifier = new IdentifierRecord();
        identifier.setId(Ids.next());
        identifier.setPersonId(person);
        identifier.setType(type);
        identifier.setValueIndex(Objects.requireNonNull(index));
        identifier.setValueSealed(keys.seal(RegistryKeys.IDENTIFIER, identifier.getId(), value));
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
