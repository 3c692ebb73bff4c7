package org.annona.registry.identity;

import static org.annona.registry.internal.tables.Tables.IDENTIFIER;
import static org.annona.registry.internal.tables.Tables.IDENTIFIER_TYPE;
import static org.annona.registry.internal.tables.Tables.PERSON;
import static org.annona.registry.internal.tables.Tables.RETIRED_IDENTIFIER;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.CopyWriter;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.database.Sqlstate;
import org.annona.foundation.digest.RowDigest;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.Sealer;
import org.annona.registry.PeopleFilter;
import org.annona.registry.RegistryPermission;
import org.annona.registry.RegistryProblem;
import org.annona.registry.RetirementRule;
import org.annona.registry.identifier.RegistryKeys;
import org.annona.registry.internal.tables.tables.records.IdentifierRecord;
import org.annona.registry.internal.tables.tables.records.RetiredIdentifierRecord;
import org.annona.registry.person.Masks;
import org.annona.registry.selection.Selection;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Identifiers that were taken away from people who do not need them any more. At once they are out of reach of every list,
 * search and message; for a while they can be given back; then their value is destroyed.
 */
public final class RetiredIdentifiers {

    private static final String VALUE = "registry.retired_identifier.value_sealed";
    private static final int PART = 5_000;
    private static final SqlFile CANDIDATES = SqlFile.beside(RetiredIdentifiers.class, "take-away-candidates.sql");
    private static final Keyset ORDER =
            new Keyset(Map.of("at", RETIRED_IDENTIFIER.RETIRED_AT), "at", true, RETIRED_IDENTIFIER.ID);

    private final Database database;
    private final RegistryKeys keys;
    private final Selection selection;
    /** A key of its own, so that what is taken away cannot be read with the key of what is in use. */
    private final Sealer sealer;

    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("registry");

    public RetiredIdentifiers(Database database, RegistryKeys keys, Selection selection, Keyring keyring, Clock clock) {
        this.database = database;
        this.keys = keys;
        this.selection = selection;
        this.sealer = keyring.sealer("registry.retired");
        this.clock = clock;
    }

    /**
     * Takes away what the rule says from those of these people who fulfil it now; whoever does not is left as she is.
     *
     * @return how many identifiers were taken away
     */
    long takeAway(DSLContext tx, Collection<UUID> people, RetirementRule rule, String actor) {
        long taken = 0;
        for (String type : rule.types()) {
            taken += takeAway(tx, people, rule, type, actor);
        }
        return taken;
    }

    private long takeAway(DSLContext tx, Collection<UUID> people, RetirementRule rule, String type, String actor) {
        List<IdentifierRecord> candidates = candidates(tx, people, rule, type);
        if (candidates.isEmpty()) {
            return 0;
        }
        Instant now = clock.instant();
        List<RetiredIdentifierRecord> retired = new ArrayList<>();
        RowDigest digest = new RowDigest();
        for (IdentifierRecord identifier : candidates) {
            String value = keys.openText(RegistryKeys.IDENTIFIER, identifier.getId(), identifier.getValueSealed());
            RetiredIdentifierRecord row = new RetiredIdentifierRecord();
            row.setId(identifier.getId());
            row.setPersonId(identifier.getPersonId());
            row.setType(identifier.getType());
            row.setValueSealed(sealer.seal(VALUE, identifier.getId(), value));
            row.setValueIndex(rule.keepHash() ? identifier.getValueIndex() : null);
            row.setWas(identifier.getStatus());
            row.setRetiredAt(now);
            row.setRetiredBy(actor);
            row.setCause(rule.cause());
            row.setDestroyAfter(now.plus(rule.window()));
            retired.add(row);
            digest.add(identifier.getId(), identifier.getPersonId(), identifier.getType(), Masks.tail(value));
        }
        tx.deleteFrom(IDENTIFIER)
                .where(IDENTIFIER.ID.in(
                        candidates.stream().map(IdentifierRecord::getId).toList()))
                .execute();
        CopyWriter.of(retired).write(tx);
        // Also those that she had before, which nobody has a use for.
        tx.deleteFrom(IDENTIFIER)
                .where(IDENTIFIER.PERSON_ID.in(
                        candidates.stream().map(IdentifierRecord::getPersonId).toList()))
                .and(IDENTIFIER.TYPE.eq(type))
                .and(IDENTIFIER.STATUS.notIn("unverified", "valid"))
                .execute();
        audit.append(
                tx,
                AuditEvent.of(actor, "registry.identifier.take_away", "identifiers")
                        .because(rule.cause())
                        .touching(retired.size())
                        .resultingIn(digest.finish())
                        .with("type", type));
        return retired.size();
    }

    private List<IdentifierRecord> candidates(
            DSLContext tx, Collection<UUID> people, RetirementRule rule, String type) {
        Set<UUID> within = selection.among(tx, new PeopleFilter(rule.domain(), rule.dialect(), type), people);
        Map<String, Object> values = Map.of(
                "people", SqlFile.column("uuid", List.copyOf(within), person -> person),
                "type", type,
                "held", SqlFile.column("text", List.copyOf(rule.whereHeld()), held -> held));
        return CANDIDATES.list(tx, values, (row, number) -> {
            IdentifierRecord identifier = new IdentifierRecord();
            identifier.setId(row.getObject("id", UUID.class));
            identifier.setPersonId(row.getObject("person_id", UUID.class));
            identifier.setType(row.getString("type"));
            identifier.setValueSealed(row.getBytes("value_sealed"));
            identifier.setValueIndex(row.getBytes("value_index"));
            identifier.setStatus(row.getString("status"));
            return identifier;
        });
    }

    /** What the rule says of identifiers of one type, or only how many there are. */
    public long takeAway(Collection<UUID> people, RetirementRule rule, String type, String actor, boolean dryRun) {
        return database.inTransaction(tx ->
                dryRun ? (long) candidates(tx, people, rule, type).size() : takeAway(tx, people, rule, type, actor));
    }

    /** Refuses where the actor may not give identifiers back, or there is none of this id. */
    void requireRestorable(Actor actor, UUID id) {
        actor.require(RegistryPermission.RESTORE);
        if (!database.sql().fetchExists(RETIRED_IDENTIFIER, RETIRED_IDENTIFIER.ID.eq(id))) {
            throw Problem.of(FoundationProblem.NOT_FOUND, "what", "identifier");
        }
    }

    /** Gives one back, for a reason that is kept. */
    void restore(Actor actor, UUID id, String reason) {
        actor.require(RegistryPermission.RESTORE);
        if (reason.isBlank()) {
            throw Problem.of(RegistryProblem.REASON_MISSING);
        }
        try {
            database.transact(tx -> restore(tx, actor, id, reason.strip()));
        } catch (DataAccessException clash) {
            if (!Sqlstate.isConflict(clash)) {
                throw clash;
            }
            throw notRestorable("the person has another one of this type now, or someone else has this one");
        }
    }

    private void restore(DSLContext tx, Actor actor, UUID id, String reason) {
        RetiredIdentifierRecord row = tx.selectFrom(RETIRED_IDENTIFIER)
                .where(RETIRED_IDENTIFIER.ID.eq(id))
                .forUpdate()
                .fetchOptional()
                .orElseThrow(() -> notRestorable("there is no such identifier"));
        byte[] sealed = row.getValueSealed();
        if (sealed != null && !row.getDestroyAfter().isAfter(clock.instant())) {
            throw notRestorable("its time is over");
        }
        if (sealed == null) {
            throw notRestorable(row.getRestoredAt() == null ? "its value was destroyed" : "it was given back already");
        }
        String value = sealer.openText(VALUE, id, sealed);
        IdentifierRecord identifier = new IdentifierRecord();
        identifier.setId(id);
        identifier.setPersonId(row.getPersonId());
        identifier.setType(row.getType());
        identifier.setStatus(row.getWas());
        identifier.setValueIndex(keys.identifierIndex(row.getType(), value));
        identifier.setValueSealed(keys.seal(RegistryKeys.IDENTIFIER, id, value));
        tx.executeInsert(identifier);
        row.setValueSealed(null);
        row.setRestoredAt(clock.instant());
        row.setRestoredBy(actor.name());
        row.update();
        audit.append(
                tx,
                AuditEvent.of(actor.name(), "registry.identifier.give_back", "person/" + row.getPersonId())
                        .because(row.getCause())
                        .with("type", row.getType())
                        .with("value", Masks.tail(value))
                        .forReason(reason.substring(0, Math.min(300, reason.length()))));
    }

    private static Problem notRestorable(String reason) {
        return Problem.of(RegistryProblem.RETIRED_IDENTIFIER_NOT_RESTORABLE, "reason", reason);
    }

    /** Destroys the values whose time is over; how many there were. */
    public long destroyDue() {
        long all = 0;
        long part;
        do {
            part = database.inTransaction(this::destroyPart);
            all += part;
        } while (part == PART);
        return all;
    }

    private long destroyPart(DSLContext tx) {
        Instant now = clock.instant();
        List<UUID> due = tx.select(RETIRED_IDENTIFIER.ID)
                .from(RETIRED_IDENTIFIER)
                .where(RETIRED_IDENTIFIER.VALUE_SEALED.isNotNull(), RETIRED_IDENTIFIER.DESTROY_AFTER.le(now))
                .orderBy(RETIRED_IDENTIFIER.DESTROY_AFTER, RETIRED_IDENTIFIER.ID)
                .limit(PART)
                .forUpdate()
                .skipLocked()
                .fetch(RETIRED_IDENTIFIER.ID);
        if (due.isEmpty()) {
            return 0;
        }
        tx.update(RETIRED_IDENTIFIER)
                .setNull(RETIRED_IDENTIFIER.VALUE_SEALED)
                .set(RETIRED_IDENTIFIER.DESTROYED_AT, now)
                .where(RETIRED_IDENTIFIER.ID.in(due))
                .execute();
        RowDigest digest = new RowDigest();
        due.stream().sorted().forEach(digest::add);
        audit.append(
                tx,
                AuditEvent.of(Actor.SYSTEM, "registry.identifier.destroy", "identifiers")
                        .touching(due.size())
                        .resultingIn(digest.finish()));
        return due.size();
    }

    /** One that was taken away, as its list shows it. */
    record Row(
            UUID id,
            UUID personId,
            String personRef,
            String type,
            String value,
            Instant retiredAt,
            String cause,
            Instant destroyAfter,
            String state) {}

    /** Also for those who may give them back and see nothing else of people; values are masked. */
    Page<Row> page(Actor actor, PageRequest request) {
        if (!actor.may(RegistryPermission.RESTORE)) {
            actor.require(RegistryPermission.VIEW);
        }
        Condition condition = DSL.trueCondition();
        condition = switch (request.filter("state")) {
            case "restorable" -> condition.and(RETIRED_IDENTIFIER.VALUE_SEALED.isNotNull());
            case "destroyed" -> condition.and(RETIRED_IDENTIFIER.DESTROYED_AT.isNotNull());
            case "restored" -> condition.and(RETIRED_IDENTIFIER.RESTORED_AT.isNotNull());
            default -> condition;
        };
        if (!request.filter("person").isEmpty()) {
            condition = condition.and(PERSON.REF.eq(request.filter("person").toUpperCase(java.util.Locale.ROOT)));
        }
        return ORDER.page(
                        database.sql(),
                        List.of(
                                RETIRED_IDENTIFIER.ID,
                                RETIRED_IDENTIFIER.PERSON_ID,
                                PERSON.REF,
                                IDENTIFIER_TYPE.LABEL,
                                RETIRED_IDENTIFIER.VALUE_SEALED,
                                RETIRED_IDENTIFIER.RETIRED_AT,
                                RETIRED_IDENTIFIER.CAUSE,
                                RETIRED_IDENTIFIER.DESTROY_AFTER,
                                RETIRED_IDENTIFIER.RESTORED_AT),
                        RETIRED_IDENTIFIER
                                .join(PERSON)
                                .on(PERSON.ID.eq(RETIRED_IDENTIFIER.PERSON_ID))
                                .join(IDENTIFIER_TYPE)
                                .on(IDENTIFIER_TYPE.CODE.eq(RETIRED_IDENTIFIER.TYPE)),
                        condition,
                        request)
                .map(row -> new Row(
                        row.get(RETIRED_IDENTIFIER.ID),
                        row.get(RETIRED_IDENTIFIER.PERSON_ID),
                        row.get(PERSON.REF),
                        row.get(IDENTIFIER_TYPE.LABEL),
                        masked(row.get(RETIRED_IDENTIFIER.ID), row.get(RETIRED_IDENTIFIER.VALUE_SEALED)),
                        row.get(RETIRED_IDENTIFIER.RETIRED_AT),
                        row.get(RETIRED_IDENTIFIER.CAUSE),
                        row.get(RETIRED_IDENTIFIER.DESTROY_AFTER),
                        state(row.get(RETIRED_IDENTIFIER.VALUE_SEALED), row.get(RETIRED_IDENTIFIER.RESTORED_AT))));
    }

    private String masked(UUID id, byte @Nullable [] sealed) {
        return sealed == null ? "" : Masks.tail(sealer.openText(VALUE, id, sealed));
    }

    private static String state(byte @Nullable [] sealed, @Nullable Instant restoredAt) {
        return sealed != null ? "restorable" : restoredAt == null ? "destroyed" : "restored";
    }
}
