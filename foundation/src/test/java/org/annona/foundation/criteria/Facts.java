package org.annona.foundation.criteria;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of one subject, for the interpreter. */
public interface Facts {

    /**
     * @return Long for whole numbers and amounts (minor units), String for codes and texts, LocalDate, Instant, Boolean; for an
     *     area the path
     *     from the root, such as {@code /N/N01/}; null where it is not known
     */
    @Nullable
    Object value(String attribute);

    List<? extends Facts> related(String relation);
}
