package org.annona.tokens.retention;

import static org.annona.tokens.internal.tables.Tables.RETENTION_RULE;
import static org.annona.tokens.internal.tables.Tables.RETENTION_RULE_VERSION;
import static org.annona.tokens.internal.tables.Tables.RETENTION_RUN;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.Sqlstate;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.job.JobOrder;
import org.annona.foundation.job.JobState;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.Sealer;
import org.annona.tokens.RetentionTerms;
import org.annona.tokens.Subjects;
import org.annona.tokens.TokensPermission;
import org.annona.tokens.TokensProblem;
import org.annona.tokens.internal.tables.tables.records.RetentionRuleRecord;
import org.annona.tokens.internal.tables.tables.records.RetentionRuleVersionRecord;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The rules by which virtual IDs are taken away, in every version, and their sweeps. */
public final class RetentionRules {

    private static final String TERMS = "tokens.retention_rule.terms_sealed";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Database database;
    private final Subjects subjects;
    private final Sealer sealer;
    private final Jobs jobs;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("tokens");

    public RetentionRules(Database database, Subjects subjects, Keyring keyring, Clock clock) {
        this.database = database;
        this.subjects = subjects;
        this.sealer = keyring.sealer("tokens");
        this.jobs = new Jobs(database);
        this.clock = clock;
    }

    /** A rule as it stands. @param active whether it takes anything away by itself */
    public record Rule(
            UUID id,
            String name,
            boolean active,
            int version,
            RetentionTerms terms,
            @Nullable Instant nextRunAt,
            String changedBy,
            Instant changedAt) {}

    /** @param dryRun whether it only counted */
    public record Run(
            UUID id,
            int version,
            boolean dryRun,
            String startedBy,
            Instant startedAt,
            @Nullable Instant endedAt,
            long people,
            long taken,
            long failed) {}

    /** What the saving of a rule would mean. @param people whom the filter selects, for each type that goes */
    record Report(List<String> faults, String plain, List<String> hints, long people) {}

    Report check(Actor actor, RetentionTerms terms) {
        actor.require(TokensPermission.CONFIGURE);
        List<String> faults = new ArrayList<>();
        List<String> hints = new ArrayList<>();
        String plain = "";
        long people = 0;
        Set<String> known =
                subjects.identifierKinds().stream().map(Subjects.Kind::code).collect(Collectors.toSet());
        if (terms.types().isEmpty() || !known.containsAll(terms.types())) {
            faults.add("What is taken away: choose at least one type.");
        }
        if (terms.whereHeld().isEmpty() || !known.containsAll(terms.whereHeld())) {
            faults.add("Where there is: choose at least one type of token.");
        }
        Set<String> both = new HashSet<>(terms.types());
        both.retainAll(terms.whereHeld());
        if (!both.isEmpty()) {
            faults.add("A type cannot be the reason for its own removal.");
        }
        if (terms.windowDays() < 0 || terms.windowDays() > 90) {
            faults.add("Days to undo it: from 0 to 90.");
        }
        if (terms.sweepMinutes() < 1 || terms.sweepMinutes() > 10_080) {
            faults.add("Minutes between sweeps: from 1 to 10,080.");
        }
        try {
            Subjects.Reading reading = subjects.read(terms.filter(), terms.dialect());
            plain = reading.plain();
            hints.addAll(reading.hints());
            for (String type : faults.isEmpty() ? terms.types() : Set.<String>of()) {
                people += subjects.count(new Subjects.Scope(terms.filter(), terms.dialect(), type));
            }
            if (faults.isEmpty() && people == 0) {
                hints.add("Today the filter selects nobody who has an identifier of these types.");
            }
        } catch (Problem refusal) {
            faults.add(refusal.sentence());
        }
        return new Report(List.copyOf(faults), plain, List.copyOf(hints), people);
    }

    public UUID create(Actor actor, String name, boolean active, RetentionTerms terms) {
        refuseUnfit(actor, name, terms);
        UUID id = Ids.next();
        unlessNamed(() -> database.transact(tx -> {
            tx.insertInto(RETENTION_RULE)
                    .set(RETENTION_RULE.ID, id)
                    .set(RETENTION_RULE.NAME, name.strip())
                    .set(RETENTION_RULE.ACTIVE, active)
                    .set(RETENTION_RULE.VERSION, 1)
                    .set(RETENTION_RULE.TERMS_SEALED, sealed(id, terms))
                    .set(RETENTION_RULE.NEXT_RUN_AT, active ? clock.instant() : null)
                    .set(RETENTION_RULE.CHANGED_BY, actor.name())
                    .execute();
            keep(tx, actor, id, 1, active, terms);
        }));
        return id;
    }

    public void change(Actor actor, UUID id, int version, String name, boolean active, RetentionTerms terms) {
        refuseUnfit(actor, name, terms);
        unlessNamed(() -> database.transact(tx -> {
            int changed = tx.update(RETENTION_RULE)
                    .set(RETENTION_RULE.NAME, name.strip())
                    .set(RETENTION_RULE.ACTIVE, active)
                    .set(RETENTION_RULE.VERSION, version + 1)
                    .set(RETENTION_RULE.TERMS_SEALED, sealed(id, terms))
                    .set(RETENTION_RULE.NEXT_RUN_AT, active ? clock.instant() : null)
                    .set(RETENTION_RULE.CHANGED_BY, actor.name())
                    .set(RETENTION_RULE.CHANGED_AT, clock.instant())
                    .where(RETENTION_RULE.ID.eq(id), RETENTION_RULE.VERSION.eq(version))
                    .execute();
            if (changed == 0) {
                throw Problem.of(TokensProblem.CONNECTOR_CHANGED);
            }
            keep(tx, actor, id, version + 1, active, terms);
        }));
    }

    private void refuseUnfit(Actor actor, String name, RetentionTerms terms) {
        List<String> faults = new ArrayList<>(check(actor, terms).faults());
        if (name.isBlank() || name.length() > 100) {
            faults.addFirst("Name: it has 1 to 100 letters.");
        }
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
                    TokensProblem.CONNECTOR_UNFIT, "faults", "Name: another rule is called like this already.");
        }
    }

    private void keep(DSLContext tx, Actor actor, UUID id, int version, boolean active, RetentionTerms terms) {
        tx.insertInto(RETENTION_RULE_VERSION)
                .set(RETENTION_RULE_VERSION.RULE_ID, id)
                .set(RETENTION_RULE_VERSION.VERSION, version)
                .set(RETENTION_RULE_VERSION.ACTIVE, active)
                .set(RETENTION_RULE_VERSION.TERMS_SEALED, sealed(id, terms))
                .set(RETENTION_RULE_VERSION.CHANGED_BY, actor.name())
                .execute();
        audit.append(
                tx,
                AuditEvent.of(actor.name(), "tokens.retention.save", "retention/" + id)
                        .with("version", version)
                        .with("active", active)
                        .with("types", String.join(", ", terms.types()))
                        .with("window", terms.windowDays() + " days"));
    }

    /** Rules that hold in the very transaction that stores a token. */
    public List<Subjects.Retention> atOnce() {
        return database
                .sql()
                .selectFrom(RETENTION_RULE)
                .where(RETENTION_RULE.ACTIVE.isTrue())
                .fetch(this::rule)
                .stream()
                .filter(rule -> rule.terms().atOnce())
                .map(rule -> rule.terms().as(rule.id(), rule.version()))
                .toList();
    }

    Optional<Rule> find(UUID id) {
        return database.sql()
                .selectFrom(RETENTION_RULE)
                .where(RETENTION_RULE.ID.eq(id))
                .fetchOptional(this::rule);
    }

    /** There are a handful of them. */
    public List<Rule> all(Actor actor) {
        actor.require(TokensPermission.VIEW);
        return database.sql()
                .selectFrom(RETENTION_RULE)
                .orderBy(RETENTION_RULE.NAME)
                .limit(100)
                .fetch(this::rule);
    }

    public List<Run> runs(Actor actor, UUID rule) {
        actor.require(TokensPermission.VIEW);
        return database.sql()
                .selectFrom(RETENTION_RUN)
                .where(RETENTION_RUN.RULE_ID.eq(rule))
                .orderBy(RETENTION_RUN.STARTED_AT.desc(), RETENTION_RUN.ID)
                .limit(20)
                .fetch(row -> new Run(
                        row.getId(),
                        row.getVersion(),
                        row.getDryRun(),
                        row.getStartedBy(),
                        row.getStartedAt(),
                        row.getEndedAt(),
                        row.getPeople(),
                        row.getTaken(),
                        row.getFailed()));
    }

    /** Orders a sweep; a dry one takes nothing and may be run of a rule that is off. */
    public UUID sweep(Actor actor, UUID id, boolean dryRun) {
        actor.require(TokensPermission.OPERATE);
        return database.inTransaction(tx -> {
            Rule rule = tx.selectFrom(RETENTION_RULE)
                    .where(RETENTION_RULE.ID.eq(id))
                    .forUpdate()
                    .fetchOptional(this::rule)
                    .orElseThrow(() -> Problem.of(TokensProblem.RULE_UNKNOWN));
            if (!dryRun && !rule.active()) {
                throw Problem.of(TokensProblem.CONNECTOR_NOT_READY, "state", "switched off");
            }
            return order(tx, rule, dryRun, actor.name());
        });
    }

    private static UUID order(DSLContext tx, Rule rule, boolean dryRun, String actor) {
        UUID run = Ids.next();
        tx.insertInto(RETENTION_RUN)
                .set(RETENTION_RUN.ID, run)
                .set(RETENTION_RUN.RULE_ID, rule.id())
                .set(RETENTION_RUN.VERSION, rule.version())
                .set(RETENTION_RUN.DRY_RUN, dryRun)
                .set(RETENTION_RUN.STARTED_BY, actor)
                .execute();
        return Jobs.order(
                tx,
                new JobOrder(
                        "tokens",
                        RunRetention.KIND,
                        RunRetention.KIND + "/" + run,
                        (dryRun ? "Count what would be taken away by " : "Take away by ") + rule.name(),
                        "retention/" + rule.id(),
                        actor,
                        new RunRetention.Order(rule.id(), rule.version(), run, dryRun)));
    }

    /** Begins the sweeps whose time has come; the next one is due after this one has ended. */
    public void sweepDue() {
        noticeBroken();
        List<Rule> due = database.sql()
                .selectFrom(RETENTION_RULE)
                .where(RETENTION_RULE.NEXT_RUN_AT.le(clock.instant()))
                .fetch(this::rule);
        for (Rule rule : due) {
            database.transact(tx -> {
                int taken = tx.update(RETENTION_RULE)
                        .setNull(RETENTION_RULE.NEXT_RUN_AT)
                        .where(RETENTION_RULE.ID.eq(rule.id()), RETENTION_RULE.NEXT_RUN_AT.isNotNull())
                        .execute();
                if (taken > 0) {
                    order(tx, rule, false, Actor.SYSTEM);
                }
            });
        }
    }

    /** A sweep that failed is begun anew after the usual pause. */
    private void noticeBroken() {
        database
                .sql()
                .selectFrom(RETENTION_RULE)
                .where(RETENTION_RULE.ACTIVE.isTrue(), RETENTION_RULE.NEXT_RUN_AT.isNull())
                .fetch(this::rule)
                .stream()
                .filter(rule -> jobs.ofSubject("retention/" + rule.id(), 1).stream()
                        .anyMatch(job -> job.state() == JobState.FAILED))
                .forEach(rule -> database.transact(tx -> again(tx, rule)));
    }

    private void again(DSLContext tx, Rule rule) {
        tx.update(RETENTION_RULE)
                .set(
                        RETENTION_RULE.NEXT_RUN_AT,
                        clock.instant().plus(Duration.ofMinutes(rule.terms().sweepMinutes())))
                .where(RETENTION_RULE.ID.eq(rule.id()), RETENTION_RULE.NEXT_RUN_AT.isNull())
                .execute();
    }

    void ended(DSLContext tx, UUID rule, UUID run) {
        tx.update(RETENTION_RUN)
                .set(RETENTION_RUN.ENDED_AT, clock.instant())
                .where(RETENTION_RUN.ID.eq(run))
                .execute();
        find(rule)
                .filter(Rule::active)
                .ifPresent(known -> tx.update(RETENTION_RULE)
                        .set(
                                RETENTION_RULE.NEXT_RUN_AT,
                                clock.instant()
                                        .plus(Duration.ofMinutes(known.terms().sweepMinutes())))
                        .where(RETENTION_RULE.ID.eq(rule), RETENTION_RULE.NEXT_RUN_AT.isNull())
                        .execute());
    }

    RetentionTerms version(UUID rule, int version) {
        RetentionRuleVersionRecord row = database.sql()
                .fetchSingle(
                        RETENTION_RULE_VERSION,
                        RETENTION_RULE_VERSION.RULE_ID.eq(rule).and(RETENTION_RULE_VERSION.VERSION.eq(version)));
        return terms(rule, row.getTermsSealed());
    }

    private Rule rule(RetentionRuleRecord row) {
        return new Rule(
                row.getId(),
                row.getName(),
                row.getActive(),
                row.getVersion(),
                terms(row.getId(), row.getTermsSealed()),
                row.getNextRunAt(),
                row.getChangedBy(),
                row.getChangedAt());
    }

    private byte[] sealed(UUID id, RetentionTerms terms) {
        return sealer.seal(TERMS, id, JSON.writeValueAsBytes(terms));
    }

    private RetentionTerms terms(UUID id, byte[] sealed) {
        return JSON.readValue(sealer.open(TERMS, id, sealed), RetentionTerms.class);
    }
}
