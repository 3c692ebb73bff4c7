package org.annona.interop.json;

/** What came is no JSON that can be trusted to mean one thing only. The message holds nothing of the content. */
public final class UnreadableJson extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnreadableJson(String message) {
        super(message);
    }
}
