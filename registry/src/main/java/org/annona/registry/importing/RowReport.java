package org.annona.registry.importing;

import static org.annona.registry.internal.tables.Tables.IMPORT;
import static org.annona.registry.internal.tables.Tables.IMPORT_ROW;
import static org.annona.registry.internal.tables.Tables.PERSON;
import static org.jooq.impl.DSL.coalesce;

import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.annona.access.Actor;
import org.annona.console.CsvExport;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.annona.registry.ImportStatus;
import org.annona.registry.RegistryPermission;
import org.annona.registry.identifier.RegistryKeys;
import org.annona.registry.internal.tables.tables.records.ImportRecord;
import org.jooq.Condition;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** What became of every row of a file, and the rejected ones given back for correction. */
final class RowReport {

    private static final Keyset ORDER =
            new Keyset(Map.of("row", IMPORT_ROW.ROW_NUMBER), "row", false, IMPORT_ROW.ROW_NUMBER);

    private final Database database;
    private final RegistryKeys keys;
    private final AuditTrail audit = new AuditTrail("registry");

    RowReport(Database database, RegistryKeys keys) {
        this.database = database;
        this.keys = keys;
    }

    /**
     * @param written whether what the outcome says has happened, and is not only what would happen
     * @param changed what is different, or would be, by the labels of the columns
     * @param sentences one per problem, with the name of the column in front
     */
    record Line(
            long rowNumber,
            String outcome,
            boolean written,
            @Nullable UUID personId,
            @Nullable String personRef,
            String sentences,
            String codes,
            String changed) {}

    /** Filters: outcome; head ({@code missing} for rows of households without one). */
    Page<Line> page(Actor actor, UUID importId, PageRequest request) {
        actor.require(RegistryPermission.VIEW);
        Condition condition = IMPORT_ROW.IMPORT_ID.eq(importId);
        if (!request.filter("outcome").isEmpty()) {
            condition = condition.and(IMPORT_ROW.OUTCOME.eq(request.filter("outcome")));
        }
        if (request.filter("head").equals("missing")) {
            condition = condition.and(IMPORT_ROW.WITHOUT_HEAD.isTrue());
        }
        return ORDER.page(
                        database.sql(),
                        List.of(
                                IMPORT_ROW.ROW_NUMBER,
                                IMPORT_ROW.OUTCOME,
                                IMPORT_ROW.PROBLEMS,
                                IMPORT_ROW.CHANGED,
                                PERSON.ID,
                                PERSON.REF,
                                IMPORT.STATE),
                        IMPORT_ROW
                                .join(IMPORT)
                                .on(IMPORT.ID.eq(IMPORT_ROW.IMPORT_ID))
                                .leftJoin(PERSON)
                                .on(PERSON.ID.eq(coalesce(IMPORT_ROW.PERSON_ID, IMPORT_ROW.NEW_PERSON_ID))),
                        condition,
                        request)
                .map(row -> {
                    List<RowProblem> problems = problems(row.get(IMPORT_ROW.PROBLEMS));
                    return new Line(
                            row.get(IMPORT_ROW.ROW_NUMBER),
                            row.get(IMPORT_ROW.OUTCOME),
                            row.get(IMPORT.STATE).equals(Imports.state(ImportStatus.State.APPLIED)),
                            row.get(PERSON.ID),
                            row.get(PERSON.REF),
                            problems.stream().map(RowReport::sentence).collect(Collectors.joining(" ")),
                            problems.stream()
                                    .map(problem -> problem.code().code())
                                    .collect(Collectors.joining(" ")),
                            labels(row.get(IMPORT_ROW.CHANGED)));
                });
    }

    private static String labels(String @Nullable [] columns) {
        return columns == null
                ? ""
                : Arrays.stream(columns)
                        .map(column -> PersonColumn.valueOf(column).label())
                        .collect(Collectors.joining(", "));
    }

    private static List<RowProblem> problems(org.jooq.@Nullable JSONB json) {
        return json == null ? List.of() : Imports.JSON.readValue(json.data(), new TypeReference<>() {});
    }

    private static String sentence(RowProblem problem) {
        PersonColumn column = problem.column();
        return (column == null ? "" : column.label() + ": ") + problem.sentence();
    }

    /** Writes the rejected rows as they came, with the reason in a last column. They are in clear, so this is audited. */
    void writeRejected(Actor actor, UUID importId, Writer out) {
        actor.require(RegistryPermission.IMPORT);
        ImportRecord file = database.sql()
                .selectFrom(IMPORT)
                .where(IMPORT.ID.eq(importId))
                .fetchOptional()
                .orElseThrow(() -> Problem.of(FoundationProblem.NOT_FOUND, "what", "import"));
        database.transact(tx -> audit.append(
                tx, AuditEvent.of(actor.name(), "registry.import.download_rejected", "import/" + importId)));
        CsvExport csv = new CsvExport(out);
        List<String> header =
                new ArrayList<>(Imports.JSON.readValue(file.getHeader().data(), new TypeReference<List<String>>() {}));
        int columns = header.size();
        header.add("why_rejected");
        csv.row(header);
        long after = 0;
        while (true) {
            var rows = database.sql()
                    .selectFrom(IMPORT_ROW)
                    .where(IMPORT_ROW.IMPORT_ID.eq(importId), IMPORT_ROW.ROW_NUMBER.gt(after))
                    .and(IMPORT_ROW.OUTCOME.eq("rejected"))
                    .and(IMPORT_ROW.PAYLOAD_SEALED.isNotNull())
                    .orderBy(IMPORT_ROW.ROW_NUMBER)
                    .limit(PageRequest.LARGEST_SIZE)
                    .fetch();
            if (rows.isEmpty()) {
                return;
            }
            for (var row : rows) {
                byte[] json = keys.open(
                        RegistryKeys.IMPORT_ROW,
                        RegistryKeys.row(importId, row.getRowNumber()),
                        Objects.requireNonNull(row.getPayloadSealed()));
                List<String> cells = new ArrayList<>(Imports.JSON
                        .readValue(json, CheckImport.StagedRow.class)
                        .cells());
                while (cells.size() < columns) {
                    cells.add("");
                }
                cells.add(problems(row.getProblems()).stream()
                        .map(RowReport::sentence)
                        .collect(Collectors.joining(" ")));
                csv.row(cells);
            }
            after = rows.getLast().getRowNumber();
        }
    }
}
