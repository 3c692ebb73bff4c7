package org.annona.exchange;

import org.annona.foundation.problem.ProblemCode;
import org.annona.foundation.problem.Refusal;

/** Refusals of this block towards the people who run it. What partners hear are the codes of the standard. */
public enum ExchangeProblem implements ProblemCode {
    PARTNER_UNKNOWN(Refusal.NOT_FOUND),
    SENDER_ID_TAKEN(Refusal.CONFLICT),
    PARTNER_UNFIT(Refusal.INVALID),
    KEY_UNFIT(Refusal.INVALID),
    KEYS_UNREACHABLE(Refusal.COUNTERPART_FAILED),
    PARTNER_HAS_NO_KEY(Refusal.CONFLICT),
    REGISTRY_NOT_AGREED(Refusal.CONFLICT),
    REGISTRY_UNKNOWN(Refusal.UNAVAILABLE),
    CALLBACK_UNKNOWN(Refusal.NOT_FOUND),
    CALLBACK_NOT_DEAD(Refusal.CONFLICT),
    NO_TROUBLE(Refusal.NOT_FOUND),
    REASON_NEEDED(Refusal.INVALID);

    private final Refusal refusal;

    ExchangeProblem(Refusal refusal) {
        this.refusal = refusal;
    }

    @Override
    public String block() {
        return "exchange";
    }

    @Override
    public Refusal refusal() {
        return refusal;
    }
}
