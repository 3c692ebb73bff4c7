package org.annona.demo.walls;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The walls of the house: who may know whom, who may touch which tables, and who may write SQL. */
class WallsTest {

    private static final List<String> BLOCKS = List.of("registry", "programs", "mapper", "payments");
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(
                    location -> !location.contains("/org/annona/testing/") && !location.contains("annona-testing"))
            .importPackages("org.annona");

    @Test
    void no_block_knows_another_block() {
        for (String block : BLOCKS) {
            String[] others = BLOCKS.stream()
                    .filter(other -> !other.equals(block))
                    .map(other -> "org.annona." + other + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("org.annona." + block + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .check(ALL);
        }
    }

    @Test
    void knowledge_runs_from_the_server_down_to_the_foundation_and_never_up() {
        Map<String, String[]> unknown = Map.of(
                "foundation",
                        packages(
                                "interop",
                                "access",
                                "console",
                                "exchange",
                                "registry",
                                "programs",
                                "mapper",
                                "payments",
                                "server"),
                "interop",
                        packages(
                                "access",
                                "console",
                                "exchange",
                                "registry",
                                "programs",
                                "mapper",
                                "payments",
                                "server"),
                "access", packages("console", "exchange", "registry", "programs", "mapper", "payments", "server"),
                "console", packages("exchange", "registry", "programs", "mapper", "payments", "server"),
                "exchange", packages("registry", "programs", "mapper", "payments", "server", "simulators"),
                "registry", packages("server", "simulators"),
                "programs", packages("server", "simulators"),
                "mapper", packages("server", "simulators"),
                "payments", packages("server", "simulators"),
                "simulators",
                        packages(
                                "foundation",
                                "interop",
                                "access",
                                "console",
                                "exchange",
                                "registry",
                                "programs",
                                "mapper",
                                "payments",
                                "server"));
        unknown.forEach((module, others) -> noClasses()
                .that()
                .resideInAPackage("org.annona." + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .check(ALL));
    }

    private static String[] packages(String... modules) {
        return Stream.of(modules).map(module -> "org.annona." + module + "..").toArray(String[]::new);
    }

    @Test
    void the_server_uses_only_the_public_face_of_a_block() {
        classes()
                .that()
                .resideInAPackage("org.annona.server..")
                .should(dependOnlyOnRootPackagesOfBlocks())
                .check(ALL);
    }

    private static ArchCondition<JavaClass> dependOnlyOnRootPackagesOfBlocks() {
        return new ArchCondition<>("use of a block only its root package") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                item.getDirectDependenciesFromSelf().forEach(dependency -> {
                    String used = dependency.getTargetClass().getPackageName();
                    boolean inside = BLOCKS.stream().anyMatch(block -> used.startsWith("org.annona." + block + "."));
                    events.add(new SimpleConditionEvent(item, !inside, dependency.getDescription()));
                });
            }
        };
    }

    /** So that another program can use it without a database of ours. */
    @Test
    void the_library_of_the_standards_needs_nothing_but_criteria_and_money() {
        noClasses()
                .that()
                .resideInAPackage("org.annona.interop..")
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("org.annona..")
                        .and(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(
                                "org.annona.interop..",
                                "org.annona.foundation.criteria..",
                                "org.annona.foundation.money.."))))
                .check(ALL);
    }

    @Test
    void each_block_uses_the_tables_of_its_own_schema_only() {
        for (String module :
                List.of("foundation", "access", "exchange", "registry", "programs", "mapper", "payments")) {
            noClasses()
                    .that()
                    .resideOutsideOfPackage("org.annona." + module + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.annona." + module + ".internal..")
                    .check(ALL);
        }
    }

    /** SQL in files could name another schema in its text, which no compiler sees. */
    @Test
    void no_statement_in_a_file_names_the_schema_of_another_block() throws IOException {
        List<String> violations = new ArrayList<>();
        int files = 0;
        for (String block : BLOCKS) {
            List<String> others = new ArrayList<>(BLOCKS);
            others.addAll(List.of("access", "exchange"));
            others.remove(block);
            Pattern foreign = Pattern.compile("\\b(" + String.join("|", others) + ")\\.[a-z_]+");
            try (Stream<Path> walk = Files.walk(Path.of("..", block, "src", "main", "resources"))) {
                for (Path file :
                        walk.filter(path -> path.toString().endsWith(".sql")).toList()) {
                    files++;
                    for (String line : Files.readAllLines(file)) {
                        if (foreign.matcher(line.replaceAll("--.*", "")).find()) {
                            violations.add(file + ": " + line);
                        }
                    }
                }
            }
        }
        assertThat(files).isGreaterThan(30);
        assertThat(violations).isEmpty();
    }

    /** Text becomes SQL in one place, and that text is a file of the program; jOOQ's plain SQL takes constants only. */
    @Test
    void only_the_audited_place_builds_sql_from_text() {
        noClasses()
                .that()
                .resideInAPackage("org.annona..")
                .and()
                .resideOutsideOfPackages("org.annona.foundation.database..", "org.annona.postgres..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.sql.Statement")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.sql.PreparedStatement")
                .orShould()
                .callMethod(java.sql.Connection.class, "createStatement")
                .check(ALL);
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "org.annona.foundation.database..", "org.annona.postgres..", "org.annona.access..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "org\\.springframework\\.jdbc\\..*(JdbcTemplate|Operations|JdbcClient|StatementCreator).*")
                .check(ALL);
    }

    /** jOOQ's methods that take SQL as text may be called with constants only; the source shows whether they are. */
    @Test
    void plain_sql_within_jooq_is_never_glued_together() throws IOException {
        Pattern glued = Pattern.compile(
                "\\b(sql|tx|dsl|database\\.sql\\(\\))\\s*\\.\\s*(execute|fetch|fetchOne|query|resultQuery)\\(\\s*\"[^\"]*\"\\s*\\+"
                        + "|DSL\\.(sql|field|condition|table)\\(\\s*\"[^\"]*\"\\s*\\+");
        List<String> violations = new ArrayList<>();
        for (String module :
                List.of("foundation", "access", "console", "exchange", "registry", "programs", "mapper", "payments")) {
            try (Stream<Path> walk = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                for (Path file :
                        walk.filter(path -> path.toString().endsWith(".java")).toList()) {
                    if (glued.matcher(Files.readString(file)).find()) {
                        violations.add(file.toString());
                    }
                }
            }
        }
        assertThat(violations).isEmpty();
    }

    @Test
    void features_of_a_block_form_no_circle() {
        List<String> all = new ArrayList<>(BLOCKS);
        all.add("exchange");
        for (String block : all) {
            slices().matching("org.annona." + block + ".(*)..")
                    .should()
                    .beFreeOfCycles()
                    .check(features(block));
        }
    }

    /** Without the root package, which is the face of all features and so knows them. */
    private static JavaClasses features(String block) {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .withImportOption(location -> location.contains("/org/annona/" + block + "/")
                        && !location.asURI().toString().matches(".*/org/annona/" + block + "/[A-Za-z$-]+\\.class"))
                .importPackages("org.annona." + block);
    }

    @Test
    void money_is_never_a_floating_point_number() {
        noClasses()
                .that()
                .resideInAnyPackage("org.annona.payments..", "org.annona.programs..", "org.annona.foundation.money..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.Double")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.Float")
                .check(ALL);
    }
}
