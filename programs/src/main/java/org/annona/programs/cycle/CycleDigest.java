package org.annona.programs.cycle;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.digest.RowDigest;
import org.jooq.DSLContext;

/**
 * What an approval is bound to.
 *
 * @param roster over every household in the order of keys: who it is, its payee, its members as frozen, its amount, the account of the payee
 * @param lines over what is handed to the payments: key, beneficiary, amount, currency, version of the account, in the order
 *     of keys
 */
record CycleDigest(byte[] roster, byte[] lines, long payable, long totalMinor) {

    private static final SqlFile ROWS = SqlFile.beside(CycleDigest.class, "digest-rows.sql");
    private static final int ROWS_PER_READ = 20_000;

    private record Row(
            UUID household,
            String payee,
            String facts,
            String members,
            String amount,
            String counted,
            String accountVersion,
            String accountMark,
            String state) {}

    static CycleDigest of(DSLContext tx, UUID cycleId, String currency) {
        RowDigest roster = new RowDigest();
        RowDigest lines = new RowDigest();
        long payable = 0;
        long total = 0;
        UUID after = new UUID(0, 0);
        while (true) {
            List<Row> rows = read(tx, cycleId, after);
            if (rows.isEmpty()) {
                return new CycleDigest(roster.finish(), lines.finish(), payable, total);
            }
            for (Row row : rows) {
                roster.add(
                        row.household(),
                        row.payee(),
                        row.facts(),
                        row.members(),
                        row.amount(),
                        row.counted(),
                        row.accountVersion(),
                        row.accountMark(),
                        row.state());
                if (row.state().equals("computed")) {
                    lines.add(row.household(), row.payee(), row.amount(), currency, row.accountVersion());
                    payable++;
                    total = Math.addExact(total, Long.parseLong(row.amount()));
                }
            }
            after = rows.getLast().household();
        }
    }

    private static List<Row> read(DSLContext tx, UUID cycleId, UUID after) {
        Map<String, Object> values = new HashMap<>();
        values.put("cycle", cycleId);
        values.put("after", after);
        values.put("limit", ROWS_PER_READ);
        return ROWS.list(
                tx,
                values,
                (row, number) -> new Row(
                        row.getObject("subject_id", UUID.class),
                        row.getString("payee"),
                        row.getString("facts"),
                        row.getString("members"),
                        row.getString("amount"),
                        row.getString("counted"),
                        row.getString("account_version"),
                        row.getString("account_mark"),
                        row.getString("payable_state")));
    }
}
