package org.annona.interop.message;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of one object of a message. Null means that a field is absent, an empty text only where DCI reference, section
 * 15, says so; everything else that is not as it should be is refused.
 *
 * @param where the object stands, for the sentence of a refusal, such as {@code header}
 */
public record Fields(JsonNode json, String where) {

    /** Such as eng, en, EN-GB, en/GB, en_US.UTF-8, zh-Hant-TW. */
    private static final Pattern LOCALE =
            Pattern.compile("([A-Za-z]{2,3})(?:[-_/][A-Za-z0-9]{1,8}){0,4}(?:[.@][A-Za-z0-9._=-]{1,30})?");

    private static final int LONGEST_ID = 99;

    /** @throws Refusal where it is no object */
    public static Fields of(JsonNode json, String where) {
        if (!json.isObject()) {
            throw Refusal.of(ErrorCode.BAD_REQUEST, where + " is missing or no object");
        }
        return new Fields(json, where);
    }

    private Refusal refusal(String name, String fault) {
        return Refusal.of(ErrorCode.BAD_REQUEST, where + "." + name + " " + fault);
    }

    private @Nullable JsonNode present(String name) {
        JsonNode value = json.get(name);
        return value == null || value.isNull() ? null : value;
    }

    public Optional<String> text(String name) {
        JsonNode value = present(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isString()) {
            throw refusal(name, "has to be a text");
        }
        return Optional.of(value.asString());
    }

    /** Where an empty text means that it is absent. */
    public Optional<String> nonBlank(String name) {
        return text(name).filter(text -> !text.isBlank());
    }

    public String required(String name) {
        return nonBlank(name).orElseThrow(() -> refusal(name, "is missing"));
    }

    /** Of at most so many characters. */
    public @Nullable String limited(String name, int longest) {
        Optional<String> text = text(name);
        if (text.isPresent() && text.get().codePointCount(0, text.get().length()) > longest) {
            throw refusal(name, "has at most " + longest + " characters");
        }
        return text.orElse(null);
    }

    /** Of 1 to 99 characters (DCI reference R9.3). */
    public String requiredId(String name) {
        String id = required(name);
        if (id.codePointCount(0, id.length()) > LONGEST_ID) {
            throw refusal(name, "has at most " + LONGEST_ID + " characters");
        }
        return id;
    }

    public Instant requiredTime(String name) {
        return ProtocolTime.read(required(name))
                .orElseThrow(() -> refusal(name, "has to be a date-time with an offset"));
    }

    /**
     * The language as the standard wants it, three small letters of ISO 639-3, in whatever common form it was written (DCI reference
     * R9.2 is stricter than the samples of the standard and of partners). A language that is on no list is left out.
     */
    public @Nullable String locale(String name) {
        Optional<String> written = nonBlank(name).map(String::strip);
        if (written.isEmpty()) {
            return null;
        }
        Matcher locale = LOCALE.matcher(written.get());
        if (!locale.matches()) {
            throw refusal(name, "has to name a language, such as eng, en or en-GB");
        }
        try {
            String language = Locale.of(locale.group(1)).getISO3Language();
            return language.isEmpty() ? null : language;
        } catch (MissingResourceException unknown) {
            return null;
        }
    }

    /** From 0 on; also as text, as samples have it. */
    public @Nullable Long count(String name) {
        JsonNode value = present(name);
        if (value == null) {
            return null;
        }
        String digits = value.isIntegralNumber() || value.isString() ? value.asString() : "";
        if (!digits.matches("\\d{1,9}")) {
            throw refusal(name, "has to be a whole number from 0 on");
        }
        return Long.valueOf(digits);
    }

    public boolean flag(String name) {
        JsonNode value = present(name);
        if (value == null) {
            return false;
        }
        if (!value.isBoolean()) {
            throw refusal(name, "has to be true or false");
        }
        return value.asBoolean();
    }

    public @Nullable ObjectNode object(String name) {
        JsonNode value = present(name);
        if (value == null || value.isString() && value.asString().isEmpty()) {
            return null;
        }
        if (!(value instanceof ObjectNode object)) {
            throw refusal(name, "has to be an object");
        }
        return object;
    }

    /** Empty where it is absent. */
    public Iterable<JsonNode> array(String name) {
        JsonNode value = present(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw refusal(name, "has to be an array");
        }
        return value.values();
    }
}
