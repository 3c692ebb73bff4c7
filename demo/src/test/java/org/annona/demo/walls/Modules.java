package org.annona.demo.walls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The modules of the build, as its pom.xml lists them. What is not named here is a block, so a new module is guarded at once. */
final class Modules {

    static final Path PROJECT = Path.of("..");

    /** From the ground up: a module knows none of its own layer and none above. The blocks lie where the empty layer stands. */
    private static final List<Set<String>> LAYERS = List.of(
            Set.of("postgres"),
            Set.of("foundation"),
            Set.of("interop", "access"),
            Set.of("console"),
            Set.of("exchange"),
            Set.of(),
            Set.of("server"),
            Set.of("demo"),
            Set.of("bench"));

    private static final int BLOCKS = 5;

    /** Tools of build and tests, and the stand-ins: no code for production knows them. */
    static final Set<String> ASIDE = Set.of("codegen", "testing", "simulators");

    private Modules() {}

    static List<String> all() throws IOException {
        return Pattern.compile("<module>([^<]+)</module>")
                .matcher(Files.readString(PROJECT.resolve("pom.xml")))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    /** Those of which the classes can be read here. The build tool and the benchmarks run apart, and nothing uses them. */
    static List<String> seen() throws IOException {
        return all().stream()
                .filter(module -> !Set.of("codegen", "bench").contains(module))
                .toList();
    }

    static List<String> blocks() throws IOException {
        return all().stream()
                .filter(module -> !ASIDE.contains(module))
                .filter(module -> LAYERS.stream().noneMatch(layer -> layer.contains(module)))
                .toList();
    }

    /** Modules that have tables. */
    static List<String> schemas() throws IOException {
        return all().stream()
                .filter(module -> Files.isDirectory(PROJECT.resolve(module).resolve("src/main/resources/db")))
                .toList();
    }

    /** What this module must not know. */
    static List<String> hiddenFrom(String module) throws IOException {
        List<String> hidden = new ArrayList<>(all());
        hidden.removeAll(belowOf(module));
        hidden.remove(module);
        return hidden;
    }

    private static List<String> belowOf(String module) throws IOException {
        List<String> below = new ArrayList<>();
        if (ASIDE.contains(module)) {
            return module.equals("simulators") ? List.of() : List.of("postgres");
        }
        if (module.equals("demo") || module.equals("bench")) {
            below.add("simulators");
        }
        for (int layer = 0; layer < LAYERS.size(); layer++) {
            List<String> here = layer == BLOCKS ? blocks() : List.copyOf(LAYERS.get(layer));
            if (here.contains(module)) {
                return below;
            }
            below.addAll(here);
        }
        throw new IllegalStateException(module + " lies in no layer");
    }

    /** Its files below {@code src/main} with that ending. */
    static List<Path> files(String module, String ending) throws IOException {
        Path main = PROJECT.resolve(module).resolve("src/main");
        try (Stream<Path> walk = Files.walk(main)) {
            return walk.filter(path -> path.toString().endsWith(ending)).toList();
        }
    }
}
