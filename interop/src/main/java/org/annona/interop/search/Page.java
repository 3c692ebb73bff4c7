package org.annona.interop.search;

import org.annona.interop.message.ErrorCode;
import org.annona.interop.message.Fields;
import org.annona.interop.message.Refusal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Which part of the matches is wanted. @param number from 1 on */
public record Page(int size, int number) {

    private static final long LARGEST = 1_000_000;

    static @Nullable Page read(JsonNode holder, String where) {
        JsonNode json = holder.path("pagination");
        if (json.isMissingNode() || json.isNull()) {
            return null;
        }
        Fields fields = Fields.of(json, where + ".pagination");
        Long size = fields.count("page_size");
        Long number = fields.count("page_number");
        number = number == null ? Long.valueOf(1) : number;
        if (size == null || size < 1 || number < 1 || size > LARGEST || number > LARGEST) {
            throw Refusal.of(
                    ErrorCode.BAD_REQUEST, where + ".pagination needs page_size and page_number from 1 to " + LARGEST);
        }
        return new Page(size.intValue(), number.intValue());
    }
}
