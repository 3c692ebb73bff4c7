package org.annona.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What somebody without a password can make the server do. */
class StrangersTest {

    private static final int PATIENCE_MILLIS = 10_000;

    @Test
    void a_file_of_a_stranger_is_turned_away_before_it_is_read() throws IOException {
        ServerWorld world = ServerWorld.afterDemo();
        try (Socket connection = new Socket("127.0.0.1", world.server.port())) {
            connection.setSoTimeout(PATIENCE_MILLIS);
            OutputStream out = connection.getOutputStream();
            out.write(("POST /imports HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                            + "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 900000000\r\n\r\n"
                            + "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"people.csv\"\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));

            assertThat(in.readLine()).contains("303");
            assertThat(in.lines().takeWhile(line -> !line.isEmpty())).contains("Location: /login");
        }
    }
}
