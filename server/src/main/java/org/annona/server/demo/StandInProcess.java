package org.annona.server.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.annona.server.Refusal;

/** A stand-in for a counterpart as a process of its own; it ends with this one. Its first words are the ports it listens on. */
public final class StandInProcess implements AutoCloseable {

    private static final int TRIES_FOR_A_PORT = 5;
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final String name;
    private final Process process;
    private final List<Integer> ports;

    private StandInProcess(String name, Process process, List<Integer> ports) {
        this.name = name;
        this.process = process;
        this.ports = List.copyOf(ports);
    }

    /** @param folder of its book */
    public static StandInProcess bank(Path folder, String token, String account, String currency) {
        return start(
                "simulated bank",
                folder.resolveSibling("bank.log"),
                // Not on the command line, where every user of the machine can read it.
                Map.of("ANNONA_BANK_TOKEN", token),
                List.of("bank", "--folder", folder.toString(), "--account", account, "--currency", currency));
    }

    /** Its second port is the one of its switches. */
    public static StandInProcess seeder(Path folder) {
        return startAgain("simulated token seeder", folder, "seeder", List.of());
    }

    /** Its second port is the one of its book and its switches. What it is told to know, it keeps in the folder. */
    public static StandInProcess beneficiaryRegistry(Path folder) {
        return startAgain(
                "simulated registry of beneficiaries",
                folder,
                "ibr",
                List.of("--folder", folder.resolve("ibr").toString()));
    }

    /** Its second port is the one of its switches. */
    public static StandInProcess socialRegistry(Path folder) {
        return startAgain("simulated social registry", folder, "socialregistry", List.of());
    }

    /** On the port that it had before, because it is agreed at which address it is asked; it may not be free at once. */
    private static StandInProcess startAgain(String name, Path folder, String command, List<String> options) {
        Path kept = folder.resolve(command + ".port");
        Path log = folder.resolve(command + ".log");
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(options);
        try {
            if (Files.exists(kept)) {
                List<String> asBefore = new ArrayList<>(words);
                asBefore.addAll(List.of("--port", Files.readString(kept).strip()));
                for (int tries = 1; tries <= TRIES_FOR_A_PORT; tries++) {
                    try {
                        return start(name, log, Map.of(), asBefore);
                    } catch (Refusal taken) {
                        Thread.sleep(PAUSE.toMillis());
                    }
                }
            }
            StandInProcess started = start(name, log, Map.of(), words);
            Files.writeString(kept, started.ports.getFirst().toString());
            return started;
        } catch (IOException failed) {
            throw new Refusal("The " + name + " did not start: " + failed.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Refusal("The " + name + " was not started.");
        }
    }

    private static StandInProcess start(String name, Path log, Map<String, String> environment, List<String> words) {
        try {
            Files.createDirectories(log.getParent());
            List<String> command = new ArrayList<>(ownCommand());
            command.addAll(words);
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            Process process = builder.start();
            BufferedReader said =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String line = said.readLine();
            if (line == null || !line.matches("port( \\d+)+")) {
                process.destroyForcibly();
                throw new Refusal("The " + name + " did not start. Its own words are in " + log + ".");
            }
            List<Integer> ports = new ArrayList<>();
            for (String port : line.substring(5).split(" ")) {
                ports.add(Integer.parseInt(port));
            }
            return new StandInProcess(name, process, ports);
        } catch (IOException failed) {
            throw new Refusal("The " + name + " did not start: " + failed.getMessage());
        }
    }

    /** The program that runs here, to be run once more. */
    public static List<String> ownCommand() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("java.class.path");
        List<String> command =
                new ArrayList<>(List.of(java, "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        boolean oneJar = classPath.endsWith(".jar") && !classPath.contains(System.getProperty("path.separator"));
        command.addAll(oneJar ? List.of("-jar", classPath) : List.of("-cp", classPath, "org.annona.server.Annona"));
        return command;
    }

    public String url() {
        return url(ports.getFirst());
    }

    /** Where its misbehaviour is switched. */
    public StandInSwitches switches() {
        return new StandInSwitches(name, url(ports.getLast()), "");
    }

    private static String url(int port) {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException gone) {
            process.destroyForcibly();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
