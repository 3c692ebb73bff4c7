package org.annona.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One page of a list, ready for the template. */
public record TableView(
        String path,
        List<Head> heads,
        List<List<Cell>> rows,
        List<Filter> filters,
        @Nullable String previous,
        @Nullable String next,
        String csv,
        String sort,
        boolean descending,
        String emptyText) {

    public record Head(String label, @Nullable String href, String mark, boolean number) {}

    public record Filter(FilterField field, String value) {}

    public boolean isFiltered() {
        return filters.stream().anyMatch(filter -> !filter.value().isEmpty());
    }
}
