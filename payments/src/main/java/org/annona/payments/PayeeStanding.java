package org.annona.payments;

import java.util.List;
import java.util.Map;

/** Port: whether those who ordered payments still want each of them, asked until the bytes leave. */
@FunctionalInterface
public interface PayeeStanding {

    /**
     * @param orderKey of the envelope
     * @param lineKeys of the order
     * @return line key to the code of the reason, for lines that may not be paid any more, such as {@code EXITED}
     */
    Map<String, String> stopped(String orderKey, List<String> lineKeys);
}
