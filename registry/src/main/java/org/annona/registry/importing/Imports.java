package org.annona.registry.importing;

import static org.annona.registry.internal.tables.Tables.IMPORT;
import static org.annona.registry.internal.tables.Tables.IMPORT_PIECE;
import static org.annona.registry.internal.tables.Tables.IMPORT_ROW;
import static org.annona.registry.internal.tables.Tables.IMPORT_TEMPLATE;
import static org.annona.registry.internal.tables.Tables.PULLED_RECORD;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.selectOne;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.digest.RowDigest;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.job.JobOrder;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.annona.registry.ImportStatus;
import org.annona.registry.ImportStatus.State;
import org.annona.registry.RegistryPermission;
import org.annona.registry.RegistryProblem;
import org.annona.registry.RegistrySettings;
import org.annona.registry.file.FileShape;
import org.annona.registry.identifier.RegistryKeys;
import org.annona.registry.importing.ColumnMapping.DateOrder;
import org.annona.registry.internal.tables.tables.records.ImportRecord;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes lists of people in: upload, mapping, check (which changes nothing), confirmation, application. The same file is
 * taken once: uploading it again leads to the import that it already is.
 */
public final class Imports {

    /** Of lists that name no other. */
    public static final String USUAL_SOURCE = "lists";

    static final JsonMapper JSON = JsonMapper.shared();
    /** Of so few people every share is large. */
    private static final int FEW_PEOPLE = 20;

    private static final int LEAST_REFUSED_SHARE = 10;
    private static final Keyset ORDER = new Keyset(Map.of("created", IMPORT.CREATED_AT), "created", true, IMPORT.ID);

    private final Database database;
    private final ImportFiles files;
    private final RegistrySettings settings;
    private final Jobs jobs;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("registry");

    public Imports(Database database, RegistryKeys keys, RegistrySettings settings, Clock clock) {
        this.database = database;
        this.files = new ImportFiles(database, keys);
        this.settings = settings;
        this.jobs = new Jobs(database);
        this.clock = clock;
    }

    /** What is stored of a mapping. */
    record StoredMapping(Map<Integer, PersonColumn> columns, DateOrder dateOrder) {
        ColumnMapping mapping() {
            return new ColumnMapping(columns, dateOrder);
        }
    }

    /** Takes the file, tells how it is written and proposes what its columns mean. */
    public ImportStatus upload(Actor actor, String fileName, InputStream file) {
        actor.require(RegistryPermission.IMPORT);
        UUID id = Ids.next();
        try {
            database.transact(tx -> store(tx, actor, id, fileName, file));
            return status(actor, id);
        } catch (AlreadyThere again) {
            return status(actor, again.id);
        }
    }

    /** Ends the transaction that has taken a file which is there already. */
    private static final class AlreadyThere extends RuntimeException {
        private final UUID id;

        AlreadyThere(UUID id) {
            super(null, null, false, false);
            this.id = id;
        }
    }

    /** Two uploads of one file at the same moment: the second one waits for the unique hash, and is refused by it. */
    private void store(DSLContext tx, Actor actor, UUID id, String fileName, InputStream file) {
        try {
            // Pieces refer to the import, whose hash is known at the end only; until then it stands for itself.
            ImportRecord record = placeholder(tx, actor, id, fileName);
            ImportFiles.Stored stored = files.store(tx, id, file);
            tx.select(IMPORT.ID)
                    .from(IMPORT)
                    .where(IMPORT.FILE_HASH.eq(stored.hash()), IMPORT.STATE.ne(state(State.CANCELLED)))
                    .fetchOptional(IMPORT.ID)
                    .ifPresent(earlier -> {
                        throw new AlreadyThere(earlier);
                    });
            FileShape shape = FileShape.of(stored.start(), stored.start().length);
            StoredMapping mapping = remembered(tx, shape);
            record.setFileHash(stored.hash());
            record.setFileBytes(stored.bytes());
            record.setPieces(stored.pieces());
            describe(record, shape, mapping);
            record.setSource(rememberedSource(tx, shape));
            record.update();
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "registry.import.upload", "import/" + id)
                            .resultingIn(stored.hash())
                            .with("bytes", stored.bytes()));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * Takes the file of a checked import in again, with the columns as they were chosen, so that they can be corrected. The checked
     * one is given up.
     *
     * @return the new import, which waits for its columns
     */
    public ImportStatus backToColumns(Actor actor, UUID id) {
        actor.require(RegistryPermission.IMPORT);
        UUID again = Ids.next();
        database.transact(tx -> {
            ImportRecord checked = locked(tx, id, State.CHECKED);
            if (checked.getPullId() != null) {
                throw Problem.of(
                        RegistryProblem.IMPORT_NOT_READY, "state", "fetched from a source, which has no columns");
            }
            ImportRecord record = placeholder(tx, actor, again, checked.getFileName());
            ImportFiles.Stored stored;
            try (InputStream file = files.open(id, checked.getPieces())) {
                stored = files.store(tx, again, file);
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
            giveUp(tx, actor.name(), id);
            record.setFileHash(stored.hash());
            record.setFileBytes(stored.bytes());
            record.setPieces(stored.pieces());
            record.setEncoding(checked.getEncoding());
            record.setDelimiter(checked.getDelimiter());
            record.setHeader(checked.getHeader());
            record.setMapping(checked.getMapping());
            record.setSource(checked.getSource());
            record.update();
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "registry.import.columns_again", "import/" + again)
                            .because("import/" + id)
                            .resultingIn(stored.hash()));
        });
        return status(actor, again);
    }

    private static ImportRecord placeholder(DSLContext tx, Actor actor, UUID id, String fileName) {
        ImportRecord record = tx.newRecord(IMPORT);
        record.setId(id);
        record.setState(state(State.UPLOADED));
        record.setFileName(fileName.substring(Math.max(0, fileName.length() - 120)));
        record.setFileHash(RowDigest.ofText("uploading " + id));
        record.setFileBytes(0L);
        record.setPieces(0);
        record.setEncoding("");
        record.setDelimiter(",");
        record.setHeader(JSONB.valueOf("[]"));
        record.setMapping(JSONB.valueOf("{}"));
        record.setSource("");
        record.setCreatedBy(actor.name());
        record.insert();
        return record;
    }

    private static void describe(ImportRecord record, FileShape shape, StoredMapping mapping) {
        record.setEncoding(shape.charset().name());
        record.setDelimiter(String.valueOf(shape.delimiter()));
        record.setHeader(JSONB.valueOf(JSON.writeValueAsString(shape.header())));
        record.setMapping(JSONB.valueOf(JSON.writeValueAsString(mapping)));
    }

    private static StoredMapping remembered(DSLContext tx, FileShape shape) {
        return tx.select(IMPORT_TEMPLATE.MAPPING)
                .from(IMPORT_TEMPLATE)
                .where(IMPORT_TEMPLATE.HEADER_DIGEST.eq(headerDigest(shape.header())))
                .fetchOptional(row -> JSON.readValue(row.value1().data(), StoredMapping.class))
                .orElseGet(() -> {
                    ColumnMapping proposed = ColumnMapping.proposedFor(shape);
                    return new StoredMapping(proposed.columns(), proposed.dateOrder());
                });
    }

    private static String rememberedSource(DSLContext tx, FileShape shape) {
        return tx.select(IMPORT_TEMPLATE.SOURCE)
                .from(IMPORT_TEMPLATE)
                .where(IMPORT_TEMPLATE.HEADER_DIGEST.eq(headerDigest(shape.header())))
                .fetchOptional(IMPORT_TEMPLATE.SOURCE)
                .orElse(USUAL_SOURCE);
    }

    private static byte[] headerDigest(List<String> header) {
        return RowDigest.ofText(String.join("\u001f", header).toLowerCase(Locale.ROOT));
    }

    /** Reads the beginning of the file again with the encoding that the person says it has. */
    public ImportStatus changeEncoding(Actor actor, UUID id, String encoding) {
        actor.require(RegistryPermission.IMPORT);
        byte[] piece = files.piece(id, 0);
        byte[] start = Arrays.copyOf(piece, Math.min(piece.length, FileShape.SNIFF_BYTES));
        database.transact(tx -> {
            ImportRecord record = locked(tx, id, State.UPLOADED);
            FileShape shape = FileShape.of(start, encoding);
            describe(record, shape, remembered(tx, shape));
            record.update();
        });
        return status(actor, id);
    }

    /**
     * Accepts the mapping, remembers it for files with the same columns, and starts the check.
     *
     * @param columns place of a column to the name of its meaning
     * @param source names the system the numbers of people and households belong to
     */
    public ImportStatus check(Actor actor, UUID id, Map<Integer, String> columns, String dateOrder, String source) {
        actor.require(RegistryPermission.IMPORT);
        Map<Integer, PersonColumn> chosen = new TreeMap<>();
        columns.forEach((place, name) -> chosen.put(place, meaning(name)));
        StoredMapping stored = new StoredMapping(chosen, order(dateOrder));
        stored.mapping().refuseUnfit();
        String sourceName =
                source.strip().isEmpty() ? USUAL_SOURCE : source.strip().toLowerCase(Locale.ROOT);
        if (!sourceName.matches("[a-z0-9][a-z0-9 ._-]{0,39}")) {
            throw Problem.of(
                    FoundationProblem.INVALID_INPUT,
                    "field",
                    "Source",
                    "reason",
                    "use up to 40 letters, digits, blanks, points or hyphens");
        }
        database.transact(tx -> {
            ImportRecord record = locked(tx, id, State.UPLOADED);
            record.setMapping(JSONB.valueOf(JSON.writeValueAsString(stored)));
            record.setSource(sourceName);
            orderCheck(tx, actor.name(), record);
            remember(tx, actor, record);
        });
        return status(actor, id);
    }

    private static void orderCheck(DSLContext tx, String orderedBy, ImportRecord record) {
        record.setState(state(State.CHECKING));
        record.update();
        Jobs.order(
                tx,
                new JobOrder(
                        "registry",
                        CheckImport.KIND,
                        CheckImport.KIND + "/" + record.getId(),
                        "Check of " + record.getFileName(),
                        "import/" + record.getId(),
                        orderedBy,
                        new ImportJob(record.getId())));
    }

    /**
     * What is fetched from a source.
     *
     * @param name as its page calls it
     * @param columns of the list that is to come, in order
     * @param needsIdentifier whether whoever has none is left out
     * @param goesOnBelow it goes on by itself while no more than this share (percent) of the people of the source would
     *     change or vanish; null where a person looks at each check
     * @param programme the code of one to which the households are brought; empty for none
     * @param onlyLook whether it ends with its check
     */
    public record Fetching(
            UUID pullId,
            String name,
            String source,
            List<PersonColumn> columns,
            boolean needsIdentifier,
            @Nullable Integer goesOnBelow,
            String programme,
            boolean onlyLook) {}

    /** Begins an import whose list is fetched; a second one of the same pull is refused while one is open. */
    public UUID fetch(DSLContext tx, String orderedBy, Fetching fetching) {
        Map<Integer, PersonColumn> places = new TreeMap<>();
        for (int place = 0; place < fetching.columns().size(); place++) {
            places.put(place, fetching.columns().get(place));
        }
        ImportRecord record = tx.newRecord(IMPORT);
        record.setId(Ids.next());
        record.setState(state(State.FETCHING));
        record.setFileName(fetching.name());
        record.setFileHash(RowDigest.ofText("fetched as " + record.getId()));
        record.setFileBytes(0L);
        record.setPieces(0);
        record.setEncoding("UTF-8");
        record.setDelimiter(",");
        record.setHeader(JSONB.valueOf(JSON.writeValueAsString(
                fetching.columns().stream().map(Enum::name).toList())));
        record.setMapping(JSONB.valueOf(JSON.writeValueAsString(new StoredMapping(places, DateOrder.YEAR_MONTH_DAY))));
        record.setSource(fetching.source());
        record.setCreatedBy(orderedBy);
        record.setPullId(fetching.pullId());
        record.setNeedsIdentifier(fetching.needsIdentifier());
        record.setGoesOnBelow(fetching.goesOnBelow());
        record.setProgramme(fetching.programme());
        record.setOnlyLook(fetching.onlyLook());
        int begun = tx.insertInto(IMPORT).set(record).onConflictDoNothing().execute();
        if (begun == 0) {
            throw Problem.of(RegistryProblem.PULL_UNDER_WAY);
        }
        audit.append(
                tx,
                AuditEvent.of(orderedBy, "registry.import.fetch", "import/" + record.getId())
                        .because("pull/" + fetching.pullId()));
        return record.getId();
    }

    /** Adds a part of the list; the first one begins with the names of the columns. */
    public void append(DSLContext tx, UUID id, byte[] piece) {
        ImportRecord record = locked(tx, id, State.FETCHING);
        files.append(tx, id, record.getPieces(), piece);
        record.setPieces(record.getPieces() + 1);
        record.setFileBytes(record.getFileBytes() + piece.length);
        record.update();
    }

    public boolean isGivenUp(UUID id) {
        return isGivenUp(database.sql(), id);
    }

    /** Within a transaction nobody gives it up afterwards. */
    static boolean isGivenUp(DSLContext sql, UUID id) {
        return sql.select(IMPORT.STATE)
                .from(IMPORT)
                .where(IMPORT.ID.eq(id))
                .forShare()
                .fetchSingle()
                .value1()
                .equals(state(State.CANCELLED));
    }

    /** Of the job that fetches it from a source. */
    public static String fetchingKey(UUID id) {
        return "registry.fetch-records/" + id;
    }

    /** Refuses to go on with an import that was given up. */
    public void hold(DSLContext tx, UUID id) {
        locked(tx, id, State.FETCHING);
    }

    /**
     * The list is complete, and is checked now.
     *
     * @param unreadable records that could not be taken
     * @param unfiltered whether the source was asked for everything it holds; where all could be taken, whoever is missing is
     *     missing there
     */
    public void fetched(
            DSLContext tx,
            String orderedBy,
            UUID id,
            @Nullable Instant sourceTime,
            long unreadable,
            boolean unfiltered) {
        ImportRecord record = locked(tx, id, State.FETCHING);
        record.setSourceTime(sourceTime);
        record.setUnreadable(unreadable);
        record.setWhole(unfiltered && unreadable == 0);
        orderCheck(tx, orderedBy, record);
    }

    /** After its check: what was fetched to be written at once is written, unless too much would change. */
    static void goOnByItself(DSLContext tx, String orderedBy, ImportRecord record) {
        if (record.getOnlyLook()) {
            record.setState(state(State.LOOKED));
            return;
        }
        Integer share = record.getGoesOnBelow();
        if (share == null) {
            return;
        }
        long known = record.getRowsUpdated() + record.getRowsUnchanged() + record.getVanished();
        long different = record.getRowsUpdated() + record.getVanished();
        long refused = record.getRowsRejected();
        long all = Objects.requireNonNull(record.getRowsTotal());
        if (record.getAccountsChanged() > 0) {
            record.setCaution(record.getAccountsChanged()
                    + " people would be paid to another account. Two people have to confirm that.");
        } else if (all == 0 && record.getVanished() == 0) {
            record.setCaution("The source told of nobody.");
        } else if (known >= FEW_PEOPLE && different * 100 > known * share) {
            record.setCaution(record.getRowsUpdated() + " people would change and " + record.getVanished()
                    + " are missing, of " + known + ": more than " + share + " percent.");
        } else if (known >= FEW_PEOPLE && record.getRowsCreated() > known) {
            record.setCaution(record.getRowsCreated() + " people would be added to " + known + " who are known.");
        } else if (all >= FEW_PEOPLE && refused * 100 > all * Math.max(share, LEAST_REFUSED_SHARE)) {
            record.setCaution(refused + " of " + all + " rows are rejected.");
        } else {
            record.setState(state(State.APPLYING));
            record.setConfirmedBy(orderedBy);
            orderApplication(tx, orderedBy, record);
        }
    }

    private static void orderApplication(DSLContext tx, String orderedBy, ImportRecord record) {
        Jobs.order(
                tx,
                new JobOrder(
                        "registry",
                        ApplyImport.KIND,
                        ApplyImport.KIND + "/" + record.getId(),
                        "Import of " + record.getFileName(),
                        "import/" + record.getId(),
                        orderedBy,
                        new ImportJob(record.getId())));
    }

    /** @param importId the import that a job works on */
    public record ImportJob(UUID importId) {}

    private void remember(DSLContext tx, Actor actor, ImportRecord record) {
        List<String> header = JSON.readValue(record.getHeader().data(), new TypeReference<List<String>>() {});
        tx.insertInto(IMPORT_TEMPLATE)
                .set(IMPORT_TEMPLATE.HEADER_DIGEST, headerDigest(header))
                .set(IMPORT_TEMPLATE.MAPPING, record.getMapping())
                .set(IMPORT_TEMPLATE.SOURCE, record.getSource())
                .set(IMPORT_TEMPLATE.USED_BY, actor.name())
                .set(IMPORT_TEMPLATE.USED_AT, clock.instant())
                .onConflict(IMPORT_TEMPLATE.HEADER_DIGEST)
                .doUpdate()
                .set(IMPORT_TEMPLATE.MAPPING, record.getMapping())
                .set(IMPORT_TEMPLATE.SOURCE, record.getSource())
                .set(IMPORT_TEMPLATE.USED_BY, actor.name())
                .set(IMPORT_TEMPLATE.USED_AT, clock.instant())
                .execute();
    }

    private static PersonColumn meaning(String name) {
        try {
            return PersonColumn.valueOf(name);
        } catch (IllegalArgumentException unknown) {
            throw Problem.of(
                    FoundationProblem.INVALID_INPUT, "field", "Column", "reason", "there is no meaning '" + name + "'");
        }
    }

    private static DateOrder order(String name) {
        try {
            return DateOrder.valueOf(name);
        } catch (IllegalArgumentException unknown) {
            throw Problem.of(
                    FoundationProblem.INVALID_INPUT, "field", "Dates", "reason", "there is no order '" + name + "'");
        }
    }

    /** Lets the checked rows go into the registry; doing so again has no effect. */
    public ImportStatus apply(Actor actor, UUID id) {
        actor.require(RegistryPermission.IMPORT);
        database.transact(tx -> {
            ImportRecord record = locked(tx, id, State.CHECKED, State.APPLYING, State.APPLIED);
            if (!record.getState().equals(state(State.CHECKED))) {
                return;
            }
            if (record.getAccountsChanged() > 0 && !isSecond(record, actor)) {
                record.setConfirmedBy(actor.name());
                record.update();
                audit.append(tx, AuditEvent.of(actor.name(), "registry.import.confirm_first", "import/" + id));
                return;
            }
            record.setState(state(State.APPLYING));
            if (record.getAccountsChanged() > 0) {
                record.setSecondBy(actor.name());
            } else {
                record.setConfirmedBy(actor.name());
            }
            record.update();
            orderApplication(tx, actor.name(), record);
            audit.append(tx, AuditEvent.of(actor.name(), "registry.import.confirm", "import/" + id));
        });
        return status(actor, id);
    }

    /** Whether another person has confirmed before. */
    private static boolean isSecond(ImportRecord record, Actor actor) {
        if (record.getConfirmedBy() == null) {
            return false;
        }
        if (record.getConfirmedBy().equals(actor.name())) {
            throw Problem.of(RegistryProblem.SAME_PERSON);
        }
        return true;
    }

    /** Gives the import up before it is applied, and forgets the file. */
    public void cancel(Actor actor, UUID id) {
        actor.require(RegistryPermission.IMPORT);
        database.transact(tx -> giveUp(tx, actor.name(), id));
    }

    private void giveUp(DSLContext tx, String orderedBy, UUID id) {
        ImportRecord record = locked(tx, id, State.FETCHING, State.UPLOADED, State.CHECKING, State.CHECKED);
        record.setState(state(State.CANCELLED));
        record.setEndedAt(clock.instant());
        record.update();
        forget(tx, id);
        audit.append(tx, AuditEvent.of(orderedBy, "registry.import.cancel", "import/" + id));
    }

    /** Gives a run up of which the fetching has failed or was stopped, so that the next one can begin. */
    public void giveUpFailed(UUID pullId) {
        database.sql()
                .select(IMPORT.ID)
                .from(IMPORT)
                .where(IMPORT.PULL_ID.eq(pullId), IMPORT.STATE.eq(state(State.FETCHING)))
                .forEach(row -> {
                    boolean ended = jobs.ofSubject("import/" + row.value1(), 1).stream()
                            .anyMatch(job -> job.state().isEnded());
                    if (ended) {
                        database.transact(tx -> giveUp(tx, Actor.SYSTEM, row.value1()));
                    }
                });
    }

    /** Forgets the content of files that have been kept long enough; outcomes and counts stay. */
    public void forgetOld() {
        Instant limit = clock.instant().minus(Duration.ofDays(settings.keepFilesDays()));
        List<UUID> old = database.sql()
                .select(IMPORT.ID)
                .from(IMPORT)
                .where(IMPORT.CREATED_AT.lt(limit), IMPORT.FORGOTTEN_AT.isNull())
                .and(IMPORT.STATE.in(
                        state(State.APPLIED), state(State.CANCELLED), state(State.UPLOADED), state(State.LOOKED)))
                .fetch(IMPORT.ID);
        old.forEach(id -> database.transact(tx -> {
            forget(tx, id);
            audit.append(tx, AuditEvent.of(Actor.SYSTEM, "registry.import.forget", "import/" + id));
        }));
    }

    /** Of a source that is read whole each night, nobody looks after a month for those in whom nothing changed. */
    private void forget(DSLContext tx, UUID id) {
        tx.deleteFrom(IMPORT_PIECE).where(IMPORT_PIECE.IMPORT_ID.eq(id)).execute();
        tx.deleteFrom(PULLED_RECORD).where(PULLED_RECORD.IMPORT_ID.eq(id)).execute();
        tx.deleteFrom(IMPORT_ROW)
                .where(IMPORT_ROW.IMPORT_ID.eq(id), IMPORT_ROW.OUTCOME.eq("unchanged"))
                .and(exists(selectOne().from(IMPORT).where(IMPORT.ID.eq(id), IMPORT.PULL_ID.isNotNull())))
                .execute();
        tx.update(IMPORT_ROW)
                .setNull(IMPORT_ROW.PAYLOAD_SEALED)
                .setNull(IMPORT_ROW.GIVEN_TOKENS)
                .setNull(IMPORT_ROW.BIRTH_DATE)
                .where(IMPORT_ROW.IMPORT_ID.eq(id))
                .execute();
        tx.update(IMPORT)
                .set(IMPORT.FORGOTTEN_AT, clock.instant())
                .where(IMPORT.ID.eq(id))
                .execute();
    }

    public ImportStatus status(Actor actor, UUID id) {
        actor.require(RegistryPermission.VIEW);
        return database.sql()
                .selectFrom(IMPORT)
                .where(IMPORT.ID.eq(id))
                .fetchOptional(Imports::view)
                .orElseThrow(() -> Problem.of(FoundationProblem.NOT_FOUND, "what", "import"));
    }

    public Page<ImportStatus> page(Actor actor, PageRequest request) {
        actor.require(RegistryPermission.VIEW);
        Condition condition =
                request.filter("state").isEmpty() ? DSL.noCondition() : IMPORT.STATE.eq(request.filter("state"));
        return ORDER.page(database.sql(), List.of(IMPORT.fields()), IMPORT, condition, request)
                .map(row -> view(row.into(IMPORT)));
    }

    /** The runs of a pull, the newest first. */
    public List<ImportStatus> ofPull(Actor actor, UUID pullId, int limit) {
        actor.require(RegistryPermission.VIEW);
        return database.sql()
                .selectFrom(IMPORT)
                .where(IMPORT.PULL_ID.eq(pullId))
                .orderBy(IMPORT.CREATED_AT.desc(), IMPORT.ID)
                .limit(limit)
                .fetch(Imports::view);
    }

    /** How many imports wait for a person: for their mapping or their confirmation. */
    public long waiting() {
        return database.sql().fetchCount(IMPORT, IMPORT.STATE.in(state(State.UPLOADED), state(State.CHECKED)));
    }

    static ImportRecord locked(DSLContext tx, UUID id, State... expected) {
        ImportRecord record = tx.selectFrom(IMPORT)
                .where(IMPORT.ID.eq(id))
                .forUpdate()
                .fetchOptional()
                .orElseThrow(() -> Problem.of(FoundationProblem.NOT_FOUND, "what", "import"));
        for (State state : expected) {
            if (record.getState().equals(state(state))) {
                return record;
            }
        }
        throw Problem.of(RegistryProblem.IMPORT_NOT_READY, "state", record.getState());
    }

    static String state(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    static ColumnMapping mapping(ImportRecord record) {
        return JSON.readValue(record.getMapping().data(), StoredMapping.class).mapping();
    }

    private static ImportStatus view(ImportRecord record) {
        StoredMapping mapping = JSON.readValue(record.getMapping().data(), StoredMapping.class);
        Map<Integer, String> columns = new LinkedHashMap<>();
        mapping.columns().forEach((place, column) -> columns.put(place, column.name()));
        return new ImportStatus(
                record.getId(),
                State.valueOf(record.getState().toUpperCase(Locale.ROOT)),
                record.getFileName(),
                record.getFileBytes(),
                record.getEncoding(),
                record.getDelimiter().charAt(0),
                JSON.readValue(record.getHeader().data(), new TypeReference<List<String>>() {}),
                columns,
                mapping.dateOrder().name(),
                record.getSource(),
                record.getRowsTotal(),
                record.getRowsCreated(),
                record.getRowsUpdated(),
                record.getRowsUnchanged(),
                record.getRowsRejected(),
                record.getCreatedBy(),
                record.getCreatedAt(),
                record.getEndedAt(),
                record.getForgottenAt() != null,
                record.getPullId(),
                record.getCaution(),
                record.getUnreadable(),
                record.getVanished(),
                record.getAccountsChanged(),
                record.getHouseholdsWithoutHead(),
                record.getConfirmedBy());
    }

    ImportFiles files() {
        return files;
    }
}
