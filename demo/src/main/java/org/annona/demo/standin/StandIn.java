package org.annona.demo.standin;

import java.util.Locale;

/** A counterpart that a demo plays by itself. */
public enum StandIn {
    BANK,
    TOKEN_SEEDER,
    BENEFICIARY_REGISTRY,
    SOCIAL_REGISTRY;

    /** As options and files name it. */
    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** As sentences name it. */
    String words() {
        return "simulated " + name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static StandIn read(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
