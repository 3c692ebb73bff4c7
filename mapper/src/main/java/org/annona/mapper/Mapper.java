package org.annona.mapper;

import java.util.List;
import java.util.Optional;
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

    /**
     * As of now: what the source tells and was not fetched yet is fetched first.
     *
     * @return one answer per identity, in the same order, duplicates included; empty where none is linked
     */
    public List<Optional<AccountMark>> marks(List<String> identities) {
        return links.marks(identities);
    }
}
