package org.annona.exchange.inbound;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.annona.interop.message.ErrorCode;
import org.annona.interop.message.Operation;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.message.Refusal;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A message that comes as a file within a form (DCI reference R12.19): a whole envelope as JSON, or a table of identifiers to
 * be searched, a question a row, with the fields of the header as further parts of the form. What comes out is an envelope
 * like any other, and is looked at like any other.
 */
final class MessageFile {

    private static final String ACTION = "action";
    private static final String FILE = "fileName";
    private static final String FORMAT = "fileFormat";
    private static final List<String> OF_THE_HEADER =
            List.of("version", "message_id", "message_ts", "sender_uri", "receiver_id");
    private static final String REFERENCE = "reference_id";
    private static final String TYPE = "identifier_type";
    private static final String VALUE = "identifier_value";
    /** More than any partner may ask in one message. */
    private static final int MOST_ROWS = 10_000;
    /** In bytes; what is in every question must not make a small table a large message. */
    private static final int LONGEST_PART = 1_000;

    private final Map<String, byte[]> parts;

    private MessageFile(Map<String, byte[]> parts) {
        this.parts = parts;
    }

    static MessageFile of(Map<String, byte[]> parts) {
        return new MessageFile(parts);
    }

    /**
     * @param sender of a table, which names none itself
     * @throws Refusal where the form is none of the operation
     */
    byte[] envelope(Operation operation, String sender) {
        String action = text(ACTION);
        if (!operation.action().equals(action)) {
            throw Refusal.of(
                    ReasonCode.ACTION_INVALID, "the part action has to be " + operation.action() + " at this path");
        }
        byte[] file = parts.get(FILE);
        if (file == null) {
            throw Refusal.of(ErrorCode.BAD_REQUEST, "the part fileName, which is the file, is missing");
        }
        String format = text(FORMAT);
        return switch (format == null ? "json" : format.strip().toLowerCase(Locale.ROOT)) {
            case "", "json" -> file;
            case "csv" -> ofTable(operation, sender, file);
            default -> throw Refusal.of(ErrorCode.BAD_REQUEST, "fileFormat has to be json or csv");
        };
    }

    private byte[] ofTable(Operation operation, String sender, byte[] file) {
        if (operation != Operation.SEARCH) {
            throw Refusal.of(ErrorCode.BAD_REQUEST, "a table can be searched with, and nothing else");
        }
        ObjectNode envelope = JsonMapper.shared().createObjectNode();
        ObjectNode header = envelope.putObject("header");
        for (String field : OF_THE_HEADER) {
            String value = text(field);
            if (value != null) {
                header.put(field, value);
            }
        }
        header.put(ACTION, operation.action()).put("sender_id", sender);
        ObjectNode message = envelope.putObject("message");
        String transaction = text("transaction_id");
        if (transaction != null) {
            message.put("transaction_id", transaction);
        }
        ArrayNode items = message.putArray("search_request");
        readRows(file, items);
        String total = text("total_count");
        header.put("total_count", total == null ? Integer.toString(items.size()) : total);
        return envelope.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void readRows(byte[] file, ArrayNode items) {
        String recordType = text("reg_record_type");
        String timestamp = text("message_ts");
        try (Reader reader = new InputStreamReader(
                        new ByteArrayInputStream(withoutMark(file)), StandardCharsets.UTF_8.newDecoder());
                CSVParser rows = CSVFormat.RFC4180
                        .builder()
                        .setHeader()
                        .setSkipHeaderRecord(true)
                        .setTrim(true)
                        .setIgnoreEmptyLines(true)
                        .setAllowMissingColumnNames(true)
                        .setDuplicateHeaderMode(DuplicateHeaderMode.ALLOW_EMPTY)
                        .get()
                        .parse(reader)) {
            if (!rows.getHeaderNames().containsAll(List.of(REFERENCE, TYPE, VALUE))) {
                throw Refusal.of(
                        ErrorCode.BAD_REQUEST,
                        "the first row of the table has to name " + String.join(", ", REFERENCE, TYPE, VALUE));
            }
            for (CSVRecord row : rows) {
                if (items.size() == MOST_ROWS) {
                    throw Refusal.of(
                            ReasonCode.TOTAL_COUNT_LIMIT_EXCEEDED, "a table has at most " + MOST_ROWS + " rows");
                }
                if (row.size() != rows.getHeaderNames().size()) {
                    throw Refusal.of(
                            ErrorCode.BAD_REQUEST,
                            "row " + row.getRecordNumber() + " of the table has more or fewer fields than its first");
                }
                items.add(item(row, recordType, timestamp));
            }
        } catch (IOException | UncheckedIOException | IllegalArgumentException | IllegalStateException broken) {
            throw Refusal.of(
                    ErrorCode.BAD_REQUEST, "the table cannot be read as CSV in UTF-8, with a name for each column");
        }
    }

    private static ObjectNode item(CSVRecord row, @Nullable String recordType, @Nullable String timestamp) {
        ObjectNode item = JsonMapper.shared().createObjectNode();
        item.put(REFERENCE, row.get(REFERENCE)).put("timestamp", timestamp);
        ObjectNode criteria = item.putObject("search_criteria");
        if (recordType != null) {
            criteria.put("reg_record_type", recordType);
        }
        criteria.put("query_type", "idtype-value")
                .putObject("query")
                .put("type", row.get(TYPE))
                .put("value", row.get(VALUE));
        return item;
    }

    /** Spreadsheets put a mark before the first letter. */
    private static byte[] withoutMark(byte[] file) {
        boolean marked =
                file.length >= 3 && (file[0] & 0xFF) == 0xEF && (file[1] & 0xFF) == 0xBB && (file[2] & 0xFF) == 0xBF;
        return marked ? Arrays.copyOfRange(file, 3, file.length) : file;
    }

    private @Nullable String text(String part) {
        byte[] bytes = parts.get(part);
        if (bytes == null) {
            return null;
        }
        if (bytes.length > LONGEST_PART) {
            throw Refusal.of(ErrorCode.BAD_REQUEST, "the part " + part + " has more than " + LONGEST_PART + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException damaged) {
            throw Refusal.of(ErrorCode.BAD_REQUEST, "the part " + part + " is no text in UTF-8");
        }
    }
}
