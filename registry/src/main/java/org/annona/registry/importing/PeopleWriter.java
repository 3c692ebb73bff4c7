package org.annona.registry.importing;

import static org.annona.registry.internal.tables.Sequences.HOUSEHOLD_NUMBER;
import static org.annona.registry.internal.tables.Sequences.PERSON_NUMBER;
import static org.annona.registry.internal.tables.Tables.ACCOUNT;
import static org.annona.registry.internal.tables.Tables.HOUSEHOLD;
import static org.annona.registry.internal.tables.Tables.IDENTIFIER;
import static org.annona.registry.internal.tables.Tables.MEMBERSHIP;
import static org.annona.registry.internal.tables.Tables.PERSON;
import static org.annona.registry.internal.tables.Tables.PHONE;
import static org.jooq.impl.DSL.generateSeries;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.ids.PublicReference;
import org.annona.registry.identifier.IdentifierTypes;
import org.annona.registry.identifier.RegistryKeys;
import org.annona.registry.internal.tables.tables.records.AccountRecord;
import org.annona.registry.internal.tables.tables.records.HouseholdRecord;
import org.annona.registry.internal.tables.tables.records.IdentifierRecord;
import org.annona.registry.internal.tables.tables.records.ImportRowRecord;
import org.annona.registry.internal.tables.tables.records.MembershipRecord;
import org.annona.registry.internal.tables.tables.records.PersonRecord;
import org.annona.registry.internal.tables.tables.records.PhoneRecord;
import org.annona.registry.membership.Memberships;
import org.annona.registry.person.PersonName;
import org.jooq.DSLContext;
import org.jooq.Sequence;
import org.jspecify.annotations.Nullable;

/** Writes one chunk of rows: what is there is fetched by one statement per table, what is new is written by one batch. */
final class PeopleWriter {

    private static final SqlFile OUTCOMES = SqlFile.beside(PeopleWriter.class, "store-outcomes.sql");

    private final DSLContext tx;
    private final RegistryKeys keys;
    private final String source;
    private final String actor;
    private final LocalDate today;

    PeopleWriter(DSLContext tx, RegistryKeys keys, String source, String actor, LocalDate today) {
        this.tx = tx;
        this.keys = keys;
        this.source = source;
        this.actor = actor;
        this.today = today;
    }

    /** @param row its person is null where she is new */
    record Entry(ImportRowRecord row, RowDraft draft) {

        boolean isNew() {
            return row.getPersonId() == null;
        }
    }

    /** A row with the key of its person, old or new. */
    private record Placed(UUID person, Entry entry) {
        RowDraft draft() {
            return entry.draft();
        }
    }

    void write(List<Entry> entries) {
        Map<ByteBuffer, UUID> households = households(entries);
        List<Placed> placed = people(entries);
        identifiers(placed);
        phones(placed);
        accounts(placed);
        memberships(placed, households);
        outcomes(placed);
    }

    private Map<ByteBuffer, UUID> households(List<Entry> entries) {
        Map<ByteBuffer, Entry> speakers = speakers(entries);
        if (speakers.isEmpty()) {
            return Map.of();
        }
        Map<ByteBuffer, HouseholdRecord> known = new HashMap<>();
        tx.selectFrom(HOUSEHOLD)
                .where(HOUSEHOLD.SOURCE.eq(source))
                .and(HOUSEHOLD.SOURCE_INDEX.in(
                        speakers.keySet().stream().map(ByteBuffer::array).toList()))
                .fetch()
                .forEach(household -> known.put(ByteBuffer.wrap(household.getSourceIndex()), household));
        List<HouseholdRecord> added = new ArrayList<>();
        List<HouseholdRecord> changed = new ArrayList<>();
        List<Long> numbers = numbers(HOUSEHOLD_NUMBER, speakers.size() - known.size());
        speakers.forEach((index, speaker) -> {
            HouseholdRecord household = known.get(index);
            if (household == null) {
                HouseholdRecord created = newHousehold(index.array(), numbers.get(added.size()), speaker.draft());
                added.add(created);
                known.put(index, created);
            } else if (speaker.draft().isHead() && differs(household, speaker.draft())) {
                describe(household, speaker.draft());
                household.setUpdatedBy(actor);
                household.setUpdatedAt(Instant.now());
                changed.add(household);
            }
        });
        tx.batchInsert(added).execute();
        tx.batchUpdate(changed).execute();
        return known.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, household -> household.getValue().getId()));
    }

    /** Who speaks for each household: its head, or the first row where the head is elsewhere. */
    private static Map<ByteBuffer, Entry> speakers(List<Entry> entries) {
        Map<ByteBuffer, Entry> speakers = new LinkedHashMap<>();
        for (Entry entry : entries) {
            byte[] index = entry.row().getHouseholdIndex();
            if (index != null) {
                speakers.merge(
                        ByteBuffer.wrap(index),
                        entry,
                        (first, next) -> next.draft().isHead() ? next : first);
            }
        }
        return speakers;
    }

    private HouseholdRecord newHousehold(byte[] index, long number, RowDraft draft) {
        HouseholdRecord household = new HouseholdRecord();
        household.setId(Ids.next());
        household.setRef(PublicReference.of('H', number));
        household.setSource(source);
        household.setSourceIndex(index);
        household.setCreatedBy(actor);
        household.setUpdatedBy(actor);
        describe(household, draft);
        return household;
    }

    private void describe(HouseholdRecord household, RowDraft draft) {
        household.setAreaId(draft.areaId());
        household.setMonthlyIncomeMinor(draft.householdIncomeMinor());
        household.setAddressSealed(sealed(RegistryKeys.ADDRESS, household.getId(), draft.address()));
    }

    private boolean differs(HouseholdRecord household, RowDraft draft) {
        byte[] address = household.getAddressSealed();
        String known = address == null ? null : keys.openText(RegistryKeys.ADDRESS, household.getId(), address);
        return !Objects.equals(household.getAreaId(), draft.areaId())
                || !Objects.equals(household.getMonthlyIncomeMinor(), draft.householdIncomeMinor())
                || !Objects.equals(known, draft.address());
    }

    private List<Placed> people(List<Entry> entries) {
        Map<UUID, PersonRecord> known = tx.selectFrom(PERSON)
                .where(PERSON.ID.in(entries.stream()
                        .map(entry -> entry.row().getPersonId())
                        .filter(Objects::nonNull)
                        .toList()))
                .forUpdate()
                .fetchMap(PERSON.ID);
        List<PersonRecord> added = new ArrayList<>();
        List<PersonRecord> changed = new ArrayList<>();
        List<Placed> placed = new ArrayList<>(entries.size());
        List<Long> numbers = numbers(
                PERSON_NUMBER, (int) entries.stream().filter(Entry::isNew).count());
        for (Entry entry : entries) {
            PersonRecord person = entry.isNew()
                    ? newPerson(numbers.get(added.size()))
                    : Objects.requireNonNull(known.get(entry.row().getPersonId()));
            describe(person, entry);
            (entry.isNew() ? added : changed).add(person);
            placed.add(new Placed(person.getId(), entry));
        }
        tx.batchInsert(added).execute();
        tx.batchUpdate(changed).execute();
        return placed;
    }

    private PersonRecord newPerson(long number) {
        PersonRecord person = new PersonRecord();
        person.setId(Ids.next());
        person.setRef(PublicReference.of('P', number));
        person.setSource(source);
        person.setCreatedBy(actor);
        person.setVersion(0);
        return person;
    }

    private void describe(PersonRecord person, Entry entry) {
        RowDraft draft = entry.draft();
        PersonName name = new PersonName(draft.givenName(), draft.familyName());
        person.setNameSealed(keys.seal(RegistryKeys.NAME, person.getId(), name.toJson()));
        person.setNameTokens(keys.nameTokens(name.given(), name.family()));
        person.setLikeness(entry.row().getLikeness());
        person.setBirthDate(draft.birthDate());
        person.setBirthPrecision(draft.birthPrecision());
        person.setSex(draft.sex());
        person.setEmailSealed(sealed(RegistryKeys.EMAIL, person.getId(), draft.email()));
        person.setContentMac(entry.row().getContentMac());
        person.setUpdatedBy(actor);
        person.setUpdatedAt(Instant.now());
        person.setVersion(person.getVersion() + 1);
        if (person.getSource().equals(source) && person.getSourceIndex() == null) {
            person.setSourceIndex(entry.row().getSourceIndex());
        }
    }

    private void identifiers(List<Placed> placed) {
        Map<UUID, IdentifierRecord> known = tx.selectFrom(IDENTIFIER)
                .where(IDENTIFIER.PERSON_ID.in(registered(placed)))
                .and(IDENTIFIER.TYPE.eq(IdentifierTypes.NATIONAL_ID))
                .and(IDENTIFIER.STATUS.in("unverified", "valid"))
                .fetchMap(IDENTIFIER.PERSON_ID);
        List<IdentifierRecord> retired = new ArrayList<>();
        List<IdentifierRecord> added = new ArrayList<>();
        for (Placed one : placed) {
            byte[] index = one.entry().row().getIdentifierIndex();
            IdentifierRecord old = known.get(one.person());
            if (index == null || (old != null && Arrays.equals(old.getValueIndex(), index))) {
                continue;
            }
            if (old != null) {
                old.setStatus("retired");
                retired.add(old);
            }
            IdentifierRecord identifier = new IdentifierRecord();
            identifier.setId(Ids.next());
            identifier.setPersonId(one.person());
            identifier.setType(IdentifierTypes.NATIONAL_ID);
            identifier.setValueIndex(index);
            identifier.setValueSealed(keys.seal(
                    RegistryKeys.IDENTIFIER,
                    identifier.getId(),
                    Objects.requireNonNull(one.draft().nationalId())));
            identifier.setStatus("unverified");
            added.add(identifier);
        }
        tx.batchUpdate(retired).execute();
        tx.batchInsert(added).execute();
    }

    private void phones(List<Placed> placed) {
        Set<List<Object>> known = tx
                .select(PHONE.PERSON_ID, PHONE.VALUE_INDEX)
                .from(PHONE)
                .where(PHONE.PERSON_ID.in(registered(placed)))
                .fetch()
                .stream()
                .map(row -> List.<Object>of(row.value1(), ByteBuffer.wrap(row.value2())))
                .collect(Collectors.toSet());
        List<PhoneRecord> added = new ArrayList<>();
        for (Placed one : placed) {
            String number = one.draft().phone();
            if (number == null) {
                continue;
            }
            byte[] index = keys.phoneIndex(number);
            if (known.contains(List.<Object>of(one.person(), ByteBuffer.wrap(index)))) {
                continue;
            }
            PhoneRecord phone = new PhoneRecord();
            phone.setId(Ids.next());
            phone.setPersonId(one.person());
            phone.setValueIndex(index);
            phone.setValueSealed(keys.seal(RegistryKeys.PHONE, phone.getId(), number));
            added.add(phone);
        }
        tx.batchInsert(added).execute();
    }

    private void accounts(List<Placed> placed) {
        Map<UUID, AccountRecord> known = tx.selectFrom(ACCOUNT)
                .where(ACCOUNT.PERSON_ID.in(registered(placed)), ACCOUNT.ACTIVE.isTrue())
                .fetchMap(ACCOUNT.PERSON_ID);
        List<AccountRecord> ended = new ArrayList<>();
        List<AccountRecord> added = new ArrayList<>();
        for (Placed one : placed) {
            RowDraft draft = one.draft();
            if (draft.accountNumber() == null || draft.accountProvider() == null) {
                continue;
            }
            byte[] index = keys.accountIndex(draft.accountProvider(), draft.accountNumber());
            AccountRecord old = known.get(one.person());
            if (old != null && Arrays.equals(old.getNumberIndex(), index)) {
                continue;
            }
            if (old != null) {
                old.setActive(false);
                ended.add(old);
            }
            AccountRecord account = new AccountRecord();
            account.setId(Ids.next());
            account.setPersonId(one.person());
            account.setScheme(Objects.requireNonNull(draft.accountScheme()));
            account.setProvider(draft.accountProvider());
            account.setNumberIndex(index);
            account.setNumberSealed(keys.seal(RegistryKeys.ACCOUNT, account.getId(), draft.accountNumber()));
            added.add(account);
        }
        tx.batchUpdate(ended).execute();
        tx.batchInsert(added).execute();
    }

    /** A move or a new role ends the old membership and begins the new one on the same day. */
    private void memberships(List<Placed> placed, Map<ByteBuffer, UUID> households) {
        Map<UUID, MembershipRecord> known = tx.selectFrom(MEMBERSHIP)
                .where(MEMBERSHIP.PERSON_ID.in(registered(placed)))
                .and(Memberships.heldOn(MEMBERSHIP, today))
                .fetchMap(MEMBERSHIP.PERSON_ID);
        List<MembershipRecord> ended = new ArrayList<>();
        List<MembershipRecord> added = new ArrayList<>();
        for (Placed one : placed) {
            byte[] index = one.entry().row().getHouseholdIndex();
            if (index == null) {
                continue;
            }
            UUID household = Objects.requireNonNull(households.get(ByteBuffer.wrap(index)));
            MembershipRecord old = known.get(one.person());
            if (old != null
                    && old.getHouseholdId().equals(household)
                    && old.getRole().equals(one.draft().role())) {
                continue;
            }
            if (old != null) {
                old.setEndReason(old.getHouseholdId().equals(household) ? "role_changed" : "moved");
                old.setValidTo(today);
                ended.add(old);
            }
            added.add(membership(household, one));
        }
        tx.batchUpdate(ended).execute();
        tx.batchInsert(added).execute();
    }

    private MembershipRecord membership(UUID household, Placed one) {
        MembershipRecord membership = new MembershipRecord();
        membership.setId(Ids.next());
        membership.setHouseholdId(household);
        membership.setPersonId(one.person());
        membership.setRole(one.draft().role());
        membership.setValidFrom(today);
        membership.setCreatedBy(actor);
        return membership;
    }

    private void outcomes(List<Placed> placed) {
        UUID importId = placed.getFirst().entry().row().getImportId();
        OUTCOMES.run(
                tx,
                Map.of(
                        "import",
                        importId,
                        "number",
                        SqlFile.column(
                                "bigint", placed, one -> one.entry().row().getRowNumber()),
                        "outcome",
                        SqlFile.column("text", placed, one -> one.entry().isNew() ? "created" : "updated"),
                        "person",
                        SqlFile.column("uuid", placed, Placed::person)));
    }

    /** Only people who were there before can have anything; a first import asks for nothing. */
    private static List<UUID> registered(List<Placed> placed) {
        return placed.stream()
                .filter(one -> !one.entry().isNew())
                .map(Placed::person)
                .toList();
    }

    private List<Long> numbers(Sequence<Long> sequence, int count) {
        return count == 0
                ? List.of()
                : tx.select(sequence.nextval()).from(generateSeries(1, count)).fetch(0, Long.class);
    }

    private byte @Nullable [] sealed(String column, UUID row, @Nullable String value) {
        return value == null ? null : keys.seal(column, row, value);
    }
}
