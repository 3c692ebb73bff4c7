package org.annona.interop.json;

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
 * Reads JSON of strangers: UTF-8 only, no doubled keys, nothing after the end, limited in depth, in the length of a text and
 * of a number. Two readers of the same bytes can then not understand two different things (DCI reference R2.5).
 */
public final class StrictJson {

    static final int DEEPEST = 64;
    private static final int LONGEST_TEXT = 5_000_000;
    private static final int LONGEST_NUMBER = 100;
    private static final int LONGEST_NAME = 1_000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(LONGEST_TEXT)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxNameLength(LONGEST_NAME)
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
            throw new UnreadableJson("it is too deep, or holds a text, a name or a number that is too long");
        } catch (JacksonException broken) {
            String reason = String.valueOf(broken.getOriginalMessage());
            throw new UnreadableJson(
                    reason.contains("Duplicate") ? "a key stands twice in one object" : "it is no JSON");
        }
    }

    static JsonParser parser(String json) {
        return MAPPER.createParser(json);
    }
}
