package org.annona.demo.crawl;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.annona.access.Role;
import org.annona.demo.DemoUsers;
import org.annona.demo.ServerWorld;

/** A user with a session, who asks for pages and sends forms as a browser without scripts does. */
final class Visitor {

    private static final int MOST_REDIRECTS = 5;
    private static final String BOUNDARY = "end-of-part";

    private final ServerWorld world;
    private final Role role;
    private final String name;
    private final String password;
    private final CookieManager cookies = new CookieManager();
    private final HttpClient http = HttpClient.newBuilder()
            .cookieHandler(cookies)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private Visitor(ServerWorld world, Role role, String name, String password) {
        this.world = world;
        this.role = role;
        this.name = name;
        this.password = password;
    }

    static Visitor loggedIn(ServerWorld world, Role role) {
        return loggedIn(world, role, DemoUsers.name(role), world.users.password(role));
    }

    static Visitor loggedIn(ServerWorld world, Role role, String name, String password) {
        Visitor visitor = new Visitor(world, role, name, password);
        visitor.logIn();
        return visitor;
    }

    private void logIn() {
        Visited page = get("/login");
        if (page.path().equals("/")) {
            return;
        }
        Form form = Form.on(page).getFirst();
        Visited home = send(
                form,
                form.fields().stream()
                        .map(field -> switch (field.name()) {
                            case "name" -> field.with(name);
                            case "password" -> field.with(password);
                            default -> field;
                        })
                        .toList());
        if (!home.path().equals("/")) {
            throw new AssertionError(role + " was not logged in, but sent to " + home.path());
        }
    }

    Role role() {
        return role;
    }

    List<HttpCookie> cookies() {
        return cookies.getCookieStore().getCookies();
    }

    Visited get(String path) {
        return follow(path, request(path).GET());
    }

    /** Sends a form; a session that has ended meanwhile begins anew afterwards. */
    Visited send(Form form, List<Form.Field> values) {
        HttpRequest.Builder request = request(form.action()).header("Referer", world.server.url() + form.page());
        if (form.hasFile()) {
            request.header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                    .POST(BodyPublishers.ofString(parts(values)));
        } else {
            request.header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(values.stream()
                            .map(field -> encoded(field.name()) + "=" + encoded(field.value()))
                            .collect(Collectors.joining("&"))));
        }
        Visited answer = follow(form.action(), request);
        if (answer.path().startsWith("/login") && !form.action().equals("/login")) {
            logIn();
        }
        return answer;
    }

    private static String parts(List<Form.Field> values) {
        StringBuilder body = new StringBuilder();
        for (Form.Field field : values) {
            body.append("--").append(BOUNDARY).append("\r\nContent-Disposition: form-data; name=\"");
            body.append(field.name()).append(field.isFile() ? "\"; filename=\"list.csv\"" : "\"");
            body.append("\r\n\r\n").append(field.value()).append("\r\n");
        }
        return body.append("--").append(BOUNDARY).append("--\r\n").toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(world.server.url() + path))
                .header("Accept", "text/html")
                .header("Accept-Encoding", "gzip");
    }

    private Visited follow(String path, HttpRequest.Builder first) {
        String at = path;
        HttpResponse<byte[]> response = answer(first);
        for (int redirects = 0; response.statusCode() / 100 == 3 && redirects < MOST_REDIRECTS; redirects++) {
            URI next = URI.create(world.server.url() + at)
                    .resolve(response.headers().firstValue("Location").orElseThrow());
            at = next.getRawQuery() == null ? next.getRawPath() : next.getRawPath() + "?" + next.getRawQuery();
            response = answer(request(at).GET());
        }
        return new Visited(
                at,
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                text(response),
                response.body().length);
    }

    private HttpResponse<byte[]> answer(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    private static String text(HttpResponse<byte[]> response) {
        byte[] body = response.body();
        if (!response.headers()
                .map()
                .getOrDefault("content-encoding", List.of())
                .contains("gzip")) {
            return new String(body, StandardCharsets.UTF_8);
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Headers under which the browser shows the same pages to the same user. */
    Map<String, String> session() {
        return cookies().stream().collect(Collectors.toMap(HttpCookie::getName, HttpCookie::getValue));
    }
}
