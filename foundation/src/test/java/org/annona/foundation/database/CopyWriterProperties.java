package org.annona.foundation.database;

import static org.annona.foundation.internal.tables.Tables.OUTBOX;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.annona.foundation.TestDatabases;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.internal.tables.tables.records.OutboxRecord;

class CopyWriterProperties {

    private static final Database DATABASE = TestDatabases.withoutRowSecurity();

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars("\\\t\n\r\b,\"'{}NnxX.\u0001\u007f\u00e9\u0628\u0915\u1200")
                .withCharRange('a', 'c')
                .ofMaxLength(30);
    }

    @Property(tries = 200)
    void every_text_and_every_byte_arrives_as_it_was_given(@ForAll("texts") String text, @ForAll byte[] bytes) {
        OutboxRecord row = CopyWriterTest.message(text + Ids.next(), bytes);
        CopyWriter.of(List.of(row)).write(DATABASE.sql());

        OutboxRecord stored = DATABASE.sql().fetchSingle(OUTBOX, OUTBOX.ID.eq(row.getId()));
        assertThat(stored.getKey()).isEqualTo(row.getKey());
        assertThat(stored.getPayloadHash()).isEqualTo(bytes);
    }
}
