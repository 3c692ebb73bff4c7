package org.annona.postgres.backup;

import org.annona.postgres.DatabaseUnavailable;
import org.jspecify.annotations.Nullable;

/** A backup cannot be written, or a file cannot be restored. */
public final class UnfitBackup extends DatabaseUnavailable {

    UnfitBackup(String sentence) {
        super(sentence);
    }

    UnfitBackup(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
