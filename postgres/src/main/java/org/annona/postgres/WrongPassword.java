package org.annona.postgres;

import java.nio.file.Path;

/** The server of a folder runs and has another password for its administrator. */
public final class WrongPassword extends DatabaseUnavailable {

    WrongPassword(Path folder) {
        super("The database in " + folder + " has another password than the one that follows from the master key.");
    }
}
