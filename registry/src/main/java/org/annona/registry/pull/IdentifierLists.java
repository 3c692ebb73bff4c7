package org.annona.registry.pull;

import static org.annona.registry.internal.tables.Tables.IMPORT;
import static org.annona.registry.internal.tables.Tables.PULL;
import static org.annona.registry.internal.tables.Tables.PULL_LIST;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.selectOne;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.annona.foundation.database.Database;
import org.annona.foundation.ids.Ids;
import org.annona.registry.identifier.RegistryKeys;
import org.jooq.DSLContext;

/** Lists of identifiers to ask for, each sealed; a list never changes, so that a run keeps the one it began with. */
final class IdentifierLists {

    static final int MOST = 20_000;
    static final int LONGEST = 99;

    private final Database database;
    private final RegistryKeys keys;

    IdentifierLists(Database database, RegistryKeys keys) {
        this.database = database;
        this.keys = keys;
    }

    UUID keep(DSLContext tx, UUID pull, List<String> identifiers) {
        UUID id = Ids.next();
        tx.insertInto(PULL_LIST)
                .set(PULL_LIST.ID, id)
                .set(PULL_LIST.PULL_ID, pull)
                .set(PULL_LIST.SEALED, keys.seal(RegistryKeys.PULL_LIST, id, String.join("\n", identifiers)))
                .execute();
        return id;
    }

    List<String> open(PullQuestion question) {
        UUID id = Objects.requireNonNull(question.list());
        byte[] sealed = database.sql()
                .select(PULL_LIST.SEALED)
                .from(PULL_LIST)
                .where(PULL_LIST.ID.eq(id))
                .fetchSingle()
                .value1();
        return keys.openText(RegistryKeys.PULL_LIST, id, sealed).lines().toList();
    }

    /** Those that were replaced, once no run needs them any more. */
    void forgetReplaced(DSLContext tx) {
        tx.deleteFrom(PULL_LIST)
                .where(notExists(selectOne().from(PULL).where(PULL.LIST_ID.eq(PULL_LIST.ID))))
                .and(notExists(selectOne()
                        .from(IMPORT)
                        .where(IMPORT.PULL_ID.eq(PULL_LIST.PULL_ID), IMPORT.STATE.eq("fetching"))))
                .execute();
    }
}
