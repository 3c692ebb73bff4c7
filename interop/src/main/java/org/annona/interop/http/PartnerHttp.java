package org.annona.interop.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.entity.UrlEncodedFormEntity;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicNameValuePair;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Calls one partner. The connection goes to the very address that {@link AddressRules} has looked at; redirects are not
 * followed, nothing is sent again by itself, no cookie is kept, and an answer may not be endless.
 */
public final class PartnerHttp implements AutoCloseable {

    private static final int ADDRESSES = 4;

    private final CloseableHttpClient client;
    /** A partner that sends one byte after the other would never run into a timeout of the socket. */
    private final ScheduledThreadPoolExecutor deadlines = new ScheduledThreadPoolExecutor(
            1,
            Thread.ofPlatform().daemon().name("deadline of calls to a partner").factory());

    private final AddressRules rules;
    private final Limits limits;

    /**
     * @param connections to one address at the same time; who comes later waits for at most the connect timeout. All addresses of
     *     the partner together have four times as many, so that a slow one does not use up those of the others
     * @param answer the longest silence while waiting for the answer
     * @param whole the longest time from the beginning of a call to its end
     * @param answerBytes the longest answer
     */
    public record Limits(int connections, Duration connect, Duration answer, Duration whole, int answerBytes) {
        public static final Limits DEFAULT =
                new Limits(16, Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(60), 10_000_000);
    }

    /** @param headers the last one of each name, in lower case */
    public record Answer(int status, Map<String, String> headers, byte[] body) {

        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
        }
    }

    public PartnerHttp(AddressRules rules, Limits limits) {
        this.rules = rules;
        this.limits = limits;
        // Or calls that ended long ago would be held, with their bodies, until their deadlines.
        this.deadlines.setRemoveOnCancelPolicy(true);
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(new CheckedAddresses(rules))
                        .setMaxConnTotal(limits.connections() * ADDRESSES)
                        .setMaxConnPerRoute(limits.connections())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(limits.connect()))
                                .setSocketTimeout(Timeout.of(limits.answer()))
                                .setTimeToLive(Timeout.ofMinutes(5))
                                .setValidateAfterInactivity(Timeout.ofSeconds(2))
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.of(limits.connect()))
                        .setResponseTimeout(Timeout.of(limits.answer()))
                        .setRedirectsEnabled(false)
                        .build())
                .disableRedirectHandling()
                .disableContentCompression()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .setUserAgent("Annona")
                .build();
    }

    private record CheckedAddresses(AddressRules rules) implements DnsResolver {

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            return rules.resolve(host);
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    /** @throws IOException where no complete answer came; whether the request arrived is then unknown */
    public Answer get(String address) throws IOException {
        return get(address, Map.of());
    }

    /** @throws IOException where no complete answer came; whether the request arrived is then unknown */
    public Answer get(String address, Map<String, String> headers) throws IOException {
        HttpGet get = new HttpGet(rules.allowed(address));
        headers.forEach(get::setHeader);
        return call(get);
    }

    /** @throws IOException where no complete answer came; whether the request arrived is then unknown */
    public Answer postJson(String address, byte[] body, Map<String, String> headers) throws IOException {
        HttpPost post = new HttpPost(rules.allowed(address));
        // Some partners compare the name of this header by its letters (DCI reference R2.2).
        post.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
        headers.forEach(post::setHeader);
        return call(post);
    }

    /** @throws IOException where no complete answer came; whether the request arrived is then unknown */
    public Answer postForm(String address, Map<String, String> form) throws IOException {
        HttpPost post = new HttpPost(rules.allowed(address));
        List<NameValuePair> pairs = new ArrayList<>();
        form.forEach((name, value) -> pairs.add(new BasicNameValuePair(name, value)));
        post.setEntity(new UrlEncodedFormEntity(pairs, StandardCharsets.UTF_8));
        return call(post);
    }

    private Answer call(HttpUriRequestBase request) throws IOException {
        ScheduledFuture<?> end =
                deadlines.schedule(request::cancel, limits.whole().toMillis(), TimeUnit.MILLISECONDS);
        try {
            return client.execute(request, response -> {
                try {
                    return read(response);
                } catch (IOException broken) {
                    // Closing the stream would read the rest of it, which may be endless.
                    request.cancel();
                    throw broken;
                }
            });
        } finally {
            end.cancel(false);
        }
    }

    private Answer read(ClassicHttpResponse response) throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (Header header : response.getHeaders()) {
            headers.put(header.getName().toLowerCase(Locale.ROOT), header.getValue());
        }
        return new Answer(response.getCode(), headers, body(response.getEntity()));
    }

    private byte[] body(@Nullable HttpEntity entity) throws IOException {
        if (entity == null) {
            return new byte[0];
        }
        byte[] body = entity.getContent().readNBytes(limits.answerBytes() + 1);
        if (body.length > limits.answerBytes()) {
            throw new IOException("the answer is longer than " + limits.answerBytes() + " bytes");
        }
        return body;
    }

    @Override
    public void close() throws IOException {
        deadlines.shutdownNow();
        client.close();
    }
}
