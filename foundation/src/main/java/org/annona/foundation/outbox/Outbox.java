package org.annona.foundation.outbox;

import static org.annona.foundation.internal.tables.Tables.OUTBOX;

import org.annona.foundation.digest.RowDigest;
import org.annona.foundation.ids.Ids;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import tools.jackson.databind.json.JsonMapper;

/** Posts a block's messages: each is a row that commits with the change it tells of. Payloads hold no personal data. */
public final class Outbox {

    private final String block;

    public Outbox(String block) {
        this.block = block;
    }

    /** @param key the same topic and key are posted once */
    public void post(DSLContext tx, String topic, String key, Object payload) {
        String json = JsonMapper.shared().writeValueAsString(payload);
        tx.insertInto(OUTBOX)
                .set(OUTBOX.ID, Ids.next())
                .set(OUTBOX.BLOCK, block)
                .set(OUTBOX.TOPIC, topic)
                .set(OUTBOX.KEY, key)
                .set(OUTBOX.PAYLOAD, JSONB.valueOf(json))
                .set(OUTBOX.PAYLOAD_HASH, RowDigest.ofText(json))
                .onConflict(OUTBOX.TOPIC, OUTBOX.KEY)
                .doNothing()
                .execute();
    }
}
