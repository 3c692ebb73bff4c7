package org.annona.foundation.sealing;

import java.sql.Connection;
import java.util.Map;
import java.util.Optional;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/** The wrapped keys of a database, looked at before anything of it is used or changed. */
public final class StoredKeysets {

    private StoredKeysets() {}

    /** @return by their names; empty where the database is none of Annona */
    public static Optional<Map<String, byte[]>> read(Connection connection) {
        return isThere(connection)
                ? Optional.of(DSL.using(connection, SQLDialect.POSTGRES)
                        .fetch("select name, wrapped from foundation.keyset")
                        .intoMap(StoredKeysets::name, StoredKeysets::wrapped))
                : Optional.empty();
    }

    /** Whether the database is one of Annona; the catalogue tells it to everybody. */
    public static boolean isThere(Connection connection) {
        return !DSL.using(connection, SQLDialect.POSTGRES).fetch("""
                        select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
                         where n.nspname = 'foundation' and c.relname = 'keyset'""").isEmpty();
    }

    private static String name(Record row) {
        return row.get("name", String.class);
    }

    private static byte[] wrapped(Record row) {
        return row.get("wrapped", byte[].class);
    }
}
