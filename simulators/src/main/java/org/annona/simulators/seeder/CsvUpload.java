package org.annona.simulators.seeder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A request whose records come as a table (reference A1, {@code /authtoken/csv}). */
final class CsvUpload {

    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)\"?");
    private static final Pattern NAME = Pattern.compile("[; ]name=\"([^\"]+)\"");

    private CsvUpload() {}

    static SeederRequest read(byte[] body, String contentType) throws Refused {
        Map<String, String> parts = parts(new String(body, StandardCharsets.UTF_8), contentType);
        String request = parts.get("request");
        if (request == null || request.isBlank()) {
            throw Refused.input("missing request body");
        }
        String table = parts.get("csv_file");
        if (table == null) {
            throw Refused.input("requires CSV file");
        }
        JsonNode whole = SeederRequest.parse(request.getBytes(StandardCharsets.UTF_8));
        char delimiter = whole.path("request").path("csvDelimiter").asText(",").charAt(0);
        return SeederRequest.read(whole, SeederRequest.Source.CSV, records(table, delimiter));
    }

    private static Map<String, String> parts(String body, String contentType) throws Refused {
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!boundary.find()) {
            throw Refused.input("missing request body");
        }
        Map<String, String> parts = new HashMap<>();
        for (String part : body.split(Pattern.quote("--" + boundary.group(1)), -1)) {
            int end = part.indexOf("\r\n\r\n");
            Matcher name = NAME.matcher(part);
            if (end > 0 && name.find()) {
                String content = part.substring(end + 4);
                parts.put(
                        name.group(1), content.endsWith("\r\n") ? content.substring(0, content.length() - 2) : content);
            }
        }
        return parts;
    }

    /** Cells that are missing at the end are null. */
    private static List<JsonNode> records(String table, char delimiter) {
        List<List<String>> rows = rows(table, delimiter);
        List<JsonNode> records = new ArrayList<>();
        for (List<String> row : rows.subList(Math.min(1, rows.size()), rows.size())) {
            ObjectNode record = SeederRequest.JSON.createObjectNode();
            List<String> header = rows.getFirst();
            for (int i = 0; i < header.size(); i++) {
                record.put(header.get(i), i < row.size() ? row.get(i) : null);
            }
            records.add(record);
        }
        return records;
    }

    private static List<List<String>> rows(String table, char delimiter) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < table.length(); i++) {
            char sign = table.charAt(i);
            if (quoted) {
                if (sign != '"') {
                    cell.append(sign);
                } else if (i + 1 < table.length() && table.charAt(i + 1) == '"') {
                    cell.append('"');
                    i++;
                } else {
                    quoted = false;
                }
            } else if (sign == '"') {
                quoted = true;
            } else if (sign == delimiter) {
                row.add(cell.toString());
                cell.setLength(0);
            } else if (sign == '\n') {
                row.add(cell.toString());
                cell.setLength(0);
                rows.add(List.copyOf(row));
                row.clear();
            } else if (sign != '\r') {
                cell.append(sign);
            }
        }
        if (!cell.isEmpty() || !row.isEmpty()) {
            row.add(cell.toString());
            rows.add(List.copyOf(row));
        }
        return rows;
    }
}
