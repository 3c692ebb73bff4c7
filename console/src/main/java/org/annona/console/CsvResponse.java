package org.annona.console;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Sends an export as a file, row by row, and tells the audit trail. What fails before the first part is sent is answered as on any page; what fails later
 * breaks the connection, so that no part is taken for the whole.
 */
public final class CsvResponse {

    private CsvResponse() {}

    public static void send(HttpServletResponse response, String fileName, Consumer<Writer> content)
            throws IOException {
        Export export = Export.ofRequest();
        response.setContentType("text/csv; charset=utf-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"" + fileName + "\"");
        Writer out = new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8);
        // Spreadsheets take a file without this mark for a local encoding, and break every name.
        out.write('\ufeff');
        try {
            content.accept(export.counting(out));
            export.sent();
        } catch (RuntimeException failed) {
            if (!response.isCommitted()) {
                response.reset();
            }
            throw failed;
        }
        out.flush();
    }
}
