package org.annona.tokens.connector;

import static org.annona.tokens.internal.tables.Tables.CONNECTOR;
import static org.annona.tokens.internal.tables.Tables.CONNECTOR_SECRET;
import static org.annona.tokens.internal.tables.Tables.CONNECTOR_VERSION;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.Sqlstate;
import org.annona.foundation.digest.RowDigest;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.job.JobOrder;
import org.annona.foundation.job.JobState;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.retry.BackOff;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.Sealer;
import org.annona.foundation.sealing.Sensitive;
import org.annona.interop.http.Origin;
import org.annona.tokens.ConnectorTerms;
import org.annona.tokens.OdkForm;
import org.annona.tokens.Subjects;
import org.annona.tokens.TokensPermission;
import org.annona.tokens.TokensProblem;
import org.annona.tokens.internal.tables.states.ConnectorState;
import org.annona.tokens.internal.tables.tables.records.ConnectorRecord;
import org.annona.tokens.internal.tables.tables.records.ConnectorSecretRecord;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What is agreed with token seeders, in every version, and whether each connector runs. */
public final class Connectors {

    /** Kind of the job that a run is. */
    public static final String RUN = "tokens.run-connector";

    /**
     * Name of the password of the account that reads a form, among the secrets; a header cannot be called like this. It is kept
     * for one server and one account.
     */
    public static final String FORM_PASSWORD = "password of the form";

    private static final String TERMS = "tokens.connector.terms_sealed";
    private static final String SECRET = "tokens.connector_secret.value_sealed";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration LONGEST_QUIET = Duration.ofMinutes(5);
    private static final Keyset ORDER = new Keyset(Map.of("name", CONNECTOR.NAME), "name", false, CONNECTOR.ID);

    private final Database database;
    private final Subjects subjects;
    private final Sealer sealer;
    private final Jobs jobs;
    private final Predicate<String> reachable;
    private final Duration silence;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("tokens");

    /**
     * @param reachable which addresses of seeders may be called
     * @param silence for which a seeder that cannot be reached is left alone the first time
     */
    public Connectors(
            Database database,
            Subjects subjects,
            Keyring keyring,
            Predicate<String> reachable,
            Duration silence,
            Clock clock) {
        this.jobs = new Jobs(database);
        this.reachable = reachable;
        this.silence = silence;
        this.database = database;
        this.subjects = subjects;
        this.sealer = keyring.sealer("tokens");
        this.clock = clock;
    }

    /** What a run works for. */
    public record RunOrder(UUID connectorId, int run, int version) {}

    /**
     * What the saving of an agreement would run into.
     *
     * @param faults sentences; empty where it may be saved
     * @param plain the filter in a sentence
     * @param hints what was perhaps not meant
     */
    public record Report(List<String> faults, String plain, List<String> hints) {}

    public Report check(Actor actor, ConnectorTerms terms) {
        actor.require(TokensPermission.CONFIGURE);
        return TermsCheck.of(subjects, reachable, clock.instant(), terms);
    }

    /** @param secrets headers for the way to the seeder, and {@link #FORM_PASSWORD}; they are kept sealed */
    public UUID create(Actor actor, String name, ConnectorTerms terms, Map<String, String> secrets) {
        actor.require(TokensPermission.CONFIGURE);
        refuseUnfit(name, terms);
        if (terms.form() != null && !secrets.containsKey(FORM_PASSWORD)) {
            throw passwordMissing();
        }
        UUID id = Ids.next();
        unlessNamed(() -> database.transact(tx -> {
            tx.insertInto(CONNECTOR)
                    .set(CONNECTOR.ID, id)
                    .set(CONNECTOR.NAME, name.strip())
                    .set(CONNECTOR.STATE, ConnectorState.DRAFT)
                    .set(CONNECTOR.VERSION, 1)
                    .set(CONNECTOR.TERMS_SEALED, sealed(id, terms))
                    .set(CONNECTOR.CHANGED_BY, actor.name())
                    .execute();
            keep(tx, id, 1, terms, actor, secrets);
        }));
        return id;
    }

    /**
     * A run that is under way keeps to what it began with.
     *
     * @param secrets as when it was created; those that are not named stay, unless they were given for another address
     */
    public void change(
            Actor actor, UUID id, int version, String name, ConnectorTerms terms, Map<String, String> secrets) {
        actor.require(TokensPermission.CONFIGURE);
        refuseUnfit(name, terms);
        if ((version(id, version).form() == null) != (terms.form() == null)) {
            throw Problem.of(
                    TokensProblem.CONNECTOR_UNFIT,
                    "faults",
                    "Input: whether people of the registry are sent or a form is read stays as it is; set up another"
                            + " connector.");
        }
        unlessNamed(() -> database.transact(tx -> {
            int changed = tx.update(CONNECTOR)
                    .set(CONNECTOR.NAME, name.strip())
                    .set(CONNECTOR.TERMS_SEALED, sealed(id, terms))
                    .set(CONNECTOR.VERSION, version + 1)
                    .set(CONNECTOR.CHANGED_BY, actor.name())
                    .set(CONNECTOR.CHANGED_AT, clock.instant())
                    .where(CONNECTOR.ID.eq(id), CONNECTOR.VERSION.eq(version))
                    .execute();
            if (changed == 0) {
                throw Problem.of(TokensProblem.CONNECTOR_CHANGED);
            }
            keep(tx, id, version + 1, terms, actor, secrets);
            OdkForm form = terms.form();
            if (form != null
                    && !tx.fetchExists(
                            CONNECTOR_SECRET,
                            CONNECTOR_SECRET.CONNECTOR_ID.eq(id),
                            CONNECTOR_SECRET.NAME.eq(passwordOf(terms)))) {
                throw passwordMissing();
            }
        }));
    }

    /** For one account of one server, and for one seeder that is told it. */
    private static String passwordOf(ConnectorTerms terms) {
        String account = terms.form() == null ? "" : terms.form().account();
        return FORM_PASSWORD + " " + RowDigest.hex(RowDigest.ofText(Origin.of(terms.seederUrl()) + " " + account));
    }

    private static Problem passwordMissing() {
        return Problem.of(
                TokensProblem.CONNECTOR_UNFIT,
                "faults",
                "Password of the account in ODK: type it; it was not kept for this address.");
    }

    private void refuseUnfit(String name, ConnectorTerms terms) {
        if (name.isBlank() || name.length() > 100) {
            throw Problem.of(TokensProblem.CONNECTOR_UNFIT, "faults", "Name: it has 1 to 100 letters.");
        }
        List<String> faults =
                TermsCheck.of(subjects, reachable, clock.instant(), terms).faults();
        if (!faults.isEmpty()) {
            throw Problem.of(TokensProblem.CONNECTOR_UNFIT, "faults", String.join(" ", faults));
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
                    TokensProblem.CONNECTOR_UNFIT, "faults", "Name: another connector is called like this already.");
        }
    }

    private void keep(
            DSLContext tx, UUID id, int version, ConnectorTerms terms, Actor actor, Map<String, String> secrets) {
        tx.insertInto(CONNECTOR_VERSION)
                .set(CONNECTOR_VERSION.CONNECTOR_ID, id)
                .set(CONNECTOR_VERSION.VERSION, version)
                .set(CONNECTOR_VERSION.TERMS_SEALED, sealed(id, terms))
                .set(CONNECTOR_VERSION.CHANGED_BY, actor.name())
                .execute();
        forget(tx, id, version, terms, secrets);
        OdkForm form = terms.form();
        Map<String, String> kept = new HashMap<>(secrets);
        String password = kept.remove(FORM_PASSWORD);
        if (form != null && password != null) {
            kept.put(passwordOf(terms), password);
        }
        kept.forEach((name, value) -> tx.insertInto(CONNECTOR_SECRET)
                .set(CONNECTOR_SECRET.CONNECTOR_ID, id)
                .set(CONNECTOR_SECRET.NAME, name)
                .set(CONNECTOR_SECRET.VALUE_SEALED, sealer.seal(SECRET, id + "/" + name, value))
                .onConflict(CONNECTOR_SECRET.CONNECTOR_ID, CONNECTOR_SECRET.NAME)
                .doUpdate()
                .set(CONNECTOR_SECRET.VALUE_SEALED, sealer.seal(SECRET, id + "/" + name, value))
                .execute());
        AuditEvent event = AuditEvent.of(actor.name(), "tokens.connector.save", Connector.subject(id))
                .with("version", version)
                .with("secrets", String.join(", ", secrets.keySet()));
        for (Map.Entry<String, String> fact : terms.summary().entrySet()) {
            event = event.with(fact.getKey(), fact.getValue());
        }
        audit.append(tx, event);
    }

    /** Secrets were given for one address; to another one none of them goes by itself. */
    private void forget(DSLContext tx, UUID id, int version, ConnectorTerms terms, Map<String, String> secrets) {
        if (version == 1) {
            return;
        }
        boolean moved = !Origin.of(version(id, version - 1).seederUrl()).equals(Origin.of(terms.seederUrl()));
        OdkForm form = terms.form();
        Condition otherAccount = form == null
                ? DSL.falseCondition()
                : CONNECTOR_SECRET.NAME.startsWith(FORM_PASSWORD).and(CONNECTOR_SECRET.NAME.ne(passwordOf(terms)));
        tx.deleteFrom(CONNECTOR_SECRET)
                .where(CONNECTOR_SECRET.CONNECTOR_ID.eq(id))
                .and(moved ? CONNECTOR_SECRET.NAME.notIn(secrets.keySet()) : otherAccount)
                .execute();
    }

    /** Headers for the way to the seeder of these terms, in clear; none where the connector was changed to another one. */
    public Map<String, String> headers(UUID id, ConnectorTerms terms) {
        Map<String, String> headers = new HashMap<>();
        boolean moved = find(id).filter(
                        now -> Origin.of(now.terms().seederUrl()).equals(Origin.of(terms.seederUrl())))
                .isEmpty();
        if (moved) {
            return headers;
        }
        database.sql()
                .selectFrom(CONNECTOR_SECRET)
                .where(CONNECTOR_SECRET.CONNECTOR_ID.eq(id))
                .and(CONNECTOR_SECRET.NAME.notLike(FORM_PASSWORD + "%"))
                .forEach(row -> headers.put(row.getName(), opened(id, row)));
        return headers;
    }

    /** Of the account that reads this form, in clear; empty where the connector was changed to another one or another seeder. */
    public Optional<Sensitive<String>> formPassword(UUID id, ConnectorTerms terms) {
        return database.sql()
                .selectFrom(CONNECTOR_SECRET)
                .where(CONNECTOR_SECRET.CONNECTOR_ID.eq(id), CONNECTOR_SECRET.NAME.eq(passwordOf(terms)))
                .fetchOptional(row -> Sensitive.of(opened(id, row)));
    }

    private String opened(UUID id, ConnectorSecretRecord row) {
        return sealer.openText(SECRET, id + "/" + row.getName(), row.getValueSealed());
    }

    public Connector show(Actor actor, UUID id) {
        actor.require(TokensPermission.VIEW);
        return find(id).orElseThrow(() -> Problem.of(TokensProblem.CONNECTOR_UNKNOWN));
    }

    public Optional<Connector> find(UUID id) {
        return database.sql().selectFrom(CONNECTOR).where(CONNECTOR.ID.eq(id)).fetchOptional(this::connector);
    }

    public Optional<Connector> findByName(String name) {
        return database.sql()
                .selectFrom(CONNECTOR)
                .where(CONNECTOR.NAME.eq(name))
                .fetchOptional(this::connector);
    }

    /** What was agreed when a request was made, whatever is agreed now. */
    public ConnectorTerms version(UUID id, int version) {
        return terms(
                id,
                database.sql()
                        .select(CONNECTOR_VERSION.TERMS_SEALED)
                        .from(CONNECTOR_VERSION)
                        .where(CONNECTOR_VERSION.CONNECTOR_ID.eq(id), CONNECTOR_VERSION.VERSION.eq(version))
                        .fetchSingle(CONNECTOR_VERSION.TERMS_SEALED));
    }

    /** An earlier version, as its list shows it. */
    public record Version(int version, String changedBy, Instant changedAt) {}

    public List<Version> versions(UUID id) {
        return database.sql()
                .selectFrom(CONNECTOR_VERSION)
                .where(CONNECTOR_VERSION.CONNECTOR_ID.eq(id))
                .orderBy(CONNECTOR_VERSION.VERSION.desc())
                .limit(20)
                .fetch(row -> new Version(row.getVersion(), row.getChangedBy(), row.getChangedAt()));
    }

    public Page<Connector> page(Actor actor, PageRequest request) {
        actor.require(TokensPermission.VIEW);
        return ORDER.page(database.sql(), List.of(CONNECTOR.fields()), CONNECTOR, DSL.trueCondition(), request)
                .map(this::connector);
    }

    /** How many stand still because of something that a person has to mend. */
    public long countFailed() {
        return database.sql().fetchCount(CONNECTOR, CONNECTOR.STATE.eq(ConnectorState.FAILED));
    }

    public void start(Actor actor, UUID id) {
        actor.require(TokensPermission.OPERATE);
        database.transact(tx -> {
            Connector connector = locked(tx, id);
            if (connector.state() == ConnectorState.STARTED) {
                throw notReady(connector);
            }
            run(tx, connector, actor.name());
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "tokens.connector.start", connector.subject())
                            .with("version", connector.version())
                            .with("run", connector.run() + 1));
        });
    }

    private void run(DSLContext tx, Connector connector, String actor) {
        int run = connector.run() + 1;
        tx.update(CONNECTOR)
                .set(CONNECTOR.STATE, ConnectorState.STARTED)
                .set(CONNECTOR.REASON, "")
                .set(CONNECTOR.RUN, run)
                .setNull(CONNECTOR.NEXT_RUN_AT)
                .set(CONNECTOR.QUIET_UNTIL, Instant.EPOCH)
                .set(CONNECTOR.SILENCES, 0)
                .set(CONNECTOR.REFUSALS, 0)
                .where(CONNECTOR.ID.eq(connector.id()))
                .execute();
        Jobs.order(
                tx,
                new JobOrder(
                        "tokens",
                        RUN,
                        RUN + "/" + connector.id() + "/" + run,
                        "Tokens by " + connector.name() + ", run " + run,
                        connector.subject(),
                        actor,
                        new RunOrder(connector.id(), run, connector.version())));
    }

    /** No new messages leave; those that are open are still collected. */
    public void stop(Actor actor, UUID id) {
        actor.require(TokensPermission.OPERATE);
        database.transact(tx -> {
            Connector connector = locked(tx, id);
            if (connector.state() != ConnectorState.STARTED) {
                throw notReady(connector);
            }
            tx.update(CONNECTOR)
                    .set(CONNECTOR.STATE, ConnectorState.STOPPED)
                    .set(CONNECTOR.REASON, "stopped by " + actor.name())
                    .setNull(CONNECTOR.NEXT_RUN_AT)
                    .where(CONNECTOR.ID.eq(id))
                    .execute();
            audit.append(tx, AuditEvent.of(actor.name(), "tokens.connector.stop", connector.subject()));
        });
    }

    /** Begins the runs of recurring connectors whose time has come, and notices runs that broke. */
    public void startDue() {
        noticeBroken();
        List<UUID> due = database.sql()
                .select(CONNECTOR.ID)
                .from(CONNECTOR)
                .where(CONNECTOR.NEXT_RUN_AT.le(clock.instant()))
                .fetch(CONNECTOR.ID);
        for (UUID id : due) {
            database.transact(tx -> {
                Connector connector = locked(tx, id);
                Instant next = connector.nextRunAt();
                if (next != null && !next.isAfter(clock.instant())) {
                    run(tx, connector, Actor.SYSTEM);
                }
            });
        }
    }

    /** A job that failed says nothing to its connector by itself. */
    private void noticeBroken() {
        database.sql()
                .select(CONNECTOR.ID)
                .from(CONNECTOR)
                .where(CONNECTOR.STATE.eq(ConnectorState.STARTED), CONNECTOR.NEXT_RUN_AT.isNull())
                .fetch(CONNECTOR.ID)
                .forEach(id -> jobs.ofSubject(Connector.subject(id), 1).stream()
                        .filter(job -> job.state() == JobState.FAILED)
                        .findFirst()
                        .ifPresent(job -> database.transact(tx -> failed(tx, id, job.message()))));
    }

    /** After the last person of a run. */
    public void ended(DSLContext tx, Connector connector) {
        boolean again = connector.terms().recurring();
        tx.update(CONNECTOR)
                .set(CONNECTOR.STATE, again ? ConnectorState.STARTED : ConnectorState.COMPLETED)
                .set(
                        CONNECTOR.NEXT_RUN_AT,
                        again
                                ? clock.instant()
                                        .plus(Duration.ofMinutes(
                                                connector.terms().intervalMinutes()))
                                : null)
                .where(CONNECTOR.ID.eq(connector.id()), CONNECTOR.RUN.eq(connector.run()))
                .and(CONNECTOR.STATE.eq(ConnectorState.STARTED))
                .execute();
    }

    /** The job of a run was stopped on the page of the jobs. */
    public void cancelled(DSLContext tx, UUID id, int run) {
        tx.update(CONNECTOR)
                .set(CONNECTOR.STATE, ConnectorState.STOPPED)
                .set(CONNECTOR.REASON, "its job was stopped")
                .setNull(CONNECTOR.NEXT_RUN_AT)
                .where(CONNECTOR.ID.eq(id), CONNECTOR.RUN.eq(run), CONNECTOR.STATE.eq(ConnectorState.STARTED))
                .execute();
    }

    /** Something that every message would run into; a recurring connector tries again at its next time. */
    public void failed(DSLContext tx, UUID id, String reason) {
        Connector connector = locked(tx, id);
        boolean again = connector.terms().recurring() && connector.state() == ConnectorState.STARTED;
        tx.update(CONNECTOR)
                .set(CONNECTOR.STATE, ConnectorState.FAILED)
                .set(CONNECTOR.REASON, reason)
                .set(
                        CONNECTOR.NEXT_RUN_AT,
                        again
                                ? clock.instant()
                                        .plus(Duration.ofMinutes(
                                                connector.terms().intervalMinutes()))
                                : null)
                .where(CONNECTOR.ID.eq(id), CONNECTOR.STATE.ne(ConnectorState.FAILED))
                .execute();
        audit.append(
                tx,
                AuditEvent.of(Actor.SYSTEM, "tokens.connector.fail", connector.subject())
                        .forReason(reason));
    }

    /**
     * The seeder could not be reached: it is left alone for a moment, then for twice as long each time, up to five minutes.
     *
     * @return whether it was heard before this
     */
    public boolean silent(DSLContext tx, UUID id) {
        Connector connector = locked(tx, id);
        boolean first = connector.silences() == 0;
        if (clock.instant().isBefore(connector.quietUntil())) {
            return false;
        }
        Duration quiet = BackOff.doubling(silence, LONGEST_QUIET).after(connector.silences() + 1);
        tx.update(CONNECTOR)
                .set(CONNECTOR.SILENCES, connector.silences() + 1)
                .set(CONNECTOR.QUIET_UNTIL, clock.instant().plus(quiet))
                .where(CONNECTOR.ID.eq(id))
                .execute();
        return first;
    }

    /** A message was refused because of some record. @return how many in a row that makes */
    public int refusedAgain(DSLContext tx, UUID id) {
        Integer refusals = tx.update(CONNECTOR)
                .set(CONNECTOR.REFUSALS, CONNECTOR.REFUSALS.plus(1))
                .where(CONNECTOR.ID.eq(id))
                .returning(CONNECTOR.REFUSALS)
                .fetchOne(CONNECTOR.REFUSALS);
        return refusals == null ? 0 : refusals;
    }

    public void heard(DSLContext tx, UUID id) {
        tx.update(CONNECTOR)
                .set(CONNECTOR.SILENCES, 0)
                .set(CONNECTOR.REFUSALS, 0)
                .set(CONNECTOR.QUIET_UNTIL, Instant.EPOCH)
                .where(CONNECTOR.ID.eq(id), CONNECTOR.SILENCES.gt(0).or(CONNECTOR.REFUSALS.gt(0)))
                .execute();
    }

    private Connector locked(DSLContext tx, UUID id) {
        return tx.selectFrom(CONNECTOR)
                .where(CONNECTOR.ID.eq(id))
                .forUpdate()
                .fetchOptional(this::connector)
                .orElseThrow(() -> Problem.of(TokensProblem.CONNECTOR_UNKNOWN));
    }

    private static Problem notReady(Connector connector) {
        return Problem.of(
                TokensProblem.CONNECTOR_NOT_READY, "state", connector.state().code());
    }

    private Connector connector(Record row) {
        ConnectorRecord record = row.into(CONNECTOR);
        return new Connector(
                record.getId(),
                record.getName(),
                record.getState(),
                record.getReason(),
                record.getVersion(),
                terms(record.getId(), record.getTermsSealed()),
                record.getRun(),
                record.getNextRunAt(),
                record.getQuietUntil(),
                record.getSilences(),
                record.getChangedBy(),
                record.getChangedAt());
    }

    private byte[] sealed(UUID id, ConnectorTerms terms) {
        return sealer.seal(TERMS, id, JSON.writeValueAsBytes(terms));
    }

    private ConnectorTerms terms(UUID id, byte @Nullable [] sealed) {
        return JSON.readValue(sealer.open(TERMS, id, java.util.Objects.requireNonNull(sealed)), ConnectorTerms.class);
    }
}
