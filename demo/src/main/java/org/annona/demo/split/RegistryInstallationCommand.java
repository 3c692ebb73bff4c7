package org.annona.demo.split;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.annona.access.Role;
import org.annona.access.Users;
import org.annona.demo.DemoOutput;
import org.annona.demo.DemoUsers;
import org.annona.demo.Imported;
import org.annona.demo.LocalImporting;
import org.annona.demo.SampleCountry;
import org.annona.exchange.partner.Partners;
import org.annona.foundation.job.Jobs;
import org.annona.registry.Registry;
import org.annona.server.DataFolder;
import org.annona.server.Settings;
import org.annona.server.command.Arguments;
import org.annona.server.command.Running;

/**
 * The second installation of {@code demo --split}. Its standard input and output carry the orders of the demo; everything about
 * people goes over DCI. It ends when its input ends.
 */
public final class RegistryInstallationCommand {

    private static final int MOST_PEOPLE = 1_000_000;

    private RegistryInstallationCommand() {}

    public static int run(List<String> words, Settings settings) throws IOException {
        Arguments given = Arguments.read(words, Set.of("programmes", "people", "seed"), Set.of());
        int people = (int) given.number("people", 0, 100, MOST_PEOPLE);
        long seed = given.number("seed", 1, 0, Long.MAX_VALUE);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (DataFolder folder = DataFolder.take(settings.dataFolder());
                Running running = Running.start(settings, folder)) {
            var server = running.server();
            DemoUsers users = new DemoUsers(
                    server.part(Users.class), running.installation().masterKey());
            users.create();
            PairInstallations.Client client = new PairInstallations(
                            server.part(Partners.class), users.actor(Role.ADMINISTRATOR))
                    .welcomeProgrammes(
                            PairInstallations.PROGRAMMES, given.options().getOrDefault("programmes", ""));
            say("client", server.url(), client.id(), client.secret());
            while ("import".equals(orders.readLine())) {
                SampleCountry.Lists lists = SampleCountry.write(folder.path().resolve("sample"), people, seed);
                Imported imported = new LocalImporting(
                                server.part(Registry.class), server.part(Jobs.class), users, new DemoOutput(System.err))
                        .take(lists, (title, text) -> say("step", title, text));
                say("imported", Long.toString(imported.imported()), Long.toString(imported.rejected()));
            }
            return 0;
        }
    }

    private static void say(String... parts) {
        System.out.println(String.join("\t", parts));
    }
}
