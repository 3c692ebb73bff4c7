package org.annona.exchange.reception;

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

/** Turns files away unread: the framework would otherwise put a stranger's file on the disk before anybody looks at it. */
public final class MessagesOnly extends OncePerRequestFilter {

    private final Clock clock;

    public MessagesOnly(Clock clock) {
        this.clock = clock;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String type = String.valueOf(request.getContentType()).toLowerCase(Locale.ROOT);
        if (!type.startsWith("multipart/")) {
            chain.doFilter(request, response);
            return;
        }
        Refusal refusal = Refusal.http(
                HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE,
                ErrorCode.BAD_REQUEST,
                "files are not taken here; send the message as application/json");
        response.setStatus(refusal.status());
        response.setContentType("application/json");
        response.getOutputStream()
                .write(Acknowledgement.refused(refusal, UUID.randomUUID().toString(), clock.instant())
                        .toString()
                        .getBytes(StandardCharsets.UTF_8));
    }
}
