package org.annona.server.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.annona.server.Refusal;

/** The simulated bank as a process of its own; it ends with this one, and its book stays. */
public final class BankProcess implements AutoCloseable {

    private final Process process;
    private final int port;

    private BankProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** @param folder of its book */
    public static BankProcess start(Path folder, String token, String account, String currency, int port) {
        try {
            List<String> command = new ArrayList<>(ownCommand());
            command.addAll(List.of(
                    "bank",
                    "--folder",
                    folder.toString(),
                    "--account",
                    account,
                    "--currency",
                    currency,
                    "--port",
                    Integer.toString(port)));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(
                            folder.resolveSibling("bank.log").toFile()));
            // Not on the command line, where every user of the machine can read it.
            builder.environment().put("ANNONA_BANK_TOKEN", token);
            Process process = builder.start();
            BufferedReader words =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String line = words.readLine();
            if (line == null || !line.matches("port \\d+")) {
                process.destroyForcibly();
                throw new Refusal("The simulated bank did not start. Its own words are in "
                        + folder.resolveSibling("bank.log") + ".");
            }
            return new BankProcess(process, Integer.parseInt(line.substring(5)));
        } catch (IOException failed) {
            throw new Refusal("The simulated bank did not start: " + failed.getMessage());
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
        return "http://127.0.0.1:" + port;
    }

    public long processId() {
        return process.pid();
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
