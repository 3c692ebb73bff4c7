package org.annona.foundation.text;

import com.ibm.icu.text.MessageFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sentences of one block in one language, from {@code messages/<block>_<language>.properties} on the class path (UTF-8,
 * messages of ICU with named arguments)..
 */
public final class Texts {

    public static final Locale ENGLISH = Locale.ENGLISH;

    private static final Map<String, Texts> LOADED = new ConcurrentHashMap<>();

    private final Locale language;
    private final Map<String, String> patterns;

    private Texts(Locale language, Map<String, String> patterns) {
        this.language = language;
        this.patterns = patterns;
    }

    /** @param block whose sentences are wanted; one without a file has none */
    public static Texts of(String block, Locale language) {
        String name = "messages/" + block + "_" + language.getLanguage() + ".properties";
        return LOADED.computeIfAbsent(name, file -> new Texts(language, read(file)));
    }

    /** In English, for logs and for callers without a language. */
    public static Texts of(String block) {
        return of(block, ENGLISH);
    }

    public Set<String> keys() {
        return patterns.keySet();
    }

    /** The message as it is written, with its places. */
    public String pattern(String key) {
        String pattern = patterns.get(key);
        if (pattern == null) {
            throw new IllegalArgumentException("no text for the key " + key + " in " + language);
        }
        return pattern;
    }

    public boolean has(String key) {
        return patterns.containsKey(key);
    }

    /** @param arguments by the names of the places; numbers and dates are written as the language does, texts as they are */
    public String say(String key, Map<String, ?> arguments) {
        return new MessageFormat(pattern(key), language).format(new HashMap<>(arguments));
    }

    public String say(String key) {
        return say(key, Map.of());
    }

    private static Map<String, String> read(String file) {
        Map<String, String> patterns = new HashMap<>();
        try (InputStream in = Texts.class.getClassLoader().getResourceAsStream(file)) {
            if (in != null) {
                Properties properties = new Properties();
                properties.load(new InputStreamReader(in, StandardCharsets.UTF_8));
                properties.stringPropertyNames().forEach(key -> patterns.put(key, properties.getProperty(key)));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return Map.copyOf(patterns);
    }
}
