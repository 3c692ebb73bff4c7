package org.annona.registry.pull;

/** A query that cannot be asked; its message says why, as a sentence for people. No agreement is kept with one. */
final class UnfitQuery extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnfitQuery(String reason) {
        super("Query: " + reason + ".");
    }
}
