package org.annona.exchange.enrolment;

import org.annona.exchange.partner.Partner;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.message.Refusal;

/** The standard has no place for a consent in questions about enrolment; a search has. */
final class Consent {

    private Consent() {}

    static void refuseWhereDemanded(Partner partner) {
        if (partner.terms().consentRequired()) {
            throw Refusal.of(
                    ReasonCode.ACTION_NOT_SUPPORTED, "a consent is demanded, so ask by a search that states it");
        }
    }
}
