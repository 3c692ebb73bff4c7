package org.annona.interop.matching;

/** What the other side sent is no point that could stand for anybody. */
public final class UnfitPoint extends Exception {
    private static final long serialVersionUID = 1L;

    UnfitPoint() {
        super("what was sent is no blinded identifier");
    }
}
