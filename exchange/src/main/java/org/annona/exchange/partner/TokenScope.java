package org.annona.exchange.partner;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a partner's token is for (DCI reference R12.2). */
public enum TokenScope {
    SEARCH("registry.search", "search"),
    SUBSCRIBE("registry.subscribe", "subscribe to events"),
    STATUS("registry.txn-status", "ask how far its transactions are"),
    ENROLLMENT_UPDATES("registry.enrollment-updates", "report enrolments"),
    ON_SEARCH("registry.on-search", "answer our searches"),
    ON_SUBSCRIBE("registry.on-subscribe", "answer our subscriptions"),
    NOTIFY("registry.notify", "tell us of events");

    private final String code;
    private final String words;

    TokenScope(String code, String words) {
        this.code = code;
        this.words = words;
    }

    /** Those that a partner may be given: nothing here takes events of others yet. */
    public static List<TokenScope> offered() {
        return Arrays.stream(values()).filter(scope -> scope != NOTIFY).toList();
    }

    public String code() {
        return code;
    }

    /** That complete "may ...". */
    public String words() {
        return words;
    }

    /** With a point or a slash. */
    public static Optional<TokenScope> of(String text) {
        String code = text.replace('/', '.');
        for (TokenScope scope : values()) {
            if (scope.code.equals(code)) {
                return Optional.of(scope);
            }
        }
        return Optional.empty();
    }
}
