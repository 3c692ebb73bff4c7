package org.annona.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.demo.DemoUsers;
import org.annona.registry.ImportStatus;
import org.annona.registry.OtherRegistries;
import org.annona.server.Installation;
import org.annona.server.RunningServer;
import org.annona.simulators.socialregistry.SimulatedSocialRegistry;

/**
 * Many households from another registry, which fails now and then; and once more, when nothing changed there. Stand-in, server and
 * database share the processors.
 */
final class SourceBench {

    private static final int MEMBERS_ON_AVERAGE = 4;
    private static final int RECORDS = 1_000;
    private static final Duration BETWEEN_FAULTS = Duration.ofSeconds(20);

    private final Installation installation;
    private final OtherRegistries others;
    private final DemoUsers users;

    SourceBench(Installation installation, RunningServer server, DemoUsers users) {
        this.installation = installation;
        this.others = server.part(OtherRegistries.class);
        this.users = users;
    }

    void run(int people) throws Exception {
        try (SimulatedSocialRegistry other =
                new SimulatedSocialRegistry(0, Math.max(1, people / MEMBERS_ON_AVERAGE), 3)) {
            other.start();
            Actor registrar = users.actor(Role.REGISTRAR);
            UUID source = others.createSource(
                    users.actor(Role.ADMINISTRATOR),
                    "bench",
                    "Bench",
                    other.url(),
                    "http://127.0.0.1:" + other.port() + "/oauth2/token",
                    SimulatedSocialRegistry.CLIENT,
                    SimulatedSocialRegistry.SECRET,
                    RECORDS);
            UUID agreed = others.agreeHouseholds(registrar, source, "Bench", "", "bench");
            once(other, registrar, agreed, "households from another registry", "promise: 1 M people in 10 min");
            once(other, registrar, agreed, "the same again", "promise: 0 rows changed");
        }
    }

    private void once(SimulatedSocialRegistry other, Actor registrar, UUID agreed, String what, String promise)
            throws Exception {
        Instant begin = Instant.now();
        UUID run = others.start(registrar, agreed);
        ImportStatus status = others.runs(registrar, agreed).getFirst();
        ImportStatus.State state = status.state();
        Instant since = begin;
        StringBuilder parts = new StringBuilder();
        Instant fault = begin;
        while (state != ImportStatus.State.APPLIED) {
            TimeUnit.MILLISECONDS.sleep(200);
            if (Instant.now().isAfter(fault.plus(BETWEEN_FAULTS))) {
                other.fault(SimulatedSocialRegistry.Fault.FAILING, 1);
                fault = Instant.now();
            }
            status = others.runs(registrar, agreed).getFirst();
            if (status.state() != state) {
                parts.append(String.format(
                        Locale.ROOT,
                        "%s%s %.0f s",
                        parts.isEmpty() ? "" : ", ",
                        state.name().toLowerCase(Locale.ROOT),
                        seconds(since)));
                since = Instant.now();
                state = status.state();
            }
            if (!status.caution().isEmpty()) {
                throw new IllegalStateException(status.caution());
            }
            refuseFailed(run);
        }
        double seconds = seconds(begin);
        long rows = Objects.requireNonNull(status.rowsTotal());
        Bench.tell(
                what + ": " + String.format(Locale.ROOT, "%,d people", rows),
                String.format(Locale.ROOT, "%,.0f/s (%.0f s)", rows / seconds, seconds),
                promise);
        Bench.tell("  " + parts, "", "");
        Bench.tell(
                "  added, changed, unchanged, rejected",
                status.rowsCreated() + ", " + status.rowsUpdated() + ", " + status.rowsUnchanged() + ", "
                        + status.rowsRejected(),
                "");
    }

    private static double seconds(Instant since) {
        return Duration.between(since, Instant.now()).toMillis() / 1000.0;
    }

    private void refuseFailed(UUID run) throws SQLException {
        try (Connection admin = installation.address().connectAsAdmin();
                Statement sql = admin.createStatement();
                ResultSet rows = sql.executeQuery("select message from foundation.job where subject = 'import/" + run
                        + "' and state = 'failed'")) {
            if (rows.next()) {
                throw new IllegalStateException(rows.getString(1));
            }
        }
    }
}
