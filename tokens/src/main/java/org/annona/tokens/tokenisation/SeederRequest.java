package org.annona.tokens.tokenisation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.annona.foundation.sealing.Sensitive;
import org.annona.tokens.ConnectorTerms;
import org.annona.tokens.OdkForm;
import org.annona.tokens.Subjects.Sheet;
import org.annona.tokens.seeder.JqProgram;
import org.annona.tokens.seeder.SeederClient;
import org.jspecify.annotations.Nullable;

/** The words of a request to the seeder (reference A3). Parts that are not set are left out, never null. */
final class SeederRequest {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final List<String> MANDATORY = List.of("vid", "name", "gender", "dob", "fullAddress");

    private final ConnectorTerms terms;
    private final ObjectNode mapping;

    SeederRequest(ConnectorTerms terms) {
        this.terms = terms;
        try {
            this.mapping = (ObjectNode) SeederClient.JSON.readTree(terms.mapping());
        } catch (JsonProcessingException checkedBefore) {
            throw new IllegalStateException(checkedBefore);
        }
    }

    /** Where the answer is awaited. @param bearer what the caller shows, or null */
    record Callback(String url, @Nullable String bearer) {

        @Override
        public String toString() {
            return "Callback[sealed]";
        }
    }

    ObjectNode record(String ref, Sheet sheet) {
        ObjectNode record = SeederClient.JSON.createObjectNode();
        sheet.values().forEach(record::put);
        record.put("vid", sheet.value());
        record.put("ref", ref);
        return record;
    }

    /** What the seeder needs and does not find in a record; it would refuse the person. */
    List<String> missing(ObjectNode record) {
        List<String> missing = new ArrayList<>();
        for (String target : MANDATORY) {
            JsonNode paths = mapping.path(target);
            boolean found = false;
            if (paths.isArray()) {
                for (JsonNode path : paths) {
                    found |= hasText(record, path.asText());
                }
            } else {
                found = hasText(record, paths.asText());
            }
            if (!found) {
                missing.add(target);
            }
        }
        return missing;
    }

    private static boolean hasText(ObjectNode record, String path) {
        JsonNode plain = record.get(path);
        Optional<JsonNode> value = plain == null && !path.matches("\\w+")
                ? JqProgram.compile("." + path).first(record)
                : Optional.ofNullable(plain);
        return value.filter(found -> !found.asText().isBlank()).isPresent();
    }

    /** @param callback null for a download */
    ObjectNode envelope(ArrayNode records, @Nullable Callback callback, Instant now) {
        ObjectNode whole = start(callback, now);
        ((ObjectNode) whole.get("request")).set("authdata", records);
        return whole;
    }

    /** For the submissions of a form in a half-open window (reference A9). */
    ObjectNode formEnvelope(OdkForm form, Sensitive<String> password, Instant from, Instant to, Instant now) {
        ObjectNode whole = start(null, now);
        ObjectNode config = ((ObjectNode) whole.get("request")).putObject("odkconfig");
        config.put("baseurl", form.baseUrl());
        config.put("version", form.version());
        config.put("email", form.email());
        config.put("password", password.reveal());
        if (form.odataUrl().isEmpty()) {
            config.put("projectid", form.project());
            config.put("formid", form.form());
        } else {
            config.put("odataurl", form.odataUrl());
        }
        config.put("startdate", TIME.format(from));
        config.put("enddate", TIME.format(to));
        return whole;
    }

    private ObjectNode start(@Nullable Callback callback, Instant now) {
        ObjectNode whole = SeederClient.JSON.createObjectNode();
        whole.put("id", "annona.mts");
        whole.put("version", "1.0");
        whole.put("metadata", "");
        whole.put("requesttime", TIME.format(now));
        ObjectNode request = whole.putObject("request");
        request.put("output", "json");
        request.put("deliverytype", callback == null ? "download" : "callback");
        request.put("lang", terms.language());
        request.set("mapping", mapping);
        request.put("outputFormat", terms.outputFormat());
        if (callback != null) {
            ObjectNode properties = request.putObject("callbackProperties");
            properties.put("url", callback.url());
            properties.put("httpMethod", terms.callback().method());
            properties.put("timeoutSeconds", terms.callback().timeoutSeconds());
            properties.put("callInBulk", terms.callback().inBulk());
            if (callback.bearer() == null) {
                properties.put("authType", "none");
            } else {
                properties.put("authType", "staticBearer");
                properties.putObject("authStaticBearer").put("token", callback.bearer());
            }
        }
        return whole;
    }
}
