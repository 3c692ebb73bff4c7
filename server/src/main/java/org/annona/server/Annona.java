package org.annona.server;

import java.util.Map;
import org.annona.server.command.AdministratorCommand;
import org.annona.server.command.BackupCommand;
import org.annona.server.command.CommandLine;
import org.annona.server.command.CommandLine.Command;
import org.annona.server.command.ImportCommand;
import org.annona.server.command.PasswordCommand;
import org.annona.server.command.RestoreCommand;
import org.annona.server.command.RunCommand;
import org.annona.server.command.VerifyCommand;

/** Entry of the program: one command and its arguments. */
public final class Annona {

    private static final String LOG = "annona";

    private static final Map<String, Command> COMMANDS = Map.of(
            "run", new Command(LOG, words -> RunCommand.run(words, Settings.from(System.getenv()))),
            "import", new Command(LOG, words -> ImportCommand.run(words, Settings.from(System.getenv()))),
            "backup", new Command(LOG, words -> BackupCommand.run(words, Settings.from(System.getenv()))),
            "restore", new Command(LOG, words -> RestoreCommand.run(words, Settings.from(System.getenv()))),
            "administrator", new Command(LOG, words -> AdministratorCommand.run(words, Settings.from(System.getenv()))),
            "password", new Command(LOG, words -> PasswordCommand.run(words, Settings.from(System.getenv()))),
            "verify", new Command(LOG, words -> VerifyCommand.run(words, Settings.from(System.getenv()))));

    private Annona() {}

    public static void main(String[] words) {
        System.exit(CommandLine.run(COMMANDS, words));
    }
}
