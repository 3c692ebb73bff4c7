package org.annona.foundation.criteria.odoo;

import java.util.List;
import org.annona.foundation.criteria.Criterion;

/**
 * A domain that was understood.
 *
 * @param criterion true for the rows that it selects; where it is unknown they are not selected
 * @param normalised its connectives and the numbers of its conditions, in prefix notation: {@code & & 1 2 3}
 * @param plain for the person who answers for it: the whole in a sentence
 * @param hints what it says and was perhaps not meant
 */
public record DomainReading(Criterion criterion, String normalised, String plain, List<String> hints) {

    public DomainReading {
        hints = List.copyOf(hints);
    }
}
