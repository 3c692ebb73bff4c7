package org.annona.interop.message;

import java.util.Optional;
import java.util.Set;

/** What can be asked of a registry or told to it (DCI reference, section 5). All of it is POST. */
public enum Operation {
    SEARCH("/registry/search", Kind.ASYNC_REQUEST, "search"),
    ON_SEARCH("/registry/on-search", Kind.CALLBACK, "on-search"),
    SYNC_SEARCH("/registry/sync/search", Kind.SYNC_REQUEST, "search"),
    SUBSCRIBE("/registry/subscribe", Kind.ASYNC_REQUEST, "subscribe"),
    ON_SUBSCRIBE("/registry/on-subscribe", Kind.CALLBACK, "on-subscribe"),
    UNSUBSCRIBE("/registry/unsubscribe", Kind.ASYNC_REQUEST, "unsubscribe"),
    ON_UNSUBSCRIBE("/registry/on-unsubscribe", Kind.CALLBACK, "on-unsubscribe"),
    NOTIFY("/registry/notify", Kind.CALLBACK, "notify"),
    TXN_STATUS("/registry/txn/status", Kind.ASYNC_REQUEST, "txn-status"),
    TXN_ON_STATUS("/registry/txn/on-status", Kind.CALLBACK, "txn-on-status"),
    SYNC_TXN_STATUS("/registry/sync/txn/status", Kind.SYNC_REQUEST, "txn-status"),
    SYNC_ENROLLED("/registry/sync/enrolled", Kind.SYNC_REQUEST, "search"),
    /** Of our own, between two Annona installations (docs/decisions/0016). */
    SYNC_MATCHING("/registry/sync/matching", Kind.SYNC_REQUEST, "search"),
    /** Some partners call the action {@code register} (R11.4). */
    SYNC_ENROLLMENT_UPDATES("/registry/sync/enrollment/updates", Kind.CALLBACK, "notify", "register");

    /** Which header the message has, and what comes back. */
    public enum Kind {
        /** Acknowledged; the answer follows as a callback. */
        ASYNC_REQUEST,
        /** The answer is the response. */
        SYNC_REQUEST,
        /** Carries the header of a callback. */
        CALLBACK
    }

    private final String path;
    private final Kind kind;
    private final String action;
    private final Set<String> alsoRead;

    Operation(String path, Kind kind, String action, String... alsoRead) {
        this.path = path;
        this.kind = kind;
        this.action = action;
        this.alsoRead = Set.of(alsoRead);
    }

    /** Below the prefix of the registry, such as {@code /dci/sr}. */
    public String path() {
        return path;
    }

    public Kind kind() {
        return kind;
    }

    /** As {@code header.action} names it. */
    public String action() {
        return action;
    }

    boolean isNamed(String otherAction) {
        return action.equals(otherAction) || alsoRead.contains(otherAction);
    }

    public static Optional<Operation> at(String path) {
        for (Operation operation : values()) {
            if (operation.path.equals(path)) {
                return Optional.of(operation);
            }
        }
        return Optional.empty();
    }
}
