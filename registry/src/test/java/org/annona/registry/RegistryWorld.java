package org.annona.registry;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.JobRunner;
import org.annona.foundation.job.JobState;
import org.annona.foundation.job.JobView;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.MasterKey;
import org.annona.interop.signature.Signer;
import org.annona.postgres.DatabaseAddress;
import org.annona.registry.area.Areas;
import org.annona.registry.consent.Consents;
import org.annona.registry.feed.ChangeFeed;
import org.annona.registry.household.Households;
import org.annona.registry.identifier.IdentifierTypes;
import org.annona.registry.identifier.RegistryKeys;
import org.annona.registry.importing.ApplyImport;
import org.annona.registry.importing.CheckImport;
import org.annona.registry.importing.Imports;
import org.annona.registry.person.People;
import org.annona.registry.pull.AssignImported;
import org.annona.registry.pull.FetchRecords;
import org.annona.registry.pull.Pulls;
import org.annona.registry.social.PeopleByIdentifier;
import org.annona.registry.source.DataSources;
import org.annona.registry.source.MessageSigning;
import org.annona.testing.TestPostgres;
import org.apache.commons.validator.routines.checkdigit.VerhoeffCheckDigit;
import org.jooq.exception.DataAccessException;
import tools.jackson.databind.node.ObjectNode;

/** A registry of its own for a test, with its jobs running and two provinces loaded. */
public final class RegistryWorld implements AutoCloseable {

    public static final Actor OTHER_REGISTRAR = new Actor("berhane", "Berhane", Set.of(Role.REGISTRAR));
    public static final Actor REGISTRAR = new Actor("amina", "Amina", Set.of(Role.REGISTRAR));
    public static final String HEADER =
            "household_no,role,given_name,family_name,sex,birth_date,national_id,phone,area_code,household_income,"
                    + "account_type,account_provider,account_number";

    public final DatabaseAddress address = TestPostgres.with("foundation", "registry");
    public final Database database = Database.open(address, TestPostgres.ROLES, TestPostgres.PASSWORDS, "registry", 8);
    public final RegistrySettings settings = new RegistrySettings(
            "KE", Currency.getInstance("KES"), 30, true, Set.of(), Duration.ofMillis(20), 3, 1_000);
    public final Clock clock = Clock.systemUTC();
    public final Keyring keyring = new Keyring(database, MasterKey.random());
    public final RegistryKeys keys = new RegistryKeys(keyring);
    public final IdentifierTypes types = new IdentifierTypes(database);
    public final Areas areas = new Areas(database);
    public final Imports imports = new Imports(database, keys, settings, clock);
    public final People people = new People(database, keys, settings, types, new Consents(database, clock), clock);
    public final Households households = new Households(database, people, clock);
    public final ChangeFeed feed = new ChangeFeed(database, keys);
    public final Registry registry = new Registry(areas, imports, people, new PeopleByIdentifier(database, keys), feed);
    public final DataSources sources = new DataSources(
            database,
            keys,
            settings,
            new MessageSigning() {

                @Override
                public String senderId() {
                    return "annona";
                }

                @Override
                public String sign(Signer signer, ObjectNode header, ObjectNode message) {
                    return "signed as " + signer;
                }
            },
            clock);
    public final Intake intake = new Intake();
    public final Pulls pulls = new Pulls(database, keys, sources, imports, intake, clock);
    private final Jobs jobs = new Jobs(database);
    private final JobRunner runner;

    /** Programmes that remember who was brought to them. */
    public static final class Intake implements ProgrammeIntake {

        public final Set<UUID> brought = ConcurrentHashMap.newKeySet();

        @Override
        public Map<String, String> programmes() {
            return Map.of("grant", "Family grant");
        }

        @Override
        public ProgrammeIntake.Intake bring(String programme, List<UUID> households, String cause) {
            int before = brought.size();
            brought.addAll(households);
            return new ProgrammeIntake.Intake(brought.size() - before, 0);
        }
    }

    public RegistryWorld() {
        runner = new JobRunner(
                database,
                List.of(
                        new CheckImport(database, keys, settings, types, areas, clock),
                        new ApplyImport(database, keys, clock),
                        new FetchRecords(database, keys, sources, imports, Duration.ofMillis(20), clock),
                        new AssignImported(database, intake, clock)),
                List.of(),
                new JobRunner.Settings(4, Duration.ofMillis(20), Duration.ofMillis(500)));
        runner.start();
        loadAreas("code,name,parent", "N,North,", "N01,Aruba District,N", "S,South,", "S01,Selam District,S");
    }

    public AreaLoad loadAreas(String... lines) {
        return registry.loadAreas(REGISTRAR, stream(String.join("\n", lines), StandardCharsets.UTF_8));
    }

    /** Uploads, checks with the proposed mapping, and waits for the result of the check. */
    public ImportStatus check(String... rows) {
        return check(upload(String.join("\n", rows)));
    }

    public ImportStatus upload(String content) {
        return registry.uploadPeople(REGISTRAR, "people.csv", stream(content, StandardCharsets.UTF_8));
    }

    public ImportStatus check(ImportStatus uploaded) {
        registry.checkImport(REGISTRAR, uploaded.id(), uploaded.mapping(), uploaded.dateOrder(), uploaded.source());
        return awaitState(uploaded.id(), ImportStatus.State.CHECKED);
    }

    /** Uploads, checks, confirms, and waits until all is written. */
    public ImportStatus take(String... rows) {
        return apply(check(rows));
    }

    public ImportStatus apply(ImportStatus checked) {
        registry.applyImport(REGISTRAR, checked.id());
        if (checked.accountsChanged() > 0) {
            registry.applyImport(OTHER_REGISTRAR, checked.id());
        }
        return awaitState(checked.id(), ImportStatus.State.APPLIED);
    }

    public ImportStatus awaitState(UUID id, ImportStatus.State state) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(15))
                // Our own look may meet a connection that was cut.
                .ignoreExceptionsInstanceOf(DataAccessException.class)
                .until(() -> {
                    for (JobView job : jobs.ofSubject("import/" + id, 5)) {
                        if (job.state() == JobState.FAILED) {
                            throw new IllegalStateException(job.message());
                        }
                    }
                    ImportStatus.State now =
                            registry.importStatus(REGISTRAR, id).state();
                    if (now == ImportStatus.State.CHECKED && state == ImportStatus.State.APPLIED && waits(id)) {
                        throw new IllegalStateException(
                                registry.importStatus(REGISTRAR, id).toString());
                    }
                    return now == state;
                });
        return await().ignoreExceptionsInstanceOf(DataAccessException.class)
                .until(() -> registry.importStatus(REGISTRAR, id), Objects::nonNull);
    }

    /** Whether an import that was to go on by itself waits for a person. */
    private boolean waits(UUID id) {
        return !registry.importStatus(REGISTRAR, id).caution().isEmpty();
    }

    public JobView awaitFailedJob(UUID importId) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> jobs.ofSubject("import/" + importId, 1).getFirst().state() == JobState.FAILED);
        return jobs.ofSubject("import/" + importId, 1).getFirst();
    }

    /** Lets the database refuse rows of a table, for a reason that no program can foresee, until {@link #goOn}. */
    public void stumbleAt(String table, String condition) {
        asAdmin("create function registry.stumble() returns trigger language plpgsql as $$ begin if " + condition
                + " then raise exception 'stumbled'; end if; return new; end $$");
        asAdmin("create trigger stumble before insert on registry." + table
                + " for each row execute function registry.stumble()");
    }

    public void goOn(UUID importId) {
        asAdmin("drop function registry.stumble() cascade");
        resume(importId);
    }

    /** As if the server had died and come back: whatever was not committed is gone. */
    public void cutConnections() {
        value("select count(pg_terminate_backend(pid)) from pg_stat_activity"
                + " where datname = current_database() and pid <> pg_backend_pid()");
    }

    /** Lets the newest job of an import go on. */
    public void resume(UUID importId) {
        UUID job = jobs.ofSubject("import/" + importId, 1).getFirst().id();
        database.transact(tx -> jobs.resume(tx, job));
    }

    /** Waits until all jobs of an import have ended, well or not. */
    public void awaitJobsEnd(UUID importId) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> jobs.ofSubject("import/" + importId, 9).stream()
                        .allMatch(job -> job.state().isEnded()));
    }

    /** Waits until all jobs of an import are done. */
    public void awaitJobs(UUID importId) {
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        jobs.ofSubject("import/" + importId, 9).stream().allMatch(job -> job.state() == JobState.DONE));
    }

    /** Waits until the feeds show everything: a transaction that is open anywhere on the server holds younger ones back. */
    public void awaitFeeds() {
        await().pollInterval(Duration.ofMillis(15))
                .until(() -> value("select (select max(changed_xid) from registry.person)"
                                + " < pg_snapshot_xmin(pg_current_snapshot())")
                        .equals("t"));
    }

    /** The first column of the first row. */
    public String value(String query) {
        try (Connection admin = address.connectAsAdmin();
                var rows = admin.createStatement().executeQuery(query)) {
            return rows.next() ? rows.getString(1) : null;
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    public void asAdmin(String statement) {
        try (Connection admin = address.connectAsAdmin();
                Statement sql = admin.createStatement()) {
            sql.execute(statement);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    public static ByteArrayInputStream stream(String content, Charset charset) {
        return new ByteArrayInputStream(content.getBytes(charset));
    }

    /** A row under {@link #HEADER}. */
    public static String person(
            String household, String role, String given, String family, String sex, String birth, String nationalId) {
        return String.join(",", household, role, given, family, sex, birth, nationalId, "", "N01", "", "", "", "");
    }

    public static String nationalId(int number) {
        String digits = String.format("%011d", 40_000_000_000L + number);
        try {
            return digits + VerhoeffCheckDigit.VERHOEFF_CHECK_DIGIT.calculate(digits);
        } catch (org.apache.commons.validator.routines.checkdigit.CheckDigitException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public long count(String table) {
        return database.sql()
                .fetchSingle("select count(*) from registry." + table)
                .get(0, Long.class);
    }

    public LocalDate today() {
        return LocalDate.now(clock);
    }

    @Override
    public void close() {
        runner.close();
        database.close();
    }
}
