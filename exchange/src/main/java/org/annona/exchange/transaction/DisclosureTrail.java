package org.annona.exchange.transaction;

import java.util.List;
import java.util.stream.IntStream;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.jooq.DSLContext;

/**
 * What partners were told, in the audit trail. An entry of a chain waits for the one before it to be committed; with one chain
 * all partners would wait for each other, so there are several.
 */
public final class DisclosureTrail {

    private static final int CHAINS = 8;

    private final List<AuditTrail> chains = IntStream.range(0, CHAINS)
            .mapToObj(number -> new AuditTrail("disclosures-" + number))
            .toList();

    /** @param correlationId decides the chain, so that all entries of one message stand in the same one */
    public void append(DSLContext tx, String correlationId, List<AuditEvent> events) {
        AuditTrail chain = chains.get(Math.floorMod(correlationId.hashCode(), CHAINS));
        events.forEach(event -> chain.append(tx, event));
    }
}
