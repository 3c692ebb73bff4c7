package org.annona.demo.standin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.annona.server.Refusal;
import org.annona.server.command.Arguments;
import org.annona.simulators.bank.SimulatedBank;
import org.annona.simulators.ibr.SimulatedBeneficiaryRegistry;
import org.annona.simulators.seeder.Authority;
import org.annona.simulators.seeder.SimulatedSeeder;
import org.annona.simulators.socialregistry.SimulatedSocialRegistry;

/**
 * {@code stand-ins}: plays the counterparts of a demo until its standard input ends. Its only line of output names them with
 * the port on which each serves and the port of its switches, as in {@code bank=4711:4711 token-seeder=4712:4713}.
 */
public final class StandInsCommand {

    private static final int REJECTED_PER_MILLE = 30;
    private static final int RETURNED_PER_MILLE = 10;
    private static final int HOUSEHOLDS = 250;
    private static final int TRIES_FOR_A_PORT = 5;
    private static final Duration PAUSE = Duration.ofMillis(500);

    private static final String EVERYTHING =
            Stream.of(StandIn.values()).map(StandIn::code).collect(Collectors.joining(","));

    private final Path folder;
    private final Properties keptPorts = new Properties();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private StandInsCommand(Path folder) {
        this.folder = folder;
    }

    public static int run(List<String> words) throws Exception {
        Arguments given = Arguments.read(words, Set.of("folder", "account", "currency", "only"), Set.of());
        new StandInsCommand(Path.of(given.options().getOrDefault("folder", "stand-ins"))).serve(given);
        return 0;
    }

    private void serve(Arguments given) throws Exception {
        Files.createDirectories(folder);
        Path file = folder.resolve("stand-ins.properties");
        if (Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                keptPorts.load(in);
            }
        }
        Map<StandIn, Ports> ports = new EnumMap<>(StandIn.class);
        try {
            for (String code : given.options().getOrDefault("only", EVERYTHING).split(",")) {
                StandIn wanted = StandIn.read(code);
                ports.put(wanted, onItsPort(wanted, given));
            }
            try (OutputStream out = Files.newOutputStream(file)) {
                keptPorts.store(out, null);
            }
            System.out.println(ports.entrySet().stream()
                    .map(one -> one.getKey().code() + "=" + one.getValue())
                    .collect(Collectors.joining(" ")));
            System.out.flush();
            awaitEndOfInput();
        } finally {
            for (AutoCloseable one : open) {
                one.close();
            }
        }
    }

    /** @param control of its switches */
    record Ports(int served, int control) {

        @Override
        public String toString() {
            return served + ":" + control;
        }
    }

    private static void awaitEndOfInput() throws IOException {
        while (System.in.read() >= 0) {
            continue;
        }
    }

    /** On the port of the start before, because its address is part of agreements; that port may not be free at once. */
    private Ports onItsPort(StandIn wanted, Arguments given) throws IOException, InterruptedException {
        int kept = Integer.parseInt(keptPorts.getProperty(wanted.code(), "0"));
        for (int tries = 1; ; tries++) {
            try {
                Ports ports = start(wanted, tries > TRIES_FOR_A_PORT ? 0 : kept, given);
                keptPorts.setProperty(wanted.code(), Integer.toString(ports.served()));
                return ports;
            } catch (BindException taken) {
                if (tries > TRIES_FOR_A_PORT) {
                    throw taken;
                }
                Thread.sleep(PAUSE.toMillis());
            }
        }
    }

    private Ports start(StandIn wanted, int port, Arguments given) throws IOException {
        return switch (wanted) {
            case BANK -> bank(port, given);
            case TOKEN_SEEDER -> {
                SimulatedSeeder seeder = new SimulatedSeeder(new Authority("annona", false), port);
                open.push(seeder);
                seeder.start();
                yield new Ports(seeder.port(), seeder.controlPort());
            }
            case BENEFICIARY_REGISTRY -> {
                SimulatedBeneficiaryRegistry registry =
                        new SimulatedBeneficiaryRegistry(port, folder.resolve(wanted.code()));
                open.push(registry);
                registry.start();
                yield new Ports(registry.port(), registry.controlPort());
            }
            case SOCIAL_REGISTRY -> {
                SimulatedSocialRegistry registry = new SimulatedSocialRegistry(port, HOUSEHOLDS, 1);
                open.push(registry);
                registry.start();
                yield new Ports(registry.port(), registry.controlPort());
            }
        };
    }

    private Ports bank(int port, Arguments given) throws IOException {
        String token = Stream.ofNullable(System.getenv(StandIns.BANK_TOKEN))
                .filter(text -> !text.isBlank())
                .findFirst()
                .orElseThrow(() ->
                        new Refusal("Set " + StandIns.BANK_TOKEN + " to the token of the simulated bank's customers."));
        SimulatedBank bank = new SimulatedBank(new SimulatedBank.Settings(
                folder.resolve("bank"),
                token,
                given.options().getOrDefault("account", "GOV0001"),
                given.options().getOrDefault("currency", "KES"),
                "1",
                REJECTED_PER_MILLE,
                RETURNED_PER_MILLE,
                LocalDate.now(),
                port));
        open.push(bank);
        bank.start();
        return new Ports(bank.port(), bank.port());
    }
}
