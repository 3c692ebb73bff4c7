package org.annona.server.demo;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.annona.server.Refusal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Plays with the simulated bank: its clock, deposits, misbehaviour; and reads its own book. */
public final class BankSwitches {

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();
    private final String url;
    private final String token;

    public BankSwitches(String url, String token) {
        this.url = url;
        this.token = token;
    }

    /** What the bank itself says that it did. */
    public record BankBook(
            long paidCount,
            long paidMinor,
            long rejectedCount,
            long returnedCount,
            long returnedMinor,
            long balanceMinor,
            long referencesPaidTwice,
            long accountsPaidTwice) {}

    public BankBook closeDays(int days) {
        return call("POST", "clock?days=" + days);
    }

    public BankBook deposit(String reference, long minor) {
        return call(
                "POST",
                "deposit?reference=" + URLEncoder.encode(reference, StandardCharsets.UTF_8) + "&minor=" + minor);
    }

    /** @param fault name and value as in {@code silentAfterAccepting=1} */
    public BankBook misbehave(String fault) {
        return call("POST", "faults?" + fault);
    }

    public BankBook book() {
        return call("GET", "book");
    }

    private BankBook call(String method, String what) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/admin/" + what))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new Refusal("The simulated bank answered " + response.statusCode() + ": " + response.body());
            }
            JsonNode book = JsonMapper.shared().readTree(response.body());
            return new BankBook(
                    book.get("paidCount").asLong(),
                    book.get("paidMinor").asLong(),
                    book.get("rejectedCount").asLong(),
                    book.get("returnedCount").asLong(),
                    book.get("returnedMinor").asLong(),
                    book.get("balanceMinor").asLong(),
                    book.get("referencesPaidTwice").asLong(),
                    book.get("accountsPaidTwice").asLong());
        } catch (IOException silent) {
            throw new Refusal("The simulated bank does not answer at " + url + ". Is it another bank, or a proxy?");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Refusal("Interrupted.");
        }
    }
}
