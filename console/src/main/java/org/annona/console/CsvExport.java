package org.annona.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Comma-separated values (RFC 4180) that are safe to open in a spreadsheet: a cell that would be taken for a formula is
 * led by an apostrophe.
 */
public final class CsvExport {

    private static final Pattern FORMULA = Pattern.compile("^[=+\\-@\\t\\r].*", Pattern.DOTALL);
    private static final Pattern NUMBER = Pattern.compile("^[+-]?\\d+(\\.\\d+)?$");

    private final CSVPrinter printer;
    private final Writer out;

    public CsvExport(Writer out) {
        this.out = out;
        try {
            this.printer = new CSVPrinter(out, CSVFormat.RFC4180);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    public void row(List<String> cells) {
        if (out instanceof Export.Counting counting) {
            counting.row();
        }
        try {
            printer.printRecord(cells.stream().map(CsvExport::harmless).toList());
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    static String harmless(String cell) {
        return FORMULA.matcher(cell).matches() && !NUMBER.matcher(cell).matches() ? "'" + cell : cell;
    }
}
