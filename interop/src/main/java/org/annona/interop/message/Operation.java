package org.annona.interop.message;

import java.util.Set;

/**
 * What can be asked of a registry or told to it. The constants are those of the standard (DCI reference, section 5); registries
 * of other kinds have others. All of it is POST.
 */
public final class Operation {

    public static final Operation SEARCH = new Operation("/registry/search", Kind.ASYNC_REQUEST, "search");
    public static final Operation ON_SEARCH = new Operation("/registry/on-search", Kind.CALLBACK, "on-search");
    public static final Operation SYNC_SEARCH = new Operation("/registry/sync/search", Kind.SYNC_REQUEST, "search");
    public static final Operation SUBSCRIBE = new Operation("/registry/subscribe", Kind.ASYNC_REQUEST, "subscribe");
    public static final Operation ON_SUBSCRIBE = new Operation("/registry/on-subscribe", Kind.CALLBACK, "on-subscribe");
    public static final Operation UNSUBSCRIBE =
            new Operation("/registry/unsubscribe", Kind.ASYNC_REQUEST, "unsubscribe");
    public static final Operation ON_UNSUBSCRIBE =
            new Operation("/registry/on-unsubscribe", Kind.CALLBACK, "on-unsubscribe");
    public static final Operation NOTIFY = new Operation("/registry/notify", Kind.CALLBACK, "notify");
    public static final Operation TXN_STATUS = new Operation("/registry/txn/status", Kind.ASYNC_REQUEST, "txn-status");
    public static final Operation TXN_ON_STATUS =
            new Operation("/registry/txn/on-status", Kind.CALLBACK, "txn-on-status");
    public static final Operation SYNC_TXN_STATUS =
            new Operation("/registry/sync/txn/status", Kind.SYNC_REQUEST, "txn-status");
    public static final Operation SYNC_ENROLLED = new Operation("/registry/sync/enrolled", Kind.SYNC_REQUEST, "search");
    /** Of our own, between two Annona installations (docs/decisions/0016). */
    public static final Operation SYNC_MATCHING = new Operation("/registry/sync/matching", Kind.SYNC_REQUEST, "search");
    /** Some partners call the action {@code register} (R11.4). */
    public static final Operation SYNC_ENROLLMENT_UPDATES =
            new Operation("/registry/sync/enrollment/updates", Kind.CALLBACK, "notify", "register");

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

    /**
     * @param path below the prefix of a registry
     * @param action as {@code header.action} names it
     * @param alsoRead other names of the action that are understood
     */
    public Operation(String path, Kind kind, String action, String... alsoRead) {
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

    @Override
    public String toString() {
        return path;
    }
}
