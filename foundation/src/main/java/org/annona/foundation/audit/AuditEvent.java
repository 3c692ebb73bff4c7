package org.annona.foundation.audit;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is to be recorded. Holds no personal data: people are named by their keys.
 *
 * @param actor who did it: a user name, or {@code system}
 * @param action a verb of the block, such as {@code registry.import.apply}
 * @param subject what it was done to, as {@code kind/key}
 * @param cause the job, request or approval behind it
 * @param reason in the words of the actor
 * @param rows how many rows a bulk step touched; their digests stand in {@code before} and {@code after}
 */
public record AuditEvent(
        String actor,
        String action,
        String subject,
        @Nullable String cause,
        @Nullable String reason,
        @Nullable Long rows,
        byte @Nullable [] before,
        byte @Nullable [] after,
        Map<String, String> detail) {

    private static final JsonMapper JSON = JsonMapper.shared();

    public static AuditEvent of(String actor, String action, String subject) {
        return new AuditEvent(actor, action, subject, null, null, null, null, null, Map.of());
    }

    public AuditEvent because(String newCause) {
        return new AuditEvent(actor, action, subject, newCause, reason, rows, before, after, detail);
    }

    /** Why, as the actor wrote it. */
    public AuditEvent forReason(String text) {
        return new AuditEvent(actor, action, subject, cause, text, rows, before, after, detail);
    }

    public AuditEvent touching(long newRows) {
        return new AuditEvent(actor, action, subject, cause, reason, newRows, before, after, detail);
    }

    public AuditEvent resultingIn(byte[] digest) {
        return new AuditEvent(actor, action, subject, cause, reason, rows, before, digest, detail);
    }

    public AuditEvent with(String name, Object value) {
        Map<String, String> more = new TreeMap<>(detail);
        more.put(name, String.valueOf(value));
        return new AuditEvent(actor, action, subject, cause, reason, rows, before, after, more);
    }

    String detailAsJson() {
        return JSON.writeValueAsString(new TreeMap<>(detail));
    }
}
