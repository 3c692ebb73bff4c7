package org.annona.tokens.tokenisation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.annona.foundation.load.MemoryBudget;
import org.annona.foundation.load.Places;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.annona.interop.json.JsonBody;
import org.annona.tokens.connector.Connectors;
import org.annona.tokens.seeder.SeederClient;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;

/**
 * Where a seeder calls with its results. The address is secret, made for one request and worth nothing afterwards; besides it
 * the caller shows a second secret, unless the connector does without (reference C6).
 */
@Controller
public final class SeederCallbackController {

    private static final int LARGEST_BODY = 20_000_000;
    private static final String BEARER = "Bearer ";
    /** A seeder has few results under way at once, and comes again with those that found no place. */
    private static final int MOST_AT_ONCE = 8;
    /** Of the heap; results of the largest size come one by one. */
    private static final int PART_OF_HEAP = 6;

    private static final String SECONDS_UNTIL_LESS_BUSY = "5";

    private final Requests requests;
    private final Results results;
    private final Connectors connectors;
    private final Places places = new Places(MOST_AT_ONCE, Duration.ofSeconds(5));
    private final MemoryBudget memory = MemoryBudget.partOfHeap(PART_OF_HEAP);

    public SeederCallbackController(Requests requests, Results results, Connectors connectors) {
        this.requests = requests;
        this.results = results;
        this.connectors = connectors;
    }

    @RequestMapping(Queue.PATH + "{path}")
    void answer(@PathVariable String path, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Optional<Requests.Awaited> awaited = requests.awaited(path);
        if (awaited.isEmpty()) {
            reply(response, 404, "nothing is awaited here");
            return;
        }
        byte[] bearer = awaited.get().bearer();
        if (bearer != null && !shows(request, bearer)) {
            requests.noteStranger(awaited.get().id());
            reply(response, 401, "the secret is missing or wrong");
            return;
        }
        try (MemoryBudget.Claim room = memory.claim()) {
            byte[] body = JsonBody.read(request.getInputStream(), LARGEST_BODY, room::add);
            if (body.length > LARGEST_BODY) {
                reply(response, 413, "too large");
                return;
            }
            try (Places.Place place = places.enter()) {
                take(awaited.get(), body, response);
            }
        } catch (Problem problem) {
            if (problem.code() != FoundationProblem.BUSY) {
                throw problem;
            }
            response.setHeader("Retry-After", SECONDS_UNTIL_LESS_BUSY);
            reply(response, problem.code().status(), problem.code().code());
        }
    }

    private void take(Requests.Awaited awaited, byte[] body, HttpServletResponse response) throws IOException {
        List<SeederResult> named = read(body);
        if (named.isEmpty()) {
            requests.noteStranger(awaited.id());
            reply(response, 400, "no result names a record");
            return;
        }
        Results.Taken taken = results.take(
                new Results.Asked(awaited.id(), connectors.version(awaited.connectorId(), awaited.version())), named);
        boolean contradicts = taken.contradictions() > 0;
        reply(response, contradicts ? 409 : 200, contradicts ? "another answer was taken before" : "taken");
    }

    private static boolean shows(HttpServletRequest request, byte[] digest) {
        String shown = request.getHeader("Authorization");
        return shown != null
                && shown.startsWith(BEARER)
                && MessageDigest.isEqual(Secrets.digest(shown.substring(BEARER.length())), digest);
    }

    private static List<SeederResult> read(byte[] body) throws IOException {
        try {
            JsonNode json = SeederClient.JSON.readTree(body);
            return json == null ? List.of() : SeederResult.of(json);
        } catch (JsonProcessingException unreadable) {
            return List.of();
        }
    }

    private static void reply(HttpServletResponse response, int status, String words) throws IOException {
        response.setStatus(status);
        response.setContentType("application/json");
        response.getOutputStream().write(("{\"answer\":\"" + words + "\"}").getBytes(StandardCharsets.UTF_8));
    }
}
