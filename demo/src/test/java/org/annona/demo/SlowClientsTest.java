package org.annona.demo;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.annona.server.web.Pace;
import org.annona.server.web.SlowClients;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that come byte by byte. The pace is one that nobody keeps who sends single bytes, so that no test waits. */
class SlowClientsTest {

    private static final int PATIENCE_MILLIS = 10_000;
    private static final int LENGTH = 2_000_000;
    private static final Pace FAST = new Pace(Duration.ofMillis(50), 1_000_000_000);

    private final Tomcat tomcat = new Tomcat();
    private final BlockingQueue<String> outcomes = new LinkedBlockingQueue<>();

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws LifecycleException {
        tomcat.setBaseDir(folder.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("maxSwallowSize", "-1");
        Context context = tomcat.addContext("", folder.toString());
        Tomcat.addServlet(context, "reading", new Reading()).addMapping("/reading");
        Tomcat.addServlet(context, "refusing", new Refusing()).addMapping("/refusing");
        tomcat.getEngine().getPipeline().addValve(new SlowClients(FAST, FAST));
        tomcat.start();
    }

    @AfterEach
    void stop() throws LifecycleException {
        tomcat.stop();
        tomcat.destroy();
    }

    private final class Reading extends HttpServlet {

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            try {
                outcomes.add("read " + request.getInputStream().readAllBytes().length);
            } catch (IOException given) {
                outcomes.add("given up");
                throw given;
            }
        }
    }

    private static final class Refusing extends HttpServlet {

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) {
            response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
        }
    }

    private Socket begun(String path, int length) throws IOException {
        Socket connection = new Socket("127.0.0.1", tomcat.getConnector().getLocalPort());
        connection.setSoTimeout(PATIENCE_MILLIS);
        connection.setTcpNoDelay(true);
        connection
                .getOutputStream()
                .write(("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return connection;
    }

    /** Whether the other side ends the connection before the body is whole. */
    private static boolean isEnded(Socket connection) {
        try {
            OutputStream out = connection.getOutputStream();
            for (int i = 0; i < LENGTH; i++) {
                out.write('x');
            }
            return false;
        } catch (IOException ended) {
            return true;
        }
    }

    @Test
    void a_body_that_comes_too_slowly_is_given_up_although_each_byte_comes_in_time() throws Exception {
        try (Socket connection = begun("/reading", LENGTH)) {
            assertThat(isEnded(connection)).isTrue();
        }
        assertThat(outcomes.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo("given up");
    }

    @Test
    void what_follows_a_refusal_is_awaited_only_while_it_comes_fast() throws Exception {
        try (Socket connection = begun("/refusing", LENGTH)) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(in.readLine()).contains("401");
            assertThat(isEnded(connection)).isTrue();
        }
    }

    @Test
    void the_connection_serves_on_when_a_refused_body_came_whole() throws Exception {
        try (Socket connection = begun("/refusing", 3)) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
            OutputStream out = connection.getOutputStream();
            out.write("abcPOST /reading HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nde"
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(in.lines().filter(line -> line.startsWith("HTTP/1.1")).map(line -> line.substring(9, 12)))
                    .containsExactly("401", "200");
        }
        assertThat(outcomes.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo("read 2");
    }
}
