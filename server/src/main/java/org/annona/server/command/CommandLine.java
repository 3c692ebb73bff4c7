package org.annona.server.command;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.annona.foundation.database.Sqlstate;
import org.annona.foundation.problem.Problem;
import org.annona.postgres.DatabaseUnavailable;
import org.annona.server.Refusal;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Runs one command of the program. Whatever stops it becomes a sentence and an exit status: 0 for an orderly end, 2 for what
 * somebody has to mend first, {@value #UNAVAILABLE} for a database that is away, {@value #UNEXPECTED} for a fault of ours. The launcher decides by it
 * whether a server is started again. The Java machine itself ends with 3 when its memory is used up.
 */
public final class CommandLine {

    private static final int REFUSED = 2;
    /** As sysexits.h names them: EX_TEMPFAIL and EX_SOFTWARE. */
    private static final int UNAVAILABLE = 75;

    private static final int UNEXPECTED = 70;

    /**
     * Threads that carry requests. More than there are processors, because one that computes for seconds would otherwise keep
     * all others, and the answer to whether this server lives, from being carried.
     */
    private static final String CARRIERS = "16";

    private static final AtomicBoolean ENDING = new AtomicBoolean();

    private CommandLine() {}

    /** @param log name of its log file, without {@code .log} */
    public record Command(String log, Action action) {}

    @FunctionalInterface
    public interface Action {

        /** @return the exit status */
        int run(List<String> words) throws Exception;
    }

    /** @param words the name of the command and what stands behind it */
    public static int run(Map<String, Command> commands, String[] words) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ENDING.set(true)));
        if (System.getProperty("jdk.virtualThreadScheduler.parallelism") == null) {
            System.setProperty("jdk.virtualThreadScheduler.parallelism", CARRIERS);
        }
        String name = words.length == 0 ? "" : words[0];
        Command command = commands.get(name);
        System.setProperty("annona.log.file", logFile(command == null ? "annona" : command.log()));
        // The configuration of the log is complete from the first line on; nobody else sets it up anew.
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        if (command == null) {
            boolean asked = name.isEmpty() || name.equals("help");
            (asked ? System.out : System.err)
                    .println((asked ? "" : "'" + name + "' is no command. ") + "Commands: "
                            + String.join(", ", new TreeSet<>(commands.keySet()))
                            + ". docs/operations.md explains them and lists every setting.");
            return asked ? 0 : REFUSED;
        }
        return run(command.action(), Arrays.asList(words).subList(1, words.length));
    }

    /** Beside the data, so that one folder holds everything that an operator has to look at. */
    private static String logFile(String name) {
        String data = System.getenv().getOrDefault("ANNONA_DATA", "data");
        return Path.of(data, "logs", name + ".log").toAbsolutePath().toString();
    }

    private static int run(Action action, List<String> words) {
        try {
            return action.run(words);
        } catch (Refusal refusal) {
            System.err.println(refusal.getMessage());
            return REFUSED;
        } catch (DatabaseUnavailable away) {
            System.err.println(away.getMessage());
            return UNAVAILABLE;
        } catch (Problem problem) {
            System.err.println(problem.sentence() + " " + problem.remedy());
            return REFUSED;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return 0;
        } catch (Exception unexpected) {
            if (ENDING.get()) {
                // Told to stop in the middle of something; what was not committed is done again next time.
                return 0;
            }
            Problem known = Sqlstate.problemOf(unexpected);
            if (known != null) {
                System.err.println(known.sentence() + " " + known.remedy());
                return known.code().retryable() ? UNAVAILABLE : REFUSED;
            }
            unexpected.printStackTrace();
            System.err.println("This should not have happened. Please report it with the lines above.");
            return UNEXPECTED;
        }
    }
}
