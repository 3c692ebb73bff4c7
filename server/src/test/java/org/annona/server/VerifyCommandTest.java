package org.annona.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.foundation.database.Database;
import org.annona.payments.Payments;
import org.annona.server.command.VerifyCommand;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {

    private static final Actor FINANCE = new Actor("omar", "Omar", Set.of(Role.FINANCE_OFFICER));

    @Test
    void verifying_calls_no_bank_and_changes_no_row() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        HttpServer bank = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        bank.createContext("/", exchange -> {
            calls.incrementAndGet();
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        bank.start();
        try (TestInstallations installations = new TestInstallations()) {
            Settings settings = installations.settings(
                    "verified",
                    Map.of(
                            "ANNONA_BANK_URL",
                            "http://127.0.0.1:" + bank.getAddress().getPort(),
                            "ANNONA_BANK_TOKEN",
                            "token",
                            "ANNONA_BANK_SETTLING",
                            "0.1"));
            try (Installation installation = Installation.open(settings);
                    RunningServer server =
                            RunningServer.start(settings, installation, TestInstallations::withProgrammes)) {
                TestInstallations.inFirstOrganisation(
                        () -> server.part(Payments.class).announceFunds(FINANCE, "CASH", "KES", 100));
                Awaitility.await().until(() -> calls.get() > 0);
            }
            int before = calls.get();
            Map<String, String> contents = installations.contents("verified");

            assertThat(VerifyCommand.run(List.of(), settings)).isZero();

            assertThat(calls).hasValue(before);
            assertThat(installations.contents("verified")).isEqualTo(contents);
            assertThat(contents.get("payments.funding")).startsWith("1 ");
            try (StandingDatabase standing = StandingDatabase.open(settings)) {
                Database payments = standing.forReading("payments");
                assertThatThrownBy(() -> payments.sql().execute("insert into funding select * from funding"))
                        .hasMessageContaining("read-only transaction");
            }
            tampered(installations);
            assertThat(VerifyCommand.run(List.of(), settings)).isEqualTo(1);
        } finally {
            bank.stop(0);
        }
    }

    private static void tampered(TestInstallations installations) {
        installations.column("verified", "update foundation.audit_entry set actor = 'somebody else' returning actor");
    }

    @Test
    void where_there_is_no_installation_none_is_made(@TempDir Path folder) {
        Path nowhere = folder.resolve("nowhere");
        assertThatThrownBy(() -> VerifyCommand.run(List.of(), Settings.from(Map.of("ANNONA_DATA", nowhere.toString()))))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("There is no installation in");
        assertThat(nowhere).doesNotExist();
    }
}
