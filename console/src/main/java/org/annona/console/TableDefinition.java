package org.annona.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * A list as pages and exports show it. A filter is sent as {@code f.<key>}.
 *
 * @param emptyText what stands in place of rows, with what to do about it
 */
public record TableDefinition<R>(List<TableColumn<R>> columns, List<FilterField> filters, String emptyText) {

    private static final String FILTER_PREFIX = "f.";

    /** Which filters are set; their values may name people. */
    static List<String> filterNames(Map<String, String[]> parameters) {
        return parameters.entrySet().stream()
                .filter(one -> one.getKey().startsWith(FILTER_PREFIX)
                        && !String.join("", one.getValue()).isBlank())
                .map(one -> one.getKey().substring(FILTER_PREFIX.length()))
                .filter(name -> name.matches("[a-zA-Z]{1,40}"))
                .sorted()
                .toList();
    }

    /** Reads the wanted part of the list from the parameters of a request. */
    public static PageRequest request(Map<String, String> parameters) {
        Map<String, String> filters = new TreeMap<>();
        parameters.forEach((name, value) -> {
            if (name.startsWith(FILTER_PREFIX) && !value.isBlank()) {
                filters.put(name.substring(FILTER_PREFIX.length()), value);
            }
        });
        String at = parameters.getOrDefault("at", "");
        return new PageRequest(
                parameters.getOrDefault("sort", ""),
                "true".equals(parameters.get("desc")),
                at.isEmpty() ? null : at,
                PageRequest.DEFAULT_SIZE,
                filters);
    }

    /** @param path of the page that shows the list; its export is the same path with {@code .csv} */
    public TableView view(String path, PageRequest request, Page<R> page) {
        List<TableView.Head> heads =
                columns.stream().map(column -> head(path, request, column)).toList();
        List<List<Cell>> rows = page.rows().stream()
                .map(row ->
                        columns.stream().map(column -> column.cell().apply(row)).toList())
                .toList();
        return new TableView(
                path,
                heads,
                rows,
                filters.stream()
                        .map(field -> new TableView.Filter(field, request.filter(field.key())))
                        .toList(),
                page.previous() == null ? null : link(path, request, page.previous()),
                page.next() == null ? null : link(path, request, page.next()),
                link(path + ".csv", request, null),
                request.sort(),
                request.descending(),
                emptyText);
    }

    private TableView.Head head(String path, PageRequest request, TableColumn<R> column) {
        boolean sorted = column.sortable() && request.sort().equals(column.key());
        String href = column.sortable()
                ? link(
                        path,
                        new PageRequest(
                                column.key(), sorted && !request.descending(), null, request.size(), request.filters()),
                        null)
                : null;
        String mark = !sorted ? "" : request.descending() ? "↓" : "↑";
        return new TableView.Head(column.label(), href, mark, column.number());
    }

    private static String link(String path, PageRequest request, @Nullable String at) {
        UriComponentsBuilder uri = UriComponentsBuilder.fromPath(path);
        if (!request.sort().isEmpty()) {
            uri.queryParam("sort", request.sort()).queryParam("desc", request.descending());
        }
        new TreeMap<>(request.filters()).forEach((key, value) -> uri.queryParam(FILTER_PREFIX + key, "{" + key + "}"));
        if (at != null) {
            uri.queryParam("at", at);
        }
        return uri.encode().buildAndExpand(request.filters()).toUriString();
    }

    /** Writes the whole list, as filtered, without holding it in memory. */
    public void export(Writer out, PageRequest request, Keyset.PageReader<R> reader) {
        CsvExport csv = new CsvExport(out);
        csv.row(columns.stream().map(TableColumn::label).toList());
        Keyset.forEach(reader, request, row -> {
            List<String> texts = new ArrayList<>();
            for (TableColumn<R> column : columns) {
                String text = column.cell().apply(row).text();
                texts.add(column.number() ? text.replace(",", "") : text);
            }
            csv.row(texts);
        });
        try {
            out.flush();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
