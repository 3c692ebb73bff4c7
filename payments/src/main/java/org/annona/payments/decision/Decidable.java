package org.annona.payments.decision;

import java.util.List;
import java.util.Map;
import org.annona.access.Actor;
import org.jooq.DSLContext;

/** One kind of decision: whether it is possible, and what it does. Implemented by the feature that owns the subject. */
public interface Decidable {

    DecisionKind kind();

    /**
     * Refuses what is not possible. Asked when the decision is requested, and again, in the same transaction as the effect, when
     * it is confirmed.
     */
    void check(DSLContext tx, Decision decision);

    /** The effect, after the second person has confirmed. */
    void carryOut(DSLContext tx, Actor confirming, Decision decision);

    /** What the second person has to see. */
    Sight sight(Decision decision);

    /**
     * @param path the page of the subject
     * @param facts label to value
     * @param consequences sentences
     */
    record Sight(String path, Map<String, String> facts, List<String> consequences) {}
}
