package org.annona.demo.standin;

import java.nio.file.Path;
import java.util.List;

/** This program, to be run once more as another process. */
public final class OwnProgram {

    private OwnProgram() {}

    public static List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "org.annona.demo.AnnonaDemo");
    }
}
