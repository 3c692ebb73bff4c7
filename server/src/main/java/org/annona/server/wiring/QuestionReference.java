package org.annona.server.wiring;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.annona.foundation.sealing.Sealer;

/**
 * About whom a question is, and by which type of identifier. It is written into messages sealed, and differently each time, so that
 * nobody can tell by it who is asked for twice.
 */
record QuestionReference(UUID person, String type) {

    private static final String PLACE = "programs.duplication.reference";
    private static final int KEY_BYTES = 16;

    /** @param inquiry outside of which it means nothing */
    String sealed(Sealer sealer, UUID inquiry) {
        byte[] text = type.getBytes(StandardCharsets.UTF_8);
        byte[] plain = ByteBuffer.allocate(KEY_BYTES + text.length)
                .putLong(person.getMostSignificantBits())
                .putLong(person.getLeastSignificantBits())
                .put(text)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sealer.seal(PLACE, inquiry, plain));
    }

    static QuestionReference open(Sealer sealer, UUID inquiry, String reference) {
        byte[] plain = sealer.open(PLACE, inquiry, Base64.getUrlDecoder().decode(reference));
        ByteBuffer key = ByteBuffer.wrap(plain);
        return new QuestionReference(
                new UUID(key.getLong(), key.getLong()),
                new String(plain, KEY_BYTES, plain.length - KEY_BYTES, StandardCharsets.UTF_8));
    }
}
