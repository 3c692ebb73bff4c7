package org.annona.tokens.seeder;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import org.annona.interop.http.ForbiddenAddress;
import org.annona.interop.http.PartnerHttp;
import org.annona.interop.http.PartnerHttp.Answer;
import org.annona.tokens.MessageSigner;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to one token seeder (reference part A). Its answers are sorted by what follows from them; what is not understood is
 * silence, never success.
 */
public final class SeederClient implements AutoCloseable {

    /** Names, values, beginnings and ends; results of 10,000 people have a tenth of them. */
    private static final int MOST_PARTS = 1_000_000;

    public static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxTokenCount(MOST_PARTS).build())
            .build());
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_-]{1,40}");
    private static final int OK = 200;
    private static final int GATEWAY_TIMEOUT = 504;
    private static final Set<Integer> PASSING = Set.of(408, 425, 429);

    private final PartnerHttp http;
    private final String url;
    private final Map<String, String> headers;
    private final @Nullable MessageSigner signer;

    /**
     * @param headers such as the key of a gateway before it
     * @param signer of what is submitted; null where nobody looks at it
     */
    public SeederClient(PartnerHttp http, String url, Map<String, String> headers, @Nullable MessageSigner signer) {
        this.signer = signer;
        this.http = http;
        this.url = url;
        this.headers = Map.copyOf(headers);
    }

    @FunctionalInterface
    private interface Call {
        Answer make() throws IOException;
    }

    @FunctionalInterface
    private interface Judgement {
        SeederReply of(Answer answer, JsonNode body);
    }

    private static SeederReply call(Call call, Judgement judgement) {
        try {
            Answer answer = call.make();
            if (answer.status() >= 502 || PASSING.contains(answer.status())) {
                return new SeederReply.Silent("HTTP " + answer.status(), answer.status() == GATEWAY_TIMEOUT);
            }
            if (answer.status() == 401 || answer.status() == 403) {
                return new SeederReply.Refused("HTTP-" + answer.status(), "it, or what stands before it, refuses us");
            }
            JsonNode body = JSON.readTree(answer.body());
            return judgement.of(answer, body == null ? JSON.missingNode() : body);
        } catch (JsonProcessingException unreadable) {
            return new SeederReply.Silent("its answer is no JSON", true);
        } catch (ForbiddenAddress forbidden) {
            return new SeederReply.Refused("LOCAL-ADDRESS", String.valueOf(forbidden.getMessage()));
        } catch (ConnectException | ConnectTimeoutException | UnknownHostException unreachable) {
            return new SeederReply.Silent("it cannot be reached", false);
        } catch (IOException broken) {
            return new SeederReply.Silent("no whole answer came", true);
        } catch (IllegalStateException | RejectedExecutionException closed) {
            return new SeederReply.Silent("the connections were closed, because the connector was changed", false);
        }
    }

    public SeederReply submit(byte[] request) {
        return submit("/authtoken/json", request);
    }

    /** Has it read the submissions of a form (reference A9); that there are none is a refusal, see {@link SeederCodes#saysNone}. */
    public SeederReply submitForm(byte[] request) {
        return submit("/authtoken/odk", request);
    }

    private SeederReply submit(String path, byte[] request) {
        Map<String, String> shown = new LinkedHashMap<>(headers);
        if (signer != null) {
            shown.put("Signature", signer.sign(request));
        }
        return call(() -> http.postJson(url + path, request, shown), (answer, body) -> {
            JsonNode id = body.path("response").path("request_identifier");
            if (answer.status() == OK
                    && id.isTextual()
                    && ID.matcher(id.asText()).matches()) {
                return new SeederReply.Accepted(id.asText());
            }
            String code = code(body);
            if (code.isEmpty()) {
                return answer.status() >= 400 && answer.status() < 500
                        ? new SeederReply.Refused("HTTP-" + answer.status(), "it does not know what was asked")
                        : new SeederReply.Silent("HTTP " + answer.status() + " without its envelope", true);
            }
            // Only an exception within its own code, or a fault of form, can come from a single record.
            boolean ofRecord = answer.status() >= 500 || answer.status() == 422;
            return ofRecord
                    ? new SeederReply.BadRecord(code)
                    : new SeederReply.Refused(code, SeederCodes.sentence(code));
        });
    }

    public SeederReply status(String id) {
        return call(() -> http.get(url + "/authtoken/status/" + id, headers), (answer, body) -> {
            JsonNode status = body.path("response").path("status");
            if (answer.status() == OK && status.isTextual()) {
                return new SeederReply.Status(status.asText());
            }
            return isUnknown(answer, body)
                    ? new SeederReply.Unknown()
                    : new SeederReply.Silent("its status cannot be read (HTTP " + answer.status() + ")", true);
        });
    }

    public SeederReply file(String id) {
        SeederReply reply = call(() -> http.get(url + "/authtoken/file/" + id, headers), (answer, body) -> {
            if (answer.status() == OK && body.isArray()) {
                return new SeederReply.File(body);
            }
            return isUnknown(answer, body)
                    ? new SeederReply.Unknown()
                    : new SeederReply.NotYet("HTTP " + answer.status() + " " + code(body));
        });
        // An empty or a cut file is one that is still being written.
        return reply instanceof SeederReply.Silent silent ? new SeederReply.NotYet(silent.reason()) : reply;
    }

    /** Whether it answers at all. */
    public SeederReply ping() {
        return call(
                () -> http.get(url + "/ping", headers),
                (answer, body) -> answer.status() == OK && body.isTextual()
                        ? new SeederReply.Status(body.asText())
                        : new SeederReply.Silent("HTTP " + answer.status(), true));
    }

    private static boolean isUnknown(Answer answer, JsonNode body) {
        return answer.status() == 404 && code(body).equals("ATS-REQ-016");
    }

    private static String code(JsonNode body) {
        JsonNode code = body.path("errors").path(0).path("errorCode");
        return code.isMissingNode() ? "" : known(code.asText(""));
    }

    /** A code as it may be kept; whatever else stands in its place is not repeated anywhere. */
    public static String known(String code) {
        return code.isEmpty() || CODE.matcher(code).matches() ? code : "UNKNOWN";
    }

    /** The bytes of a request. */
    public static byte[] bytes(ObjectNode request) {
        return request.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
