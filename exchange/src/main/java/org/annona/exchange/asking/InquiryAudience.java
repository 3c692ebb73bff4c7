package org.annona.exchange.asking;

import java.util.Map;
import java.util.UUID;
import org.annona.interop.search.Outcome;

/** Who in this installation has asked, and wants to hear the answers. */
public interface InquiryAudience {

    /** Under which it asks; never changed, because answers come after a restart too. */
    String topic();

    /**
     * Tells what became of an inquiry. It is told again where this fails or the process dies, so that the same inquiry may
     * come twice.
     *
     * @param outcomes one for each question, by its reference
     */
    void answered(UUID inquiry, Map<String, Outcome> outcomes);
}
