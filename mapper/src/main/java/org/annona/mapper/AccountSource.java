package org.annona.mapper;

import java.time.Instant;
import org.annona.foundation.feed.FeedPart;
import org.annona.foundation.sealing.Sensitive;

/** Port to whoever knows on which account a person wants to be paid. A source that does not answer throws. */
public interface AccountSource {

    /** @param after an empty text for the beginning, then the position of the part before */
    FeedPart<Account> changes(String after, int limit);

    /**
     * @param identity a G2P Connect id, such as {@code uid:0198...@registry}
     * @param scheme {@code bank} or {@code mobile}
     * @param since when it was given
     * @param active false where it is no longer to be used
     */
    record Account(
            String identity, String scheme, String provider, Sensitive<String> number, boolean active, Instant since) {}
}
