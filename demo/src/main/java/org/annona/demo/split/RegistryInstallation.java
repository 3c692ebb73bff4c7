package org.annona.demo.split;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.annona.demo.Imported;
import org.annona.demo.Importing;
import org.annona.demo.SampleCountry;
import org.annona.demo.standin.OwnProgram;
import org.annona.server.Refusal;

/** The installation of the registry in a split demo: a process of its own that ends with this one; its data stays. */
public final class RegistryInstallation implements Importing, AutoCloseable {

    public static final String COMMAND = "registry-installation";
    static final String CLIENT = "client";
    static final String STEP = "step";
    static final String IMPORTED = "imported";
    private static final int SECONDS_TO_END = 20;

    private final Process process;
    private final BufferedReader words;
    private final Path log;
    private final String address;
    private final PairInstallations.Client client;

    private RegistryInstallation(
            Process process, BufferedReader words, Path log, String address, PairInstallations.Client client) {
        this.process = process;
        this.words = words;
        this.log = log;
        this.address = address;
        this.client = client;
    }

    /** @param programmes address of the installation of the programmes */
    public static RegistryInstallation start(Path folder, String programmes, int people, long seed) {
        try {
            Files.createDirectories(folder);
            Path log = folder.resolve("registry-installation.log");
            List<String> command = new ArrayList<>(OwnProgram.command());
            command.addAll(List.of(
                    COMMAND,
                    "--programmes",
                    programmes,
                    "--people",
                    Integer.toString(people),
                    "--seed",
                    Long.toString(seed)));
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().put("ANNONA_DATA", folder.toString());
            builder.environment().put("ANNONA_BLOCKS", "registry,tokens");
            builder.environment().put("ANNONA_DCI_ID", PairInstallations.REGISTRY);
            builder.environment().put("ANNONA_DEVELOPMENT", "true");
            builder.environment().put("ANNONA_PORT", "0");
            builder.environment().remove("ANNONA_DATABASE_URL");
            Process process = builder.start();
            BufferedReader words =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String[] said = next(words, CLIENT, log, (title, text) -> {});
            return new RegistryInstallation(
                    process, words, log, said[1], new PairInstallations.Client(said[2], said[3]));
        } catch (IOException failed) {
            throw new Refusal("The installation of the registry did not start: " + failed.getMessage());
        }
    }

    /** The next line of that kind; steps before it are told on. */
    private static String[] next(BufferedReader words, String kind, Path log, BiConsumer<String, String> step)
            throws IOException {
        for (String line = words.readLine(); line != null; line = words.readLine()) {
            String[] parts = line.split("\t", -1);
            if (parts[0].equals(kind)) {
                return parts;
            }
            if (parts[0].equals(STEP)) {
                step.accept(parts[1], parts[2]);
            }
        }
        throw new Refusal("The installation of the registry ended by itself. The reason is in " + log + ".");
    }

    public String address() {
        return address;
    }

    public PairInstallations.Client client() {
        return client;
    }

    /** The other installation has the same lists: they follow from the number of people and the seed. */
    @Override
    public Imported take(SampleCountry.Lists lists, BiConsumer<String, String> step) {
        try {
            OutputStream out = process.getOutputStream();
            out.write("import\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            String[] said = next(words, IMPORTED, log, step);
            return new Imported(Long.parseLong(said[1]), Long.parseLong(said[2]));
        } catch (IOException gone) {
            throw new Refusal("The installation of the registry ended by itself. The reason is in " + log + ".");
        }
    }

    @Override
    public void close() {
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
