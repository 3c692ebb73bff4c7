package org.annona.codegen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
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
 * Runs a schema's migrations in a throw-away PostgreSQL and writes one class per table. Does nothing when the migrations
 * are the ones that were last used.
 *
 * <p>Arguments: schema, folder of the migrations, package of the classes, folder to write to.
 */
public final class TablesFromMigrations {

    /** Part of the stamp: raise it when this tool writes something else from the same migrations. */
    private static final String EDITION = "2";

    private TablesFromMigrations() {}

    public static void main(String[] arguments) throws Exception {
        String schema = arguments[0];
        Path migrations = Path.of(arguments[1]);
        String targetPackage = arguments[2];
        Path target = Path.of(arguments[3]);
        Path stamp = target.resolve(".stamp");
        String digest = digestOf(migrations, targetPackage);
        if (Files.exists(stamp) && Files.readString(stamp).equals(digest)) {
            return;
        }
        generate(schema, migrations, targetPackage, target);
        Files.writeString(stamp, digest);
    }

    private static void generate(String schema, Path migrations, String targetPackage, Path target) throws Exception {
        Path folder = Files.createTempDirectory("annona-codegen-");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(new EmbeddedPostgres.Settings(
                folder.resolve("postgres"), CacheFolder.ofThisUser(), "codegen", 0, false))) {
            DatabaseAddress address = postgres.createDatabase("codegen", RoleNames.DEFAULT);
            new Provisioning(address, RoleNames.DEFAULT, role -> role)
                    .prepare(List.of(schema), any -> "filesystem:" + migrations);
            GenerationTool.generate(configuration(address, schema, targetPackage, target));
        } finally {
            deleteTree(folder);
        }
    }

    private static Configuration configuration(
            DatabaseAddress address, String schema, String targetPackage, Path target) {
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
                                .withInputSchema(schema)
                                .withExcludes("migration")
                                .withIncludeRoutines(false)
                                .withForcedTypes(new ForcedType()
                                        .withName("INSTANT")
                                        .withIncludeTypes("(?i:timestamp with time zone|timestamptz)"))
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
                                .withPackageName(targetPackage)
                                .withDirectory(target.toString())
                                .withClean(true)));
    }

    private static String digestOf(Path migrations, String targetPackage) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update((EDITION + targetPackage).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        try (Stream<Path> files = Files.walk(migrations)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                digest.update(file.getFileName().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(file));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
