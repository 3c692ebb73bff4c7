package org.annona.codegen;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.annona.postgres.CacheFolder;
import org.annona.postgres.DatabaseAddress;
import org.annona.postgres.EmbeddedPostgres;
import org.annona.postgres.Provisioning;
import org.annona.postgres.RoleNames;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.ForcedType;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Jdbc;
import org.jooq.meta.jaxb.Logging;
import org.jooq.meta.jaxb.Target;

/**
 * Gives a module one class per table of its schema. The classes follow from the migrations, so they are kept in the user's cache
 * under the digest of these; where they are missing, one throw-away PostgreSQL makes them for all schemas of the project.
 *
 * <p>Arguments: folder of the project, schema of the module, folder to write to.
 */
public final class TablesFromMigrations {

    /** Part of the digest: raise it when this tool makes other classes of the same migrations. */
    private static final String EDITION = "5";

    private static final Path CACHE = CacheFolder.ofThisUser().resolve("tables");

    /** The schema that all others may refer to. */
    private static final String SHARED = "foundation";

    private TablesFromMigrations() {}

    public static void main(String[] arguments) throws Exception {
        Path project = Path.of(arguments[0]);
        Path target = Path.of(arguments[2]);
        Schema wanted = schemas(project).stream()
                .filter(schema -> schema.name().equals(arguments[1]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no module has migrations in db/" + arguments[1]));
        Path stamp = target.resolve(".digest");
        if (Files.exists(stamp) && Files.readString(stamp).equals(wanted.digest())) {
            return;
        }
        Files.createDirectories(CACHE);
        // Modules are built at the same time; the first one makes the classes of all.
        try (FileChannel channel =
                        FileChannel.open(CACHE.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            if (!Files.exists(wanted.kept())) {
                List<Schema> all = schemas(project);
                generate(
                        all.stream()
                                .filter(schema -> !Files.exists(schema.kept()))
                                .toList(),
                        all.stream().collect(Collectors.toMap(Schema::name, Schema::migrations)));
            }
        }
        deleteTree(target);
        copyTree(wanted.kept(), target);
        Files.writeString(stamp, wanted.digest());
    }

    /** A schema and the folder of its migrations. */
    private record Schema(String name, Path migrations, String digest) {

        String javaPackage() {
            return "org.annona." + name + ".internal.tables";
        }

        Path kept() {
            return CACHE.resolve(digest);
        }
    }

    private static List<Schema> schemas(Path project) throws IOException {
        List<Schema> schemas = new ArrayList<>();
        try (Stream<Path> modules = Files.list(project)) {
            for (Path module : modules.sorted().toList()) {
                String name = module.getFileName().toString();
                Path migrations = module.resolve("src/main/resources/db").resolve(name);
                if (Files.isDirectory(migrations)) {
                    schemas.add(new Schema(name, migrations, digestOf(name, migrations)));
                }
            }
        }
        return schemas;
    }

    private static String digestOf(String name, Path migrations) throws IOException {
        try (Stream<Path> files = Files.walk(migrations)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((EDITION + "\n" + name + "\n" + StateEnums.settings(name) + "\n").getBytes(UTF_8));
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                digest.update((file.getFileName() + "\n").getBytes(UTF_8));
                digest.update(Files.readAllBytes(file));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void generate(List<Schema> missing, Map<String, Path> migrations) throws Exception {
        Path folder = Files.createTempDirectory("annona-codegen-");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(new EmbeddedPostgres.Settings(
                folder.resolve("postgres"), CacheFolder.ofThisUser(), "codegen", 0, false))) {
            for (Schema schema : missing) {
                DatabaseAddress address = postgres.createDatabase(schema.name(), RoleNames.DEFAULT);
                new Provisioning(address, RoleNames.DEFAULT, role -> role)
                        .prepare(
                                Stream.of(SHARED, schema.name()).distinct().toList(),
                                name -> "filesystem:" + migrations.get(name));
                Path unfinished = CACHE.resolve(schema.digest() + ".unfinished");
                StateEnums states = StateEnums.read(address, schema.name());
                GenerationTool.generate(configuration(address, schema, states, unfinished));
                states.write(unfinished);
                Files.move(unfinished, schema.kept());
            }
        } finally {
            deleteTree(folder);
        }
    }

    private static Configuration configuration(DatabaseAddress address, Schema schema, StateEnums states, Path target) {
        List<ForcedType> types = new ArrayList<>(states.forcedTypes());
        types.add(new ForcedType().withName("INSTANT").withIncludeTypes("(?i:timestamp with time zone|timestamptz)"));
        return new Configuration()
                .withLogging(Logging.WARN)
                .withJdbc(new Jdbc()
                        .withDriver("org.postgresql.Driver")
                        .withUrl(address.jdbcUrl())
                        .withUser(address.adminUser())
                        .withPassword(address.adminPassword()))
                .withGenerator(new Generator()
                        .withDatabase(new Database()
                                .withName("org.jooq.meta.postgres.PostgresDatabase")
                                .withInputSchema(schema.name())
                                .withExcludes("migration")
                                .withIncludeRoutines(false)
                                .withForcedTypes(types)
                                .withIncludeSequences(true))
                        .withGenerate(new Generate()
                                .withGeneratedAnnotation(true)
                                .withDaos(false)
                                .withPojos(false)
                                .withRecords(true)
                                .withComments(false)
                                .withJavadoc(false)
                                .withGlobalCatalogReferences(false))
                        .withTarget(new Target()
                                .withPackageName(schema.javaPackage())
                                .withDirectory(target.toString())
                                .withClean(true)));
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Path copy = to.resolve(from.relativize(path));
                if (Files.isDirectory(path)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(path, copy);
                }
            }
        }
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
