package org.annona.exchange.inbound;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Locale;
import java.util.UUID;
import org.annona.interop.message.Acknowledgement;
import org.annona.interop.message.ErrorCode;
import org.annona.interop.message.Refusal;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Turns files away unread that are larger than a message may be, or do not say how large they are: the framework would
 * otherwise take in a stranger's file of any size before anybody looks at it.
 */
public final class SmallFilesOnly extends OncePerRequestFilter {

    private final int largest;
    private final Clock clock;

    /** @param largest in bytes, with everything around the file */
    public SmallFilesOnly(int largest, Clock clock) {
        this.largest = largest;
        this.clock = clock;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String type = String.valueOf(request.getContentType()).toLowerCase(Locale.ROOT);
        long length = request.getContentLengthLong();
        if (!type.startsWith("multipart/") || length >= 0 && length <= largest) {
            chain.doFilter(request, response);
            return;
        }
        Refusal refusal = Refusal.http(
                HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
                ErrorCode.BAD_REQUEST,
                "a file has at most " + largest + " bytes, and says so beforehand (Content-Length)");
        response.setStatus(refusal.status());
        response.setContentType("application/json");
        response.getOutputStream()
                .write(Acknowledgement.refused(refusal, UUID.randomUUID().toString(), clock.instant())
                        .toString()
                        .getBytes(StandardCharsets.UTF_8));
    }
}
