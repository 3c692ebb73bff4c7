package org.annona.console;

import java.util.function.Function;

/**
 * One column of a list.
 *
 * @param key the name by which its list sorts, or any name where it does not
 * @param number aligned to the end, and exported without grouping
 */
public record TableColumn<R>(String key, String label, boolean sortable, boolean number, Function<R, Cell> cell) {

    public static <R> TableColumn<R> of(String label, Function<R, Cell> cell) {
        return new TableColumn<>(label, label, false, false, cell);
    }

    public TableColumn<R> sortedBy(String newKey) {
        return new TableColumn<>(newKey, label, true, number, cell);
    }

    public TableColumn<R> asNumber() {
        return new TableColumn<>(key, label, sortable, true, cell);
    }
}
