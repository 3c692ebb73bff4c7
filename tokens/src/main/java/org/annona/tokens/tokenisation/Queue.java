package org.annona.tokens.tokenisation;

import static org.annona.tokens.internal.tables.Tables.ATTEMPT;
import static org.annona.tokens.internal.tables.Tables.REQUEST;
import static org.annona.tokens.internal.tables.Tables.TOKENISATION;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.annona.foundation.database.CopyWriter;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.ids.Ids;
import org.annona.tokens.ConnectorTerms;
import org.annona.tokens.ConnectorTerms.Basis;
import org.annona.tokens.ConnectorTerms.Delivery;
import org.annona.tokens.Subjects;
import org.annona.tokens.Subjects.Candidate;
import org.annona.tokens.Subjects.Sheet;
import org.annona.tokens.TokensSettings;
import org.annona.tokens.connector.Connector;
import org.annona.tokens.internal.tables.states.RequestState;
import org.annona.tokens.internal.tables.tables.records.AttemptRecord;
import org.annona.tokens.seeder.SeederClient;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Who is due. People are taken in the order in which they became due, whoever failed later than all others, so that nobody
 * blocks the queue; what is sent of them is written down before it leaves.
 */
public final class Queue {

    static final String PATH = "/tokens/answers/";

    private static final SqlFile ENTER = SqlFile.beside(Queue.class, "enter-candidates.sql");
    private static final SqlFile CLAIM = SqlFile.beside(Queue.class, "claim-due.sql");
    private static final SqlFile SENT = SqlFile.beside(Queue.class, "mark-sent.sql");

    private final Database database;
    private final Subjects subjects;
    private final TokensSettings settings;
    private final Clock clock;

    public Queue(Database database, Subjects subjects, TokensSettings settings, Clock clock) {
        this.database = database;
        this.subjects = subjects;
        this.settings = settings;
        this.clock = clock;
    }

    /** @return how many of them are new in the queue */
    int enter(DSLContext tx, Connector connector, List<Candidate> candidates) {
        return ENTER.run(
                tx,
                Map.of(
                        "connector", connector.id(),
                        "now", now(),
                        "ids", SqlFile.column("uuid", candidates, candidate -> Ids.next()),
                        "people", SqlFile.column("uuid", candidates, Candidate::person),
                        "identifiers", SqlFile.column("uuid", candidates, Candidate::identifier),
                        "versions", SqlFile.column("text", candidates, Candidate::version)));
    }

    /**
     * A message that is written down and has not left.
     *
     * @param body null where none of the people could be sent
     */
    record Prepared(UUID request, byte @Nullable [] body, int people) {}

    private record Row(UUID id, UUID person, UUID identifier) {}

    private record First(int mostTogether, boolean download) {}

    /** Writes the next message down; empty where nobody is due. */
    Optional<Prepared> prepare(Connector connector) {
        return database.inTransaction(tx -> {
            First first = tx.select(TOKENISATION.MOST_TOGETHER, TOKENISATION.DOWNLOAD)
                    .from(TOKENISATION)
                    .where(TOKENISATION.CONNECTOR_ID.eq(connector.id()))
                    .and(TOKENISATION.DUE_AT.le(clock.instant()))
                    .orderBy(TOKENISATION.DUE_AT, TOKENISATION.ID)
                    .limit(1)
                    .forUpdate()
                    .skipLocked()
                    .fetchOne(row -> new First(row.value1(), row.value2()));
            if (first == null) {
                return Optional.empty();
            }
            int most = Math.min(connector.terms().batch(), first.mostTogether());
            List<Row> rows = CLAIM.list(
                    tx,
                    Map.of("connector", connector.id(), "now", now(), "most", most, "download", first.download()),
                    (row, number) -> new Row(
                            row.getObject("id", UUID.class),
                            row.getObject("person_id", UUID.class),
                            row.getObject("identifier_id", UUID.class)));
            return Optional.of(prepare(tx, connector, rows, first.download()));
        });
    }

    private record Sendable(Row row, String ref, Sheet sheet) {}

    private Prepared prepare(DSLContext tx, Connector connector, List<Row> rows, boolean asFile) {
        ConnectorTerms terms = connector.terms();
        SeederRequest words = new SeederRequest(terms);
        Map<UUID, Sheet> sheets = new HashMap<>();
        subjects.sheets(terms.scope(), rows.stream().map(Row::person).toList(), terms.fields(), terms.purpose())
                .forEach(sheet -> sheets.put(sheet.candidate().person(), sheet));
        List<UUID> missing = rows.stream()
                .map(Row::person)
                .filter(person -> !sheets.containsKey(person))
                .toList();
        Set<UUID> holders = missing.isEmpty() ? Set.of() : subjects.holders(terms.tokenType(), missing);
        List<Sendable> sendable = new ArrayList<>();
        List<Skipped> aside = new ArrayList<>();
        ArrayNode records = SeederClient.JSON.createArrayNode();
        for (Row row : rows) {
            Sheet sheet = sheets.get(row.person());
            boolean holdsToken = holders.contains(row.person());
            if (holdsToken || sheet == null || !sheet.candidate().identifier().equals(row.identifier())) {
                aside.add(Skipped.notSelected(row.id(), holdsToken));
                continue;
            }
            if (terms.basis() == Basis.CONSENT && sheet.receipt() == null) {
                aside.add(Skipped.failed(row.id(), "LOCAL-CONSENT", "no consent to this purpose is recorded"));
                continue;
            }
            String ref = Secrets.ref();
            ObjectNode record = words.record(ref, sheet);
            List<String> lacks = words.missing(record);
            if (lacks.isEmpty()) {
                sendable.add(new Sendable(row, ref, sheet));
                records.add(record);
            } else {
                aside.add(Skipped.failed(row.id(), "LOCAL-DATA", "not known: " + String.join(", ", lacks)));
            }
        }
        Skipped.mark(tx, clock.instant(), aside);
        UUID request = Ids.next();
        if (sendable.isEmpty()) {
            return new Prepared(request, null, 0);
        }
        boolean calls = !asFile && terms.delivery() != Delivery.DOWNLOAD;
        String path = Secrets.secret();
        String bearer = terms.callback().bearer() ? Secrets.secret() : null;
        tx.insertInto(REQUEST)
                .set(REQUEST.ID, request)
                .set(REQUEST.CONNECTOR_ID, connector.id())
                .set(REQUEST.RUN, connector.run())
                .set(REQUEST.VERSION, connector.version())
                .set(REQUEST.DELIVERY, calls ? "callback" : "download")
                .set(REQUEST.STATE, RequestState.SENDING)
                .set(REQUEST.PEOPLE, sendable.size())
                .set(REQUEST.PATH_DIGEST, calls ? Secrets.digest(path) : null)
                .set(REQUEST.BEARER_DIGEST, calls && bearer != null ? Secrets.digest(bearer) : null)
                .set(REQUEST.PREPARED_AT, clock.instant())
                .set(
                        REQUEST.POLL_AT,
                        clock.instant().plus(terms.requestTimeout()).plusSeconds(30))
                .execute();
        markSent(tx, connector, request, sendable);
        SeederRequest.Callback callback =
                calls ? new SeederRequest.Callback(settings.address().get() + PATH + path, bearer) : null;
        return new Prepared(
                request, SeederClient.bytes(words.envelope(records, callback, clock.instant())), sendable.size());
    }

    /** On what ground the data of each leave is written down before they do. */
    private void markSent(DSLContext tx, Connector connector, UUID request, List<Sendable> sendable) {
        ConnectorTerms terms = connector.terms();
        List<AttemptRecord> attempts = new ArrayList<>();
        for (Sendable one : sendable) {
            AttemptRecord attempt = new AttemptRecord();
            attempt.setRef(one.ref());
            attempt.setRequestId(request);
            attempt.setTokenisationId(one.row().id());
            attempt.setDataVersion(one.sheet().candidate().version());
            attempt.setBasis(terms.ground());
            attempt.setReceipt(one.sheet().receipt());
            attempts.add(attempt);
        }
        CopyWriter.of(attempts).write(tx);
        SENT.run(
                tx,
                Map.of(
                        "now", now(),
                        "request", request,
                        "ids", SqlFile.column("uuid", sendable, one -> one.row().id()),
                        "versions",
                                SqlFile.column(
                                        "text",
                                        sendable,
                                        one -> one.sheet().candidate().version())));
    }

    /** When the next person is due; empty where none will be. */
    Optional<Instant> nextDue(UUID connector) {
        return database.sql()
                .select(TOKENISATION.DUE_AT)
                .from(TOKENISATION)
                .where(TOKENISATION.CONNECTOR_ID.eq(connector), TOKENISATION.DUE_AT.isNotNull())
                .orderBy(TOKENISATION.DUE_AT)
                .limit(1)
                .fetchOptional(TOKENISATION.DUE_AT);
    }

    private Timestamp now() {
        return Timestamp.from(clock.instant());
    }

    /** Attempts of a person, newest first. */
    record Tried(
            Instant at,
            String basis,
            @Nullable String receipt,
            @Nullable String outcome,
            @Nullable String code) {}

    List<Tried> attempts(UUID tokenisation) {
        return database.sql()
                .selectFrom(ATTEMPT)
                .where(ATTEMPT.TOKENISATION_ID.eq(tokenisation))
                .orderBy(ATTEMPT.SENT_AT.desc(), ATTEMPT.REF)
                .limit(50)
                .fetch(row ->
                        new Tried(row.getSentAt(), row.getBasis(), row.getReceipt(), row.getOutcome(), row.getCode()));
    }
}
