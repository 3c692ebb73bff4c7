package org.annona.tokens.connector;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.annona.console.Formats;
import org.annona.foundation.criteria.odoo.DomainReader.Dialect;
import org.annona.foundation.problem.Problem;
import org.annona.tokens.ConnectorTerms;
import org.annona.tokens.OdkForm;
import org.annona.tokens.TokensProblem;
import org.annona.tokens.seeder.SeederClient;

/** What stands in the form of a connector, as it was typed, so that nothing has to be typed twice after a refusal. */
public record ConnectorForms(Map<String, String> texts) {

    private static final Map<String, String> DIALECTS =
            choices("odoo_17", "Odoo 17 and later", "odoo_15", "Odoo 15 and 16 (\"!\" before a path differs)");
    private static final Map<String, String> DELIVERIES = choices(
            "callback_and_poll",
            "it calls us; what does not come is fetched as a file",
            "callback",
            "it calls us; what does not come is asked for once more",
            "download",
            "we fetch a file");
    private static final Map<String, String> METHODS =
            choices("POST", "POST", "PUT", "PUT", "PATCH", "PATCH", "GET", "GET");
    private static final Map<String, String> BULK =
            choices("true", "all results of a message in one call", "false", "one call for each person");
    private static final Map<String, String> AUTHENTICATIONS = choices(
            "true",
            "a secret address and a bearer, new for each message",
            "false",
            "a secret address, new for each message");
    private static final Map<String, String> BASES =
            choices("law", "a law or a public task, for everyone", "consent", "consent, only for those who gave it");

    private static final Map<String, String> PROOFS = choices(
            "none",
            "nothing; the seeder itself looks at none",
            "signature",
            "our signature in the header Signature (detached JWS), for a gateway before the seeder");

    /** By the name of the field. */
    public static final Map<String, Map<String, String>> CHOICES = Map.of(
            "dialect", DIALECTS,
            "delivery", DELIVERIES,
            "method", METHODS,
            "inBulk", BULK,
            "bearer", AUTHENTICATIONS,
            "basis", BASES,
            "proof", PROOFS);

    private static Map<String, String> choices(String... pairs) {
        Map<String, String> choices = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            choices.put(pairs[i], pairs[i + 1]);
        }
        return choices;
    }

    /** The presets, which fit each other. @param ofForm whether the seeder reads a form */
    public static ConnectorForms blank(boolean ofForm, Formats formats) {
        return of("", ofForm ? presetOfForm() : ConnectorTerms.preset(""), formats);
    }

    private static ConnectorTerms presetOfForm() {
        return ConnectorTerms.presetForForm("", new OdkForm("", "v1", "", "", "", "", Instant.EPOCH, null));
    }

    public static ConnectorForms of(String name, ConnectorTerms terms, Formats formats) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("name", name);
        OdkForm form = terms.form();
        texts.put("input", form == null ? "registry" : "odk");
        if (form != null) {
            texts.put("odkUrl", form.baseUrl());
            texts.put("odkVersion", form.version());
            texts.put("odkData", form.odataUrl());
            texts.put("odkProject", form.project());
            texts.put("odkForm", form.form());
            texts.put("odkEmail", form.email());
            texts.put("odkPassword", "");
            texts.put("odkFrom", form.from().equals(Instant.EPOCH) ? "" : formats.time(form.from()));
            texts.put("odkTo", formats.time(form.to()));
        }
        texts.put("seederUrl", terms.seederUrl());
        texts.put("headers", "");
        texts.put("filter", terms.filter());
        texts.put("dialect", code(terms.dialect()));
        texts.put("fields", SeederClient.JSON.valueToTree(terms.fields()).toString());
        texts.put("mapping", terms.mapping());
        texts.put("outputFormat", terms.outputFormat());
        texts.put("language", terms.language());
        texts.put("delivery", code(terms.delivery()));
        texts.put("method", terms.callback().method());
        texts.put("inBulk", Boolean.toString(terms.callback().inBulk()));
        texts.put("callbackTimeout", Integer.toString(terms.callback().timeoutSeconds()));
        texts.put("bearer", Boolean.toString(terms.callback().bearer()));
        texts.put("interval", Integer.toString(terms.intervalMinutes()));
        texts.put("batch", Integer.toString(terms.batch()));
        texts.put("attempts", Integer.toString(terms.maxAttempts()));
        texts.put("backOff", Long.toString(terms.backOff().toSeconds()));
        texts.put("timeout", Long.toString(terms.requestTimeout().toSeconds()));
        texts.put("firstPoll", Long.toString(terms.patience().firstPoll().toSeconds()));
        texts.put("grace", Long.toString(terms.patience().grace().toSeconds()));
        texts.put("patience", Long.toString(terms.patience().whole().toMinutes()));
        texts.put("virtualIdType", terms.virtualIdType());
        texts.put("tokenType", terms.tokenType());
        texts.put("tokenPattern", terms.tokenPattern());
        texts.put("purpose", terms.purpose());
        texts.put("basis", code(terms.basis()));
        texts.put("basisReference", terms.basisReference());
        texts.put("proof", code(terms.proof()));
        return new ConnectorForms(texts);
    }

    /** What the form does not show of a connector that reads a form of ODK stays as usual. */
    public static ConnectorForms typed(Map<String, String> parameters, Formats formats) {
        boolean ofForm = parameters.getOrDefault("input", "").equals("odk");
        Map<String, String> texts = new LinkedHashMap<>(blank(ofForm, formats).texts());
        texts.replaceAll((name, usual) ->
                parameters.getOrDefault(name, ofForm ? usual : "").strip());
        texts.put("input", ofForm ? "odk" : "registry");
        return new ConnectorForms(texts);
    }

    public String name() {
        return text("name");
    }

    private String text(String name) {
        return texts.getOrDefault(name, "");
    }

    /** Refuses what cannot even be read; what does not fit each other is told later. */
    public ConnectorTerms terms(Formats formats) {
        int firstPoll = number("firstPoll", "First question after", 1, 3_600);
        return new ConnectorTerms(
                text("seederUrl").replaceAll("/+$", ""),
                text("filter"),
                named("dialect", Dialect.values()),
                fields(),
                text("mapping"),
                text("outputFormat"),
                text("language"),
                named("delivery", ConnectorTerms.Delivery.values()),
                new ConnectorTerms.Callback(
                        text("method"),
                        text("inBulk").equals("true"),
                        number("callbackTimeout", "Timeout of the callback", 1, 300),
                        text("bearer").equals("true")),
                number("interval", "Interval", 0, 10_080),
                number("batch", "People in one message", 1, 1_000),
                number("attempts", "Attempts", 1, 50),
                Duration.ofSeconds(number("backOff", "Pause after a failure", 1, 86_400)),
                Duration.ofSeconds(number("timeout", "Timeout of a message", 1, 3_600)),
                new ConnectorTerms.Patience(
                        Duration.ofSeconds(firstPoll),
                        Duration.ofSeconds(Math.max(firstPoll, 60)),
                        Duration.ofSeconds(number("grace", "Grace for callbacks", 1, 3_600)),
                        ConnectorTerms.Patience.USUAL.fileGrace(),
                        Duration.ofMinutes(number("patience", "A message counts as lost after", 1, 10_080))),
                text("virtualIdType"),
                text("tokenType"),
                text("tokenPattern"),
                text("purpose"),
                named("basis", ConnectorTerms.Basis.values()),
                text("basisReference"),
                named("proof", ConnectorTerms.Proof.values()),
                text("input").equals("odk") ? odkForm(formats) : null);
    }

    private OdkForm odkForm(Formats formats) {
        return new OdkForm(
                text("odkUrl").replaceAll("/+$", ""),
                text("odkVersion"),
                text("odkData"),
                text("odkProject"),
                text("odkForm"),
                text("odkEmail"),
                time(formats, "odkFrom", "Submissions from"),
                text("odkTo").isEmpty() ? null : time(formats, "odkTo", "Submissions until"));
    }

    private Instant time(Formats formats, String name, String label) {
        return formats.readTime(text(name))
                .orElseThrow(() -> unfit(label + ": it looks like 2026-01-31 or 2026-01-31 12:00."));
    }

    /** What is kept sealed: headers as {@code Name: value}, one in each line, and the password of the account in ODK. */
    public Map<String, String> secrets() {
        Map<String, String> secrets = headers();
        if (!text("odkPassword").isEmpty()) {
            secrets.put(Connectors.FORM_PASSWORD, text("odkPassword"));
        }
        return secrets;
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line :
                text("headers").lines().filter(line -> !line.isBlank()).toList()) {
            String[] sides = line.split(":", 2);
            if (sides.length < 2 || !sides[0].strip().matches("[A-Za-z0-9-]{1,60}") || sides[1].isBlank()) {
                throw unfit("Headers: each line looks like X-Api-Key: secret.");
            }
            headers.put(sides[0].strip(), sides[1].strip());
        }
        return headers;
    }

    private List<String> fields() {
        try {
            JsonNode list = SeederClient.JSON.readTree(text("fields"));
            List<String> fields = new ArrayList<>();
            if (list == null || !list.isArray()) {
                throw unfit("Fields: it is a list, such as [\"given_name\",\"gender\"].");
            }
            list.forEach(field -> fields.add(field.asText()));
            return fields;
        } catch (JsonProcessingException unreadable) {
            throw unfit(
                    "Fields: it is no JSON (line " + unreadable.getLocation().getLineNr() + ", column "
                            + unreadable.getLocation().getColumnNr() + ").");
        }
    }

    private int number(String name, String label, int least, int most) {
        String text = text(name);
        if (!text.matches("\\d{1,6}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw unfit(label + ": a whole number from " + least + " to " + most + ".");
        }
        return Integer.parseInt(text);
    }

    private <E extends Enum<E>> E named(String name, E[] all) {
        return Arrays.stream(all)
                .filter(one -> code(one).equals(text(name)))
                .findFirst()
                .orElseThrow(() -> unfit(name + ": choose one of the list."));
    }

    private static Problem unfit(String fault) {
        return Problem.of(TokensProblem.CONNECTOR_UNFIT, "faults", fault);
    }

    private static String code(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
