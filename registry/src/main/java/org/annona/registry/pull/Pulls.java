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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
import org.annona.registry.ImportStatus;
import org.annona.registry.ProgrammeIntake;
import org.annona.registry.RegistryPermission;
import org.annona.registry.RegistryProblem;
import org.annona.registry.importing.Imports;
import org.annona.registry.importing.PersonColumn;
import org.annona.registry.internal.tables.tables.records.PullRecord;
import org.annona.registry.source.DataSource;
import org.annona.registry.source.DataSources;
import org.annona.registry.source.SourceAnswer;
import org.annona.registry.source.SourceClient;
import org.annona.registry.source.SourceSchema;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Imports from sources: what is agreed, its check, and its runs, started by people or by the clock. */
public final class Pulls {

    private static final Logger LOG = LoggerFactory.getLogger(Pulls.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int SAMPLE = 5;
    private static final int LONGEST_QUERY = 20_000;
    private static final Set<String> ROLES = Set.of("head", "spouse", "child", "parent", "other");

    private final Database database;
    private final DataSources sources;
    private final Imports imports;
    private final ProgrammeIntake programmes;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("registry");

    public Pulls(Database database, DataSources sources, Imports imports, ProgrammeIntake programmes, Clock clock) {
        this.database = database;
        this.sources = sources;
        this.imports = imports;
        this.programmes = programmes;
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
        return database.sql().select(fields()).from(PULL).orderBy(PULL.NAME).fetch(Pulls::view);
    }

    /** Those of one source; none for those who may not see imports. */
    public List<Pull> of(Actor actor, UUID sourceId) {
        return actor.may(RegistryPermission.VIEW)
                ? database.sql()
                        .select(fields())
                        .from(PULL)
                        .where(PULL.SOURCE_ID.eq(sourceId))
                        .orderBy(PULL.NAME)
                        .fetch(Pulls::view)
                : List.of();
    }

    public Pull get(Actor actor, UUID id) {
        actor.require(RegistryPermission.VIEW);
        return find(id).orElseThrow(() -> Problem.of(RegistryProblem.PULL_UNKNOWN));
    }

    private Optional<Pull> find(UUID id) {
        return database.sql().select(fields()).from(PULL).where(PULL.ID.eq(id)).fetchOptional(Pulls::view);
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

    private static Pull view(Record row) {
        return new Pull(
                row.get(PULL.ID),
                row.get(PULL.SOURCE_ID),
                row.get(PULL.NAME),
                Objects.requireNonNull(JSON.readValue(row.get(PULL.TERMS).data(), PullTerms.class)),
                row.get(PULL.STATE).equals("active"),
                row.get(PULL.VERSION),
                row.get(PULL.NEXT_AT),
                row.get(LAST_SYNCED));
    }

    /** Its runs, the newest first. */
    public List<ImportStatus> runs(Actor actor, UUID id, int limit) {
        return imports.ofPull(actor, id, limit);
    }

    public UUID create(Actor actor, UUID sourceId, String name, PullTerms terms) {
        actor.require(RegistryPermission.IMPORT);
        sources.get(sourceId);
        refuse(faults(name, terms));
        UUID id = Ids.next();
        database.transact(tx -> {
            int added = tx.insertInto(PULL)
                    .set(PULL.ID, id)
                    .set(PULL.SOURCE_ID, sourceId)
                    .set(PULL.NAME, name.strip())
                    .set(PULL.TERMS, json(terms))
                    .set(PULL.STATE, "active")
                    .set(PULL.NEXT_AT, next(terms, true))
                    .set(PULL.CHANGED_BY, actor.name())
                    .onConflictDoNothing()
                    .execute();
            if (added == 0) {
                throw Problem.of(RegistryProblem.PULL_EXISTS, "name", name.strip());
            }
            audit.append(tx, event(actor, "registry.pull.create", id, terms));
        });
        return id;
    }

    /** What is changed holds from the next run on. */
    public void change(Actor actor, UUID id, int version, String name, PullTerms terms, boolean active) {
        actor.require(RegistryPermission.IMPORT);
        get(actor, id);
        refuse(faults(name, terms));
        database.transact(tx -> {
            PullRecord changes = new PullRecord();
            changes.setName(name.strip());
            changes.setTerms(json(terms));
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
            audit.append(tx, event(actor, "registry.pull.change", id, terms));
        });
    }

    private @Nullable Instant next(PullTerms terms, boolean active) {
        return active && terms.intervalMinutes() > 0
                ? clock.instant().plus(Duration.ofMinutes(terms.intervalMinutes()))
                : null;
    }

    private static AuditEvent event(Actor actor, String action, UUID id, PullTerms terms) {
        return AuditEvent.of(actor.name(), action, "pull/" + id)
                .resultingIn(RowDigest.ofText(JSON.writeValueAsString(terms)));
    }

    private static JSONB json(PullTerms terms) {
        return JSONB.valueOf(JSON.writeValueAsString(terms));
    }

    private static void refuse(List<String> faults) {
        if (!faults.isEmpty()) {
            throw Problem.of(RegistryProblem.PULL_UNFIT, "faults", String.join(" ", faults));
        }
    }

    private List<String> faults(String name, PullTerms terms) {
        List<String> faults = new ArrayList<>(faults(terms));
        if (name.isBlank() || name.length() > 80) {
            faults.addFirst("Name: up to 80 letters.");
        }
        return faults;
    }

    private List<String> faults(PullTerms terms) {
        List<String> faults = new ArrayList<>();
        if (terms.purpose().isBlank()) {
            faults.add("Purpose and ground: it is missing.");
        }
        if (!terms.columns().containsKey(PersonColumn.GIVEN_NAME)) {
            faults.add("Given name: it has to be known where it stands.");
        }
        if (terms.households() && !terms.members().matches("[A-Za-z_][A-Za-z0-9_]*")) {
            faults.add("Members: the name of the list in which they stand.");
        }
        if (terms.households() && !terms.columns().containsKey(PersonColumn.ROLE)) {
            faults.add("Role in the household: without it no household has a head.");
        }
        if (!terms.households()
                && (terms.columns().containsKey(PersonColumn.ROLE)
                        || terms.columns().containsKey(PersonColumn.HOUSEHOLD_NO))) {
            faults.add("Number of the household, role: these are records of people.");
        }
        terms.columns().forEach((column, text) -> {
            Optional<RecordPath> path = RecordPath.read(text);
            if (path.isEmpty()) {
                faults.add(column.label() + ": '" + text + "' is no path.");
            } else if (path.get().isOfMember() && !terms.households()) {
                faults.add(column.label() + ": people have no members.");
            }
        });
        terms.roles().forEach((word, role) -> {
            if (!ROLES.contains(role)) {
                faults.add("Roles: '" + role + "' is none of head, spouse, child, parent, other.");
            }
        });
        Integer share = terms.goesOnBelow();
        if (share != null && (share < 0 || share > 100)) {
            faults.add("Share that may change: 0 to 100.");
        }
        if (terms.intervalMinutes() < 0 || terms.intervalMinutes() > 525_600) {
            faults.add("Minutes between runs: 0 to 525600.");
        }
        if (!terms.programme().isEmpty() && !programmes.programmes().containsKey(terms.programme())) {
            faults.add("Programme: there is none with the code '" + terms.programme() + "'.");
        }
        if (!terms.programme().isEmpty() && !terms.households()) {
            faults.add("Programme: only households are brought to a programme.");
        }
        if (terms.query().length() > LONGEST_QUERY) {
            faults.add("Query: it is too long.");
        } else if (faults.isEmpty()) {
            faults.addAll(unasked(terms));
        }
        return faults;
    }

    /** Values that the mapping uses and the query does not ask for. */
    private static List<String> unasked(PullTerms terms) {
        try {
            Set<String> leaves = new HashSet<>(PullQuery.read(terms.query()).leaves());
            return new RecordMapping(terms)
                    .fields().stream()
                            .filter(field -> !leaves.contains(field))
                            .map(field -> "Query: it does not ask for " + field + ", which the mapping needs.")
                            .toList();
        } catch (Problem refused) {
            return List.of(String.valueOf(refused.sentence()));
        }
    }

    /** Looks at everything that can be known beforehand, and at a few records; keeps and changes nothing. */
    public Report check(Actor actor, UUID sourceId, PullTerms terms) {
        actor.require(RegistryPermission.IMPORT);
        DataSource source = sources.get(sourceId);
        List<String> faults = new ArrayList<>(faults(terms));
        List<String> hints = new ArrayList<>();
        List<List<String>> sample = new ArrayList<>();
        if (faults.isEmpty()) {
            PullQuery query = PullQuery.read(terms.query());
            RecordMapping mapping = new RecordMapping(terms);
            Set<String> fields = mapping.fields();
            query.leaves().stream()
                    .filter(leaf -> !fields.contains(leaf))
                    .forEach(leaf -> hints.add(leaf + " is not asked for, because nothing uses it."));
            if (!query.isUnfiltered()) {
                hints.add("The query has filters of its own, so that nobody can be found to be missing at the source.");
            }
            if (terms.withoutIdentifier()) {
                hints.add(
                        "People without an identifier are taken too; they are known again by name, birth date, sex and"
                                + " household only.");
            }
            try (SourceClient client = sources.open(source)) {
                look(client, terms, query, mapping, faults, hints, sample);
            } catch (IOException open) {
                throw new IllegalStateException(open);
            }
            database.transact(
                    tx -> audit.append(tx, AuditEvent.of(actor.name(), "registry.pull.check", "source/" + sourceId)));
        }
        return new Report(
                faults, hints, terms.listed().stream().map(PersonColumn::label).toList(), sample);
    }

    private static void look(
            SourceClient client,
            PullTerms terms,
            PullQuery query,
            RecordMapping mapping,
            List<String> faults,
            List<String> hints,
            List<List<String>> sample) {
        switch (SourceSchema.fetch(client)) {
            case SourceSchema.Known known ->
                known.schema()
                        .faults(query.document(terms.households(), 0, SAMPLE, mapping.fields()))
                        .forEach(fault -> faults.add("Query: " + fault + "."));
            case SourceSchema.Untold(String reason) ->
                hints.add("The source does not tell its schema (" + reason + "), so that the query was not compared.");
        }
        if (!faults.isEmpty()) {
            return;
        }
        switch (client.ask(query.page(terms.households(), 0, SAMPLE, mapping.fields()))) {
            case SourceAnswer.Data data -> {
                JsonNode list = data.records().path(query.listed());
                list.forEach(record -> mapping.rows(record).stream()
                        .map(row -> masked(terms, row))
                        .forEach(sample::add));
                if (list.isEmpty()) {
                    hints.add("The source has no record that fits.");
                }
            }
            case SourceAnswer.RowFault(String reason) ->
                hints.add("The source stumbles over its first records (" + reason + "); a run goes around such.");
            case SourceAnswer.Garbled(String reason) ->
                hints.add("The first records of the source cannot be read (" + reason + "); a run goes around such.");
            case SourceAnswer.Passing(String reason, var after) ->
                faults.add("The source cannot be read now: " + reason + ".");
            case SourceAnswer.Refused(String reason) -> faults.add("The source refuses: " + reason + ".");
        }
    }

    private static List<String> masked(PullTerms terms, List<String> row) {
        List<String> masked = new ArrayList<>();
        List<PersonColumn> columns = terms.listed();
        for (int i = 0; i < row.size(); i++) {
            boolean plain = Set.of(PersonColumn.SEX, PersonColumn.ROLE, PersonColumn.AREA)
                    .contains(columns.get(i));
            String value = row.get(i);
            masked.add(plain || value.isEmpty() ? value : value.substring(0, value.offsetByCodePoints(0, 1)) + "•••");
        }
        return masked;
    }

    /**
     * Begins a run; while one is open, another is refused.
     *
     * @param confirmed whether a person looks at the check before anything is written, whatever is agreed
     * @return the import
     */
    public UUID start(Actor actor, UUID id, boolean confirmed) {
        actor.require(RegistryPermission.IMPORT);
        return database.inTransaction(tx -> begin(tx, actor.name(), get(actor, id), confirmed));
    }

    private UUID begin(DSLContext tx, String orderedBy, Pull pull, boolean confirmed) {
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
                        confirmed ? null : terms.goesOnBelow(),
                        terms.programme()));
        Jobs.order(
                tx,
                new JobOrder(
                        "registry",
                        FetchRecords.KIND,
                        FetchRecords.KIND + "/" + importId,
                        "Fetching of " + pull.name(),
                        "import/" + importId,
                        orderedBy,
                        new FetchRecords.Run(importId, source.id(), terms)));
        tx.update(PULL)
                .set(PULL.NEXT_AT, next(terms, true))
                .where(PULL.ID.eq(pull.id()))
                .execute();
        return importId;
    }

    /**
     * Begins what is due. A run that could not be fetched makes room for the next one; where a run is still open, the next
     * one waits for its turn.
     */
    public void startDue() {
        List<UUID> due = database.sql()
                .select(PULL.ID)
                .from(PULL)
                .where(PULL.NEXT_AT.le(clock.instant()), PULL.STATE.eq("active"))
                .fetch(PULL.ID);
        for (UUID id : due) {
            try {
                imports.giveUpFailed(id);
                database.transact(tx -> begin(tx, Actor.SYSTEM, find(id).orElseThrow(), false));
            } catch (Problem notNow) {
                LOG.info(
                        "an import from a source was not begun: {}",
                        notNow.code().code());
                database.transact(tx -> find(id).ifPresent(pull -> tx.update(PULL)
                        .set(PULL.NEXT_AT, next(pull.terms(), pull.active()))
                        .where(PULL.ID.eq(id))
                        .execute()));
            }
        }
    }
}
