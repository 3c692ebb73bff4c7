package org.annona.tokens.tokenisation;

import static org.annona.tokens.internal.tables.Tables.ATTEMPT;
import static org.annona.tokens.internal.tables.Tables.REQUEST;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.val;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.retry.BackOff;
import org.annona.tokens.ConnectorTerms.Delivery;
import org.annona.tokens.ConnectorTerms.Patience;
import org.annona.tokens.connector.Connector;
import org.annona.tokens.connector.Connectors;
import org.annona.tokens.internal.tables.states.RequestState;
import org.annona.tokens.internal.tables.tables.records.RequestRecord;
import org.annona.tokens.seeder.SeederClient;
import org.annona.tokens.seeder.SeederCodes;
import org.annona.tokens.seeder.SeederReply;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Messages to seeders, from the moment they are written down until every person of theirs has an answer or is due again.
 * Whatever the seeder does, nobody stays in a message for ever.
 */
public final class Requests {

    private static final SqlFile GIVE_BACK = SqlFile.beside(Requests.class, "give-back.sql");
    private static final Keyset ORDER = new Keyset(Map.of("at", REQUEST.PREPARED_AT), "at", true, REQUEST.ID);

    /** Of messages in a row, halving a thousand people takes ten. */
    private static final int MOST_REFUSALS = 14;

    private static final String OWN_ERROR = "ATS-REQ-100";
    /** So long a repeated or late answer finds its address. */
    private static final Duration AFTERWARDS = Duration.ofDays(1);

    private final Database database;
    private final Connectors connectors;
    private final Results results;
    private final FormWindows windows;
    private final Submissions submissions;
    private final Clock clock;

    public Requests(
            Database database,
            Connectors connectors,
            Results results,
            FormWindows windows,
            Submissions submissions,
            Clock clock) {
        this.database = database;
        this.connectors = connectors;
        this.results = results;
        this.windows = windows;
        this.submissions = submissions;
        this.clock = clock;
    }

    /** A request that is open: its people wait. */
    record Open(
            UUID id,
            UUID connectorId,
            int version,
            boolean calls,
            boolean ofForm,
            boolean accepted,
            @Nullable String seederId,
            int people,
            Instant preparedAt,
            @Nullable Instant finishedSince,
            @Nullable Instant answeredAt,
            int polls) {}

    /** What follows from what the seeder said when it was sent. */
    void sent(Connector connector, UUID request, int people, SeederReply reply) {
        database.transact(tx -> {
            switch (reply) {
                case SeederReply.Accepted(String id) -> {
                    accepted(tx, connector, request, id);
                    connectors.heard(tx, connector.id());
                }
                case SeederReply.BadRecord(String code) -> badRecord(tx, connector, request, people, code);
                case SeederReply.Refused(String code, String message) -> refused(tx, connector, request, code, message);
                case SeederReply.Silent silent -> lost(tx, connector, request, people, silent.reason());
                default -> lost(tx, connector, request, people, "an answer that fits no request");
            }
        });
    }

    /** The same for a window of a form. It moves on only by an identifier of a request, or where there is nothing in it. */
    void sentForm(Connector connector, UUID request, SeederReply reply) {
        database.transact(tx -> {
            switch (reply) {
                case SeederReply.Accepted(String id) -> {
                    accepted(tx, connector, request, id);
                    connectors.heard(tx, connector.id());
                }
                case SeederReply.Refused(String code, String message)
                when SeederCodes.saysNone(code) -> {
                    end(tx, request, RequestState.DONE, code, message);
                    connectors.heard(tx, connector.id());
                }
                case SeederReply.Refused(String code, String message) -> {
                    end(tx, request, RequestState.REFUSED, code, message);
                    windows.waitForRun(tx, request);
                    connectors.failed(
                            tx, connector.id(), "The seeder refuses to read the form: " + code + ", " + message + ".");
                }
                case SeederReply.BadRecord(String code) -> badWindow(tx, connector, request, code);
                case SeederReply.Silent silent -> lostForm(tx, connector, request, silent);
                default ->
                    lostForm(tx, connector, request, new SeederReply.Silent("an answer that fits no request", true));
            }
        });
    }

    /**
     * A submission in the window breaks the seeder, or it cannot log in to ODK: both look alike. The window is halved until what
     * is at fault stands alone; where one after the other is refused and nothing is read, somebody has to look.
     */
    private void badWindow(DSLContext tx, Connector connector, UUID request, String code) {
        end(tx, request, RequestState.REFUSED, code, SeederCodes.sentence(code));
        // One that stands alone says nothing of the others.
        boolean alone = !windows.canBeHalved(tx, request);
        int refusals = alone ? 0 : connectors.refusedAgain(tx, connector.id());
        if (refusals < MOST_REFUSALS) {
            windows.halve(tx, connector, request, pauseAfter(connector, refusals));
            return;
        }
        windows.waitForRun(tx, request);
        connectors.failed(
                tx,
                connector.id(),
                "The seeder cannot read the form: " + code + ", " + SeederCodes.sentence(code)
                        + ". Perhaps ODK refuses the account, or does not answer the seeder.");
    }

    /** None for the two halves of one; then a second, two, four, as far as a failure of a person is let rest. */
    private static Duration pauseAfter(Connector connector, int refusals) {
        return refusals <= 2
                ? Duration.ZERO
                : BackOff.doubling(Duration.ofSeconds(1), connector.terms().backOff())
                        .after(refusals - 2);
    }

    /** A window that it may have begun to read and did not answer in time is too large for it. */
    private void lostForm(DSLContext tx, Connector connector, UUID request, SeederReply.Silent silent) {
        connectors.silent(tx, connector.id());
        if (silent.reached()) {
            end(tx, request, RequestState.LOST, "LOCAL-TIME", silent.reason());
            lostAgain(tx, connector, request, "LOCAL-TIME", silent.reason());
        } else {
            end(tx, request, RequestState.LOST, "LOCAL-SILENT", silent.reason());
            windows.again(tx, request);
        }
    }

    /**
     * Something in the records breaks it. They are halved until the record at fault stands alone; it is tried again later, and
     * in the end somebody has to look. Where it refuses one message after the other, it is not the records.
     */
    private void badRecord(DSLContext tx, Connector connector, UUID request, int people, String code) {
        String sentence = SeederCodes.sentence(code);
        if (connectors.refusedAgain(tx, connector.id()) >= MOST_REFUSALS) {
            if (code.equals(OWN_ERROR)) {
                lost(tx, connector, request, 1, sentence);
            } else {
                refused(tx, connector, request, code, sentence);
            }
            return;
        }
        end(tx, request, RequestState.REFUSED, code, sentence);
        giveBack(
                tx,
                connector,
                request,
                people > 1
                        ? new Back(0, now(), false, people / 2, code, sentence)
                        : new Back(1, now().plus(connector.terms().backOff()), false, null, code, sentence));
    }

    private void refused(DSLContext tx, Connector connector, UUID request, String code, String sentence) {
        end(tx, request, RequestState.REFUSED, code, sentence);
        giveBack(tx, connector, request, new Back(0, now(), false, null, code, sentence));
        connectors.failed(tx, connector.id(), "The seeder refuses every request: " + code + ", " + sentence + ".");
    }

    /**
     * Where it has just answered others, it may be this message that it cannot bear: then its people come in halves, and one
     * alone counts as tried.
     */
    private void lost(DSLContext tx, Connector connector, UUID request, int people, String reason) {
        boolean first = connectors.silent(tx, connector.id());
        end(tx, request, RequestState.LOST, "LOCAL-SILENT", reason);
        giveBack(
                tx,
                connector,
                request,
                !first
                        ? new Back(0, now(), false, null, "LOCAL-SILENT", reason)
                        : people > 1
                                ? new Back(0, now(), false, people / 2, "LOCAL-SILENT", reason)
                                : new Back(
                                        1,
                                        now().plus(connector.terms().backOff()),
                                        false,
                                        null,
                                        "LOCAL-SILENT",
                                        reason));
    }

    /** Its callbacks may have been quicker than its own answer. */
    private void accepted(DSLContext tx, Connector connector, UUID request, String seederId) {
        tx.update(REQUEST)
                .set(REQUEST.SEEDER_ID, seederId)
                .set(REQUEST.STATE, RequestState.ACCEPTED)
                .set(REQUEST.POLL_AT, now().plus(connector.terms().patience().firstPoll()))
                .where(REQUEST.ID.eq(request), REQUEST.STATE.eq(RequestState.SENDING))
                .execute();
    }

    private void end(DSLContext tx, UUID request, RequestState state, String code, String detail) {
        tx.update(REQUEST)
                .set(REQUEST.STATE, state)
                .set(REQUEST.CODE, code)
                .set(REQUEST.DETAIL, detail)
                .set(REQUEST.ENDED_AT, now())
                .setNull(REQUEST.POLL_AT)
                .where(REQUEST.ID.eq(request), REQUEST.STATE.in(RequestState.SENDING, RequestState.ACCEPTED))
                .execute();
    }

    /**
     * How people without an answer go on.
     *
     * @param counted 1 where the seeder had them, so that it counts as an attempt
     * @param due null where they wait for somebody
     * @param together at most so many in one message from now on; null as before
     */
    private record Back(
            int counted,
            @Nullable Instant due,
            boolean asFile,
            @Nullable Integer together,
            String code,
            String message) {}

    private void giveBack(DSLContext tx, Connector connector, UUID request, Back back) {
        Map<String, Object> values = new HashMap<>();
        values.put("request", request);
        values.put("now", Timestamp.from(now()));
        values.put("counted", back.counted());
        values.put("most_attempts", connector.terms().maxAttempts());
        values.put("due", back.due() == null ? null : Timestamp.from(back.due()));
        values.put("download", back.asFile());
        values.put("most_together", back.together());
        values.put("code", back.code());
        values.put("message", back.message());
        GIVE_BACK.run(tx, values);
    }

    /** Open requests that are to be asked for now; each is put off, so that nobody else asks meanwhile. */
    List<Open> claimDue(Connector connector, int most) {
        return database.inTransaction(tx -> {
            List<RequestRecord> due = tx.selectFrom(REQUEST)
                    .where(
                            REQUEST.CONNECTOR_ID.eq(connector.id()),
                            REQUEST.STATE.in(RequestState.SENDING, RequestState.ACCEPTED))
                    .and(REQUEST.POLL_AT.le(now()))
                    .orderBy(REQUEST.POLL_AT)
                    .limit(most)
                    .forUpdate()
                    .skipLocked()
                    .fetch();
            for (RequestRecord request : due) {
                request.setPollAt(now().plus(pause(connector.terms().patience(), request.getPolls())));
                request.setPolls(request.getPolls() + 1);
            }
            tx.batchUpdate(due).execute();
            return due.stream().map(Requests::open).toList();
        });
    }

    private static Duration pause(Patience patience, int polls) {
        return new BackOff(patience.firstPoll(), 1.5, patience.longestPoll()).after(polls + 2);
    }

    private static Open open(RequestRecord row) {
        return new Open(
                row.getId(),
                row.getConnectorId(),
                row.getVersion(),
                row.getDelivery().equals("callback"),
                row.getDelivery().equals("form"),
                row.getState() == RequestState.ACCEPTED,
                row.getSeederId(),
                row.getPeople(),
                row.getPreparedAt(),
                row.getFinishedSince(),
                row.getAnsweredAt(),
                row.getPolls());
    }

    /** Asks what became of a request, and takes what there is. */
    void collect(Connector connector, SeederClient client, Open request) {
        String seederId = request.seederId();
        if (!request.accepted() || seederId == null) {
            // The process that was to send it died in the middle: whether it left is not known.
            database.transact(tx -> {
                end(tx, request.id(), RequestState.LOST, "LOCAL-SILENT", "the process that sent it ended");
                windows.again(tx, request.id());
                giveBack(
                        tx,
                        connector,
                        request.id(),
                        new Back(0, now(), false, null, "LOCAL-SILENT", "the process that sent it ended"));
            });
            return;
        }
        switch (client.status(seederId)) {
            case SeederReply.Status status
            when status.isProcessed() && request.calls() -> awaitCalls(connector, request);
            case SeederReply.Status status when status.isProcessed() -> fetch(connector, client, request, seederId);
            case SeederReply.Status status
            when status.isBroken() -> abandon(connector, request, status.status(), "the seeder could not deliver");
            case SeederReply.Unknown unknown ->
                abandon(connector, request, "ATS-REQ-016", "the seeder does not know the request any more");
            default -> {
                if (request.preparedAt()
                        .plus(connector.terms().patience().whole())
                        .isBefore(now())) {
                    abandon(connector, request, "LOCAL-LOST", "the seeder did not finish in time");
                }
            }
        }
    }

    private void awaitCalls(Connector connector, Open request) {
        Instant since = finishedSince(connector, request);
        Instant heard = request.answeredAt();
        Instant last = heard != null && heard.isAfter(since) ? heard : since;
        if (last.plus(connector.terms().patience().grace()).isBefore(now())) {
            abandon(connector, request, "LOCAL-CALLBACK", "the seeder is done, and its callback did not come");
        }
    }

    private void fetch(Connector connector, SeederClient client, Open request, String seederId) {
        Instant since = finishedSince(connector, request);
        SeederReply reply = client.file(seederId);
        if (reply instanceof SeederReply.File(var list) && !(request.ofForm() && list.isEmpty())) {
            Results.Asked asked =
                    new Results.Asked(request.id(), connectors.version(connector.id(), request.version()));
            if (request.ofForm()) {
                submissions.take(asked, list);
            } else {
                results.take(asked, SeederResult.of(list));
            }
            if (isOpen(request.id())) {
                abandon(connector, request, "LOCAL-MISSING", "the file does not name everybody");
            }
        } else if (reply instanceof SeederReply.Unknown
                || since.plus(connector.terms().patience().fileGrace()).isBefore(now())) {
            abandon(connector, request, "LOCAL-FILE", "the seeder is done, and its file cannot be had");
        }
    }

    private boolean isOpen(UUID request) {
        return database.sql().fetchExists(ATTEMPT, ATTEMPT.REQUEST_ID.eq(request), ATTEMPT.ANSWERED_AT.isNull());
    }

    /** From here on it is asked often, because it should be there. */
    private Instant finishedSince(Connector connector, Open request) {
        Instant now = now();
        Instant since = database.sql()
                .update(REQUEST)
                .set(REQUEST.FINISHED_SINCE, coalesce(REQUEST.FINISHED_SINCE, val(now)))
                .set(REQUEST.POLL_AT, now.plus(connector.terms().patience().firstPoll()))
                .where(REQUEST.ID.eq(request.id()), REQUEST.STATE.eq(RequestState.ACCEPTED))
                .returning(REQUEST.FINISHED_SINCE)
                .fetchOne(REQUEST.FINISHED_SINCE);
        return since == null ? now : since;
    }

    /** The seeder had them and will not tell: they are asked for once more, as a file where that is agreed. */
    private void abandon(Connector connector, Open request, String code, String reason) {
        boolean asFile = connector.terms().delivery() != Delivery.CALLBACK;
        database.transact(tx -> {
            end(tx, request.id(), RequestState.LOST, code, reason);
            giveBack(tx, connector, request.id(), new Back(1, now(), asFile, null, code, reason));
            if (request.ofForm()) {
                lostAgain(tx, connector, request.id(), code, reason);
            }
        });
    }

    /** Each time the authority was asked about all of them, so that somebody has to look before long. */
    private void lostAgain(DSLContext tx, Connector connector, UUID request, String code, String reason) {
        Condition ofForms = REQUEST.CONNECTOR_ID.eq(connector.id()).and(REQUEST.DELIVERY.eq("form"));
        Instant read = tx.select(DSL.max(REQUEST.PREPARED_AT))
                .from(REQUEST)
                .where(ofForms, REQUEST.STATE.eq(RequestState.DONE), REQUEST.PEOPLE.gt(0))
                .fetchOne(DSL.max(REQUEST.PREPARED_AT));
        int lost = tx.fetchCount(
                REQUEST,
                ofForms,
                REQUEST.RUN.eq(connector.run()),
                REQUEST.STATE.eq(RequestState.LOST),
                REQUEST.CODE.ne("LOCAL-SILENT"),
                REQUEST.PREPARED_AT.gt(read == null ? Instant.EPOCH : read));
        if (lost < MOST_REFUSALS) {
            windows.halve(tx, connector, request, Duration.ZERO);
        } else {
            windows.waitForRun(tx, request);
            connectors.failed(
                    tx,
                    connector.id(),
                    "The seeder takes the form in and gives no results: " + code + ", " + reason + ".");
        }
    }

    int countOpen(UUID connector) {
        return database.sql()
                .fetchCount(
                        REQUEST,
                        REQUEST.CONNECTOR_ID.eq(connector),
                        REQUEST.STATE.in(RequestState.SENDING, RequestState.ACCEPTED));
    }

    /** People of a run who have an answer. */
    long countAnswered(UUID connector, int run) {
        return Optional.ofNullable(database.sql()
                        .select(DSL.sum(REQUEST.TOKENS.plus(REQUEST.FAILED)))
                        .from(REQUEST)
                        .where(REQUEST.CONNECTOR_ID.eq(connector), REQUEST.RUN.eq(run))
                        .fetchSingle()
                        .value1())
                .map(Number::longValue)
                .orElse(0L);
    }

    /** Where an answer arrives. @param bearer digest of what has to be shown; null where nothing has to be */
    record Awaited(UUID id, UUID connectorId, int version, byte @Nullable [] bearer) {}

    Optional<Awaited> awaited(String path) {
        return database.sql()
                .select(REQUEST.ID, REQUEST.CONNECTOR_ID, REQUEST.VERSION, REQUEST.BEARER_DIGEST)
                .from(REQUEST)
                .where(REQUEST.PATH_DIGEST.eq(Secrets.digest(path)))
                .and(REQUEST.ENDED_AT.isNull().or(REQUEST.ENDED_AT.gt(now().minus(AFTERWARDS))))
                .fetchOptional(row -> new Awaited(row.value1(), row.value2(), row.value3(), row.value4()));
    }

    /** A call to a right address that shows or says what it should not. */
    void noteStranger(UUID request) {
        database.sql()
                .update(REQUEST)
                .set(REQUEST.STRANGERS, REQUEST.STRANGERS.plus(1))
                .where(REQUEST.ID.eq(request))
                .execute();
    }

    /** A request as its list shows it. */
    record Row(
            UUID id,
            Instant preparedAt,
            String delivery,
            RequestState state,
            int people,
            int tokens,
            int failed,
            String code,
            String detail,
            int repeats,
            int contradictions,
            int strangers) {}

    Page<Row> page(UUID connector, PageRequest request) {
        Condition condition = REQUEST.CONNECTOR_ID.eq(connector);
        if (!request.filter("state").isEmpty()) {
            condition = condition.and(REQUEST.STATE.coerce(String.class).eq(request.filter("state")));
        }
        return ORDER.page(database.sql(), List.of(REQUEST.fields()), REQUEST, condition, request)
                .map(row -> {
                    RequestRecord one = row.into(REQUEST);
                    return new Row(
                            one.getId(),
                            one.getPreparedAt(),
                            one.getDelivery(),
                            one.getState(),
                            one.getPeople(),
                            one.getTokens(),
                            one.getFailed(),
                            one.getCode(),
                            one.getDetail(),
                            one.getRepeats(),
                            one.getContradictions(),
                            one.getStrangers());
                });
    }

    private Instant now() {
        return clock.instant();
    }
}
