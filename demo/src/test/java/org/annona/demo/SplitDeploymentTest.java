package org.annona.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import org.annona.access.Role;
import org.annona.access.Users;
import org.annona.demo.split.PairInstallations;
import org.annona.demo.standin.BankSwitches;
import org.annona.exchange.asking.RemoteRegistries;
import org.annona.exchange.partner.Partners;
import org.annona.foundation.audit.AuditSeal;
import org.annona.foundation.audit.AuditVerification;
import org.annona.foundation.job.Jobs;
import org.annona.payments.Payments;
import org.annona.programs.Programs;
import org.annona.registry.Registry;
import org.annona.server.Installation;
import org.annona.server.RunningServer;
import org.annona.server.Settings;
import org.annona.simulators.bank.SimulatedBank;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry in one installation, programmes and payments in another one, each with a database of its own. */
class SplitDeploymentTest {

    private static final String TOKEN = "bank-token-of-the-tests";

    @TempDir
    private Path folder;

    /** A process of Annona; here a server beside the other one. */
    private record Site(Installation installation, RunningServer server, DemoUsers users) implements AutoCloseable {

        static Site open(Path folder, String id, String blocks, Map<String, String> more) {
            Map<String, String> environment = new HashMap<>(more);
            environment.put("ANNONA_DATA", folder.toString());
            environment.put("ANNONA_DATABASE_URL", ServerWorld.Databases.url(id.replace('-', '_')));
            environment.put("ANNONA_MASTER_KEY", ServerWorld.MASTER_KEY);
            environment.put("ANNONA_PORT", "0");
            environment.put("ANNONA_DCI_ID", id);
            environment.put("ANNONA_BLOCKS", blocks);
            environment.put("ANNONA_DEVELOPMENT", "true");
            Settings settings = Settings.from(environment);
            if (more.containsKey("ANNONA_BANK_URL")) {
                settings = settings.withBank(
                                more.get("ANNONA_BANK_URL"), TOKEN, ServerWorld.BANK_TIMEOUT, ServerWorld.BANK_SETTLING)
                        .withReturnWindow(DemoServer.RETURN_WINDOW_DAYS);
            }
            Installation installation = ServerWorld.Databases.open(settings);
            RunningServer server = RunningServer.start(settings, installation);
            DemoUsers users = new DemoUsers(server.part(Users.class), installation.masterKey());
            users.create();
            return new Site(installation, server, users);
        }

        PairInstallations pairing() {
            return new PairInstallations(server.part(Partners.class), users.actor(Role.ADMINISTRATOR));
        }

        @Override
        public void close() {
            server.close();
            installation.close();
        }
    }

    @Test
    void a_programme_over_two_installations_comes_to_the_same_sums_as_in_one() throws IOException {
        SimulatedBank bank = new SimulatedBank(new SimulatedBank.Settings(
                folder.resolve("bank"), TOKEN, "GOV0001", "KES", "1", 30, 10, LocalDate.now(), 0));
        bank.start();
        String bankUrl = "http://127.0.0.1:" + bank.port();
        try (Site registry =
                        Site.open(folder.resolve("registry"), PairInstallations.REGISTRY, "registry,tokens", Map.of());
                Site programmes = Site.open(
                        folder.resolve("programmes"),
                        PairInstallations.PROGRAMMES,
                        "programs,mapper,payments",
                        Map.of("ANNONA_BANK_URL", bankUrl))) {
            PairInstallations.Client client = registry.pairing()
                    .welcomeProgrammes(
                            PairInstallations.PROGRAMMES, programmes.server().url());
            programmes
                    .pairing()
                    .meetRegistry(
                            programmes.server().part(RemoteRegistries.class),
                            PairInstallations.REGISTRY,
                            registry.server().url(),
                            client);
            DemoOutput output = new DemoOutput(new PrintStream(OutputStream.nullOutputStream()));
            Demo demo = new Demo(
                    new LocalImporting(
                            registry.server().part(Registry.class),
                            registry.server().part(Jobs.class),
                            registry.users(),
                            output),
                    programmes.server().part(Programs.class),
                    programmes.server().part(Payments.class),
                    programmes.server().part(Jobs.class),
                    new AuditVerification(
                            programmes.installation().database("foundation"),
                            AuditSeal.of(programmes.installation().masterKey())),
                    programmes.users(),
                    new BankSwitches(bankUrl, TOKEN),
                    ServerWorld.BANK_DAY,
                    "KES",
                    programmes.server().part(Clock.class),
                    output,
                    null,
                    null,
                    null);

            assertThat(demo.run(folder.resolve("sample"), ServerWorld.PEOPLE, ServerWorld.SEED))
                    .isTrue();
            assertThat(demo.summary()).isEqualTo(ServerWorld.summary());
            assertThat(Files.exists(folder.resolve("sample"))).isTrue();
        } finally {
            bank.close();
        }
    }
}
