package org.annona.registry.selection;

import static org.annona.registry.internal.tables.Tables.HOUSEHOLD;
import static org.annona.registry.internal.tables.Tables.IDENTIFIER;
import static org.annona.registry.internal.tables.Tables.MEMBERSHIP;
import static org.annona.registry.internal.tables.Tables.PERSON;
import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.concat;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.annona.foundation.criteria.SqlRule;
import org.annona.foundation.criteria.odoo.DomainReader;
import org.annona.foundation.criteria.odoo.DomainReader.Dialect;
import org.annona.foundation.criteria.odoo.DomainReading;
import org.annona.foundation.criteria.odoo.DomainRefused;
import org.annona.foundation.database.Database;
import org.annona.foundation.ids.PublicReference;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.sealing.Sensitive;
import org.annona.registry.IdentifierKind;
import org.annona.registry.PeopleFilter;
import org.annona.registry.PersonExtract;
import org.annona.registry.RegistryProblem;
import org.annona.registry.RegistrySettings;
import org.annona.registry.SelectedPerson;
import org.annona.registry.identifier.IdentifierType;
import org.annona.registry.identifier.IdentifierTypes;
import org.annona.registry.identifier.PhoneNumbers;
import org.annona.registry.identifier.RegistryKeys;
import org.annona.registry.internal.tables.tables.Identifier;
import org.annona.registry.membership.Memberships;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record3;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/** Chooses people by a domain. What the domain says is decided by the database, for any number of people in one statement. */
public final class Selection {

    private static final Identifier SHOWN = IDENTIFIER.as("shown");

    private final Database database;
    private final RegistryKeys keys;
    private final IdentifierTypes types;
    private final PersonModel model;
    private final PersonExtracts sheets;
    private final Clock clock;

    public Selection(
            Database database, RegistryKeys keys, IdentifierTypes types, RegistrySettings settings, Clock clock) {
        this.database = database;
        this.keys = keys;
        this.types = types;
        this.model =
                new PersonModel(database, keys, types, new PhoneNumbers(settings.phoneRegion()), settings.currency());
        this.sheets = new PersonExtracts(keys);
        this.clock = clock;
    }

    public List<IdentifierKind> identifierKinds() {
        return types.all().stream()
                .map(type -> new IdentifierKind(type.code(), type.label()))
                .toList();
    }

    public DomainReading read(String domain, Dialect dialect) throws DomainRefused {
        return new DomainReader(model.model(), dialect, clock.getZone()).read(domain);
    }

    public long count(PeopleFilter filter) {
        return database.onOneSnapshot(sql -> sql.selectCount()
                .from(PERSON.join(SHOWN).on(isShown(filter)))
                .where(condition(filter))
                .fetchSingle()
                .value1());
    }

    /** @param after the last person of the part before; null for the first ones */
    public List<SelectedPerson> page(PeopleFilter filter, @Nullable UUID after, int limit) {
        Condition rest = after == null ? condition(filter) : condition(filter).and(PERSON.ID.gt(after));
        return database.onOneSnapshot(sql -> sql.select(PERSON.ID, SHOWN.ID, version())
                .from(PERSON.join(SHOWN).on(isShown(filter)))
                .where(rest)
                .orderBy(PERSON.ID)
                .limit(limit)
                .fetch(Selection::selected));
    }

    /** Whoever of these people is still selected, with what may leave of her. */
    public List<PersonExtract> sheets(
            PeopleFilter filter, Collection<UUID> people, List<String> fields, String purpose) {
        Condition these = condition(filter).and(PERSON.ID.in(people));
        LocalDate today = LocalDate.now(clock);
        return database.onOneSnapshot(sql -> {
            List<SelectedPerson> selected = sql.select(PERSON.ID, SHOWN.ID, version())
                    .from(PERSON.join(SHOWN).on(isShown(filter)))
                    .where(these)
                    .fetch(Selection::selected);
            return sheets.of(sql, selected, fields, purpose, today);
        });
    }

    /** Who of those whom a filter selects shows one of these identifiers, by their blind indexes. */
    private Map<ByteBuffer, SelectedPerson> byIndex(PeopleFilter filter, byte[][] indexes) {
        return database.onOneSnapshot(sql -> sql.select(PERSON.ID, SHOWN.ID, version(), SHOWN.VALUE_INDEX)
                .from(PERSON.join(SHOWN).on(isShown(filter)))
                .where(condition(filter).and(SHOWN.VALUE_INDEX.eq(any(indexes))))
                .fetchMap(
                        row -> ByteBuffer.wrap(Objects.requireNonNull(row.value4())),
                        row -> new SelectedPerson(row.value1(), row.value2(), row.value3())));
    }

    /**
     * Whom each of these identifiers means, where the filter selects her.
     *
     * @param values of the type of the filter, as somebody wrote them
     * @return one answer for each, in their order
     */
    public List<Optional<SelectedPerson>> whoShows(PeopleFilter filter, List<Sensitive<String>> values) {
        IdentifierType type = Objects.requireNonNull(types.byCode().get(filter.identifierType()));
        List<ByteBuffer> indexes = values.stream()
                .map(value -> ByteBuffer.wrap(keys.identifierIndex(type.code(), value.use(type::normalised))))
                .toList();
        Map<ByteBuffer, SelectedPerson> people =
                byIndex(filter, indexes.stream().map(ByteBuffer::array).toArray(byte[][]::new));
        return indexes.stream()
                .map(index -> Optional.ofNullable(people.get(index)))
                .toList();
    }

    /** Which of these people a filter selects, as the transaction sees them. */
    public Set<UUID> among(DSLContext tx, PeopleFilter filter, Collection<UUID> people) {
        return tx.select(PERSON.ID)
                .from(PERSON.join(SHOWN).on(isShown(filter)))
                .where(condition(filter).and(PERSON.ID.in(people)))
                .fetchSet(PERSON.ID);
    }

    public Set<UUID> holders(String identifierType, Collection<UUID> people) {
        return database.sql()
                .select(IDENTIFIER.PERSON_ID)
                .from(IDENTIFIER)
                .where(IDENTIFIER.PERSON_ID.in(people), IDENTIFIER.TYPE.eq(identifierType), PersonBinding.IN_FORCE)
                .fetchSet(IDENTIFIER.PERSON_ID);
    }

    public Map<UUID, String> references(Collection<UUID> people) {
        return database.sql()
                .select(PERSON.ID, PERSON.REF)
                .from(PERSON)
                .where(PERSON.ID.in(people))
                .fetchMap(PERSON.ID, PERSON.REF);
    }

    public Optional<UUID> byReference(String reference) {
        return PublicReference.read('P', reference)
                .flatMap(ref -> database.sql()
                        .select(PERSON.ID)
                        .from(PERSON)
                        .where(PERSON.REF.eq(ref))
                        .fetchOptional(PERSON.ID));
    }

    private static SelectedPerson selected(Record3<UUID, UUID, String> row) {
        return new SelectedPerson(row.value1(), row.value2(), row.value3());
    }

    private static Condition isShown(PeopleFilter filter) {
        return SHOWN.PERSON_ID
                .eq(PERSON.ID)
                .and(SHOWN.TYPE.eq(filter.identifierType()))
                .and(SHOWN.STATUS.in("unverified", "valid"));
    }

    private Condition condition(PeopleFilter filter) {
        try {
            DomainReading reading = read(filter.domain(), filter.dialect());
            return SqlRule.of(reading.criterion(), new PersonBinding(LocalDate.now(clock), clock.getZone()));
        } catch (DomainRefused refused) {
            throw refusal(refused);
        }
    }

    /** As people are told. */
    public static Problem refusal(DomainRefused refused) {
        return Problem.of(
                RegistryProblem.FILTER_REFUSED,
                "condition",
                refused.leaf() == 0 ? "The filter" : "Condition " + refused.leaf() + " of the filter",
                "reason",
                Optional.ofNullable(refused.getMessage()).orElse("it is not understood"),
                "position",
                refused.position());
    }

    /** Of the entry, and of the household that its address comes from. */
    private Field<String> version() {
        Field<String> household = field(select(
                        field("extract(epoch from {0})::text", String.class, HOUSEHOLD.UPDATED_AT))
                .from(MEMBERSHIP)
                .join(HOUSEHOLD)
                .on(HOUSEHOLD.ID.eq(MEMBERSHIP.HOUSEHOLD_ID))
                .where(MEMBERSHIP.PERSON_ID.eq(PERSON.ID), Memberships.heldOn(MEMBERSHIP, LocalDate.now(clock))));
        return concat(PERSON.VERSION.cast(SQLDataType.VARCHAR), inline(" "), coalesce(household, inline("")));
    }
}
