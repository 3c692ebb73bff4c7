package org.annona.demo.standin;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.annona.server.Refusal;
import org.jspecify.annotations.Nullable;

/** The counterparts of a demo: in one process of their own, which ends with this one, or somewhere else. */
public final class StandIns implements AutoCloseable {

    public static final String COMMAND = "stand-ins";
    static final String BANK_TOKEN = "ANNONA_BANK_TOKEN";
    private static final int SECONDS_TO_END = 5;

    private final @Nullable Process process;
    private final Map<StandIn, StandInsCommand.Ports> ports;

    private StandIns(@Nullable Process process, Map<StandIn, StandInsCommand.Ports> ports) {
        this.process = process;
        this.ports = ports;
    }

    /** What the simulated bank keeps for its customer. @param token that the customer shows */
    public record Account(String token, String number, String currency) {

        @Override
        public String toString() {
            return "Account[" + number + "]";
        }
    }

    public static StandIns none() {
        return new StandIns(null, Map.of());
    }

    /**
     * Those that run already.
     *
     * @param ports as the command {@code stand-ins} prints them
     */
    public static StandIns running(String ports) {
        return new StandIns(null, read(ports));
    }

    /**
     * @param folder of their books
     * @param account where one of them is the bank
     */
    public static StandIns start(Path folder, Set<StandIn> wanted, Account account) {
        Path log = folder.resolve("stand-ins.log");
        List<String> command = new ArrayList<>(OwnProgram.command());
        command.addAll(List.of(
                COMMAND,
                "--folder",
                folder.toString(),
                "--account",
                account.number(),
                "--currency",
                account.currency(),
                "--only",
                wanted.stream().map(StandIn::code).collect(Collectors.joining(","))));
        try {
            Files.createDirectories(folder);
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
            // Not on the command line, where every user of the machine can read it.
            builder.environment().put(BANK_TOKEN, account.token());
            Process process = builder.start();
            BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String line = output.readLine();
            if (line == null) {
                process.destroyForcibly();
                throw new Refusal(
                        "The simulated counterparts of the demo did not start. The reason is in " + log + ".");
            }
            return new StandIns(process, read(line));
        } catch (IOException failed) {
            throw new Refusal("The simulated counterparts of the demo did not start: " + failed.getMessage());
        }
    }

    private static Map<StandIn, StandInsCommand.Ports> read(String line) {
        Map<StandIn, StandInsCommand.Ports> ports = new EnumMap<>(StandIn.class);
        for (String one : line.split(" ")) {
            String[] parts = one.split("[=:]");
            ports.put(
                    StandIn.read(parts[0]),
                    new StandInsCommand.Ports(Integer.parseInt(parts[1]), Integer.parseInt(parts[2])));
        }
        return ports;
    }

    public @Nullable String url(StandIn standIn) {
        StandInsCommand.Ports of = ports.get(standIn);
        return of == null ? null : url(of.served());
    }

    /** Where its misbehaviour is switched. */
    public StandInSwitches switches(StandIn standIn) {
        return new StandInSwitches(
                standIn.words(), url(Objects.requireNonNull(ports.get(standIn)).control()), "");
    }

    private static String url(int port) {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        if (process == null) {
            return;
        }
        try {
            process.getOutputStream().close();
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException gone) {
            process.destroyForcibly();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
