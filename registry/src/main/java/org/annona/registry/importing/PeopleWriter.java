package org.annona.registry.importing;

import static org.annona.registry.internal.tables.Sequences.HOUSEHOLD_NUMBER;
import static org.annona.registry.internal.tables.Sequences.PERSON_NUMBER;
import static org.annona.registry.internal.tables.Tables.ACCOUNT;
import static org.annona.registry.internal.tables.Tables.HOUSEHOLD;
import static org.annona.registry.internal.tables.Tables.IDENTIFIER;
import static org.annona.registry.internal.tables.Tables.IMPORT_ROW;
import static org.annona.registry.internal.tables.Tables.MEMBERSHIP;
import static org.annona.registry.internal.tables.Tables.PERSON;
import static org.annona.registry.internal.tables.Tables.PHONE;
import static org.annona.registry.internal.tables.Tables.RETIRED_IDENTIFIER;
import static org.annona.registry.internal.tables.Tables.SOURCE_HOUSEHOLD;
import static org.jooq.impl.DSL.generateSeries;

import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.annona.foundation.database.CopyWriter;
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
import org.jooq.DSLContext;
import org.jooq.Sequence;
import org.jooq.TableRecord;
import org.jooq.UpdatableRecord;
import org.jspecify.annotations.Nullable;

/** Writes one chunk of rows: what is there is fetched by one statement per table, what is new is written by one copy. */
final class PeopleWriter {

    /**
     * Rows that are written together.
     *
     * @param newcomers what is written of the new ones, their persons first
     */
    record Piece(List<Entry> entries, List<CopyWriter> newcomers) {

        /** Gives the new ones their references. */
        static Piece of(DSLContext sql, List<Entry> entries) {
            List<PersonRows.Newcomer> newcomers = entries.stream()
                    .map(Entry::newcomer)
                    .filter(Objects::nonNull)
                    .toList();
            List<Long> numbers = numbers(sql, PERSON_NUMBER, newcomers.size());
            for (int i = 0; i < newcomers.size(); i++) {
                newcomers.get(i).person().setRef(PublicReference.of('P', numbers.get(i)));
            }
            return new Piece(
                    entries,
                    List.of(
                            CopyWriter.of(given(newcomers, PersonRows.Newcomer::person)),
                            CopyWriter.of(newcomers.stream()
                                    .flatMap(newcomer -> newcomer.identifiers().stream())
                                    .toList()),
                            CopyWriter.of(given(newcomers, PersonRows.Newcomer::phone)),
                            CopyWriter.of(given(newcomers, PersonRows.Newcomer::account))));
        }

        private static <R> List<R> given(
                List<PersonRows.Newcomer> newcomers, Function<PersonRows.Newcomer, @Nullable R> part) {
            return newcomers.stream().map(part).filter(Objects::nonNull).toList();
        }
    }

    private final DSLContext tx;
    private final RegistryKeys keys;
    private final PersonRows rows;
    private final String source;
    private final String actor;
    private final LocalDate today;
    /** Whether nothing is written but what would change. */
    private boolean looking;
    /** What is different now in people who were registered before. */
    private final Map<UUID, Set<PersonColumn>> changed = new HashMap<>();

    PeopleWriter(DSLContext tx, RegistryKeys keys, PersonRows rows, String source, String actor, LocalDate today) {
        this.tx = tx;
        this.keys = keys;
        this.rows = rows;
        this.source = source;
        this.actor = actor;
        this.today = today;
    }

    /** @param newcomer null where the row speaks of someone who is registered */
    record Entry(ImportRowRecord row, RowDraft draft, PersonRows.@Nullable Newcomer newcomer) {

        UUID person() {
            return newcomer == null
                    ? Objects.requireNonNull(row.getPersonId())
                    : newcomer.person().getId();
        }
    }

    void write(Piece piece) {
        Map<ByteBuffer, UUID> households = households(piece.entries());
        piece.newcomers().forEach(added -> added.write(tx));
        List<Entry> known = piece.entries().stream()
                .filter(entry -> entry.newcomer() == null)
                .toList();
        if (!known.isEmpty()) {
            Map<UUID, PersonRecord> registered = people(known);
            identifiers(known);
            phones(known);
            accounts(known);
            memberships(piece.entries(), households);
            note(known, registered);
        } else {
            memberships(piece.entries(), households);
        }
    }

    /** Writes down on each row which columns it would change, and changes nothing else. @param known of registered people */
    void compare(List<Entry> known) {
        looking = true;
        Map<ByteBuffer, UUID> households = households(known);
        people(known);
        identifiers(known);
        phones(known);
        accounts(known);
        memberships(known, households);
        noteOnRows(known);
    }

    private <R extends TableRecord<R>> void add(List<R> records) {
        if (!looking) {
            CopyWriter.of(records).write(tx);
        }
    }

    private void save(List<? extends UpdatableRecord<?>> records) {
        if (!looking) {
            tx.batchUpdate(records).execute();
        }
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
        tx.select(SOURCE_HOUSEHOLD.SOURCE_INDEX, HOUSEHOLD)
                .from(SOURCE_HOUSEHOLD)
                .join(HOUSEHOLD)
                .on(HOUSEHOLD.ID.eq(SOURCE_HOUSEHOLD.HOUSEHOLD_ID))
                .where(SOURCE_HOUSEHOLD.SOURCE.eq(source))
                .and(SOURCE_HOUSEHOLD.SOURCE_INDEX.in(
                        speakers.keySet().stream().map(ByteBuffer::array).toList()))
                .forEach(row -> known.put(ByteBuffer.wrap(row.value1()), row.value2()));
        List<HouseholdRecord> added = new ArrayList<>();
        List<HouseholdRecord> changed = new ArrayList<>();
        int missing = speakers.size() - known.size();
        List<Long> numbers = looking ? Collections.nCopies(missing, 1L) : numbers(tx, HOUSEHOLD_NUMBER, missing);
        speakers.forEach((index, speaker) -> {
            HouseholdRecord household = known.get(index);
            if (household == null && looking && rows.ofSource()) {
                return;
            }
            if (household == null) {
                HouseholdRecord created = newHousehold(index.array(), numbers.get(added.size()), speaker.draft());
                added.add(created);
                known.put(index, created);
            } else if (speaker.draft().isHead() && differs(speaker, household)) {
                describe(household, speaker.draft());
                household.setUpdatedBy(actor);
                changed.add(household);
            }
        });
        add(added);
        save(changed);
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
        if (rows.tells(PersonColumn.AREA, draft.areaId())) {
            household.setAreaId(draft.areaId());
        }
        if (rows.tells(PersonColumn.HOUSEHOLD_INCOME, draft.householdIncomeMinor())) {
            household.setMonthlyIncomeMinor(draft.householdIncomeMinor());
        }
        if (rows.tells(PersonColumn.ADDRESS, draft.address())) {
            household.setAddressSealed(sealed(RegistryKeys.ADDRESS, household.getId(), draft.address()));
        }
    }

    private boolean differs(Entry speaker, HouseholdRecord household) {
        RowDraft draft = speaker.draft();
        byte[] address = household.getAddressSealed();
        String known = address == null ? null : keys.openText(RegistryKeys.ADDRESS, household.getId(), address);
        return differs(speaker, PersonColumn.AREA, household.getAreaId(), draft.areaId())
                | differs(
                        speaker,
                        PersonColumn.HOUSEHOLD_INCOME,
                        household.getMonthlyIncomeMinor(),
                        draft.householdIncomeMinor())
                | differs(speaker, PersonColumn.ADDRESS, known, draft.address());
    }

    private boolean differs(Entry speaker, PersonColumn column, @Nullable Object before, @Nullable Object now) {
        boolean differs = rows.tells(column, now) && !Objects.equals(before, now);
        if (differs) {
            changed(speaker, column);
        }
        return differs;
    }

    private void changed(Entry entry, PersonColumn column) {
        changed.computeIfAbsent(entry.person(), person -> EnumSet.noneOf(PersonColumn.class))
                .add(column);
    }

    /** What each row changed, on the row and as the origin of the values. */
    private void note(List<Entry> entries, Map<UUID, PersonRecord> registered) {
        List<Entry> different = entries.stream()
                .filter(entry -> changed.containsKey(entry.person()))
                .toList();
        for (Entry entry : different) {
            rows.originate(
                    Objects.requireNonNull(registered.get(entry.person())),
                    Objects.requireNonNull(changed.get(entry.person())));
        }
        tx.batchUpdate(registered.values()).execute();
        noteOnRows(entries);
    }

    /** Also where nothing changes, because a look at the row before may have said otherwise. */
    private void noteOnRows(List<Entry> entries) {
        tx.batch(entries.stream()
                        .map(entry -> tx.update(IMPORT_ROW)
                                .set(
                                        IMPORT_ROW.CHANGED,
                                        changed.getOrDefault(entry.person(), Set.of()).stream()
                                                .map(Enum::name)
                                                .toArray(String[]::new))
                                .where(IMPORT_ROW.IMPORT_ID.eq(entry.row().getImportId()))
                                .and(IMPORT_ROW.ROW_NUMBER.eq(entry.row().getRowNumber())))
                        .toList())
                .execute();
    }

    private Map<UUID, PersonRecord> people(List<Entry> entries) {
        var registered = tx.selectFrom(PERSON).where(PERSON.ID.in(persons(entries)));
        Map<UUID, PersonRecord> known = looking
                ? registered.fetchMap(PERSON.ID)
                : registered.forUpdate().fetchMap(PERSON.ID);
        for (Entry entry : entries) {
            rows.change(Objects.requireNonNull(known.get(entry.person())), entry.row(), entry.draft())
                    .forEach(column -> changed(entry, column));
        }
        return known;
    }

    private void identifiers(List<Entry> entries) {
        Map<List<Object>, IdentifierRecord> known = tx
                .selectFrom(IDENTIFIER)
                .where(IDENTIFIER.PERSON_ID.in(persons(entries)))
                .and(IDENTIFIER.STATUS.in("unverified", "valid"))
                .fetch()
                .stream()
                .collect(Collectors.toMap(one -> List.of(one.getPersonId(), one.getType()), one -> one));
        Set<List<Object>> takenAway = takenAway(entries);
        List<IdentifierRecord> replaced = new ArrayList<>();
        List<IdentifierRecord> added = new ArrayList<>();
        for (Entry entry : entries) {
            for (IdentifierRecord said : rows.identifiers(entry.person(), entry.row(), entry.draft())) {
                IdentifierRecord old = known.get(List.<Object>of(entry.person(), said.getType()));
                if (old != null && Arrays.equals(old.getValueIndex(), said.getValueIndex())
                        || takenAway.contains(List.<Object>of(entry.person(), ByteBuffer.wrap(said.getValueIndex())))) {
                    continue;
                }
                if (old != null) {
                    old.setStatus("retired");
                    replaced.add(old);
                }
                added.add(said);
                changed(
                        entry,
                        said.getType().equals(IdentifierTypes.VIRTUAL_ID)
                                ? PersonColumn.VIRTUAL_ID
                                : PersonColumn.NATIONAL_ID);
            }
        }
        save(replaced);
        add(added);
    }

    /** What was taken away from a person does not come back because a list says it once more. */
    private Set<List<Object>> takenAway(List<Entry> entries) {
        return tx
                .select(RETIRED_IDENTIFIER.PERSON_ID, RETIRED_IDENTIFIER.VALUE_INDEX)
                .from(RETIRED_IDENTIFIER)
                .where(RETIRED_IDENTIFIER.PERSON_ID.in(persons(entries)))
                .and(RETIRED_IDENTIFIER.VALUE_INDEX.isNotNull())
                .and(RETIRED_IDENTIFIER.RESTORED_AT.isNull())
                .fetch()
                .stream()
                .map(row -> List.<Object>of(row.value1(), ByteBuffer.wrap(row.value2())))
                .collect(Collectors.toSet());
    }

    private void phones(List<Entry> entries) {
        Set<List<Object>> known = tx
                .select(PHONE.PERSON_ID, PHONE.VALUE_INDEX)
                .from(PHONE)
                .where(PHONE.PERSON_ID.in(persons(entries)))
                .fetch()
                .stream()
                .map(row -> List.<Object>of(row.value1(), ByteBuffer.wrap(row.value2())))
                .collect(Collectors.toSet());
        List<PhoneRecord> added = new ArrayList<>();
        for (Entry entry : entries) {
            PhoneRecord said = rows.phone(entry.person(), entry.draft());
            if (said != null
                    && !known.contains(List.<Object>of(entry.person(), ByteBuffer.wrap(said.getValueIndex())))) {
                changed(entry, PersonColumn.PHONE);
                added.add(said);
            }
        }
        add(added);
    }

    private void accounts(List<Entry> entries) {
        Map<UUID, AccountRecord> known = tx.selectFrom(ACCOUNT)
                .where(ACCOUNT.PERSON_ID.in(persons(entries)), ACCOUNT.ACTIVE.isTrue())
                .fetchMap(ACCOUNT.PERSON_ID);
        List<AccountRecord> ended = new ArrayList<>();
        List<AccountRecord> added = new ArrayList<>();
        for (Entry entry : entries) {
            AccountRecord said = rows.account(entry.person(), entry.draft());
            AccountRecord old = known.get(entry.person());
            if (said == null || (old != null && Arrays.equals(old.getNumberIndex(), said.getNumberIndex()))) {
                continue;
            }
            if (old != null) {
                old.setActive(false);
                ended.add(old);
            }
            changed(entry, PersonColumn.ACCOUNT_NUMBER);
            added.add(said);
        }
        save(ended);
        add(added);
    }

    /** A move or a new role ends the old membership and begins the new one on the same day. */
    private void memberships(List<Entry> entries, Map<ByteBuffer, UUID> households) {
        Map<UUID, MembershipRecord> known = tx.selectFrom(MEMBERSHIP)
                .where(MEMBERSHIP.PERSON_ID.in(persons(entries.stream()
                        .filter(entry -> entry.newcomer() == null)
                        .toList())))
                .and(Memberships.heldOn(MEMBERSHIP, today))
                .fetchMap(MEMBERSHIP.PERSON_ID);
        List<MembershipRecord> ended = new ArrayList<>();
        List<MembershipRecord> added = new ArrayList<>();
        for (Entry entry : entries) {
            byte[] index = entry.row().getHouseholdIndex();
            if (index == null || (looking && !households.containsKey(ByteBuffer.wrap(index)))) {
                continue;
            }
            UUID household = Objects.requireNonNull(households.get(ByteBuffer.wrap(index)));
            MembershipRecord old = known.get(entry.person());
            if (old != null
                    && old.getHouseholdId().equals(household)
                    && old.getRole().equals(entry.draft().role())) {
                continue;
            }
            if (old != null) {
                old.setEndReason(old.getHouseholdId().equals(household) ? "role_changed" : "moved");
                old.setValidTo(today);
                ended.add(old);
            }
            if (entry.newcomer() == null) {
                boolean moves = old == null || !old.getHouseholdId().equals(household);
                changed(entry, moves ? PersonColumn.HOUSEHOLD_NO : PersonColumn.ROLE);
            }
            added.add(membership(household, entry));
        }
        save(ended);
        add(added);
    }

    private MembershipRecord membership(UUID household, Entry entry) {
        MembershipRecord membership = new MembershipRecord();
        membership.setId(Ids.next());
        membership.setHouseholdId(household);
        membership.setPersonId(entry.person());
        membership.setRole(entry.draft().role());
        membership.setValidFrom(today);
        membership.setCreatedBy(actor);
        return membership;
    }

    private static List<UUID> persons(List<Entry> entries) {
        return entries.stream().map(Entry::person).toList();
    }

    private static List<Long> numbers(DSLContext sql, Sequence<Long> sequence, int count) {
        return count == 0
                ? List.of()
                : sql.select(sequence.nextval()).from(generateSeries(1, count)).fetch(0, Long.class);
    }

    private byte @Nullable [] sealed(String column, UUID row, @Nullable String value) {
        return value == null ? null : keys.seal(column, row, value);
    }
}
