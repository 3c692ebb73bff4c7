package org.annona.payments.bank;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.annona.foundation.problem.Problem;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.PaymentsSettings;
import org.annona.payments.rail.Answer;
import org.annona.payments.rail.PaymentMessage;
import org.annona.payments.rail.Rail;

/**
 * A bank that takes pain.001 over HTTP and answers with pain.002, can be asked by message id, and gives camt.053
 * statements. Its class is C (payments reference, 4.1): after a lost reply it is asked; its "never heard" counts after the
 * settling time.
 */
public final class IsoBankRail implements Rail {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final int MOST_STATEMENTS_AT_ONCE = 20;
    private static final int LARGEST_ANSWER_BYTES = 60_000_000;

    private final PaymentsSettings settings;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    public IsoBankRail(PaymentsSettings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "bank";
    }

    @Override
    public byte[] message(PaymentMessage message) {
        return Pain001.write(message, settings.bankAccount());
    }

    @Override
    public Answer submit(String messageId, byte[] message) {
        HttpRequest request = request("/payments/" + messageId)
                .header("Content-Type", "application/xml")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(message))
                .build();
        try {
            HttpResponse<byte[]> response = exchange(request);
            return heard(messageId, response);
        } catch (ConnectException | HttpConnectTimeoutException | UnresolvedAddressException away) {
            return new Answer.NotSent("no connection");
        } catch (IOException lost) {
            return new Answer.NoAnswer(lost.getClass().getSimpleName());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Answer.NoAnswer("interrupted");
        }
    }

    @Override
    public Answer ask(String messageId) {
        try {
            HttpResponse<byte[]> response =
                    exchange(request("/payments/" + messageId).GET().build());
            return response.statusCode() == 404 && isBankSpeaking(response)
                    ? new Answer.UnknownToRail()
                    : heard(messageId, response);
        } catch (IOException | UnresolvedAddressException lost) {
            return new Answer.NoAnswer(lost.getClass().getSimpleName());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Answer.NoAnswer("interrupted");
        }
    }

    /** The timeout of a request ends with the headers of its answer; a body that never comes would hold us for ever. */
    private HttpResponse<byte[]> exchange(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER_BYTES));
        try {
            return answer.get(settings.bankTimeout().multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException stalled) {
            answer.cancel(true);
            throw new HttpTimeoutException("the answer stalled");
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case IOException lost -> throw lost;
                case RuntimeException other -> throw other;
                case null, default -> throw new IOException(failed);
            }
        }
    }

    /** A page of a proxy is not the word of the bank. */
    private static boolean isBankSpeaking(HttpResponse<byte[]> response) {
        return response.headers().firstValue("X-Bank-Answer").isPresent();
    }

    /** Only a readable pain.002 about this message is an answer; everything else leaves the outcome open. */
    private static Answer heard(String messageId, HttpResponse<byte[]> response) {
        int status = response.statusCode();
        if (status != 200 && status != 202 && status != 400) {
            return new Answer.NoAnswer("HTTP " + status);
        }
        return Pain002.read(response.body(), messageId)
                .orElseGet(() -> new Answer.NoAnswer("unreadable answer, HTTP " + status));
    }

    @Override
    public List<byte[]> statementsAfter(long sequence) {
        List<byte[]> statements = new ArrayList<>();
        for (long next = sequence + 1; statements.size() < MOST_STATEMENTS_AT_ONCE; next++) {
            try {
                HttpResponse<byte[]> response =
                        exchange(request("/statements/" + next).GET().build());
                if (response.statusCode() == 404 && isBankSpeaking(response)) {
                    return statements;
                }
                if (response.statusCode() != 200) {
                    throw silent("HTTP " + response.statusCode());
                }
                statements.add(response.body());
            } catch (IOException | UnresolvedAddressException lost) {
                throw silent(lost.getClass().getSimpleName()).causedBy(lost);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw silent("interrupted");
            }
        }
        return statements;
    }

    private static Problem silent(String reason) {
        return Problem.of(PaymentsProblem.BANK_SILENT, "reason", reason);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(settings.bankUrl() + path))
                .timeout(settings.bankTimeout())
                .header("Authorization", "Bearer " + settings.bankToken());
    }
}
