package org.annona.registry.area;

import static org.annona.registry.internal.tables.Tables.AREA;
import static org.annona.registry.internal.tables.Tables.HOUSEHOLD;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.selectCount;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.registry.AreaLoad;
import org.annona.registry.AreaName;
import org.annona.registry.RegistryPermission;
import org.annona.registry.RegistryProblem;
import org.annona.registry.file.FileShape;
import org.annona.registry.internal.tables.tables.records.AreaRecord;
import org.apache.commons.csv.CSVRecord;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;

/** The tree of areas. A country has thousands, so a list of them is taken whole or not at all. */
public final class Areas {

    private static final int MOST_ROWS = 200_000;
    private static final int MOST_BYTES = 50_000_000;
    private static final Keyset ORDER = new Keyset(Map.of("code", AREA.CODE), "code", false, AREA.CODE);

    private final Database database;
    private final AuditTrail audit = new AuditTrail("registry");

    public Areas(Database database) {
        this.database = database;
    }

    private record Row(long number, String code, String name, String parent) {}

    /**
     * Adds the areas of a list with the columns code, name and parent (empty for the top level); renames those that are
     * there under another name. An area with households below it is not moved by a list.
     */
    public AreaLoad load(Actor actor, InputStream file) {
        actor.require(RegistryPermission.EDIT_AREAS);
        Map<String, Row> rows = read(file);
        return database.inTransaction(tx -> {
            AreaLoad load = store(tx, rows);
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "registry.areas.load", "areas")
                            .touching(load.added() + load.renamed())
                            .with("added", load.added())
                            .with("renamed", load.renamed()));
            return load;
        });
    }

    /** In the order of the tree, parents first. */
    public List<AreaName> names(int limit) {
        return database.sql()
                .select(AREA.CODE, AREA.NAME, AREA.PATH)
                .from(AREA)
                .orderBy(AREA.PATH)
                .limit(limit)
                .fetch(row -> new AreaName(row.value1(), row.value2(), row.value3()));
    }

    public boolean isThere(String code) {
        return database.sql().fetchExists(AREA, AREA.CODE.eq(code));
    }

    private static Map<String, Row> read(InputStream file) {
        try {
            byte[] content = file.readNBytes(MOST_BYTES + 1);
            if (content.length > MOST_BYTES) {
                throw Problem.of(RegistryProblem.FILE_TOO_LARGE, "limit", "50 MB");
            }
            FileShape shape = FileShape.of(content, content.length);
            int code = shape.column("code");
            int name = shape.column("name");
            int parent = shape.column("parent");
            if (code < 0 || name < 0 || parent < 0) {
                throw unfit("it needs the columns code, name and parent");
            }
            Map<String, Row> rows = new LinkedHashMap<>();
            for (CSVRecord record : shape.rows(new java.io.ByteArrayInputStream(content))) {
                Row row = new Row(
                        record.getRecordNumber() + 1, cell(record, code), cell(record, name), cell(record, parent));
                if (!row.code().matches("[A-Za-z0-9._-]{1,40}")) {
                    throw unfit("row " + row.number() + ": '" + row.code()
                            + "' is not a code (letters, digits, point, hyphen, underscore)");
                }
                if (row.name().isEmpty()) {
                    throw unfit("row " + row.number() + " has no name");
                }
                if (rows.put(row.code(), row) != null) {
                    throw unfit("row " + row.number() + ": the code " + row.code() + " stands twice");
                }
                if (rows.size() > MOST_ROWS) {
                    throw unfit("it has more than " + MOST_ROWS + " rows");
                }
            }
            return rows;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String cell(CSVRecord record, int column) {
        return column < record.size() ? record.get(column).strip() : "";
    }

    private static AreaLoad store(DSLContext tx, Map<String, Row> rows) {
        Map<String, AreaRecord> known = new HashMap<>();
        tx.selectFrom(AREA).forUpdate().fetch().forEach(area -> known.put(area.getCode(), area));
        Map<String, AreaRecord> added = new LinkedHashMap<>();
        Map<String, AreaRecord> renamed = new LinkedHashMap<>();
        for (Row row : rows.values()) {
            add(row, rows, known, added, renamed, 1);
        }
        tx.batchInsert(added.values()).execute();
        tx.batchUpdate(renamed.values()).execute();
        return new AreaLoad(added.size(), renamed.size(), rows.size() - added.size() - renamed.size());
    }

    /** Parents first, wherever they stand in the list. */
    private static AreaRecord add(
            Row row,
            Map<String, Row> rows,
            Map<String, AreaRecord> known,
            Map<String, AreaRecord> added,
            Map<String, AreaRecord> renamed,
            int depth) {
        AreaRecord existing = known.get(row.code());
        if (existing != null) {
            String parentCode = parentCode(existing.getPath());
            if (!added.containsKey(row.code()) && !parentCode.equals(row.parent())) {
                throw unfit("row " + row.number() + ": " + row.code() + " lies in '" + parentCode
                        + "' and would move to '" + row.parent() + "'");
            }
            if (!added.containsKey(row.code()) && !existing.getName().equals(row.name())) {
                existing.setName(row.name());
                renamed.put(row.code(), existing);
            }
            return existing;
        }
        if (depth > 9) {
            throw unfit("row " + row.number() + ": the levels go in a circle or deeper than nine");
        }
        AreaRecord area = new AreaRecord();
        area.setId(Ids.next());
        area.setCode(row.code());
        area.setName(row.name());
        if (row.parent().isEmpty()) {
            area.setLevel(1);
            area.setPath("/" + row.code() + "/");
        } else {
            AreaRecord parent = known.get(row.parent());
            if (parent == null) {
                Row parentRow = rows.get(row.parent());
                if (parentRow == null) {
                    throw unfit("row " + row.number() + ": there is no area " + row.parent());
                }
                parent = add(parentRow, rows, known, added, renamed, depth + 1);
            }
            area.setParentId(parent.getId());
            area.setLevel(parent.getLevel() + 1);
            area.setPath(parent.getPath() + row.code() + "/");
        }
        known.put(row.code(), area);
        added.put(row.code(), area);
        return area;
    }

    private static String parentCode(String path) {
        String[] parts = path.split("/", -1);
        return parts.length < 4 ? "" : parts[parts.length - 3];
    }

    private static Problem unfit(String reason) {
        return Problem.of(RegistryProblem.AREA_FILE_UNFIT, "reason", reason);
    }

    /** Code to key of every area. */
    public Map<String, UUID> idsByCode(DSLContext sql) {
        return sql.select(AREA.CODE, AREA.ID).from(AREA).fetchMap(AREA.CODE, AREA.ID);
    }

    Page<AreaView> page(Actor actor, PageRequest request) {
        actor.require(RegistryPermission.VIEW);
        var parent = AREA.as("parent");
        Field<Integer> households = field(selectCount().from(HOUSEHOLD).where(HOUSEHOLD.AREA_ID.eq(AREA.ID)));
        Condition condition = noCondition();
        if (!request.filter("q").isEmpty()) {
            String text = request.filter("q");
            condition = AREA.CODE.startsWithIgnoreCase(text).or(AREA.NAME.containsIgnoreCase(text));
        }
        return ORDER.page(
                        database.sql(),
                        List.of(AREA.ID, AREA.CODE, AREA.NAME, AREA.LEVEL, AREA.PATH, parent.CODE, households),
                        AREA.leftJoin(parent).on(parent.ID.eq(AREA.PARENT_ID)),
                        condition,
                        request)
                .map(row -> new AreaView(
                        row.get(AREA.ID),
                        row.get(AREA.CODE),
                        row.get(AREA.NAME),
                        row.get(AREA.LEVEL),
                        row.get(parent.CODE),
                        row.get(AREA.PATH),
                        row.get(households)));
    }
}
