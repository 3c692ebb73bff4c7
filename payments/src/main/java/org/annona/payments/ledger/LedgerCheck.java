package org.annona.payments.ledger;

import java.util.List;
import java.util.Map;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;

/** Checks the invariants of money (payments reference, 5.4) over everything that is stored. */
public final class LedgerCheck {

    private static final SqlFile FAULTS = SqlFile.beside(LedgerCheck.class, "faults.sql");

    private final Database database;

    public LedgerCheck(Database database) {
        this.database = database;
    }

    /** One sentence per broken invariant, with how often; an empty list means that all hold. */
    public List<String> faults() {
        return database.onOneSnapshot(tx -> FAULTS.list(
                tx, Map.of(), (row, number) -> row.getString("invariant") + ": " + row.getLong("cases") + " cases"));
    }
}
