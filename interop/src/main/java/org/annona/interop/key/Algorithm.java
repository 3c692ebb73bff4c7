package org.annona.interop.key;

import java.util.Locale;
import java.util.Optional;

/** What messages may be signed with. There is no {@code none}, and nothing with a shared secret. */
public enum Algorithm {
    ED25519("ed25519", "EdDSA"),
    RS256("rs256", "RS256"),
    ES256("es256", "ES256");

    private final String parameter;
    private final String jose;

    Algorithm(String parameter, String jose) {
        this.parameter = parameter;
        this.jose = jose;
    }

    /** As a signature of the parameter format names it. */
    public String parameter() {
        return parameter;
    }

    /** As RFC 7518 and RFC 8037 name it. */
    public String jose() {
        return jose;
    }

    /** By either name, in any case. */
    public static Optional<Algorithm> named(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        for (Algorithm algorithm : values()) {
            if (wanted.equals(algorithm.parameter) || wanted.equals(algorithm.jose.toLowerCase(Locale.ROOT))) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }
}
