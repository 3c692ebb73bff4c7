package org.annona.registry.pull;

import static org.annona.registry.internal.tables.Tables.IMPORT;
import static org.annona.registry.internal.tables.Tables.PULL;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.select;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.digest.RowDigest;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.job.JobOrder;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.scope.Scope;
import org.annona.registry.ImportStatus;
import org.annona.registry.ProgrammeIntake;
import org.annona.registry.RegistryPermission;
import org.annona.registry.RegistryProblem;
import org.annona.registry.identifier.RegistryKeys;
import org.annona.registry.importing.Imports;
import org.annona.registry.internal.tables.tables.records.PullRecord;
import org.annona.registry.source.DataSource;
import org.annona.registry.source.DataSources;
import org.annona.registry.source.SourceClient;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Imports from sources: what is agreed, its check, and its runs, started by people or by the clock. */
public final class Pulls {

    private static final Logger LOG = LoggerFactory.getLogger(Pulls.class);

    private final Database database;
    private final RegistryKeys keys;
    private final DataSources sources;
    private final Imports imports;
    private final ProgrammeIntake programmes;
    private final PullRules rules;
    private final IdentifierLists lists;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("registry");

    public Pulls(
            Database database,
            RegistryKeys keys,
            DataSources sources,
            Imports imports,
            ProgrammeIntake programmes,
            Clock clock) {
        this.database = database;
        this.keys = keys;
        this.sources = sources;
        this.imports = imports;
        this.programmes = programmes;
        this.rules = new PullRules(programmes);
        this.lists = new IdentifierLists(database, keys);
        this.clock = clock;
    }

    /**
     * What a check found.
     *
     * @param faults for which it cannot be kept
     * @param hints that somebody should think about
     * @param columns of the sample
     * @param sample rows as they would come, masked
     */
    public record Report(List<String> faults, List<String> hints, List<String> columns, List<List<String>> sample) {}

    public Map<String, String> programmes() {
        return programmes.programmes();
    }

    public List<Pull> all(Actor actor) {
        actor.require(RegistryPermission.VIEW);
        return database.sql().select(fields()).from(PULL).orderBy(PULL.NAME).fetch(this::view);
    }

    /** Those of one source; none for those who may not see imports. */
    public List<Pull> of(Actor actor, UUID sourceId) {
        return actor.may(RegistryPermission.VIEW)
                ? database.sql()
                        .select(fields())
                        .from(PULL)
                        .where(PULL.SOURCE_ID.eq(sourceId))
                        .orderBy(PULL.NAME)
                        .fetch(this::view)
                : List.of();
    }

    public Pull get(Actor actor, UUID id) {
        actor.require(RegistryPermission.VIEW);
        return find(id).orElseThrow(() -> Problem.of(RegistryProblem.PULL_UNKNOWN));
    }

    private Optional<Pull> find(UUID id) {
        return database.sql().select(fields()).from(PULL).where(PULL.ID.eq(id)).fetchOptional(this::view);
    }

    private static final Field<Instant> LAST_SYNCED = field(select(max(IMPORT.SOURCE_TIME))
                    .from(IMPORT)
                    .where(IMPORT.PULL_ID.eq(PULL.ID), IMPORT.STATE.eq("applied")))
            .as("last_synced");

    private static List<Field<?>> fields() {
        List<Field<?>> fields = new ArrayList<>(List.of(PULL.fields()));
        fields.add(LAST_SYNCED);
        return fields;
    }

    private Pull view(Record row) {
        return new Pull(
                row.get(PULL.ID),
                row.get(PULL.SOURCE_ID),
                row.get(PULL.NAME),
                PullTerms.read(keys.openText(RegistryKeys.PULL_TERMS, row.get(PULL.ID), row.get(PULL.TERMS_SEALED))),
                row.get(PULL.STATE).equals("active"),
                row.get(PULL.VERSION),
                row.get(PULL.NEXT_AT),
                row.get(LAST_SYNCED));
    }

    /** Its runs, the newest first. */
    public List<ImportStatus> runs(Actor actor, UUID id, int limit) {
        return imports.ofPull(actor, id, limit);
    }

    /** @param identifiers to be asked for; empty unless they are a list */
    public UUID create(Actor actor, UUID sourceId, String name, PullTerms typed, List<String> identifiers) {
        actor.require(RegistryPermission.IMPORT);
        sources.get(sourceId);
        PullTerms blank = typed.withList(null, 0);
        refuse(rules.faults(name, blank, identifiers));
        UUID id = Ids.next();
        database.transact(tx -> {
            int added = tx.insertInto(PULL)
                    .set(PULL.ID, id)
                    .set(PULL.SOURCE_ID, sourceId)
                    .set(PULL.NAME, name.strip())
                    .set(PULL.TERMS_SEALED, sealed(id, blank))
                    .set(PULL.STATE, "active")
                    .set(PULL.NEXT_AT, next(blank, true))
                    .set(PULL.CHANGED_BY, actor.name())
                    .onConflictDoNothing()
                    .execute();
            if (added == 0) {
                throw Problem.of(RegistryProblem.PULL_EXISTS, "name", name.strip());
            }
            PullTerms terms = listing(tx, id, blank, identifiers);
            tx.update(PULL)
                    .set(PULL.TERMS_SEALED, sealed(id, terms))
                    .set(PULL.LIST_ID, terms.question().list())
                    .where(PULL.ID.eq(id))
                    .execute();
            audit.append(tx, event(actor, "registry.pull.create", id, terms));
        });
        return id;
    }

    private PullTerms listing(DSLContext tx, UUID id, PullTerms terms, List<String> identifiers) {
        boolean isList = terms.question().language() == QueryType.IDENTIFIERS;
        return isList && !identifiers.isEmpty()
                ? terms.withList(lists.keep(tx, id, identifiers), identifiers.size())
                : terms;
    }

    /** With the list that is kept, unless another one takes its place. */
    private static PullTerms changed(Pull pull, PullTerms typed) {
        PullQuestion kept = pull.terms().question();
        boolean isList = typed.question().language() == QueryType.IDENTIFIERS;
        return isList ? typed.withList(kept.list(), kept.listed()) : typed.withList(null, 0);
    }

    /**
     * What is changed holds from the next run on.
     *
     * @param identifiers to be asked for from now on; empty where those that are kept stay
     */
    public void change(
            Actor actor, UUID id, int version, String name, PullTerms typed, List<String> identifiers, boolean active) {
        actor.require(RegistryPermission.IMPORT);
        PullTerms agreed = changed(get(actor, id), typed);
        refuse(rules.faults(name, agreed, identifiers));
        database.transact(tx -> {
            PullTerms terms = listing(tx, id, agreed, identifiers);
            PullRecord changes = new PullRecord();
            changes.setName(name.strip());
            changes.setTermsSealed(sealed(id, terms));
            changes.setListId(terms.question().list());
            changes.setState(active ? "active" : "stopped");
            changes.setNextAt(next(terms, active));
            changes.setVersion(version + 1);
            changes.setChangedBy(actor.name());
            changes.setChangedAt(clock.instant());
            int changed = tx.update(PULL)
                    .set(changes)
                    .where(PULL.ID.eq(id), PULL.VERSION.eq(version))
                    .execute();
            if (changed == 0) {
                throw Problem.of(RegistryProblem.SOURCE_ELSEWHERE);
            }
            lists.forgetReplaced(tx);
            audit.append(tx, event(actor, "registry.pull.change", id, terms));
        });
    }

    private @Nullable Instant next(PullTerms terms, boolean active) {
        return active && terms.intervalMinutes() > 0
                ? clock.instant().plus(Duration.ofMinutes(terms.intervalMinutes()))
                : null;
    }

    private static AuditEvent event(Actor actor, String action, UUID id, PullTerms terms) {
        return AuditEvent.of(actor.name(), action, "pull/" + id).resultingIn(RowDigest.ofText(terms.written()));
    }

    private byte[] sealed(UUID id, PullTerms terms) {
        return keys.seal(RegistryKeys.PULL_TERMS, id, terms.written());
    }

    private static void refuse(List<String> faults) {
        if (!faults.isEmpty()) {
            throw Problem.of(RegistryProblem.PULL_UNFIT, "faults", String.join(" ", faults));
        }
    }

    /**
     * Looks at everything that can be known beforehand, and at a few records; keeps and changes nothing.
     *
     * @param kept the agreement that is changed; null for a new one
     * @param identifiers to be asked for; empty where they are kept, or not a list
     */
    public Report check(Actor actor, UUID sourceId, @Nullable Pull kept, PullTerms typed, List<String> identifiers) {
        actor.require(RegistryPermission.IMPORT);
        DataSource source = sources.get(sourceId);
        PullTerms terms = kept == null ? typed.withList(null, 0) : changed(kept, typed);
        List<String> faults = rules.faults(terms, identifiers);
        if (!faults.isEmpty()) {
            return new Report(faults, List.of(), List.of(), List.of());
        }
        List<String> asked =
                identifiers.isEmpty() && terms.question().list() != null ? lists.open(terms.question()) : identifiers;
        // Before anything leaves: why, on what ground, and what was asked.
        database.transact(tx -> audit.append(
                tx,
                AuditEvent.of(actor.name(), "registry.pull.check", "source/" + sourceId)
                        .with("purpose", terms.purpose())
                        .resultingIn(RowDigest.ofText(terms.written()))));
        try (SourceClient client = sources.open(source)) {
            return new PullLook(terms).at(client, asked);
        } catch (IOException open) {
            throw new IllegalStateException(open);
        }
    }

    /**
     * Begins a run; while one is open, another is refused.
     *
     * @param onlyLook whether it ends with its check, and writes nothing; such a run keeps no other one waiting
     * @return the import
     */
    public UUID start(Actor actor, UUID id, boolean onlyLook) {
        actor.require(RegistryPermission.IMPORT);
        get(actor, id);
        return database.inTransaction(tx -> begin(tx, actor.name(), held(tx, id), onlyLook));
    }

    /** Nobody changes it, or its list, until the run has begun. */
    private Pull held(DSLContext tx, UUID id) {
        tx.select(PULL.ID).from(PULL).where(PULL.ID.eq(id)).forUpdate().fetchSingle();
        return tx.select(fields()).from(PULL).where(PULL.ID.eq(id)).fetchSingle(this::view);
    }

    private UUID begin(DSLContext tx, String orderedBy, Pull pull, boolean onlyLook) {
        DataSource source = sources.get(pull.sourceId());
        if (!pull.active() || !source.active()) {
            throw Problem.of(RegistryProblem.SOURCE_REFUSES, "reason", "it is stopped here");
        }
        PullTerms terms = pull.terms();
        UUID importId = imports.fetch(
                tx,
                orderedBy,
                new Imports.Fetching(
                        pull.id(),
                        pull.name(),
                        source.code(),
                        terms.listed(),
                        !terms.withoutIdentifier(),
                        terms.goesOnBelow(),
                        terms.programme(),
                        onlyLook));
        Jobs.order(
                tx,
                new JobOrder(
                        "registry",
                        FetchRecords.KIND,
                        Imports.fetchingKey(importId),
                        "Fetching of " + pull.name(),
                        "import/" + importId,
                        orderedBy,
                        FetchRecords.Run.sealed(keys, importId, source.id(), terms)));
        if (!onlyLook) {
            tx.update(PULL)
                    .set(PULL.NEXT_AT, next(terms, true))
                    .where(PULL.ID.eq(pull.id()))
                    .execute();
        }
        return importId;
    }

    /** Lists that were replaced while a run needed them. */
    public void forgetReplacedLists() {
        database.transact(lists::forgetReplaced);
    }

    /**
     * Begins what is due. A run that could not be fetched makes room for the next one; where a run is still open, the next
     * one waits for its turn.
     */
    public void startDue() {
        database.sql()
                .select(PULL.ID, PULL.ORGANISATION_ID)
                .from(PULL)
                .where(PULL.NEXT_AT.le(clock.instant()), PULL.STATE.eq("active"))
                .fetchMap(PULL.ID, PULL.ORGANISATION_ID)
                .forEach((id, organisation) -> Scope.of(organisation).run(() -> startDue(id)));
    }

    private void startDue(UUID id) {
        try {
            imports.giveUpFailed(id);
            database.transact(tx -> begin(tx, Actor.SYSTEM, held(tx, id), false));
        } catch (Problem notNow) {
            LOG.info("an import from a source was not begun: {}", notNow.code().code());
            database.transact(tx -> find(id).ifPresent(pull -> tx.update(PULL)
                    .set(PULL.NEXT_AT, next(pull.terms(), pull.active()))
                    .where(PULL.ID.eq(id))
                    .execute()));
        }
    }
}
