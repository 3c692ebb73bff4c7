package org.annona.server.command;

import java.util.concurrent.CountDownLatch;
import org.annona.server.DataFolder;
import org.annona.server.Installation;
import org.annona.server.RunningServer;
import org.annona.server.Settings;
import org.annona.server.demo.BankProcess;
import org.jspecify.annotations.Nullable;

/** Everything that one process holds while it serves, taken in order and given back in the opposite order. */
final class Running implements AutoCloseable {

    private final DataFolder folder;
    private final @Nullable BankProcess bank;
    private final Installation installation;
    private final RunningServer server;
    private final Settings settings;
    private final CountDownLatch closed = new CountDownLatch(1);
    private boolean closing;

    private Running(
            DataFolder folder,
            @Nullable BankProcess bank,
            Installation installation,
            RunningServer server,
            Settings settings) {
        this.folder = folder;
        this.bank = bank;
        this.installation = installation;
        this.server = server;
        this.settings = settings;
    }

    /** @param withBank starts the simulated bank unless another one is configured */
    static Running start(Settings wanted, DataFolder folder, boolean withBank) {
        Installation installation = Installation.open(wanted);
        BankProcess bank = null;
        try {
            Settings settings = wanted;
            if (withBank && wanted.bankUrl() == null) {
                String token = installation.masterKey().password("simulated bank");
                bank = BankProcess.start(
                        folder.path().resolve("bank"),
                        token,
                        wanted.bankAccount(),
                        wanted.currency().getCurrencyCode(),
                        0);
                settings = wanted.withSimulatedBank(bank.url(), token);
            }
            RunningServer server = RunningServer.start(settings, installation);
            folder.tell(server.url());
            Running running = new Running(folder, bank, installation, server, settings);
            Runtime.getRuntime().addShutdownHook(new Thread(running::close));
            return running;
        } catch (RuntimeException failed) {
            if (bank != null) {
                bank.close();
            }
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
        if (bank != null) {
            bank.close();
        }
        installation.close();
        folder.close();
        closed.countDown();
    }
}
