package org.annona.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.annona.access.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody without a password can make the server do. */
class StrangersTest {

    private static final int PATIENCE_MILLIS = 10_000;
    /** A slow server answers later than this; one that waits for others does not answer before. */
    private static final int SOON_MILLIS = 4_500;

    private static final String FORM = "Content-Type: application/x-www-form-urlencoded\r\n";
    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    private final ServerWorld world = ServerWorld.afterDemo();

    private record Answer(int status, Map<String, List<String>> headers, String body) {

        String header(String name) {
            return String.join(", ", headers.getOrDefault(name, List.of()));
        }

        /** Name and value, as they are sent back; what is to be forgotten is left out. */
        String cookies() {
            return headers.getOrDefault("set-cookie", List.of()).stream()
                    .filter(cookie -> !cookie.contains("=;"))
                    .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
                    .collect(Collectors.joining("; "));
        }
    }

    private Socket connect() throws IOException {
        Socket connection = new Socket("127.0.0.1", world.server.port());
        connection.setSoTimeout(PATIENCE_MILLIS);
        return connection;
    }

    private static void send(Socket connection, String text) throws IOException {
        OutputStream out = connection.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static Answer answer(Socket connection) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
        String first = String.valueOf(in.readLine());
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        in.lines()
                .takeWhile(line -> !line.isEmpty())
                .forEach(
                        line -> headers.computeIfAbsent(line.substring(0, line.indexOf(':')), name -> new ArrayList<>())
                                .add(line.substring(line.indexOf(':') + 1).strip()));
        return new Answer(
                Integer.parseInt(first.split(" ")[1]), headers, in.lines().collect(Collectors.joining("\n")));
    }

    private Answer ask(String method, String path, String headers, String body) throws IOException {
        try (Socket connection = connect()) {
            send(
                    connection,
                    method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAccept: text/html\r\n"
                            + headers + (method.equals("GET") ? "" : "Content-Length: " + body.length() + "\r\n")
                            + "\r\n" + body);
            return answer(connection);
        }
    }

    private Answer get(String path) throws IOException {
        return ask("GET", path, "", "");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** A login with the form of the page, and with these cookies besides. */
    private Answer login(String name, String password, String cookies) throws IOException {
        Answer page = get("/login");
        Matcher token = TOKEN.matcher(page.body());
        assertThat(token.find()).isTrue();
        return ask(
                "POST",
                "/login",
                FORM + "Cookie: " + page.cookies() + (cookies.isEmpty() ? "" : "; " + cookies) + "\r\n",
                "name=" + encoded(name) + "&password=" + encoded(password) + "&_csrf=" + encoded(token.group(1)));
    }

    private Answer loginOf(Role role, String cookies) throws IOException {
        return login(DemoUsers.name(role), world.users.password(role), cookies);
    }

    @Test
    void a_file_of_a_stranger_is_turned_away_before_it_is_read() throws IOException {
        try (Socket connection = connect()) {
            send(
                    connection,
                    "POST /imports HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                            + "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 900000000\r\n\r\n"
                            + "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"people.csv\"\r\n\r\n");
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));

            assertThat(in.readLine()).contains("303");
            assertThat(in.lines().takeWhile(line -> !line.isEmpty())).contains("Location: /login?file-not-kept");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 100000", "Content-Length: 2000000", "Transfer-Encoding: chunked"})
    void a_form_of_a_stranger_is_small_and_a_larger_one_is_not_awaited(String length) throws IOException {
        try (Socket connection = connect()) {
            send(connection, "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\n" + FORM + length + "\r\n\r\n");
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));

            assertThat(in.readLine()).contains("413");
        }
    }

    @Test
    void logins_that_never_arrive_whole_keep_nobody_from_health_and_pages() throws IOException {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Socket connection = connect();
                slow.add(connection);
                send(
                        connection,
                        "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\n" + FORM + "Content-Length: 5000\r\n\r\nname=r");
            }
            for (String path : new String[] {"/health", "/login", "/health", "/login"}) {
                try (Socket connection = connect()) {
                    connection.setSoTimeout(SOON_MILLIS);
                    send(connection, "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");

                    assertThat(answer(connection).status()).as(path).isEqualTo(200);
                }
            }
        } finally {
            for (Socket connection : slow) {
                connection.close();
            }
        }
    }

    @Test
    void health_has_a_way_to_the_database_that_nobody_else_takes() throws IOException, SQLException {
        List<Connection> taken = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                taken.add(world.installation.database("foundation").dataSource().getConnection());
            }
            try (Socket connection = connect()) {
                connection.setSoTimeout(SOON_MILLIS);
                send(connection, "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");

                assertThat(answer(connection).status()).isEqualTo(200);
            }
        } finally {
            for (Connection connection : taken) {
                connection.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /login?x=%zz, ''",
        "GET, /login?x=%c3%28, ''",
        "GET, /login?x=%00, ''",
        "GET, /people?f.q=%zz, ''",
        "POST, /login, name=%zz",
        "POST, /login, name=%00&password=x",
    })
    void what_cannot_be_read_is_a_bad_request_and_no_fault_of_ours(String method, String path, String body)
            throws IOException {
        Answer answer = ask(method, path, FORM, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("X-Annona-Problem")).isEqualTo("foundation.request_unreadable");
    }

    @ParameterizedTest
    @CsvSource({"PUT, /login, name=%zz, 403", "FOO, /login, '', 400", "POST, /oauth2/token, grant_type=%zz, 400"})
    void no_other_method_or_door_answers_nonsense_with_a_fault(String method, String path, String body, int status)
            throws IOException {
        assertThat(ask(method, path, FORM, body).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAAA", "nonsense", "JyBvciAxPTE", "%00"})
    void a_session_that_cannot_be_one_is_none(String value) throws IOException {
        assertThat(ask("GET", "/people", "Cookie: annona=" + value + "\r\n", "").status())
                .isEqualTo(302);
    }

    @Test
    void strangers_fill_no_table() throws IOException {
        String rows = "select (select count(*) from access.web_session where principal_name is null)"
                + " + (select count(*) from access.web_session_attributes a join access.web_session s"
                + " on s.primary_id = a.session_primary_id where s.principal_name is null)";
        String before = world.value(rows);

        Answer redirected = get("/people?f.q=" + "x".repeat(3_000));
        Answer page = get("/login");
        Answer refused = login("nobody-" + "x".repeat(20), "wrong", "");
        get("/login?refused");
        get("/people/nothing");
        ask("POST", "/people", FORM, "name=x");

        assertThat(redirected.status()).isEqualTo(302);
        assertThat(page.status()).isEqualTo(200);
        assertThat(refused.header("Location")).contains("refused=access.login_refused");
        assertThat(world.value(rows)).isEqualTo(before);
    }

    @Test
    void a_refused_login_says_why_without_a_session() throws IOException {
        String location = login("nobody-at-all", "wrong", "").header("Location");

        assertThat(get(location.substring(location.indexOf("/login"))).body()).contains("Name or password is wrong.");
        assertThat(get("/login?refused=access.login_throttled&until=10:11:12").body())
                .contains("Wait until 10:11:12 (Africa/Nairobi)");
        assertThat(get("/login?refused=access.login_throttled&until=call+0800+1234")
                        .body())
                .doesNotContain("0800");
    }

    @Test
    void after_login_a_person_comes_to_the_page_that_she_wanted() throws IOException {
        String wanted = get("/people?f.q=a+b&sort=name").cookies();

        Answer home = loginOf(Role.REGISTRAR, wanted);

        assertThat(home.status()).isEqualTo(302);
        assertThat(home.header("Location"))
                .endsWith("/people?f.q=a+b&sort=name")
                .doesNotContain("evil");
        assertThat(home.headers().get("set-cookie"))
                .anyMatch(cookie -> cookie.startsWith("annona-wanted=;") && cookie.contains("1970"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.example/",
                "/\\evil.example/",
                "https://evil.example/",
                "/\t/evil.example",
                "/people\r\nX: y",
                "evil.example",
                ""
            })
    void a_forged_wish_leads_home(String address) throws IOException {
        String forged = "annona-wanted="
                + Base64.getUrlEncoder().withoutPadding().encodeToString(address.getBytes(StandardCharsets.UTF_8));

        Answer home = loginOf(Role.AUDITOR, forged);

        assertThat(home.status()).isEqualTo(302);
        assertThat(home.header("Location")).matches("(http://127\\.0\\.0\\.1(:\\d+)?)?/");
    }

    @Test
    void an_address_that_is_too_long_to_keep_is_not_kept() throws IOException {
        assertThat(get("/people?f.q=" + "x".repeat(3_000)).headers().getOrDefault("set-cookie", List.of()))
                .noneMatch(cookie -> cookie.startsWith("annona-wanted"));
    }

    /** Bodies of ten megabytes, announced by many at the same time. */
    @Test
    void messages_of_strangers_are_answered_without_their_bodies() throws IOException {
        List<Socket> all = new ArrayList<>();
        try {
            for (int i = 0; i < 60; i++) {
                Socket connection = connect();
                all.add(connection);
                send(
                        connection,
                        "POST /dci/sr/registry/sync/search HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                + "Content-Type: application/json\r\nContent-Length: 9600000\r\n\r\n"
                                + new String(new char[10_000]).replace('\0', '['));
            }
            for (Socket connection : all) {
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
                assertThat(in.readLine()).contains("401");
            }
        } finally {
            for (Socket connection : all) {
                connection.close();
            }
        }
        assertThat(Arrays.asList(get("/health").status(), get("/login").status()))
                .containsOnly(200);
    }
}
