package org.annona.registry.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.annona.foundation.problem.Problem;
import org.annona.registry.RegistryProblem;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.mozilla.universalchardet.UniversalDetector;

/**
 * How a list is written, told from its beginning.
 *
 * @param header names of the columns as they stand in the first row
 * @param sample the first rows, as they stand
 */
public record FileShape(Charset charset, char delimiter, List<String> header, List<List<String>> sample) {

    public static final int SNIFF_BYTES = 64 * 1024;
    private static final int SAMPLE_ROWS = 5;
    private static final char[] DELIMITERS = {',', ';', '\t', '|'};

    /**
     * @param start the first {@value #SNIFF_BYTES} bytes of the file, or all of it
     * @throws Problem where it is no list in text form
     */
    public static FileShape of(byte[] start, int totalBytes) {
        if (start.length == 0) {
            throw Problem.of(RegistryProblem.FILE_EMPTY);
        }
        byte[] sniffed = Arrays.copyOf(start, Math.min(start.length, SNIFF_BYTES));
        refuseForeign(sniffed);
        return withCharset(sniffed, charsetOf(sniffed));
    }

    /** As the person who knows the file says that it is written. */
    public static FileShape of(byte[] start, String charsetName) {
        try {
            return withCharset(start, Charset.forName(charsetName));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            throw Problem.of(RegistryProblem.FILE_ENCODING_UNKNOWN, "name", charsetName);
        }
    }

    private static FileShape withCharset(byte[] start, Charset charset) {
        String text = completeLines(withoutMark(new String(start, charset)), start.length >= SNIFF_BYTES);
        char delimiter = delimiterOf(text);
        List<List<String>> rows = new ArrayList<>();
        try (CSVParser parser = CSVParser.parse(new StringReader(text), format(delimiter))) {
            for (CSVRecord record : parser) {
                rows.add(record.toList());
                if (rows.size() > SAMPLE_ROWS) {
                    break;
                }
            }
        } catch (IOException | UncheckedIOException | IllegalStateException unreadable) {
            throw unfit("a quotation mark is opened and never closed, or stands in the middle of a cell");
        }
        if (rows.isEmpty()) {
            throw Problem.of(RegistryProblem.FILE_EMPTY);
        }
        List<String> header = rows.getFirst().stream().map(String::strip).toList();
        refuseUnfit(header);
        return new FileShape(charset, delimiter, header, List.copyOf(rows.subList(1, rows.size())));
    }

    private static void refuseUnfit(List<String> header) {
        if (header.size() < 2) {
            throw unfit("there is only one column; it should be separated by comma, semicolon, tab or |");
        }
        Set<String> seen = new HashSet<>();
        for (String name : header) {
            if (name.isEmpty()) {
                throw unfit("column " + (seen.size() + 1) + " has no name");
            }
            if (!seen.add(name.toLowerCase(Locale.ROOT))) {
                throw unfit("two columns are called '" + name + "'");
            }
        }
        if (header.stream().allMatch(name -> name.matches("[\\d./-]+"))) {
            throw unfit("it holds values instead of names");
        }
    }

    private static Problem unfit(String reason) {
        return Problem.of(RegistryProblem.FILE_HEADER_UNFIT, "reason", reason);
    }

    private static void refuseForeign(byte[] start) {
        String kind = null;
        if (startsWith(start, 'P', 'K', 3, 4)) {
            kind = "an Excel workbook or another zip file";
        } else if (startsWith(start, 0xD0, 0xCF, 0x11, 0xE0)) {
            kind = "an old Excel or Word file";
        } else if (startsWith(start, '%', 'P', 'D', 'F')) {
            kind = "a PDF document";
        } else if (startsWith(start, 0x1F, 0x8B)) {
            kind = "a compressed file";
        } else if (!isUtf16(start) && contains(start, (byte) 0)) {
            kind = "a program's own format";
        }
        if (kind != null) {
            throw Problem.of(RegistryProblem.FILE_NOT_TEXT, "kind", kind);
        }
    }

    private static boolean startsWith(byte[] bytes, int... beginning) {
        if (bytes.length < beginning.length) {
            return false;
        }
        for (int i = 0; i < beginning.length; i++) {
            if ((bytes[i] & 0xFF) != beginning[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean contains(byte[] bytes, byte wanted) {
        for (byte b : bytes) {
            if (b == wanted) {
                return true;
            }
        }
        return false;
    }

    private static boolean isUtf16(byte[] start) {
        return startsWith(start, 0xFF, 0xFE) || startsWith(start, 0xFE, 0xFF);
    }

    private static Charset charsetOf(byte[] start) {
        if (startsWith(start, 0xFF, 0xFE)) {
            return StandardCharsets.UTF_16LE;
        }
        if (startsWith(start, 0xFE, 0xFF)) {
            return StandardCharsets.UTF_16BE;
        }
        if (isUtf8(start)) {
            return StandardCharsets.UTF_8;
        }
        UniversalDetector detector = new UniversalDetector();
        detector.handleData(start);
        detector.dataEnd();
        String guess = detector.getDetectedCharset();
        return guess != null && Charset.isSupported(guess) ? Charset.forName(guess) : Charset.forName("windows-1252");
    }

    /** A character may be cut at the end of what was sniffed. */
    private static boolean isUtf8(byte[] start) {
        int length = start.length;
        int cut = 0;
        while (start.length >= SNIFF_BYTES && cut < 3 && length > 0 && (start[length - 1] & 0xC0) == 0x80) {
            length--;
            cut++;
        }
        if (start.length >= SNIFF_BYTES && length > 0 && (start[length - 1] & 0xC0) == 0xC0) {
            length--;
        }
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(start, 0, length));
            return true;
        } catch (CharacterCodingException other) {
            return false;
        }
    }

    private static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static String completeLines(String text, boolean cut) {
        int end = text.lastIndexOf('\n');
        return cut && end > 0 ? text.substring(0, end) : text;
    }

    /** The delimiter that divides the first line into most columns, outside of quotation marks. */
    private static char delimiterOf(String text) {
        int[] counts = new int[DELIMITERS.length];
        boolean quoted = false;
        for (int i = 0; i < text.length() && (quoted || text.charAt(i) != '\n'); i++) {
            char c = text.charAt(i);
            quoted ^= c == '"';
            for (int d = 0; d < DELIMITERS.length && !quoted; d++) {
                if (c == DELIMITERS[d]) {
                    counts[d]++;
                }
            }
        }
        int best = 0;
        for (int d = 1; d < DELIMITERS.length; d++) {
            if (counts[d] > counts[best]) {
                best = d;
            }
        }
        return DELIMITERS[best];
    }

    private static CSVFormat format(char delimiter) {
        return CSVFormat.RFC4180
                .builder()
                .setDelimiter(delimiter)
                .setIgnoreEmptyLines(true)
                .setLenientEof(false)
                .get();
    }

    /** Place of a column, whatever the case of its name; -1 where there is none. */
    public int column(String name) {
        for (int i = 0; i < header.size(); i++) {
            if (header.get(i).equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }

    /** All rows but the first; bytes that are no characters of the encoding come as U+FFFD. */
    public CSVParser rows(InputStream file) throws IOException {
        return rows(file, charset, delimiter);
    }

    public static CSVParser rows(InputStream file, Charset charset, char delimiter) throws IOException {
        Reader reader = new InputStreamReader(file, charset);
        java.io.PushbackReader marked = new java.io.PushbackReader(reader, 1);
        int first = marked.read();
        if (first >= 0 && first != '\uFEFF') {
            marked.unread(first);
        }
        return CSVParser.parse(
                marked,
                format(delimiter)
                        .builder()
                        .setHeader()
                        .setSkipHeaderRecord(true)
                        .setAllowMissingColumnNames(true)
                        .get());
    }
}
