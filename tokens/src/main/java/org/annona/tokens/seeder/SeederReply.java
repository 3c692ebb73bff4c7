package org.annona.tokens.seeder;

import com.fasterxml.jackson.databind.JsonNode;

/** What the seeder said to one call (reference A2, A5, A6). */
public sealed interface SeederReply {

    /** It took the request; also where no record of it was valid. */
    record Accepted(String id) implements SeederReply {}

    record Status(String status) implements SeederReply {

        public boolean isProcessed() {
            return status.startsWith("processed");
        }

        /** It will not deliver any more. */
        public boolean isBroken() {
            return status.startsWith("error_");
        }
    }

    /** @param results a list */
    record File(JsonNode results) implements SeederReply {}

    /** The file is not there yet, or not whole. */
    record NotYet(String reason) implements SeederReply {}

    /** It does not know the request (any more). */
    record Unknown() implements SeederReply {}

    /** Something in the records breaks it; which one, it does not say. */
    record BadRecord(String code) implements SeederReply {}

    /** What is agreed does not fit: every request would be refused. */
    record Refused(String code, String message) implements SeederReply {}

    /**
     * No answer, or none that can be understood: what it did is not known.
     *
     * @param reached whether it may have heard what was sent
     */
    record Silent(String reason, boolean reached) implements SeederReply {}
}
