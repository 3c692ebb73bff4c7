package org.annona.exchange;

import java.util.List;
import org.annona.interop.search.Rejection;
import tools.jackson.databind.node.ObjectNode;

/** A registry's answer to one {@link Question}. */
public sealed interface Reply {

    /** @param total of all matches, of which the records are the page that was asked for */
    record Records(List<ObjectNode> records, long total) implements Reply {}

    record Refused(Rejection rejection) implements Reply {}
}
