package org.annona.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.context.NoSuchMessageException;
import org.thymeleaf.context.Context;
import org.thymeleaf.spring6.SpringTemplateEngine;
import org.thymeleaf.templateresolver.StringTemplateResolver;

class TextMessagesTest {

    private final TextMessages messages = new TextMessages();

    @Test
    void a_text_is_found_by_its_block_and_filled_in_by_the_names_of_its_places() {
        assertThat(messages.getMessage(
                        "console.grants.granted", new Object[] {"by", "root", "at", "noon"}, Locale.ENGLISH))
                .isEqualTo("By root, noon");
        assertThat(messages.getMessage("permission.access.manage_users", null, Locale.ENGLISH))
                .isEqualTo("manage users");
        assertThat(messages.getMessage("problem.access.user_exists", new Object[] {"name", "bo"}, Locale.ENGLISH))
                .isEqualTo("There is already a user called bo.");
    }

    @Test
    void a_language_without_the_text_has_it_in_english() {
        assertThat(messages.getMessage("console.back", null, Locale.FRENCH)).isEqualTo("Back");
    }

    @Test
    void a_key_without_a_text_is_told_and_never_guessed() {
        assertThatThrownBy(() -> messages.getMessage("console.no.such", null, Locale.ENGLISH))
                .isInstanceOf(NoSuchMessageException.class);
        assertThat(messages.getMessage("console.no.such", null, "otherwise", Locale.ENGLISH))
                .isEqualTo("otherwise");
        assertThat(messages.getMessage("elsewhere", null, null, Locale.ENGLISH)).isNull();
        assertThatThrownBy(() -> messages.getMessage("console.back", new Object[] {"by"}, Locale.ENGLISH))
                .hasMessageContaining("no pairs");
    }

    @Test
    void templates_use_them_by_their_keys() {
        SpringTemplateEngine engine = new SpringTemplateEngine();
        engine.setTemplateResolver(new StringTemplateResolver());
        engine.setTemplateEngineMessageSource(messages);
        String written = engine.process(
                "<p th:text=\"#{console.grants.granted('by', ${who}, 'at', ${when})}\">x</p>",
                new Context(Locale.GERMAN, Map.of("who", "<root>", "when", 1234)));
        assertThat(written).isEqualTo("<p>By &lt;root&gt;, 1,234</p>");
    }
}
