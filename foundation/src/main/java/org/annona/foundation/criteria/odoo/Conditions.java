package org.annona.foundation.criteria.odoo;

import java.util.ArrayList;
import java.util.List;

/** The conditions of one domain, counted with those of the domains within it, and what there is to say of them. */
final class Conditions {

    private static final int MOST = 100;

    private final List<String> hints = new ArrayList<>();
    private int count;

    /** @return the number of the next condition, from 1 */
    int next(Literal condition) throws DomainRefused {
        if (count == MOST) {
            throw new DomainRefused("it has more than " + MOST + " conditions", condition.at(), 0);
        }
        return ++count;
    }

    void hint(String words) {
        hints.add(words);
    }

    List<String> hints() {
        return List.copyOf(hints);
    }
}
