package org.annona.simulators.seeder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** Fetches submissions of a form while the caller waits; the link to a next page is ignored (reference A9). */
final class OdkPull {

    private OdkPull() {}

    static SeederRequest read(byte[] body) throws Refused {
        JsonNode whole = SeederRequest.parse(body);
        JsonNode config = whole.path("request").path("odkconfig");
        required(config, "baseurl", "ATS-REQ-18", "no odk baseurl provided");
        required(config, "email", "ATS-REQ-19", "no email provided");
        required(config, "password", "ATS-REQ-20", "no password provided");
        if (config.path("odataurl").asText("").isEmpty()) {
            required(config, "projectid", "ATS-REQ-21", "no odk project id provided");
            required(config, "formid", "ATS-REQ-22", "no odk form id provided");
        }
        List<JsonNode> submissions = submissions(config);
        if (submissions.isEmpty()) {
            throw Refused.business("ATS-REQ-23", "no submissions found for odk pull");
        }
        return SeederRequest.read(whole, SeederRequest.Source.ODK, submissions);
    }

    private static void required(JsonNode config, String field, String code, String message) throws Refused {
        if (config.path(field).asText("").isEmpty()) {
            throw Refused.business(code, message);
        }
    }

    private static List<JsonNode> submissions(JsonNode config) throws Refused {
        String base =
                config.get("baseurl").asText() + "/" + config.path("version").asText("v1");
        ObjectNode login = SeederRequest.JSON.createObjectNode();
        login.put("email", config.get("email").asText());
        login.put("password", config.get("password").asText());
        try (HttpClient http = HttpClient.newHttpClient()) {
            JsonNode session = call(
                    http,
                    HttpRequest.newBuilder(URI.create(base + "/sessions"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(login.toString())));
            if (session.path("token").isMissingNode()) {
                throw Refused.broken("'token'");
            }
            String address = config.path("odataurl").asText("");
            if (address.isEmpty()) {
                address = base + "/projects/" + config.get("projectid").asText() + "/forms/"
                        + config.get("formid").asText() + ".svc/Submissions";
            }
            String from = config.path("startdate").asText("");
            String to = config.path("enddate").asText("");
            if (!from.isEmpty() && !to.isEmpty()) {
                address += (address.contains("?") ? "&" : "?") + "$filter=__system/submissionDate%20ge%20" + from
                        + "%20and%20__system/submissionDate%20lt%20" + to;
            }
            JsonNode page = call(
                    http,
                    HttpRequest.newBuilder(URI.create(address))
                            .header(
                                    "Authorization",
                                    "Bearer " + session.get("token").asText()));
            if (!page.path("value").isArray()) {
                throw Refused.broken("'value'");
            }
            List<JsonNode> submissions = new ArrayList<>();
            page.path("value").forEach(submissions::add);
            return submissions;
        } catch (IOException unreachable) {
            throw Refused.broken("HTTPConnectionPool: " + unreachable.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw Refused.broken("stopped");
        }
    }

    private static JsonNode call(HttpClient http, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return SeederRequest.JSON.readTree(
                http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body());
    }
}
