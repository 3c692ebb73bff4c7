package org.annona.server.command;

import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;
import org.annona.server.DataFolder;
import org.annona.server.Installation;
import org.annona.server.RunningServer;
import org.annona.server.Settings;

/** Everything that one process holds while it serves, taken in order and given back in the opposite order. */
public final class Running implements AutoCloseable {

    private final DataFolder folder;
    private final Installation installation;
    private final RunningServer server;
    private final CountDownLatch closed = new CountDownLatch(1);
    private boolean closing;

    private Running(DataFolder folder, Installation installation, RunningServer server) {
        this.folder = folder;
        this.installation = installation;
        this.server = server;
    }

    public static Running start(Settings settings, DataFolder folder) {
        return start(settings, folder, RunningServer::start);
    }

    /** @param server starts the server for an installation that is open */
    public static Running start(
            Settings settings, DataFolder folder, BiFunction<Settings, Installation, RunningServer> server) {
        Installation installation = Installation.open(settings);
        try {
            RunningServer started = server.apply(settings, installation);
            folder.tell(started.url());
            Running running = new Running(folder, installation, started);
            Runtime.getRuntime().addShutdownHook(new Thread(running::close));
            return running;
        } catch (RuntimeException failed) {
            installation.close();
            throw failed;
        }
    }

    public Settings settings() {
        return server.settings();
    }

    public Installation installation() {
        return installation;
    }

    public RunningServer server() {
        return server;
    }

    public void awaitEnd() throws InterruptedException {
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
        installation.close();
        folder.close();
        closed.countDown();
    }
}
