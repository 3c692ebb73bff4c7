package org.annona.access;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * What a person typed into a form while the session ended. The server keeps none of it, because strangers could fill a table with
 * such forms: it travels in hidden fields through the login page to a page on which the person sends it again. It is taken from
 * our own pages only, so that no other site has a person send something after a login.
 *
 * @param path to which the form was sent
 * @param fields in their order; a name may stand more than once
 */
public record KeptForm(String path, List<Field> fields) {

    /** Of the page that asks for the login. */
    public static final String LOGIN = "/login/kept";

    /** Of the page that sends the form again. */
    public static final String AGAIN = "/login/again";

    /** Request attribute: why a login was refused. */
    public static final String PROBLEM = "loginProblem";

    private static final String ATTRIBUTE = KeptForm.class.getName();
    private static final String PATH = "kept-path";
    private static final String FIELD = "kept.";
    /** Fits into the form of a stranger together with a name and a password. */
    private static final int LONGEST = 4_000;

    public record Field(String name, String value) {

        /** {@code incomePerMember} as {@code Income per member}: the page with the labels is not at hand. */
        public String label() {
            String words = name.replaceAll("[^\\p{L}\\p{N}]+", " ")
                    .replaceAll("(?<=\\p{Ll})(?=\\p{Lu})", " ")
                    .toLowerCase(Locale.ROOT)
                    .strip();
            return words.isEmpty() ? name : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
        }
    }

    /** The form of a request that was refused because there is no session; null where it is not one to be kept. */
    static @Nullable KeptForm of(HttpServletRequest request) {
        String type = String.valueOf(request.getContentType()).toLowerCase(Locale.ROOT);
        boolean form = request.getMethod().equals("POST") && type.startsWith("application/x-www-form-urlencoded");
        if (!form || request.getHeader("HX-Request") != null || !isFromOurPage(request)) {
            return null;
        }
        List<Field> fields = new ArrayList<>();
        int length = 0;
        for (var parameter : request.getParameterMap().entrySet()) {
            String name = parameter.getKey();
            if (name.equals("_csrf")) {
                continue;
            }
            if (name.toLowerCase(Locale.ROOT).matches(".*(password|secret).*")) {
                return null;
            }
            for (String value : parameter.getValue()) {
                fields.add(new Field(name, value));
                length += 3 * (name.length() + value.length()) + FIELD.length();
            }
        }
        String path = request.getRequestURI();
        return length > LONGEST || !WantedPage.isOfThisServer(path) ? null : new KeptForm(path, List.copyOf(fields));
    }

    private static boolean isFromOurPage(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (site != null) {
            return site.equals("same-origin");
        }
        try {
            return origin != null
                    && request.getHeader(HttpHeaders.HOST) != null
                    && request.getHeader(HttpHeaders.HOST)
                            .equals(URI.create(origin).getAuthority());
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    /** What the login page sent along; null where nothing was kept. */
    static @Nullable KeptForm sentWithLogin(HttpServletRequest request) {
        String path = request.getParameter(PATH);
        if (path == null || !WantedPage.isOfThisServer(path)) {
            return null;
        }
        List<Field> fields = new ArrayList<>();
        request.getParameterMap().forEach((name, values) -> {
            if (name.startsWith(FIELD)) {
                for (String value : values) {
                    fields.add(new Field(name.substring(FIELD.length()), value));
                }
            }
        });
        return new KeptForm(path, List.copyOf(fields));
    }

    void forwardTo(String page, HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        request.setAttribute(ATTRIBUTE, this);
        request.getRequestDispatcher(page).forward(request, response);
    }

    /** What was forwarded with this request; null where the page is called by itself. */
    public static @Nullable KeptForm forwarded(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof KeptForm kept ? kept : null;
    }

    /** The hidden fields with which the login page keeps it. */
    public List<Field> hidden() {
        List<Field> hidden = new ArrayList<>();
        hidden.add(new Field(PATH, path));
        fields.forEach(field -> hidden.add(new Field(FIELD + field.name(), field.value())));
        return hidden;
    }
}
