package org.annona.demo.walls;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.text.MessageFormat;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.annona.access.Permission;
import org.annona.foundation.problem.ProblemCode;
import org.annona.foundation.text.Texts;
import org.junit.jupiter.api.Test;

/** Each key that the code asks for is a text, and each text is asked for. */
class TextsTest {

    private static final List<Class<?>> ENUMS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.annona").stream()
                    .filter(JavaClass::isEnum)
                    .filter(one -> one.isAssignableTo(ProblemCode.class) || one.isAssignableTo(Permission.class))
                    .<Class<?>>map(JavaClass::reflect)
                    .toList();

    private static final Pattern KEY_OF_TEMPLATE = Pattern.compile("#\\{([a-z0-9_.]+)[({}]?");
    private static final Pattern KEY_OF_CODE = Pattern.compile("\"(console\\.[a-z_.]+[a-z_])\"");

    private static Stream<?> constants() {
        return ENUMS.stream().flatMap(one -> Arrays.stream(one.getEnumConstants()));
    }

    private static Stream<String> keysOf(Object constant) {
        return constant instanceof ProblemCode problem
                ? Stream.of("problem." + problem.code(), "problem." + problem.code() + ".remedy")
                : Stream.of("permission." + ((Permission) constant).code());
    }

    @Test
    void each_problem_and_each_permission_has_its_texts_and_no_text_is_left_over() throws IOException {
        Set<String> asked = new TreeSet<>();
        constants().flatMap(TextsTest::keysOf).forEach(asked::add);
        Set<String> written = new TreeSet<>();
        for (String module : Modules.seen()) {
            Texts.of(module).keys().stream()
                    .filter(key -> key.startsWith("problem.") || key.startsWith("permission."))
                    .forEach(written::add);
        }

        assertThat(asked).hasSizeGreaterThan(250);
        assertThat(written).isEqualTo(asked);
    }

    @Test
    void each_text_is_a_message_whose_places_have_names() throws IOException {
        for (String module : Modules.seen()) {
            Texts texts = Texts.of(module);
            for (String key : texts.keys()) {
                MessageFormat message = new MessageFormat(texts.pattern(key));
                assertThat(message.getArgumentNames()).as(key).allMatch(name -> name.matches("[a-zA-Z]+"));
            }
        }
    }

    /** In templates as {@code #{key}}, in code as a constant; only these begin with the name of the console. */
    @Test
    void each_key_of_a_page_is_a_text_and_each_text_of_the_console_is_used() throws IOException {
        Set<String> asked = new TreeSet<>();
        for (String module : Modules.seen()) {
            for (Path file : Modules.files(module, ".html")) {
                KEY_OF_TEMPLATE.matcher(Files.readString(file)).results().forEach(found -> asked.add(found.group(1)));
            }
            for (Path file : Modules.files(module, ".java")) {
                KEY_OF_CODE.matcher(Files.readString(file)).results().forEach(found -> asked.add(found.group(1)));
            }
        }

        assertThat(asked).hasSizeGreaterThan(80).allMatch(key -> key.startsWith("console."));
        assertThat(asked).isEqualTo(new TreeSet<>(Texts.of("console").keys()));
    }
}
