package org.annona.testing;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The standard's own OpenAPI files, which lie beside the project and not in it. */
public final class DciSpecification {

    public static final List<String> REGISTRIES = List.of("social", "ibr", "crvs", "fr", "dr");

    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(
            Dialects.getOpenApi30(), builder -> builder.schemaLoader(loader -> loader.fetchRemoteResources()));

    private static final AtomicBoolean SAID = new AtomicBoolean();

    private DciSpecification() {}

    private static Optional<Path> folderBeside() {
        for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
            Path folder = up.resolve("shared/specs/dci");
            if (Files.isDirectory(folder)) {
                return Optional.of(folder);
            }
        }
        return Optional.empty();
    }

    /** Whether the files are there; for tests that have more to say than what is in them. */
    public static boolean isHere() {
        boolean here = folderBeside().isPresent();
        if (!here && SAID.compareAndSet(false, true)) {
            System.out.println("Not compared with the standard: no folder shared/specs/dci lies beside the project.");
        }
        return here;
    }

    private static Path folder() {
        Assumptions.assumeTrue(isHere(), "no folder shared/specs/dci beside the project");
        return folderBeside().orElseThrow();
    }

    /** The standard's classes and code lists. */
    public static JsonNode codes() {
        return JsonMapper.shared().readTree(folder().resolve("codes.json").toFile());
    }

    /** @return what the standard finds wrong with it; nothing is good */
    public static List<String> faults(String registry, String pointer, JsonNode json) {
        String file = folder().resolve(registry + "_api_v1.0.0.yaml").toUri().toString();
        Schema schema = SCHEMAS.getSchema(SchemaLocation.of(file + "#" + pointer));
        return schema.validate(json).stream().map(Object::toString).toList();
    }

    /** The same for tests that have more to say: where the files are not there, which is said, nothing is found. */
    public static List<String> faultsIfHere(String registry, String pointer, JsonNode json) {
        return isHere() ? faults(registry, pointer, json) : List.of();
    }
}
