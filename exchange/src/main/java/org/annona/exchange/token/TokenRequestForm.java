package org.annona.exchange.token;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.annona.foundation.load.Places;
import org.annona.foundation.problem.Problem;
import org.annona.interop.json.StrictJson;
import org.annona.interop.json.UnreadableJson;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.JsonNode;

/**
 * Reads the wish for a token also from JSON, as some partners send it, and scopes also with a slash instead of a point (DCI
 * reference R12.1, R12.2).
 */
final class TokenRequestForm extends OncePerRequestFilter {

    private static final int LARGEST = 16_384;
    private static final String SECONDS_UNTIL_LESS_BUSY = "5";

    private final TokenRefusals refusals;

    private final Places places;

    TokenRequestForm(Places places, Clock clock) {
        this.places = places;
        this.refusals = new TokenRefusals(clock);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Map<String, String[]> form = new LinkedHashMap<>();
        String type = String.valueOf(request.getContentType()).toLowerCase(Locale.ROOT);
        if (request.getContentLengthLong() > LARGEST) {
            refusals.write(
                    response,
                    HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
                    "invalid_request",
                    "the body has at most " + LARGEST + " bytes");
            return;
        }
        if (type.startsWith("application/json")) {
            try {
                read(request.getInputStream().readNBytes(LARGEST + 1), form);
            } catch (UnreadableJson unreadable) {
                refusals.write(response, HttpServletResponse.SC_BAD_REQUEST, "invalid_request", "the body is no JSON");
                return;
            }
        } else if (type.startsWith("application/x-www-form-urlencoded")) {
            form.putAll(request.getParameterMap());
        }
        form.computeIfPresent("scope", (name, scopes) -> normalised(scopes));
        Places.Place place;
        try {
            place = places.enter();
        } catch (Problem busy) {
            response.setHeader("Retry-After", SECONDS_UNTIL_LESS_BUSY);
            refusals.write(
                    response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, "temporarily_unavailable", busy.sentence());
            return;
        }
        try (place) {
            chain.doFilter(new Form(request, form), response);
        }
    }

    private static void read(byte[] body, Map<String, String[]> form) {
        if (body.length > LARGEST) {
            throw new UnreadableJson("too large");
        }
        for (Map.Entry<String, JsonNode> member : StrictJson.read(body).properties()) {
            if (member.getValue().isString()) {
                form.put(member.getKey(), new String[] {member.getValue().asString()});
            }
        }
    }

    private static String[] normalised(String[] scopes) {
        String[] read = scopes.clone();
        for (int i = 0; i < read.length; i++) {
            read[i] = read[i].replace('/', '.');
        }
        return read;
    }

    private static final class Form extends HttpServletRequestWrapper {

        private final Map<String, String[]> form;

        Form(HttpServletRequest request, Map<String, String[]> form) {
            super(request);
            this.form = form;
        }

        @Override
        public @Nullable String getParameter(String name) {
            String[] values = form.get(name);
            return values == null || values.length == 0 ? null : values[0];
        }

        @Override
        public Map<String, String[]> getParameterMap() {
            return Collections.unmodifiableMap(form);
        }

        @Override
        public Enumeration<String> getParameterNames() {
            return Collections.enumeration(form.keySet());
        }

        @Override
        public String @Nullable [] getParameterValues(String name) {
            return form.get(name);
        }
    }
}
