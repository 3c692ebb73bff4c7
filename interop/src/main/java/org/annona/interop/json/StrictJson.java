package org.annona.interop.json;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON of strangers: UTF-8 only, no doubled keys, nothing after the end, limited in depth, in the number of
 * its parts, in the length of a text and of a number. Two readers of the same bytes can then not understand two different things (DCI reference R2.5).
 */
public final class StrictJson {

    static final int DEEPEST = 64;
    private static final int LONGEST_TEXT = 5_000_000;
    private static final int LONGEST_NUMBER = 100;
    private static final int LONGEST_NAME = 1_000;
    private static final int LARGEST_SCALE = 400;
    /**
     * Names, values, beginnings and ends. A page of 1,000 households with eight members each has half as many; ten megabytes
     * of the shortest parts would have five times as many, and each takes up to 200 bytes of memory when it is read.
     */
    static final int MOST_PARTS = 1_000_000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(LONGEST_TEXT)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxNameLength(LONGEST_NAME)
                    .maxTokenCount(MOST_PARTS)
                    .build())
            .build();
    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private StrictJson() {}

    /** @throws UnreadableJson where it is none */
    public static JsonNode read(byte[] json) {
        JsonNode read = reading(json, MAPPER::readTree);
        if (read.isMissingNode()) {
            throw new UnreadableJson("it is empty");
        }
        check(read);
        return read;
    }

    static <T> T reading(byte[] json, Function<String, T> reader) {
        try {
            // Not left to the parser, which guesses encodings and passes over some that are damaged.
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
            return reader.apply(text);
        } catch (CharacterCodingException otherEncoding) {
            throw new UnreadableJson("it is not in UTF-8");
        } catch (StreamConstraintsException tooMuch) {
            throw new UnreadableJson(
                    "it is too deep, has too many parts, or holds a text, a name or a number that is too long");
        } catch (NumberFormatException tooLarge) {
            throw new UnreadableJson("it holds a number that is too large or too small");
        } catch (JacksonException broken) {
            String reason = String.valueOf(broken.getOriginalMessage());
            throw new UnreadableJson(
                    reason.startsWith("Duplicate ") ? "a key stands twice in one object" : "it is no JSON");
        }
    }

    private static void check(JsonNode node) {
        if (node.isString()) {
            checkText(node.asString());
        } else if (node.isNumber()) {
            checkNumber(node.decimalValue());
        }
        node.propertyNames().forEach(StrictJson::checkText);
        node.forEach(StrictJson::check);
    }

    /** Neither half a character nor U+0000 can be stored by all; some would keep something else instead. */
    static void checkText(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isHighSurrogate(text.charAt(i))
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                throw new UnreadableJson("it holds half a character");
            } else if (text.charAt(i) == 0) {
                throw new UnreadableJson("it holds the character U+0000");
            }
        }
    }

    /** A few letters with an exponent could otherwise become a gigabyte of zeros. */
    static void checkNumber(BigDecimal number) {
        if (Math.abs((long) number.scale()) > LARGEST_SCALE) {
            throw new UnreadableJson("it holds a number that is too large or too small");
        }
    }

    static JsonParser parser(String json) {
        return MAPPER.createParser(json);
    }
}
