package org.annona.tokens.tokenisation;

import static org.annona.tokens.internal.tables.Tables.FORM_WINDOW;
import static org.annona.tokens.internal.tables.Tables.REQUEST;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.selectOne;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.sealing.Sensitive;
import org.annona.tokens.ConnectorTerms;
import org.annona.tokens.OdkForm;
import org.annona.tokens.TokensPermission;
import org.annona.tokens.TokensProblem;
import org.annona.tokens.connector.Connector;
import org.annona.tokens.connector.Connectors;
import org.annona.tokens.internal.tables.states.RequestState;
import org.annona.tokens.internal.tables.tables.records.FormWindowRecord;
import org.annona.tokens.seeder.SeederClient;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * In which parts of time the submissions of a form are read. A part is written down before it is asked for and stays until it was
 * read, so that no submission falls between two of them; each begins a little before the last one ended (reference C4).
 */
public final class FormWindows {

    private static final SqlFile PLAN = SqlFile.beside(FormWindows.class, "plan-windows.sql");
    private static final SqlFile PEOPLE_AGAIN = SqlFile.beside(FormWindows.class, "ask-again-for-people.sql");
    private static final SqlFile NOBODY_AGAIN = SqlFile.beside(FormWindows.class, "ask-again-for-nobody.sql");
    private static final Keyset ORDER = new Keyset(Map.of("from", FORM_WINDOW.FROM_AT), "from", true, FORM_WINDOW.ID);
    private static final Set<RequestState> FAILED = Set.of(RequestState.LOST, RequestState.REFUSED);
    /** A day is halved to a second or two. */
    private static final int MOST_HALVINGS = 16;

    private static final Duration SHORTEST = Duration.ofSeconds(2);

    private final Database database;
    private final Connectors connectors;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("tokens");

    public FormWindows(Database database, Connectors connectors, Clock clock) {
        this.database = database;
        this.connectors = connectors;
        this.clock = clock;
    }

    private static OdkForm form(ConnectorTerms terms) {
        return Objects.requireNonNull(terms.form(), "a connector of a form");
    }

    /**
     * What a run is to read: what is new, and what earlier ones could not.
     *
     * @param byHand whether somebody started it; what was read in part is read again by the clock only some times, because the
     *     authority is asked about everybody in it
     */
    void plan(DSLContext tx, Connector connector, boolean byHand) {
        OdkForm form = form(connector.terms());
        Condition ofForm = ofForm(connector);
        tx.update(FORM_WINDOW)
                .setNull(FORM_WINDOW.DUE_AT)
                .where(FORM_WINDOW.CONNECTOR_ID.eq(connector.id()), FORM_WINDOW.FORM_DIGEST.ne(form.digest()))
                .and(FORM_WINDOW.DUE_AT.isNotNull())
                .execute();
        tx.update(FORM_WINDOW)
                .set(FORM_WINDOW.DUE_AT, clock.instant())
                .set(FORM_WINDOW.ATTEMPTS, 0)
                .where(ofForm.and(byHand ? standsStill() : isUnread()))
                .execute();
        if (!byHand) {
            tx.update(FORM_WINDOW)
                    .set(FORM_WINDOW.DUE_AT, clock.instant())
                    .set(FORM_WINDOW.ATTEMPTS, FORM_WINDOW.ATTEMPTS.plus(1))
                    .where(ofForm.and(standsStill()))
                    .and(FORM_WINDOW.ATTEMPTS.lt(connector.terms().maxAttempts()))
                    .execute();
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant to = readable(form, now);
        if (form.from().isBefore(to)) {
            PLAN.run(
                    tx,
                    Map.of(
                            "connector", connector.id(),
                            "form", form.digest(),
                            "from", Timestamp.from(form.from()),
                            "to", Timestamp.from(to),
                            "again", connector.terms().recurring(),
                            "overlap", OdkForm.OVERLAP.toSeconds(),
                            "now", now()));
        }
    }

    /** The last minutes before the agreed end are left until nothing that is late can still come into them. */
    private static Instant readable(OdkForm form, Instant now) {
        Instant end = form.to();
        if (end == null) {
            return now;
        }
        Instant last = now.isBefore(end.plus(OdkForm.OVERLAP)) ? end.minus(OdkForm.OVERLAP) : end;
        return last.isAfter(now) ? now : last;
    }

    private static Condition isUnread() {
        return standsStill().and(FORM_WINDOW.UNREADABLE.eq(0));
    }

    /** Neither read as a whole nor waiting: its time comes with the next run. */
    private static Condition standsStill() {
        return FORM_WINDOW
                .DUE_AT
                .isNull()
                .and(FORM_WINDOW
                        .REQUEST_ID
                        .isNull()
                        .or(exists(selectOne()
                                .from(REQUEST)
                                .where(REQUEST.ID.eq(FORM_WINDOW.REQUEST_ID))
                                .and(REQUEST.STATE
                                        .in(FAILED)
                                        .or(REQUEST.STATE.eq(RequestState.DONE).and(FORM_WINDOW.UNREADABLE.gt(0)))))));
    }

    int countStandingStill(Connector connector) {
        return connector.terms().form() == null
                ? 0
                : database.sql().fetchCount(FORM_WINDOW, ofForm(connector).and(standsStill()));
    }

    private static Condition ofForm(Connector connector) {
        return FORM_WINDOW
                .CONNECTOR_ID
                .eq(connector.id())
                .and(FORM_WINDOW.FORM_DIGEST.eq(form(connector.terms()).digest()));
    }

    /** A request that is written down and has not left. */
    record Prepared(UUID request, byte[] body) {}

    /** Writes the request for the next window down, with the ground on which its people's data leave; empty where none is due. */
    Optional<Prepared> prepare(Connector connector, Sensitive<String> password) {
        ConnectorTerms terms = connector.terms();
        OdkForm form = form(terms);
        return database.inTransaction(tx -> {
            askAgainForPeople(tx, connector.id(), form);
            FormWindowRecord window = tx.selectFrom(FORM_WINDOW)
                    .where(ofForm(connector), FORM_WINDOW.DUE_AT.le(clock.instant()))
                    // The wider ones first, so that what can be read is read before what is at fault is looked for;
                    // but where no answer came in time, one that is small enough.
                    .orderBy(
                            connector.silences() == 0 ? FORM_WINDOW.HALVINGS.asc() : FORM_WINDOW.HALVINGS.desc(),
                            FORM_WINDOW.DUE_AT.asc(),
                            FORM_WINDOW.FROM_AT.asc())
                    .limit(1)
                    .forUpdate()
                    .skipLocked()
                    .fetchOne();
            if (window == null) {
                return Optional.empty();
            }
            UUID request = Ids.next();
            tx.insertInto(REQUEST)
                    .set(REQUEST.ID, request)
                    .set(REQUEST.CONNECTOR_ID, connector.id())
                    .set(REQUEST.RUN, connector.run())
                    .set(REQUEST.VERSION, connector.version())
                    .set(REQUEST.DELIVERY, "form")
                    .set(REQUEST.STATE, RequestState.SENDING)
                    .set(REQUEST.PEOPLE, 0)
                    .set(REQUEST.PREPARED_AT, clock.instant())
                    .set(
                            REQUEST.POLL_AT,
                            clock.instant().plus(terms.requestTimeout()).plusSeconds(30))
                    .execute();
            tx.update(FORM_WINDOW)
                    .set(FORM_WINDOW.REQUEST_ID, request)
                    .setNull(FORM_WINDOW.DUE_AT)
                    .set(FORM_WINDOW.SUBMISSIONS, 0)
                    .set(FORM_WINDOW.NOT_SELECTED, 0)
                    .set(FORM_WINDOW.UNREADABLE, 0)
                    .where(FORM_WINDOW.ID.eq(window.getId()))
                    .execute();
            audit.append(
                    tx,
                    AuditEvent.of(Actor.SYSTEM, "tokens.form.read", connector.subject())
                            .with("recipient", terms.seederUrl())
                            .with("form", form.address())
                            .with("from", window.getFromAt())
                            .with("to", window.getToAt())
                            .with("basis", terms.ground()));
            return Optional.of(new Prepared(
                    request,
                    SeederClient.bytes(new SeederRequest(terms)
                            .formEnvelope(form, password, window.getFromAt(), window.getToAt(), clock.instant()))));
        });
    }

    private void askAgainForPeople(DSLContext tx, UUID connector, OdkForm form) {
        PEOPLE_AGAIN.run(tx, Map.of("connector", connector, "form", form.digest(), "now", now()));
    }

    /**
     * Has submissions in which nobody was known read once more.
     *
     * @param code only those with this one; empty for all
     * @return in how many parts they are
     */
    int askAgain(Actor actor, Connector connector, String code, String reason) {
        actor.require(TokensPermission.OPERATE);
        if (connector.terms().form() == null) {
            throw Problem.of(TokensProblem.NO_FORM);
        }
        if (reason.isBlank()) {
            throw Problem.of(TokensProblem.REASON_MISSING);
        }
        return database.inTransaction(tx -> {
            int parts = NOBODY_AGAIN.run(
                    tx,
                    Map.of(
                            "connector",
                            connector.id(),
                            "form",
                            form(connector.terms()).digest(),
                            "code",
                            code,
                            "now",
                            now()));
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "tokens.form.ask_again", connector.subject())
                            .with("parts", parts)
                            .with("code", code)
                            .forReason(reason));
            return parts;
        });
    }

    /** When the next window is due; empty where none will be. */
    Optional<Instant> nextDue(Connector connector) {
        return database.sql()
                .select(FORM_WINDOW.DUE_AT)
                .from(FORM_WINDOW)
                .where(ofForm(connector), FORM_WINDOW.DUE_AT.isNotNull())
                .orderBy(FORM_WINDOW.DUE_AT)
                .limit(1)
                .fetchOptional(FORM_WINDOW.DUE_AT);
    }

    /** At once and as it was: nobody knows whether the seeder heard of it. */
    void again(DSLContext tx, UUID request) {
        tx.update(FORM_WINDOW)
                .set(FORM_WINDOW.DUE_AT, clock.instant())
                .where(FORM_WINDOW.REQUEST_ID.eq(request))
                .execute();
    }

    /** What is agreed has to be changed first. */
    void waitForRun(DSLContext tx, UUID request) {
        tx.update(FORM_WINDOW)
                .setNull(FORM_WINDOW.DUE_AT)
                .where(FORM_WINDOW.REQUEST_ID.eq(request))
                .execute();
    }

    /** In two halves after a pause; what cannot be halved is tried as it is, later and later, and in the end by the next run. */
    void halve(DSLContext tx, Connector connector, UUID request, Duration pause) {
        FormWindowRecord window = tx.selectFrom(FORM_WINDOW)
                .where(FORM_WINDOW.REQUEST_ID.eq(request))
                .forUpdate()
                .fetchOne();
        if (window == null) {
            return;
        }
        if (!canBeHalved(window)) {
            later(tx, connector, window);
            return;
        }
        Instant middle = window.getFromAt().plus(width(window).dividedBy(2)).truncatedTo(ChronoUnit.MILLIS);
        int halvings = window.getHalvings() + 1;
        Instant due = clock.instant().plus(pause);
        tx.insertInto(FORM_WINDOW)
                .set(FORM_WINDOW.ID, Ids.next())
                .set(FORM_WINDOW.CONNECTOR_ID, window.getConnectorId())
                .set(FORM_WINDOW.FORM_DIGEST, window.getFormDigest())
                .set(FORM_WINDOW.FROM_AT, middle)
                .set(FORM_WINDOW.TO_AT, window.getToAt())
                .set(FORM_WINDOW.DUE_AT, due)
                .set(FORM_WINDOW.HALVINGS, halvings)
                .execute();
        tx.update(FORM_WINDOW)
                .set(FORM_WINDOW.TO_AT, middle)
                .set(FORM_WINDOW.HALVINGS, halvings)
                .set(FORM_WINDOW.DUE_AT, due)
                .where(FORM_WINDOW.ID.eq(window.getId()))
                .execute();
    }

    private static Duration width(FormWindowRecord window) {
        return Duration.between(window.getFromAt(), window.getToAt());
    }

    private static boolean canBeHalved(FormWindowRecord window) {
        return window.getHalvings() < MOST_HALVINGS && width(window).compareTo(SHORTEST) >= 0;
    }

    /** Whether what is at fault may still be narrowed down. */
    boolean canBeHalved(DSLContext tx, UUID request) {
        FormWindowRecord window = tx.selectFrom(FORM_WINDOW)
                .where(FORM_WINDOW.REQUEST_ID.eq(request))
                .fetchOne();
        return window != null && canBeHalved(window);
    }

    private void later(DSLContext tx, Connector connector, FormWindowRecord window) {
        int attempts = window.getAttempts() + 1;
        boolean again = attempts < connector.terms().maxAttempts();
        Duration pause = connector.terms().backOffs().after(attempts);
        tx.update(FORM_WINDOW)
                .set(FORM_WINDOW.ATTEMPTS, attempts)
                .set(FORM_WINDOW.DUE_AT, again ? clock.instant().plus(pause) : null)
                .where(FORM_WINDOW.ID.eq(window.getId()))
                .execute();
    }

    private Timestamp now() {
        return Timestamp.from(clock.instant());
    }

    /** @param state such as {@code read} */
    record Row(
            UUID id,
            Instant from,
            Instant to,
            State state,
            int submissions,
            int notSelected,
            int unreadable,
            int attempts,
            @Nullable Instant dueAt,
            String because) {}

    /** As people are told. */
    enum State {
        WAITS,
        WITH_THE_SEEDER,
        READ,
        /** Some results name no submission of it. */
        READ_IN_PART,
        STANDS_STILL,
        /** Another form is read now. */
        LEFT
    }

    Page<Row> page(Actor actor, UUID connector, PageRequest request) {
        actor.require(TokensPermission.VIEW);
        return ORDER.page(
                        database.sql(),
                        List.of(FORM_WINDOW.asterisk(), REQUEST.STATE, REQUEST.CODE, REQUEST.DETAIL),
                        FORM_WINDOW.leftJoin(REQUEST).on(REQUEST.ID.eq(FORM_WINDOW.REQUEST_ID)),
                        FORM_WINDOW.CONNECTOR_ID.eq(connector),
                        request)
                .map(row -> new Row(
                        row.get(FORM_WINDOW.ID),
                        row.get(FORM_WINDOW.FROM_AT),
                        row.get(FORM_WINDOW.TO_AT),
                        state(row.get(FORM_WINDOW.DUE_AT), row.get(REQUEST.STATE), row.get(FORM_WINDOW.UNREADABLE)),
                        row.get(FORM_WINDOW.SUBMISSIONS),
                        row.get(FORM_WINDOW.NOT_SELECTED),
                        row.get(FORM_WINDOW.UNREADABLE),
                        row.get(FORM_WINDOW.ATTEMPTS),
                        row.get(FORM_WINDOW.DUE_AT),
                        row.get(REQUEST.STATE) == null
                                ? ""
                                : (row.get(REQUEST.CODE) + " " + row.get(REQUEST.DETAIL)).strip()));
    }

    private static State state(@Nullable Instant due, @Nullable RequestState request, int unreadable) {
        if (due != null || request == null) {
            return due == null ? State.LEFT : State.WAITS;
        }
        if (request == RequestState.DONE) {
            return unreadable == 0 ? State.READ : State.READ_IN_PART;
        }
        return FAILED.contains(request) ? State.STANDS_STILL : State.WITH_THE_SEEDER;
    }
}
