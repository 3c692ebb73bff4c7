package org.annona.demo;

import java.util.Map;
import org.annona.demo.split.RegistryInstallation;
import org.annona.demo.split.RegistryInstallationCommand;
import org.annona.demo.standin.StandIns;
import org.annona.demo.standin.StandInsCommand;
import org.annona.server.Settings;
import org.annona.server.command.CommandLine;
import org.annona.server.command.CommandLine.Command;

/** Entry of the demo, which is no part of the program for production: Annona with its stand-ins. */
public final class AnnonaDemo {

    private static final Map<String, Command> COMMANDS = Map.of(
            "demo",
            new Command("annona", words -> DemoCommand.run(words, Settings.from(System.getenv()))),
            RegistryInstallation.COMMAND,
            new Command("annona", words -> RegistryInstallationCommand.run(words, Settings.from(System.getenv()))),
            StandIns.COMMAND,
            new Command(StandIns.COMMAND, StandInsCommand::run));

    private AnnonaDemo() {}

    public static void main(String[] words) {
        // What a counterpart does on its bad day is in the log; on the terminal it would look like a fault of Annona.
        System.setProperty("annona.log.terminal", "OFF");
        System.exit(CommandLine.run(COMMANDS, words));
    }
}
