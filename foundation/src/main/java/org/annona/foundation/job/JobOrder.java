package org.annona.foundation.job;

import tools.jackson.databind.json.JsonMapper;

/**
 * A piece of long work to be done, for the organisation of the scope in which it is ordered.
 *
 * @param key the same key never makes a second job: ordering again gives the first one
 * @param title what a person reads in the list, without personal data
 * @param subject what it works on, as {@code kind/key}
 * @param requestedBy user name, or {@code system}
 */
public record JobOrder(
        String block, String kind, String key, String title, String subject, String requestedBy, Object input) {

    String inputAsJson() {
        return JsonMapper.shared().writeValueAsString(input);
    }
}
