package org.annona.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.FilterWriter;
import java.io.Writer;
import java.util.Collection;
import java.util.Objects;
import org.annona.access.ExportLog;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.servlet.HandlerInterceptor;

/** A list that leaves as a file. The audit trail knows it before the first row leaves; without an entry there nothing does. */
final class Export {

    private static final String ATTRIBUTE = Export.class.getName();
    private static final String PATH = ".csv";

    private final ExportLog log;
    private final String user;
    private final String path;
    private final Collection<String> filters;
    private boolean begun;
    private long rows = -1;

    private Export(ExportLog log, String user, String path, Collection<String> filters) {
        this.log = log;
        this.user = user;
        this.path = path;
        this.filters = filters;
    }

    /** That which the request asks for; {@link Noting} sees every request for a file. */
    static Export ofRequest() {
        return (Export) Objects.requireNonNull(
                RequestContextHolder.currentRequestAttributes()
                        .getAttribute(ATTRIBUTE, RequestAttributes.SCOPE_REQUEST),
                "the path of a list that leaves as a file ends in " + PATH);
    }

    Writer counting(Writer out) {
        return new Counting(out, this);
    }

    /** The first one names the columns, and is written before it is asked whether the user may see the list. */
    private void row() {
        rows++;
        if (rows > 0) {
            begin();
        }
    }

    private void begin() {
        if (!begun) {
            log.begun(user, path, filters);
            begun = true;
        }
    }

    void sent() {
        begin();
        log.sent(user, path, Math.max(0, rows));
    }

    /** A writer that knows how many rows went through it. */
    static final class Counting extends FilterWriter {

        private final Export export;

        private Counting(Writer out, Export export) {
            super(out);
            this.export = export;
        }

        void row() {
            export.row();
        }
    }

    /** Notes who asks for which list. */
    static final class Noting implements HandlerInterceptor {

        private final ExportLog log;

        Noting(ExportLog log) {
            this.log = log;
        }

        @Override
        public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
            if (request.getRequestURI().endsWith(PATH) && request.getUserPrincipal() != null) {
                request.setAttribute(
                        ATTRIBUTE,
                        new Export(
                                log,
                                request.getUserPrincipal().getName(),
                                request.getRequestURI(),
                                TableDefinition.filterNames(request.getParameterMap())));
            }
            return true;
        }
    }
}
