package org.annona.registry.person;

import static org.annona.registry.internal.tables.Tables.ACCOUNT;
import static org.annona.registry.internal.tables.Tables.AREA;
import static org.annona.registry.internal.tables.Tables.HOUSEHOLD;
import static org.annona.registry.internal.tables.Tables.IDENTIFIER;
import static org.annona.registry.internal.tables.Tables.IDENTIFIER_TYPE;
import static org.annona.registry.internal.tables.Tables.MEMBERSHIP;
import static org.annona.registry.internal.tables.Tables.PERSON;
import static org.annona.registry.internal.tables.Tables.PHONE;
import static org.annona.registry.internal.tables.Tables.REVEAL;
import static org.jooq.impl.DSL.noCondition;

import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.outbox.Outbox;
import org.annona.foundation.problem.Problem;
import org.annona.registry.RegistryPermission;
import org.annona.registry.RegistryProblem;
import org.annona.registry.RegistrySettings;
import org.annona.registry.RegistryTopics;
import org.annona.registry.consent.Consents;
import org.annona.registry.identifier.IdentifierTypes;
import org.annona.registry.identifier.PhoneNumbers;
import org.annona.registry.identifier.RegistryKeys;
import org.annona.registry.internal.tables.tables.records.PersonRecord;
import org.annona.registry.membership.Memberships;
import org.jooq.Condition;
import org.jooq.DSLContext;

/** Looks at people, masked by default, and records what happens to them. */
public final class People {

    /** Keys grow with time, so their order is the order of entry. */
    private static final Keyset ORDER =
            new Keyset(Map.of("created", PERSON.ID, "ref", PERSON.REF), "created", true, PERSON.ID);

    private static final int DUPLICATES_SHOWN = 10;

    private final Database database;
    private final RegistryKeys keys;
    private final PersonSearch search;
    private final DailyQuota quota;
    private final Consents consents;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("registry");
    private final Outbox outbox = new Outbox("registry");

    public People(
            Database database,
            RegistryKeys keys,
            RegistrySettings settings,
            IdentifierTypes types,
            Consents consents,
            Clock clock) {
        this.database = database;
        this.keys = keys;
        this.search = new PersonSearch(keys, new PhoneNumbers(settings.phoneRegion()), types);
        this.quota = new DailyQuota(database, settings, clock);
        this.consents = consents;
        this.clock = clock;
    }

    /** Filters: q (reference, identifier, phone or words of the name), status, sex. Searches are audited without their text. */
    Page<PersonRow> page(Actor actor, PageRequest request) {
        actor.require(RegistryPermission.VIEW);
        Condition condition = noCondition();
        String text = request.filter("q");
        if (!text.isEmpty()) {
            actor.require(RegistryPermission.SEARCH);
            PersonSearch.Understood understood = search.understand(text);
            condition = understood.condition();
            noteSearch(actor, understood.kind());
        }
        if (!request.filter("status").isEmpty()) {
            condition = condition.and(PERSON.STATUS.eq(request.filter("status")));
        }
        if (!request.filter("sex").isEmpty()) {
            condition = condition.and(PERSON.SEX.eq(request.filter("sex")));
        }
        return ORDER.page(
                        database.sql(),
                        List.of(
                                PERSON.ID,
                                PERSON.REF,
                                PERSON.NAME_SEALED,
                                PERSON.SEX,
                                PERSON.BIRTH_DATE,
                                PERSON.STATUS,
                                PERSON.CREATED_AT,
                                HOUSEHOLD.ID,
                                HOUSEHOLD.REF,
                                AREA.NAME),
                        PERSON.leftJoin(MEMBERSHIP)
                                .on(MEMBERSHIP.PERSON_ID.eq(PERSON.ID), Memberships.heldOn(MEMBERSHIP, today()))
                                .leftJoin(HOUSEHOLD)
                                .on(HOUSEHOLD.ID.eq(MEMBERSHIP.HOUSEHOLD_ID))
                                .leftJoin(AREA)
                                .on(AREA.ID.eq(HOUSEHOLD.AREA_ID)),
                        condition,
                        request)
                .map(row -> new PersonRow(
                        row.get(PERSON.ID),
                        row.get(PERSON.REF),
                        name(row.get(PERSON.ID), row.get(PERSON.NAME_SEALED)).masked(),
                        row.get(PERSON.SEX),
                        Masks.year(row.get(PERSON.BIRTH_DATE)),
                        row.get(PERSON.STATUS),
                        row.get(HOUSEHOLD.ID),
                        row.get(HOUSEHOLD.REF),
                        row.get(AREA.NAME),
                        row.get(PERSON.CREATED_AT)));
    }

    PersonView show(Actor actor, UUID id) {
        actor.require(RegistryPermission.VIEW);
        return view(database.sql(), id, false);
    }

    /** Who finds somebody by a number or a name learns whose it is, so that counts; a reference tells nothing. */
    private void noteSearch(Actor actor, String kind) {
        boolean left = database.inTransaction(tx -> {
            boolean taken = kind.equals("reference") || quota.take(tx, actor, DailyQuota.Kind.SEARCH);
            if (taken) {
                audit.append(
                        tx,
                        AuditEvent.of(actor.name(), "registry.person.search", "people")
                                .with("by", kind));
            }
            return taken;
        });
        if (!left) {
            throw quota.refusal(actor, DailyQuota.Kind.SEARCH);
        }
    }

    /** Shows a person in clear once, for a reason that is kept with who asked, and only so many on a day. */
    PersonView reveal(Actor actor, UUID id, RevealReason reason) {
        actor.require(RegistryPermission.REVEAL);
        Optional<PersonView> shown = database.inTransaction(tx -> {
            PersonView view = view(tx, id, true);
            if (!quota.take(tx, actor, DailyQuota.Kind.REVEAL)) {
                return Optional.empty();
            }
            tx.insertInto(REVEAL)
                    .set(REVEAL.ID, Ids.next())
                    .set(REVEAL.AT, clock.instant())
                    .set(REVEAL.USER_NAME, actor.name())
                    .set(REVEAL.PERSON_ID, id)
                    .set(REVEAL.OCCASION, reason.occasion().code())
                    .set(REVEAL.REASON, reason.text())
                    .execute();
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "registry.person.reveal", "person/" + id)
                            .with("occasion", reason.occasion().code())
                            .forReason(reason.text()));
            return Optional.of(view);
        });
        return shown.orElseThrow(() -> quota.refusal(actor, DailyQuota.Kind.REVEAL));
    }

    /** How many more people the user may see in clear today. */
    int revealsLeft(Actor actor) {
        return quota.left(actor, DailyQuota.Kind.REVEAL);
    }

    /** From the day of death the person is no member of a household any more, and receives nothing. */
    public void recordDeath(Actor actor, UUID id, LocalDate day) {
        actor.require(RegistryPermission.EDIT);
        database.transact(tx -> {
            PersonRecord person = tx.selectFrom(PERSON)
                    .where(PERSON.ID.eq(id))
                    .forUpdate()
                    .fetchOptional()
                    .orElseThrow(() -> Problem.of(RegistryProblem.PERSON_UNKNOWN));
            refuseUnlikelyDeath(person, day);
            person.setStatus("deceased");
            person.setDeathDate(day);
            person.setUpdatedBy(actor.name());
            person.setVersion(person.getVersion() + 1);
            person.update();
            Memberships.endAt(tx, id, today(), "died");
            // Also payments that are approved already find no account any more.
            tx.update(ACCOUNT)
                    .set(ACCOUNT.ACTIVE, false)
                    .where(ACCOUNT.PERSON_ID.eq(id), ACCOUNT.ACTIVE.isTrue())
                    .execute();
            outbox.post(tx, RegistryTopics.CHANGED, "person/" + id + "/" + person.getVersion(), Map.of());
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "registry.person.death", "person/" + id)
                            .with("day", day));
        });
    }

    private void refuseUnlikelyDeath(PersonRecord person, LocalDate day) {
        String reason = null;
        if (!person.getStatus().equals("active")) {
            reason = "the person is " + person.getStatus();
        } else if (day.isAfter(today())) {
            reason = "the date lies in the future";
        } else if (person.getBirthDate() != null && day.isBefore(person.getBirthDate())) {
            reason = "the date lies before the birth";
        }
        if (reason != null) {
            throw Problem.of(RegistryProblem.DEATH_NOT_RECORDABLE, "reason", reason);
        }
    }

    private PersonView view(DSLContext sql, UUID id, boolean clear) {
        PersonRecord person = sql.selectFrom(PERSON)
                .where(PERSON.ID.eq(id))
                .fetchOptional()
                .orElseThrow(() -> Problem.of(RegistryProblem.PERSON_UNKNOWN));
        PersonName name = name(id, person.getNameSealed());
        byte[] email = person.getEmailSealed();
        String emailText = email == null ? null : keys.openText(RegistryKeys.EMAIL, id, email);
        return new PersonView(
                id,
                person.getRef(),
                person.getStatus(),
                clear,
                clear ? name.full() : name.masked(),
                clear && person.getBirthDate() != null
                        ? person.getBirthDate().toString()
                        : Masks.year(person.getBirthDate()),
                person.getBirthPrecision(),
                person.getSex(),
                person.getDeathDate(),
                emailText == null || clear ? emailText : Masks.email(emailText),
                identifiers(sql, id, clear),
                phones(sql, id, clear),
                accounts(sql, id, clear),
                memberships(sql, id),
                consents.of(sql, id),
                duplicates(sql, person),
                person.getSource(),
                person.getUpdatedBy(),
                person.getUpdatedAt());
    }

    private List<PersonView.Identifier> identifiers(DSLContext sql, UUID id, boolean clear) {
        return sql.select(IDENTIFIER.ID, IDENTIFIER_TYPE.LABEL, IDENTIFIER.VALUE_SEALED, IDENTIFIER.STATUS)
                .from(IDENTIFIER)
                .join(IDENTIFIER_TYPE)
                .on(IDENTIFIER_TYPE.CODE.eq(IDENTIFIER.TYPE))
                .where(IDENTIFIER.PERSON_ID.eq(id))
                .orderBy(IDENTIFIER.CREATED_AT.desc(), IDENTIFIER.ID)
                .fetch(row -> new PersonView.Identifier(
                        row.value2(), shown(RegistryKeys.IDENTIFIER, row.value1(), row.value3(), clear), row.value4()));
    }

    private List<String> phones(DSLContext sql, UUID id, boolean clear) {
        return sql.select(PHONE.ID, PHONE.VALUE_SEALED)
                .from(PHONE)
                .where(PHONE.PERSON_ID.eq(id), PHONE.ACTIVE.isTrue())
                .orderBy(PHONE.CREATED_AT.desc(), PHONE.ID)
                .fetch(row -> shown(RegistryKeys.PHONE, row.value1(), row.value2(), clear));
    }

    private List<PersonView.Account> accounts(DSLContext sql, UUID id, boolean clear) {
        return sql.selectFrom(ACCOUNT)
                .where(ACCOUNT.PERSON_ID.eq(id))
                .orderBy(ACCOUNT.ACTIVE.desc(), ACCOUNT.CREATED_AT.desc(), ACCOUNT.ID)
                .fetch(row -> new PersonView.Account(
                        row.getScheme(),
                        row.getProvider(),
                        shown(RegistryKeys.ACCOUNT, row.getId(), row.getNumberSealed(), clear),
                        row.getActive()));
    }

    private String shown(String column, UUID id, byte[] sealed, boolean clear) {
        String value = keys.openText(column, id, sealed);
        return clear ? value : Masks.tail(value);
    }

    private List<PersonView.Membership> memberships(DSLContext sql, UUID id) {
        LocalDate today = today();
        return sql.select(HOUSEHOLD.ID, HOUSEHOLD.REF, MEMBERSHIP.ROLE, MEMBERSHIP.VALID_FROM, MEMBERSHIP.VALID_TO)
                .from(MEMBERSHIP)
                .join(HOUSEHOLD)
                .on(HOUSEHOLD.ID.eq(MEMBERSHIP.HOUSEHOLD_ID))
                .where(MEMBERSHIP.PERSON_ID.eq(id))
                .and(MEMBERSHIP.VALID_TO.isNull().or(MEMBERSHIP.VALID_TO.gt(MEMBERSHIP.VALID_FROM)))
                .orderBy(MEMBERSHIP.VALID_FROM.desc(), MEMBERSHIP.ID)
                .fetch(row -> new PersonView.Membership(
                        row.value1(),
                        row.value2(),
                        row.value3(),
                        row.value4(),
                        row.value5(),
                        row.value5() == null || row.value5().isAfter(today)));
    }

    private static List<PersonView.Duplicate> duplicates(DSLContext sql, PersonRecord person) {
        return sql.select(PERSON.ID, PERSON.REF)
                .from(PERSON)
                .where(PERSON.LIKENESS.eq(person.getLikeness()), PERSON.ID.ne(person.getId()))
                .and(PERSON.STATUS.ne("merged"))
                .orderBy(PERSON.CREATED_AT, PERSON.ID)
                .limit(DUPLICATES_SHOWN)
                .fetch(row -> new PersonView.Duplicate(row.value1(), row.value2()));
    }

    private PersonName name(UUID id, byte[] sealed) {
        return PersonName.fromJson(keys.openText(RegistryKeys.NAME, id, sealed));
    }

    /** For lists of other features that show a person, masked. */
    public String maskedName(UUID id, byte[] sealed) {
        return name(id, sealed).masked();
    }

    private LocalDate today() {
        return LocalDate.now(clock);
    }
}
