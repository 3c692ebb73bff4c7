package org.annona.server.command;

import java.util.concurrent.CountDownLatch;
import org.annona.server.DataFolder;
import org.annona.server.Installation;
import org.annona.server.RunningServer;
import org.annona.server.Settings;
import org.annona.server.demo.StandInProcess;
import org.jspecify.annotations.Nullable;

/** Everything that one process holds while it serves, taken in order and given back in the opposite order. */
final class Running implements AutoCloseable {

    private final DataFolder folder;
    private final @Nullable StandInProcess bank;
    private final @Nullable StandInProcess seeder;
    private final @Nullable StandInProcess beneficiaries;
    private final @Nullable StandInProcess socialRegistry;
    private final Installation installation;
    private final RunningServer server;
    private final Settings settings;
    private final CountDownLatch closed = new CountDownLatch(1);
    private boolean closing;

    private Running(
            DataFolder folder,
            @Nullable StandInProcess bank,
            @Nullable StandInProcess seeder,
            @Nullable StandInProcess beneficiaries,
            @Nullable StandInProcess socialRegistry,
            Installation installation,
            RunningServer server,
            Settings settings) {
        this.folder = folder;
        this.bank = bank;
        this.seeder = seeder;
        this.beneficiaries = beneficiaries;
        this.socialRegistry = socialRegistry;
        this.installation = installation;
        this.server = server;
        this.settings = settings;
    }

    /** @param withStandIns starts the simulated bank, unless another one is configured, and the other stand-ins */
    static Running start(Settings wanted, DataFolder folder, boolean withStandIns) {
        Installation installation = Installation.open(wanted);
        StandInProcess bank = null;
        StandInProcess seeder = null;
        StandInProcess beneficiaries = null;
        StandInProcess socialRegistry = null;
        try {
            Settings settings = wanted;
            if (withStandIns && wanted.bankUrl() == null) {
                String token = installation.masterKey().password("simulated bank");
                bank = StandInProcess.bank(
                        folder.path().resolve("bank"),
                        token,
                        wanted.bankAccount(),
                        wanted.currency().getCurrencyCode());
                settings = wanted.withSimulatedBank(bank.url(), token);
            }
            if (withStandIns && wanted.standing().house().hasRegistry()) {
                seeder = StandInProcess.seeder(folder.path());
                beneficiaries = StandInProcess.beneficiaryRegistry(folder.path());
                socialRegistry = StandInProcess.socialRegistry(folder.path());
                settings = settings.trusting("127.0.0.1");
            }
            RunningServer server = RunningServer.start(settings, installation);
            folder.tell(server.url());
            Running running =
                    new Running(folder, bank, seeder, beneficiaries, socialRegistry, installation, server, settings);
            Runtime.getRuntime().addShutdownHook(new Thread(running::close));
            return running;
        } catch (RuntimeException failed) {
            end(bank, seeder, beneficiaries, socialRegistry);
            installation.close();
            throw failed;
        }
    }

    Settings settings() {
        return settings;
    }

    Installation installation() {
        return installation;
    }

    RunningServer server() {
        return server;
    }

    /** The simulated token seeder, where there is one. */
    @Nullable
    StandInProcess seeder() {
        return seeder;
    }

    /** The simulated registry of beneficiaries, where there is one. */
    @Nullable
    StandInProcess beneficiaries() {
        return beneficiaries;
    }

    /** The simulated social registry, where there is one. */
    @Nullable
    StandInProcess socialRegistry() {
        return socialRegistry;
    }

    void awaitEnd() throws InterruptedException {
        closed.await();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closing) {
                return;
            }
            closing = true;
        }
        server.close();
        end(bank, seeder, beneficiaries, socialRegistry);
        installation.close();
        folder.close();
        closed.countDown();
    }

    private static void end(@Nullable StandInProcess... processes) {
        for (StandInProcess process : processes) {
            if (process != null) {
                process.close();
            }
        }
    }
}
