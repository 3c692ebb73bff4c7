package org.annona.server.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.annona.access.Role;
import org.annona.access.Users;
import org.annona.exchange.partner.Partners;
import org.annona.foundation.job.Jobs;
import org.annona.registry.Registry;
import org.annona.server.DataFolder;
import org.annona.server.Settings;
import org.annona.server.demo.Acquaintance;
import org.annona.server.demo.DemoUsers;
import org.annona.server.demo.Houses;
import org.annona.server.demo.Imported;
import org.annona.server.demo.ImportingHere;
import org.annona.server.demo.SampleCountry;

/**
 * The second house of {@code demo --split}. It speaks with the first one over its standard input and output about the demo
 * itself; all about people goes over DCI. It ends when its input ends.
 */
public final class RegistryHouseCommand {

    private static final int MOST_PEOPLE = 1_000_000;

    private RegistryHouseCommand() {}

    public static int run(List<String> words, Settings settings) throws IOException {
        Arguments given = Arguments.read(words, Set.of("programmes", "people", "seed"), Set.of());
        int people = (int) given.number("people", 0, 100, MOST_PEOPLE);
        long seed = given.number("seed", 1, 0, Long.MAX_VALUE);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (DataFolder folder = DataFolder.take(settings.dataFolder());
                Running running = Running.start(settings, folder, false)) {
            var server = running.server();
            DemoUsers users = new DemoUsers(
                    server.part(Users.class), running.installation().masterKey());
            users.create();
            Acquaintance.Client client = new Acquaintance(server.part(Partners.class), users.actor(Role.ADMINISTRATOR))
                    .welcomeProgrammes(Houses.PROGRAMMES, given.options().getOrDefault("programmes", ""));
            say("client", server.url(), client.id(), client.secret());
            while ("import".equals(orders.readLine())) {
                SampleCountry.Lists lists = SampleCountry.write(folder.path().resolve("sample"), people, seed);
                Imported imported = new ImportingHere(server.part(Registry.class), server.part(Jobs.class), users)
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
