package org.annona.foundation.criteria.odoo;

/** A domain that is not understood, or asks what may not be asked. Its message says why, for the person who wrote it. */
public final class DomainRefused extends Exception {

    private static final long serialVersionUID = 1L;

    private final int position;
    private final int leaf;

    /**
     * @param position in the text, from 1
     * @param leaf which condition of the domain, from 1; 0 where it is none
     */
    DomainRefused(String reason, int position, int leaf) {
        super(reason);
        this.position = position;
        this.leaf = leaf;
    }

    public int position() {
        return position;
    }

    public int leaf() {
        return leaf;
    }
}
