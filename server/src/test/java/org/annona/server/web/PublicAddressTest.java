package org.annona.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.util.NetMaskSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Under which names the server answers, and whom it believes about who asks. The peer of these tests is always 127.0.0.1. */
class PublicAddressTest {

    private static final String PUBLIC = "https://annona.example.gov";
    private static final String HERE = "127.0.0.1";

    private final Tomcat tomcat = new Tomcat();

    @TempDir
    private Path folder;

    private void serve(String address, String proxies, boolean https, boolean development) throws LifecycleException {
        tomcat.setBaseDir(folder.toString());
        tomcat.setPort(0);
        Context context = tomcat.addContext("", folder.toString());
        Tomcat.addServlet(context, "echo", new Echo()).addMapping("/");
        NetMaskSet masks = new NetMaskSet();
        if (!proxies.isEmpty()) {
            masks.addAll(proxies);
        }
        tomcat.getEngine().getPipeline().addValve(new PublicAddress(URI.create(address), masks, https, development));
        tomcat.start();
    }

    @AfterEach
    void stop() throws LifecycleException {
        tomcat.stop();
        tomcat.destroy();
    }

    private static final class Echo extends HttpServlet {

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getOutputStream()
                    .print(request.getRemoteAddr() + " " + request.getScheme() + " " + request.isSecure());
        }
    }

    private String ask(String path, String... headers) throws IOException {
        try (Socket connection = new Socket(HERE, tomcat.getConnector().getLocalPort())) {
            connection
                    .getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nConnection: close\r\n" + String.join("\r\n", headers)
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(connection.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "annona.example.gov.evil.example",
                "10.0.0.1",
                "x",
                "EVIL.example:443",
                "[2001:db8::1]"
            })
    void another_host_is_refused_with_the_address_to_use(String host) throws Exception {
        serve(PUBLIC, "", true, false);

        String answer = ask("/", "Host: " + host, "Accept: text/html");

        assertThat(answer)
                .startsWith("HTTP/1.1 421")
                .contains("X-Annona-Problem: access.host_unknown", "Use https://annona.example.gov")
                .doesNotContain("evil", "Location");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "annona.example.gov",
                "ANNONA.example.gov:443",
                "annona.example.gov.",
                "localhost:8080",
                "127.0.0.1",
                "[::1]:8080"
            })
    void the_public_host_is_answered_and_so_is_this_machine_to_itself(String host) throws Exception {
        serve(PUBLIC, "", true, false);

        assertThat(ask("/", "Host: " + host)).startsWith("HTTP/1.1 200");
    }

    @Test
    void health_is_answered_by_any_address() throws Exception {
        serve(PUBLIC, "", true, false);

        assertThat(ask("/health", "Host: 10.0.0.7:8080")).startsWith("HTTP/1.1 200");
        assertThat(ask("/health/more", "Host: 10.0.0.7:8080")).startsWith("HTTP/1.1 421");
    }

    @Test
    void in_development_every_numeric_address_will_do_and_no_other_name() throws Exception {
        serve("http://127.0.0.1:8080", "", false, true);

        assertThat(ask("/", "Host: 10.0.0.7:8080")).startsWith("HTTP/1.1 200");
        assertThat(ask("/", "Host: rebound.example")).startsWith("HTTP/1.1 421");
    }

    @Test
    void nobody_but_our_proxy_says_for_whom_and_under_which_name_a_request_comes() throws Exception {
        serve(PUBLIC, "10.9.8.0/24", true, false);

        assertThat(ask(
                        "/",
                        "Host: annona.example.gov",
                        "X-Forwarded-For: 8.8.8.1, 10.9.8.3",
                        "X-Forwarded-Host: evil.example"))
                .startsWith("HTTP/1.1 200")
                .contains("127.0.0.1 https true");
        assertThat(ask("/", "Host: evil.example", "X-Forwarded-Host: annona.example.gov"))
                .startsWith("HTTP/1.1 421");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "8.8.8.1; 8.8.8.1",
                "6.6.6.6, 8.8.8.1; 8.8.8.1",
                "6.6.6.6, 8.8.8.1, 10.9.8.3; 8.8.8.1",
                "10.9.8.3; 10.9.8.3",
                "2001:db8::7; 2001:db8:0:0:0:0:0:7",
                "[2001:db8::7]:4711; 2001:db8:0:0:0:0:0:7",
                "8.8.8.1, nonsense; 127.0.0.1",
                "8.8.8.1:4711; 8.8.8.1"
            })
    void our_proxy_is_believed_about_the_address_that_it_was_asked_from(String header, String seen) throws Exception {
        serve(PUBLIC, "127.0.0.1,10.9.8.0/24", true, false);

        assertThat(ask("/", "Host: annona.example.gov", "X-Forwarded-For: " + header))
                .contains(seen + " https true");
    }

    @Test
    void the_name_that_our_proxy_was_asked_under_is_checked_too() throws Exception {
        serve(PUBLIC, "127.0.0.1", true, false);

        assertThat(ask("/", "Host: 127.0.0.1", "X-Forwarded-Host: evil.example"))
                .startsWith("HTTP/1.1 421");
        assertThat(ask("/", "Host: internal-name", "X-Forwarded-Host: annona.example.gov:443"))
                .startsWith("HTTP/1.1 200");
        assertThat(ask("/", "Host: annona.example.gov", "X-Forwarded-Host: annona.example.gov, evil.example"))
                .startsWith("HTTP/1.1 421");
    }

    @Test
    void without_https_a_request_stays_what_it_is() throws Exception {
        serve("http://127.0.0.1:8080", "", false, false);

        assertThat(ask("/", "Host: 127.0.0.1", "X-Forwarded-Proto: https")).contains("127.0.0.1 http false");
    }
}
