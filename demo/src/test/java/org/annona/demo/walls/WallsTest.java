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
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The walls between the modules: who may know whom, who may touch which tables, and who may write SQL. */
class WallsTest {

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.annona");

    private static final Pattern IMPORT = Pattern.compile("^import (static )?([\\w.]+)\\.(\\w+);", Pattern.MULTILINE);

    private static String[] packages(List<String> modules) {
        return modules.stream().map(module -> "org.annona." + module + "..").toArray(String[]::new);
    }

    @Test
    void the_modules_are_those_of_the_build() throws IOException {
        assertThat(Modules.blocks()).contains("registry", "tokens", "programs", "mapper", "payments");
        assertThat(Modules.all()).containsAll(Modules.ASIDE);
        for (String module : Modules.seen()) {
            assertThat(ALL.containPackage("org.annona." + module))
                    .as("classes of " + module)
                    .isTrue();
        }
    }

    @Test
    void a_module_knows_only_those_below_it_and_no_block_knows_another() throws IOException {
        for (String module : Modules.seen()) {
            noClasses()
                    .that()
                    .resideInAPackage("org.annona." + module + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(packages(Modules.hiddenFrom(module)))
                    .check(ALL);
        }
    }

    /** What runs in production is the server with everything that its pom.xml reaches. */
    @Test
    void the_program_for_production_has_no_demo_and_no_stand_ins() throws IOException {
        Set<String> reached = reachedFrom("server");

        assertThat(reached).contains("registry", "payments", "foundation");
        assertThat(reached).doesNotContain("demo", "simulators", "testing", "bench");
    }

    private static Set<String> reachedFrom(String module) throws IOException {
        String pom = Files.readString(Modules.PROJECT.resolve(module).resolve("pom.xml"));
        Set<String> reached = Pattern.compile("<dependency>(.*?)</dependency>", Pattern.DOTALL)
                .matcher(pom)
                .results()
                .map(MatchResult::group)
                .filter(text -> !text.contains("<scope>test</scope>") && !text.contains("<scope>provided</scope>"))
                .flatMap(text -> Pattern.compile("annona-([a-z]+)<")
                        .matcher(text)
                        .results()
                        .map(found -> found.group(1)))
                .collect(Collectors.toSet());
        for (String next : List.copyOf(reached)) {
            reached.addAll(reachedFrom(next));
        }
        return reached;
    }

    @Test
    void server_and_demo_use_only_the_public_face_of_a_block() throws IOException {
        classes()
                .that()
                .resideInAnyPackage("org.annona.server..", "org.annona.demo..")
                .should(dependOnlyOnRootPackagesOf(Modules.blocks()))
                .check(ALL);
    }

    private static ArchCondition<JavaClass> dependOnlyOnRootPackagesOf(List<String> blocks) {
        return new ArchCondition<>("use of a block only its root package") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                item.getDirectDependenciesFromSelf().forEach(dependency -> {
                    String used = dependency.getTargetClass().getPackageName();
                    boolean inside = blocks.stream().anyMatch(block -> used.startsWith("org.annona." + block + "."));
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
    void each_module_uses_the_tables_of_its_own_schema_only() throws IOException {
        assertThat(Modules.schemas()).contains("foundation", "access", "exchange", "tokens", "payments");
        for (String module : Modules.schemas()) {
            noClasses()
                    .that()
                    .resideOutsideOfPackage("org.annona." + module + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.annona." + module + ".internal..")
                    .check(ALL);
        }
    }

    /** SQL in files could name another schema in its text, which no compiler sees. The tables of foundation are for all. */
    @Test
    void no_statement_in_a_file_names_the_schema_of_another_module() throws IOException {
        List<String> violations = new ArrayList<>();
        int files = 0;
        for (String module : Modules.schemas()) {
            List<String> others = new ArrayList<>(Modules.schemas());
            others.removeAll(List.of(module, "foundation"));
            Pattern foreign = Pattern.compile("\\b(" + String.join("|", others) + ")\\.[a-z_]+");
            for (Path file : Modules.files(module, ".sql")) {
                files++;
                for (String line : Files.readAllLines(file)) {
                    // A constant such as 'programs.approve' is the code of a permission.
                    String statement = line.replaceAll("--.*", "").replaceAll("'[a-z]+\\.[a-z_]+'", "''");
                    if (foreign.matcher(statement).find()) {
                        violations.add(file + ": " + line);
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
                .resideOutsideOfPackages(
                        "org.annona.foundation.database..", "org.annona.postgres..", "org.annona.testing..")
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
        for (String module : Modules.all()) {
            if (!Set.of("postgres", "testing", "bench").contains(module)) {
                for (Path file : Modules.files(module, ".java")) {
                    if (glued.matcher(Files.readString(file)).find()) {
                        violations.add(file.toString());
                    }
                }
            }
        }
        assertThat(violations).isEmpty();
    }

    @Test
    void features_of_a_module_form_no_circle() throws IOException {
        List<String> modules = new ArrayList<>(Modules.blocks());
        modules.addAll(List.of("exchange", "console", "foundation", "interop"));
        for (String module : modules) {
            slices().matching("org.annona." + module + ".(*)..")
                    .should()
                    .beFreeOfCycles()
                    .check(new ClassFileImporter()
                            .withImportOption(new ImportOption.DoNotIncludeTests())
                            .withImportOption(location -> location.contains("/org/annona/" + module + "/"))
                            .importPackages("org.annona." + module));
        }
    }

    /**
     * A root package holds what features share, and the face that uses the features. A feature that used the face would close a
     * circle. The sources are read, because the compiler leaves no trace of a constant.
     */
    @Test
    void no_feature_uses_the_face_of_its_own_module() throws IOException {
        List<String> violations = new ArrayList<>();
        for (String module : Modules.blocks()) {
            String root = "org.annona." + module;
            Set<String> face = ALL.stream()
                    .filter(one -> one.getPackageName().equals(root))
                    .filter(one -> one.getDirectDependenciesFromSelf().stream()
                            .map(dependency -> dependency.getTargetClass().getPackageName())
                            .anyMatch(used -> used.startsWith(root + ".") && !used.startsWith(root + ".internal")))
                    .map(JavaClass::getSimpleName)
                    .collect(Collectors.toSet());
            assertThat(face).as("the face of " + module).isNotEmpty();
            for (Path file : Modules.files(module, ".java")) {
                String source = Files.readString(file);
                if (source.contains("package " + root + ".")) {
                    IMPORT.matcher(source)
                            .results()
                            .filter(found -> isOf(found, root, face))
                            .forEach(found -> violations.add(file + ": " + found.group()));
                }
            }
        }
        assertThat(violations).isEmpty();
    }

    /** Of a static import, the class is the end of the first part. */
    private static boolean isOf(MatchResult found, String root, Set<String> face) {
        return found.group(1) == null
                ? found.group(2).equals(root) && face.contains(found.group(3))
                : face.stream().anyMatch(name -> found.group(2).equals(root + "." + name));
    }

    @Test
    void money_is_never_a_floating_point_number() throws IOException {
        noClasses()
                .that()
                .resideInAnyPackage(packages(Modules.blocks()))
                .or()
                .resideInAPackage("org.annona.foundation.money..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.Double")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.Float")
                .check(ALL);
    }
}
