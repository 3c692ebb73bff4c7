package org.annona.exchange.subscription;

import java.util.Optional;
import org.annona.exchange.Disclosure;
import org.annona.exchange.ServedRegistry;
import org.annona.exchange.partner.Partner;
import org.annona.interop.query.Query;
import org.annona.interop.query.QueryReader;
import org.annona.interop.query.QueryRefused;
import org.annona.interop.signature.DigestProfile;
import tools.jackson.databind.JsonNode;

/** Which records a subscription means. */
final class Filters {

    private Filters() {}

    /**
     * Empty means all records; only partners of the profile that sends such a filter by default may wish for that (DCI
     * reference 17.1).
     *
     * @throws QueryRefused where it is not understood, or may not be asked by this partner any more
     */
    static Optional<Query> read(
            Partner partner,
            ServedRegistry registry,
            String recordType,
            String filterType,
            JsonNode filter,
            Disclosure disclosure) {
        boolean everything = filter.path("type").asString("").equals("*")
                && filter.path("value").asString("").equals("*");
        if (everything && partner.terms().profile() == DigestProfile.OPENSPP2) {
            return Optional.empty();
        }
        return Optional.of(new QueryReader(registry.vocabulary(recordType, disclosure)).read(filterType, filter));
    }
}
