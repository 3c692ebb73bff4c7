package org.annona.console;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.annona.foundation.text.Texts;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.context.NoSuchMessageException;

/**
 * The texts of all blocks for templates. The first part of a key is its block ({@code console.users.title}), except that the keys of
 * problems and permissions begin with those words. Arguments are pairs: {@code #{console.users.asked('by', ${grant.grantedBy})}}.
 * A language without a text of the key has it in English.
 */
final class TextMessages implements MessageSource {

    private static final List<String> KINDS = List.of("problem.", "permission.");

    private static String block(String key) {
        String rest = KINDS.stream()
                .filter(key::startsWith)
                .findFirst()
                .map(kind -> key.substring(kind.length()))
                .orElse(key);
        return rest.replaceAll("\\..*", "");
    }

    private static @Nullable String text(String key, Object @Nullable [] arguments, Locale language) {
        String block = block(key);
        Texts texts = Texts.of(block, language);
        if (!texts.has(key)) {
            texts = Texts.of(block);
        }
        return texts.has(key) ? texts.say(key, pairs(key, arguments)) : null;
    }

    private static Map<String, ?> pairs(String key, Object @Nullable [] arguments) {
        Map<String, @Nullable Object> pairs = new HashMap<>();
        if (arguments != null) {
            if (arguments.length % 2 != 0) {
                throw new IllegalArgumentException("the arguments of " + key + " are no pairs of name and value");
            }
            for (int i = 0; i < arguments.length; i += 2) {
                pairs.put((String) arguments[i], arguments[i + 1]);
            }
        }
        return pairs;
    }

    @Override
    public @Nullable String getMessage(
            String key, Object @Nullable [] arguments, @Nullable String otherwise, @Nullable Locale language) {
        String text = text(key, arguments, language == null ? Texts.ENGLISH : language);
        return text == null ? otherwise : text;
    }

    @Override
    public String getMessage(String key, Object @Nullable [] arguments, @Nullable Locale language) {
        String text = text(key, arguments, language == null ? Texts.ENGLISH : language);
        if (text == null) {
            throw new NoSuchMessageException(key, language == null ? Texts.ENGLISH : language);
        }
        return text;
    }

    /** Of the framework's own refusals, which bring their sentences with them. */
    @Override
    public String getMessage(MessageSourceResolvable wanted, @Nullable Locale language) {
        String otherwise = wanted.getDefaultMessage();
        if (otherwise == null) {
            throw new NoSuchMessageException(
                    String.join(", ", wanted.getCodes() == null ? new String[0] : wanted.getCodes()));
        }
        return otherwise;
    }
}
