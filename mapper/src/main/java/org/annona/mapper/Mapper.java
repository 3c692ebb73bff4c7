package org.annona.mapper;

import java.util.List;
import org.annona.mapper.linking.Links;

/** What this block does for others. */
public final class Mapper {

    private final Links links;

    Mapper(Links links) {
        this.links = links;
    }

    /** @return one answer per identity, in the same order, duplicates included */
    public List<Resolution> resolve(List<String> identities) {
        return links.resolve(identities);
    }
}
