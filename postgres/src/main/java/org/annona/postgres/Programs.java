package org.annona.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How to start PostgreSQL's programs on this machine. PostgreSQL refuses to run as root, yet containers and build servers
 * often have no other user; there it runs in a user namespace of its own, in which it is nobody to itself while its files
 * stay with root, and where namespaces are forbidden it runs as the user with id {@value #NOBODY}.
 */
final class Programs {

    private static final int NOBODY = 65534;

    private enum Disguise {
        NONE,
        NAMESPACE,
        NOBODY
    }

    private final Path home;
    private final Disguise disguise;

    Programs(Path home, Path dataFolder) {
        this.home = home;
        this.disguise = isRoot() ? disguiseForRoot(dataFolder) : Disguise.NONE;
    }

    String path(String program) {
        return home.resolve("bin").resolve(program).toString();
    }

    List<String> prefix() {
        return switch (disguise) {
            case NONE -> List.of();
            case NAMESPACE -> List.of("unshare", "-U");
            case NOBODY -> List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
        };
    }

    /** Keeps the keys and signals of a terminal, such as Ctrl-C, away: the server ends after its last client, not before. */
    static List<String> inOwnSession() {
        return Files.isExecutable(Path.of("/usr/bin/setsid")) ? List.of("/usr/bin/setsid") : List.of();
    }

    void letServerOwn(Path folder) throws IOException {
        int owner = switch (disguise) {
            case NONE -> -1;
            case NAMESPACE -> 0;
            case NOBODY -> NOBODY;
        };
        if (owner < 0 || !Files.exists(folder)) {
            return;
        }
        if (((Integer) Files.getAttribute(folder, "unix:uid")) == owner) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.toList()) {
                Files.setAttribute(path, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    void letServerRead(Path file) throws IOException {
        if (disguise == Disguise.NOBODY) {
            Files.setAttribute(file, "unix:uid", NOBODY);
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static Disguise disguiseForRoot(Path dataFolder) {
        if (succeeds("unshare", "-U", "true")) {
            return Disguise.NAMESPACE;
        }
        if (succeeds("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "true")) {
            return Disguise.NOBODY;
        }
        throw new DatabaseUnavailable(
                "PostgreSQL does not run as root, and neither unshare nor setpriv is of use here. Start"
                        + " Annona as an ordinary user who may write " + dataFolder
                        + ", or set ANNONA_DATABASE_URL to a PostgreSQL server.");
    }

    private static boolean succeeds(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
