package org.annona.registry.importing;

import static org.annona.registry.internal.tables.Tables.IMPORT;
import static org.annona.registry.internal.tables.Tables.IMPORT_PIECE;
import static org.annona.registry.internal.tables.Tables.IMPORT_ROW;
import static org.annona.registry.internal.tables.Tables.IMPORT_TEMPLATE;

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
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes lists of people in: upload, mapping, check (which changes nothing), confirmation, application. The same file is
 * taken once: uploading it again leads to the import that it already is.
 */
public final class Imports {

    static final JsonMapper JSON = JsonMapper.shared();
    private static final Keyset ORDER = new Keyset(Map.of("created", IMPORT.CREATED_AT), "created", true, IMPORT.ID);

    private final Database database;
    private final ImportFiles files;
    private final RegistrySettings settings;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("registry");

    public Imports(Database database, RegistryKeys keys, RegistrySettings settings, Clock clock) {
        this.database = database;
        this.files = new ImportFiles(database, keys);
        this.settings = settings;
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
                .orElse("lists");
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
        String sourceName = source.strip().isEmpty() ? "lists" : source.strip().toLowerCase(Locale.ROOT);
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
            record.setState(state(State.CHECKING));
            record.update();
            remember(tx, actor, record);
            Jobs.order(
                    tx,
                    new JobOrder(
                            "registry",
                            CheckImport.KIND,
                            CheckImport.KIND + "/" + id,
                            "Check of " + record.getFileName(),
                            "import/" + id,
                            actor.name(),
                            new ImportJob(id)));
        });
        return status(actor, id);
    }

    record ImportJob(UUID importId) {}

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
            record.setState(state(State.APPLYING));
            record.setConfirmedBy(actor.name());
            record.update();
            Jobs.order(
                    tx,
                    new JobOrder(
                            "registry",
                            ApplyImport.KIND,
                            ApplyImport.KIND + "/" + id,
                            "Import of " + record.getFileName(),
                            "import/" + id,
                            actor.name(),
                            new ImportJob(id)));
            audit.append(tx, AuditEvent.of(actor.name(), "registry.import.confirm", "import/" + id));
        });
        return status(actor, id);
    }

    /** Gives the import up before it is applied, and forgets the file. */
    public void cancel(Actor actor, UUID id) {
        actor.require(RegistryPermission.IMPORT);
        database.transact(tx -> {
            ImportRecord record = locked(tx, id, State.UPLOADED, State.CHECKING, State.CHECKED);
            record.setState(state(State.CANCELLED));
            record.setEndedAt(clock.instant());
            record.update();
            forget(tx, id);
            audit.append(tx, AuditEvent.of(actor.name(), "registry.import.cancel", "import/" + id));
        });
    }

    /** Forgets the content of files that have been kept long enough; outcomes and counts stay. */
    public void forgetOld() {
        Instant limit = clock.instant().minus(Duration.ofDays(settings.keepFilesDays()));
        List<UUID> old = database.sql()
                .select(IMPORT.ID)
                .from(IMPORT)
                .where(IMPORT.CREATED_AT.lt(limit), IMPORT.FORGOTTEN_AT.isNull())
                .and(IMPORT.STATE.in(state(State.APPLIED), state(State.CANCELLED), state(State.UPLOADED)))
                .fetch(IMPORT.ID);
        old.forEach(id -> database.transact(tx -> {
            forget(tx, id);
            audit.append(tx, AuditEvent.of(Actor.SYSTEM, "registry.import.forget", "import/" + id));
        }));
    }

    private void forget(DSLContext tx, UUID id) {
        tx.deleteFrom(IMPORT_PIECE).where(IMPORT_PIECE.IMPORT_ID.eq(id)).execute();
        tx.update(IMPORT_ROW)
                .setNull(IMPORT_ROW.PAYLOAD_SEALED)
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
                record.getForgottenAt() != null);
    }

    ImportFiles files() {
        return files;
    }
}
