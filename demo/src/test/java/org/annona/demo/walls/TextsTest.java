package org.annona.demo.walls;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.text.MessageFormat;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
}
