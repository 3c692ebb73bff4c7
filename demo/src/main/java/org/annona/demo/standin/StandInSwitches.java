package org.annona.demo.standin;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.annona.server.Refusal;

/** Plays with a stand-in over HTTP: tells it what to hold and how to misbehave, and reads its book. */
public final class StandInSwitches {

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();
    private final String name;
    private final String url;
    private final String token;

    /**
     * @param name of the stand-in, for the sentence that it does not answer
     * @param token empty where it asks for none
     */
    public StandInSwitches(String name, String url, String token) {
        this.name = name;
        this.url = url;
        this.token = token;
    }

    /** @param what path and query, as in {@code faults?failing=1} */
    public String post(String what, String body) {
        return call(request(what).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    public String get(String what) {
        return call(request(what).GET());
    }

    private HttpRequest.Builder request(String what) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + "/" + what)).timeout(Duration.ofSeconds(60));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    private String call(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new Refusal("The " + name + " answered " + response.statusCode() + ": " + response.body());
            }
            return response.body();
        } catch (IOException silent) {
            throw new Refusal("The " + name + " does not answer at " + url + ". Is it another one, or a proxy?");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Refusal("Interrupted.");
        }
    }
}
