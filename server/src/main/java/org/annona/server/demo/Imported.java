package org.annona.server.demo;

import java.util.List;

/** What became of the list of people, wherever it was taken in. */
public record Imported(long imported, long rejected, List<Step> words) {

    public record Step(String title, String words) {}
}
