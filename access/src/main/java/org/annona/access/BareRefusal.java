package org.annona.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.annona.foundation.problem.Problem;
import org.springframework.web.util.HtmlUtils;

/** A refusal of a request of which nothing can be read yet, so that the page of problems cannot show it. */
public final class BareRefusal {

    private static final String SECONDS_UNTIL_LESS_BUSY = "5";

    private BareRefusal() {}

    public static void write(HttpServletRequest request, HttpServletResponse response, Problem problem)
            throws IOException {
        String code = problem.code().code();
        response.setStatus(problem.code().status());
        if (problem.code().status() == HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
            response.setHeader("Retry-After", SECONDS_UNTIL_LESS_BUSY);
        }
        response.setHeader("X-Annona-Problem", code);
        boolean page = String.valueOf(request.getHeader("Accept")).contains("text/html");
        response.setContentType((page ? "text/html" : "application/problem+json") + ";charset=utf-8");
        String body = page
                ? "<!DOCTYPE html><html lang=\"en\"><title>Annona</title><main><h1>"
                        + HtmlUtils.htmlEscape(problem.sentence()) + "</h1><p>"
                        + HtmlUtils.htmlEscape(problem.remedy()) + "</p></main></html>"
                : "{\"type\":\"/help/problems#" + code + "\",\"title\":\"" + problem.sentence() + "\",\"status\":"
                        + problem.code().status() + ",\"detail\":\"" + problem.remedy() + "\",\"code\":\"" + code
                        + "\",\"retryable\":" + problem.code().retryable() + "}";
        response.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    }
}
