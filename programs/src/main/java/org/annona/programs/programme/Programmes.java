package org.annona.programs.programme;

import static org.annona.programs.internal.tables.Tables.PROGRAMME;
import static org.annona.programs.internal.tables.Tables.PROGRAMME_VERSION;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.noCondition;

import java.time.Clock;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.criteria.Criterion;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.Sqlstate;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Faults;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.annona.programs.AreaDirectory;
import org.annona.programs.ProgramsPermission;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.ProgramsSettings;
import org.annona.programs.approval.Approvals;
import org.annona.programs.internal.tables.tables.records.ProgrammeRecord;
import org.annona.programs.internal.tables.tables.records.ProgrammeVersionRecord;
import org.annona.programs.population.SubjectKind;
import org.annona.programs.programme.Programme.State;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/** Programmes and the versions of their terms. Terms take effect when another person than their author approves them. */
public final class Programmes {

    private static final Keyset ORDER =
            new Keyset(Map.of("created", PROGRAMME.CREATED_AT, "code", PROGRAMME.CODE), "created", true, PROGRAMME.ID);

    private final Database database;
    private final ProgramsSettings settings;
    private final AreaDirectory areas;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("programs");

    public Programmes(Database database, ProgramsSettings settings, AreaDirectory areas, Clock clock) {
        this.areas = areas;
        this.database = database;
        this.settings = settings;
        this.clock = clock;
    }

    public Currency currency() {
        return settings.currency();
    }

    /** Makes a draft; the same code again with the same terms by the same author gives the draft that is there. */
    public Programme create(Actor actor, String code, String name, ProgrammeTerms terms) {
        return create(actor, code, name, () -> terms);
    }

    /** The same with terms that are still to be read. A refusal names everything that is wrong. */
    public Programme create(Actor actor, String code, String name, Supplier<ProgrammeTerms> typed) {
        actor.require(ProgramsPermission.PREPARE);
        String key = code.strip().toUpperCase(Locale.ROOT);
        Faults faults = new Faults();
        if (name.isBlank() || name.length() > 120) {
            faults.add(invalid("Name", "it has 1 to 120 characters"));
        }
        if (!key.matches("[A-Z][A-Z0-9-]{1,19}")) {
            faults.add(invalid("Code", "use 2 to 20 letters, digits or hyphens, beginning with a letter"));
        }
        ProgrammeTerms read = faults.readOrNull(typed);
        if (read != null) {
            faults.check(() -> refuseUnfit(read));
        }
        faults.refuse();
        ProgrammeTerms terms = Objects.requireNonNull(read, "it was refused");
        UUID id = Ids.next();
        try {
            database.transact(tx -> {
                tx.insertInto(PROGRAMME)
                        .set(PROGRAMME.ID, id)
                        .set(PROGRAMME.CODE, key)
                        .set(PROGRAMME.NAME, name.strip())
                        .set(PROGRAMME.CURRENCY, settings.currency().getCurrencyCode())
                        .set(PROGRAMME.SUBJECT_KIND, terms.subject().code())
                        .set(PROGRAMME.STATE, state(State.DRAFT))
                        .set(PROGRAMME.CREATED_BY, actor.name())
                        .execute();
                writeVersion(tx, actor, id, terms);
                audit.append(
                        tx,
                        AuditEvent.of(actor.name(), "programs.programme.create", "programme/" + id)
                                .resultingIn(terms.digest())
                                .with("code", key));
            });
        } catch (DataAccessException conflict) {
            if (Sqlstate.isConflict(conflict)) {
                throw Problem.of(ProgramsProblem.PROGRAMME_CODE_TAKEN, "code", key);
            }
            throw conflict;
        }
        return find(id);
    }

    private void refuseUnfit(ProgrammeTerms terms) {
        terms.refuseUnfit(terms.catalogue(currency()));
        areasOf(terms.criterion(terms.catalogue(currency())))
                .filter(areas::isUnknown)
                .findFirst()
                .ifPresent(code -> {
                    throw Problem.of(
                            ProgramsProblem.TERMS_UNFIT,
                            "reason",
                            "there is no area with the code '" + code + "'; choose one from the list");
                });
    }

    private static Stream<String> areasOf(Criterion criterion) {
        return switch (criterion) {
            case Criterion.Within(String attribute, String area) -> Stream.of(area);
            case Criterion.And(List<Criterion> parts) -> parts.stream().flatMap(Programmes::areasOf);
            case Criterion.Or(List<Criterion> parts) -> parts.stream().flatMap(Programmes::areasOf);
            case Criterion.Not(Criterion part) -> areasOf(part);
            case Criterion.IsTrue(Criterion part) -> areasOf(part);
            default -> Stream.of();
        };
    }

    private static Problem invalid(String field, String reason) {
        return Problem.of(FoundationProblem.INVALID_INPUT, "field", field, "reason", reason);
    }

    /** Writes a new version of the terms. It is in force only when approved; running cycles keep theirs. */
    public int change(Actor actor, UUID id, ProgrammeTerms terms) {
        actor.require(ProgramsPermission.PREPARE);
        refuseUnfit(terms);
        return database.inTransaction(tx -> {
            ProgrammeRecord programme = locked(tx, id, State.DRAFT, State.IN_REVIEW, State.ACTIVE, State.SUSPENDED);
            if (!programme.getSubjectKind().equals(terms.subject().code())) {
                throw Problem.of(
                        ProgramsProblem.TERMS_UNFIT,
                        "reason",
                        "the programme is for "
                                + SubjectKind.of(programme.getSubjectKind()).plural()
                                + ", and terms for others need a programme of their own");
            }
            Approvals.voidOpen(tx, "programme_version", id, clock.instant());
            if (programme.getState().equals(state(State.IN_REVIEW))) {
                programme.setState(state(State.DRAFT));
                programme.update();
            }
            int version = writeVersion(tx, actor, id, terms);
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "programs.programme.change", "programme/" + id)
                            .resultingIn(terms.digest())
                            .with("version", version));
            return version;
        });
    }

    private static int writeVersion(DSLContext tx, Actor actor, UUID id, ProgrammeTerms terms) {
        int version = 1
                + tx.select(coalesce(max(PROGRAMME_VERSION.VERSION), 0))
                        .from(PROGRAMME_VERSION)
                        .where(PROGRAMME_VERSION.PROGRAMME_ID.eq(id))
                        .fetchSingle()
                        .value1();
        tx.insertInto(PROGRAMME_VERSION)
                .set(PROGRAMME_VERSION.PROGRAMME_ID, id)
                .set(PROGRAMME_VERSION.VERSION, version)
                .set(PROGRAMME_VERSION.TERMS, JSONB.valueOf(terms.toJson()))
                .set(PROGRAMME_VERSION.DIGEST, terms.digest())
                .set(PROGRAMME_VERSION.AUTHOR, actor.name())
                .execute();
        return version;
    }

    /** Asks for the approval of the newest version. */
    public UUID submit(Actor actor, UUID id) {
        actor.require(ProgramsPermission.PREPARE);
        return database.inTransaction(tx -> {
            ProgrammeRecord programme = locked(tx, id, State.DRAFT, State.ACTIVE, State.SUSPENDED);
            if (Approvals.hasOpen(tx, "programme_version", id)) {
                throw Problem.of(ProgramsProblem.PROGRAMME_NOT_READY, "state", "waiting for a decision already");
            }
            Programme.Version newest = version(tx, id, null);
            if (newest.approver() != null) {
                throw Problem.of(ProgramsProblem.PROGRAMME_NOT_READY, "state", "approved in its newest version");
            }
            if (!newest.author().equals(actor.name())) {
                throw Problem.of(ProgramsProblem.NOT_AUTHOR, "author", newest.author());
            }
            if (programme.getState().equals(state(State.DRAFT))) {
                programme.setState(state(State.IN_REVIEW));
                programme.update();
            }
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "programs.programme.submit", "programme/" + id)
                            .resultingIn(newest.digest())
                            .with("version", newest.number()));
            return Approvals.ask(
                    tx,
                    new Approvals.Ask(
                            "programme_version",
                            id,
                            id,
                            newest.number(),
                            "Terms of " + programme.getName() + ", version " + newest.number(),
                            newest.digest(),
                            newest.author()));
        });
    }

    /** Puts an approved version into force; called with the vote that approves it. */
    public void putIntoForce(DSLContext tx, UUID id, int version, byte[] digest, Actor approver) {
        ProgrammeRecord programme = locked(tx, id, State.IN_REVIEW, State.ACTIVE, State.SUSPENDED);
        int updated = tx.update(PROGRAMME_VERSION)
                .set(PROGRAMME_VERSION.APPROVER, approver.name())
                .set(PROGRAMME_VERSION.APPROVED_AT, clock.instant())
                .where(PROGRAMME_VERSION.PROGRAMME_ID.eq(id), PROGRAMME_VERSION.VERSION.eq(version))
                .and(PROGRAMME_VERSION.DIGEST.eq(digest))
                .execute();
        if (updated == 0) {
            throw Problem.of(ProgramsProblem.DIGEST_CHANGED);
        }
        programme.setCurrentVersion(version);
        if (programme.getState().equals(state(State.IN_REVIEW))) {
            programme.setState(state(State.ACTIVE));
        }
        programme.update();
    }

    /** Takes a refused programme back into the hands of its manager. */
    public void sendBack(DSLContext tx, UUID id) {
        tx.update(PROGRAMME)
                .set(PROGRAMME.STATE, state(State.DRAFT))
                .where(PROGRAMME.ID.eq(id), PROGRAMME.STATE.eq(state(State.IN_REVIEW)))
                .execute();
    }

    /** Stops enrolment, new cycles and releases, or lets them go on. */
    public void setSuspended(Actor actor, UUID id, boolean suspended, String reason) {
        actor.require(ProgramsPermission.PREPARE);
        if (reason.isBlank()) {
            throw Problem.of(ProgramsProblem.REASON_MISSING);
        }
        database.transact(tx -> {
            ProgrammeRecord programme = locked(tx, id, suspended ? State.ACTIVE : State.SUSPENDED);
            programme.setState(state(suspended ? State.SUSPENDED : State.ACTIVE));
            programme.update();
            audit.append(
                    tx,
                    AuditEvent.of(
                                    actor.name(),
                                    suspended ? "programs.programme.suspend" : "programs.programme.resume",
                                    "programme/" + id)
                            .forReason(reason.strip()));
        });
    }

    public Programme show(Actor actor, UUID id) {
        actor.require(ProgramsPermission.VIEW);
        return find(id);
    }

    public Programme find(UUID id) {
        return database.sql()
                .selectFrom(PROGRAMME)
                .where(PROGRAMME.ID.eq(id))
                .fetchOptional(Programmes::view)
                .orElseThrow(() -> Problem.of(ProgramsProblem.PROGRAMME_UNKNOWN));
    }

    public Optional<Programme> findByCode(String code) {
        return database.sql()
                .selectFrom(PROGRAMME)
                .where(PROGRAMME.CODE.eq(code))
                .fetchOptional(Programmes::view);
    }

    /** Those that run; a country has some dozens. */
    public List<Programme> active() {
        return database.sql()
                .selectFrom(PROGRAMME)
                .where(PROGRAMME.STATE.eq(state(State.ACTIVE)))
                .orderBy(PROGRAMME.NAME, PROGRAMME.ID)
                .limit(200)
                .fetch(Programmes::view);
    }

    /** Those that pay or may pay again. */
    public List<Programme> fundable() {
        return database.sql()
                .selectFrom(PROGRAMME)
                .where(PROGRAMME.STATE.in(state(State.ACTIVE), state(State.SUSPENDED)))
                .orderBy(PROGRAMME.CODE)
                .limit(1_000)
                .fetch(Programmes::view);
    }

    /** Whom the programme is for, within a transaction. */
    public static SubjectKind subjectOf(DSLContext tx, UUID id) {
        return SubjectKind.of(tx.select(PROGRAMME.SUBJECT_KIND)
                .from(PROGRAMME)
                .where(PROGRAMME.ID.eq(id))
                .fetchSingle()
                .value1());
    }

    /** The version in force. */
    public Programme.Version current(Programme programme) {
        if (programme.currentVersion() == null) {
            throw notReady(programme.state());
        }
        return version(database.sql(), programme.id(), programme.currentVersion());
    }

    public Programme.Version version(UUID id, int number) {
        return version(database.sql(), id, number);
    }

    /** All versions, newest first. */
    public List<Programme.Version> versions(UUID id) {
        return database.sql()
                .selectFrom(PROGRAMME_VERSION)
                .where(PROGRAMME_VERSION.PROGRAMME_ID.eq(id))
                .orderBy(PROGRAMME_VERSION.VERSION.desc())
                .limit(50)
                .fetch(Programmes::version);
    }

    private static Programme.Version version(DSLContext sql, UUID id, @Nullable Integer number) {
        return sql.selectFrom(PROGRAMME_VERSION)
                .where(PROGRAMME_VERSION.PROGRAMME_ID.eq(id))
                .and(number == null ? noCondition() : PROGRAMME_VERSION.VERSION.eq(number))
                .orderBy(PROGRAMME_VERSION.VERSION.desc())
                .limit(1)
                .fetchOptional(Programmes::version)
                .orElseThrow(() -> Problem.of(ProgramsProblem.PROGRAMME_UNKNOWN));
    }

    private static Programme.Version version(ProgrammeVersionRecord row) {
        return new Programme.Version(
                row.getVersion(),
                ProgrammeTerms.fromJson(row.getTerms().data()),
                row.getDigest(),
                row.getAuthor(),
                row.getWrittenAt(),
                row.getApprover(),
                row.getApprovedAt());
    }

    /** Filter: state. */
    public Page<Programme> page(Actor actor, PageRequest request) {
        actor.require(ProgramsPermission.VIEW);
        Condition condition =
                request.filter("state").isEmpty() ? noCondition() : PROGRAMME.STATE.eq(request.filter("state"));
        return ORDER.page(database.sql(), List.of(PROGRAMME.fields()), PROGRAMME, condition, request)
                .map(row -> view(row.into(PROGRAMME)));
    }

    /** Refuses unless the programme runs. */
    public Programme requireActive(UUID id) {
        Programme programme = find(id);
        if (programme.state() != State.ACTIVE) {
            throw notReady(programme.state());
        }
        return programme;
    }

    private static ProgrammeRecord locked(DSLContext tx, UUID id, State... expected) {
        ProgrammeRecord programme = tx.selectFrom(PROGRAMME)
                .where(PROGRAMME.ID.eq(id))
                .forUpdate()
                .fetchOptional()
                .orElseThrow(() -> Problem.of(ProgramsProblem.PROGRAMME_UNKNOWN));
        for (State state : expected) {
            if (programme.getState().equals(state(state))) {
                return programme;
            }
        }
        throw notReady(State.valueOf(programme.getState().toUpperCase(Locale.ROOT)));
    }

    private static Problem notReady(State state) {
        return Problem.of(
                ProgramsProblem.PROGRAMME_NOT_READY, "state", state(state).replace('_', ' '));
    }

    public static String state(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static Programme view(ProgrammeRecord row) {
        return new Programme(
                row.getId(),
                row.getCode(),
                row.getName(),
                Currency.getInstance(row.getCurrency()),
                SubjectKind.of(row.getSubjectKind()),
                State.valueOf(row.getState().toUpperCase(Locale.ROOT)),
                row.getCurrentVersion(),
                row.getCreatedBy(),
                row.getCreatedAt());
    }
}
