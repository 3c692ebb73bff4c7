package org.annona.programs.duplication;

import static org.annona.programs.internal.tables.Tables.DUPLICATION_GATE;
import static org.annona.programs.internal.tables.Tables.DUPLICATION_SOURCE;

import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.Sqlstate;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.problem.Problem;
import org.annona.programs.BeneficiaryRegistries;
import org.annona.programs.BeneficiaryRegistries.Other;
import org.annona.programs.ProgramsPermission;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.internal.tables.tables.records.DuplicationSourceRecord;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/** Registries of beneficiaries that are asked about ours: how, on what ground, and which programmes need their clearance. */
public final class Sources {

    private final Database database;
    private final BeneficiaryRegistries registries;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("programs");

    public Sources(Database database, BeneficiaryRegistries registries, Clock clock) {
        this.database = database;
        this.registries = registries;
        this.clock = clock;
    }

    /**
     * @param senderId of the partner whose registry it is
     * @param manner how it is asked
     * @param basis on what ground identifiers leave
     * @param ownProgrammes codes under which our own programmes are known there
     * @param recheckDays after which an answer is too old; null for never
     */
    public record Draft(
            String name,
            String senderId,
            CheckMode manner,
            boolean active,
            String basis,
            Set<String> ownProgrammes,
            @Nullable Integer recheckDays) {

        public Draft {
            ownProgrammes = Set.copyOf(ownProgrammes);
        }
    }

    /** A source as it is kept. @param gates programmes that admit only people whom it clears */
    public record Source(UUID id, short organisation, Draft terms, int version, Set<UUID> gates) {}

    /** Partners that can be asked. */
    List<Other> partners() {
        return registries.all();
    }

    public UUID create(Actor actor, Draft draft) {
        actor.require(ProgramsPermission.CHECK_DUPLICATES);
        refuseUnfit(draft);
        UUID id = Ids.next();
        unlessNamed(() -> database.transact(tx -> {
            DuplicationSourceRecord row = tx.newRecord(DUPLICATION_SOURCE);
            row.setId(id);
            row.setVersion(1);
            write(row, actor, draft);
            row.insert();
            audit.append(tx, event(actor, "programs.duplication.source", id, draft));
        }));
        return id;
    }

    public void change(Actor actor, UUID id, int version, Draft draft) {
        actor.require(ProgramsPermission.CHECK_DUPLICATES);
        refuseUnfit(draft);
        unlessNamed(() -> database.transact(tx -> {
            DuplicationSourceRecord row = tx.selectFrom(DUPLICATION_SOURCE)
                    .where(DUPLICATION_SOURCE.ID.eq(id), DUPLICATION_SOURCE.VERSION.eq(version))
                    .forUpdate()
                    .fetchOptional()
                    .orElseThrow(() -> Problem.of(
                            ProgramsProblem.DUPLICATION_SOURCE_UNFIT,
                            "reason",
                            "it was changed by someone else in the meantime"));
            row.setVersion(version + 1);
            row.setChangedAt(clock.instant());
            write(row, actor, draft);
            row.update();
            audit.append(tx, event(actor, "programs.duplication.source", id, draft));
        }));
    }

    private static AuditEvent event(Actor actor, String action, UUID id, Draft draft) {
        return AuditEvent.of(actor.name(), action, "duplication-source/" + id)
                .with("recipient", draft.senderId())
                .with("basis", draft.basis())
                .with("active", draft.active());
    }

    private static void write(DuplicationSourceRecord row, Actor actor, Draft draft) {
        row.setName(draft.name().strip());
        row.setSenderId(draft.senderId());
        row.setManner(draft.manner().code());
        row.setActive(draft.active());
        row.setBasis(draft.basis().strip());
        row.setOwnProgrammes(draft.ownProgrammes().stream().sorted().toArray(String[]::new));
        row.setRecheckDays(draft.recheckDays());
        row.setChangedBy(actor.name());
    }

    private void refuseUnfit(Draft draft) {
        String reason = null;
        Integer days = draft.recheckDays();
        if (draft.name().isBlank() || draft.name().length() > 100) {
            reason = "its name has 1 to 100 letters";
        } else if (draft.basis().isBlank()) {
            reason = "it has to name the law or the consent by which identifiers leave";
        } else if (days != null && (days < 1 || days > 3650)) {
            reason = "answers are asked for again after 1 to 3650 days";
        } else if (registries.all().stream().noneMatch(other -> other.senderId().equals(draft.senderId()))) {
            reason = "with this partner it is not agreed how its registry is asked";
        }
        if (reason != null) {
            throw Problem.of(ProgramsProblem.DUPLICATION_SOURCE_UNFIT, "reason", reason);
        }
    }

    private static void unlessNamed(Runnable work) {
        try {
            work.run();
        } catch (DataAccessException clash) {
            if (!Sqlstate.isConflict(clash)) {
                throw clash;
            }
            throw Problem.of(
                    ProgramsProblem.DUPLICATION_SOURCE_UNFIT, "reason", "another source is called like this already");
        }
    }

    /** From now on the programme admits only people whom this source clears; or no longer so. */
    public void gate(Actor actor, UUID source, UUID programme, boolean closed) {
        actor.require(ProgramsPermission.CHECK_DUPLICATES);
        show(actor, source);
        database.transact(tx -> {
            if (closed) {
                tx.insertInto(DUPLICATION_GATE)
                        .set(DUPLICATION_GATE.SOURCE_ID, source)
                        .set(DUPLICATION_GATE.PROGRAMME_ID, programme)
                        .onConflictDoNothing()
                        .execute();
            } else {
                tx.deleteFrom(DUPLICATION_GATE)
                        .where(DUPLICATION_GATE.SOURCE_ID.eq(source), DUPLICATION_GATE.PROGRAMME_ID.eq(programme))
                        .execute();
            }
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "programs.duplication.gate", "programme/" + programme)
                            .with("source", source)
                            .with("closed", closed));
        });
    }

    public Optional<Source> find(UUID id) {
        return database.sql()
                .selectFrom(DUPLICATION_SOURCE)
                .where(DUPLICATION_SOURCE.ID.eq(id))
                .fetchOptional(this::source);
    }

    /** There are a handful of them. */
    public List<Source> all() {
        return database.sql()
                .selectFrom(DUPLICATION_SOURCE)
                .orderBy(DUPLICATION_SOURCE.NAME)
                .limit(100)
                .fetch(this::source);
    }

    Source show(Actor actor, UUID id) {
        actor.require(ProgramsPermission.VIEW);
        return find(id).orElseThrow(() -> Problem.of(ProgramsProblem.DUPLICATION_SOURCE_UNKNOWN));
    }

    private Source source(DuplicationSourceRecord row) {
        return new Source(
                row.getId(),
                row.getOrganisationId(),
                new Draft(
                        row.getName(),
                        row.getSenderId(),
                        CheckMode.of(row.getManner()),
                        row.getActive(),
                        row.getBasis(),
                        Set.copyOf(Arrays.asList(row.getOwnProgrammes())),
                        row.getRecheckDays()),
                row.getVersion(),
                database.sql()
                        .select(DUPLICATION_GATE.PROGRAMME_ID)
                        .from(DUPLICATION_GATE)
                        .where(DUPLICATION_GATE.SOURCE_ID.eq(row.getId()))
                        .fetchSet(DUPLICATION_GATE.PROGRAMME_ID));
    }
}
