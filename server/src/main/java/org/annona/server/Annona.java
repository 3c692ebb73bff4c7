package org.annona.server;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.annona.foundation.database.Sqlstate;
import org.annona.foundation.problem.Problem;
import org.annona.postgres.DatabaseUnavailable;
import org.annona.server.command.BankCommand;
import org.annona.server.command.BeneficiaryRegistryCommand;
import org.annona.server.command.DemoCommand;
import org.annona.server.command.ImportCommand;
import org.annona.server.command.RegistryHouseCommand;
import org.annona.server.command.RunCommand;
import org.annona.server.command.SeederCommand;
import org.annona.server.command.SocialRegistryCommand;
import org.annona.server.command.VerifyCommand;
import org.annona.server.demo.RegistryProcess;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Entry of the program: one command and what belongs to it. */
public final class Annona {

    private static final int REFUSED = 2;
    private static final AtomicBoolean ENDING = new AtomicBoolean();

    private Annona() {}

    public static void main(String[] words) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ENDING.set(true)));
        System.exit(run(words));
    }

    /** Beside the data, so that one folder holds everything that an operator has to look at. */
    private static String logFile(String command) {
        String data = System.getenv().getOrDefault("ANNONA_DATA", "data");
        return Path.of(
                        data,
                        "logs",
                        List.of("bank", "seeder", "ibr", "socialregistry").contains(command)
                                ? command + ".log"
                                : "annona.log")
                .toAbsolutePath()
                .toString();
    }

    private static int run(String[] words) {
        String command = words.length == 0 ? "" : words[0];
        System.setProperty("annona.log.file", logFile(command));
        // The configuration of the log is complete from the first line on; nobody else sets it up anew.
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        List<String> rest = Arrays.asList(words).subList(Math.min(1, words.length), words.length);
        try {
            return switch (command) {
                case "demo" -> DemoCommand.run(rest, Settings.from(System.getenv()));
                case "run" -> RunCommand.run(rest, Settings.from(System.getenv()));
                case "import" -> ImportCommand.run(rest, Settings.from(System.getenv()));
                case "verify" -> VerifyCommand.run(rest, Settings.from(System.getenv()));
                case "bank" -> BankCommand.run(rest);
                case "seeder" -> SeederCommand.run(rest);
                case "ibr" -> BeneficiaryRegistryCommand.run(rest);
                case "socialregistry" -> SocialRegistryCommand.run(rest);
                case RegistryProcess.COMMAND -> RegistryHouseCommand.run(rest, Settings.from(System.getenv()));
                default -> throw new Refusal("'" + command + "' is no command. './annona help' shows all.");
            };
        } catch (Refusal | DatabaseUnavailable refusal) {
            System.err.println(refusal.getMessage());
            return REFUSED;
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
                return REFUSED;
            }
            unexpected.printStackTrace();
            System.err.println("This should not have happened. Please report it with the lines above.");
            return REFUSED;
        }
    }
}
