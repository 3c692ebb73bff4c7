package org.annona.interop.query;

/** A query that is not understood in every part: {@code rjct.search_criteria.invalid}. The text is fit for the partner. */
public final class QueryRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    QueryRefused(String text) {
        super(text, null, false, false);
    }
}
