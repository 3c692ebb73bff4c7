package org.annona.registry;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An import as its page shows it.
 *
 * @param columns names of the file's columns, in order
 * @param mapping place of a column (from 0) to the meaning that is proposed or chosen
 * @param caution why it waits for a person although it was to go on by itself; empty where it does not
 * @param unreadable records of the source that could not be read
 * @param vanished people of whom the source told before and does not any more
 * @param accountsChanged people whose money would go to another account; two people confirm such an import
 * @param householdsWithoutHead of the list, which would stand, or stand, without a head
 * @param confirmedBy the first of them
 * @param rowsCreated before the import is applied: how many would be
 */
public record ImportStatus(
        UUID id,
        State state,
        String fileName,
        long fileBytes,
        String encoding,
        char delimiter,
        List<String> columns,
        Map<Integer, String> mapping,
        String dateOrder,
        String source,
        @Nullable Long rowsTotal,
        long rowsCreated,
        long rowsUpdated,
        long rowsUnchanged,
        long rowsRejected,
        String createdBy,
        Instant createdAt,
        @Nullable Instant endedAt,
        boolean forgotten,
        @Nullable UUID pullId,
        String caution,
        long unreadable,
        long vanished,
        long accountsChanged,
        long householdsWithoutHead,
        @Nullable String confirmedBy) {

    /** UPLOADED waits for the mapping, CHECKED for the confirmation; FETCHING is the first of what comes from a source. */
    public enum State {
        UPLOADED("waits for the columns"),
        CHECKING("being checked"),
        CHECKED("waits for confirmation"),
        APPLYING("being written"),
        APPLIED("done"),
        CANCELLED("given up"),
        FETCHING("being fetched"),
        /** Of a run that was only to show what it would do. */
        LOOKED("only looked at, nothing was written");

        private final String label;

        State(String label) {
            this.label = label;
        }

        /** As people read it. */
        public String label() {
            return label;
        }
    }

    public long rowsImported() {
        return rowsCreated + rowsUpdated + rowsUnchanged;
    }
}
