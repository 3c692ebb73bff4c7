package org.annona.tokens.connector;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.annona.foundation.problem.Problem;
import org.annona.interop.http.Origin;
import org.annona.tokens.ConnectorTerms;
import org.annona.tokens.OdkForm;
import org.annona.tokens.Subjects;
import org.annona.tokens.seeder.JqProgram;
import org.annona.tokens.seeder.SeederClient;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether the parts of an agreement are readable and fit each other (reference C3), so that nothing surfaces in a run at
 * night that could have been told while somebody was there.
 */
final class TermsCheck {

    private static final Set<String> TARGETS =
            Set.of("vid", "name", "gender", "dob", "phoneNumber", "emailId", "fullAddress");
    private static final List<String> MANDATORY = List.of("vid", "name", "gender", "dob", "fullAddress");
    private static final Set<String> LISTS = Set.of("name", "fullAddress");
    private static final Pattern ROOT = Pattern.compile("([A-Za-z_]\\w*)(?:[.\\[].*)?|\"([^\"]+)\".*", Pattern.DOTALL);
    private static final String SUBMITTED = "2026-01-31T12:00:00.000Z";
    private static final int MOST_BATCH = 1_000;
    private static final int MOST_INTERVAL = 10_080;

    private final Subjects subjects;
    private final Predicate<String> reachable;
    private final Instant now;
    private final ConnectorTerms terms;
    private final List<String> faults = new ArrayList<>();
    private final List<String> hints = new ArrayList<>();
    private String plain = "";

    private TermsCheck(Subjects subjects, Predicate<String> reachable, Instant now, ConnectorTerms terms) {
        this.subjects = subjects;
        this.reachable = reachable;
        this.now = now;
        this.terms = terms;
    }

    static Connectors.Report of(Subjects subjects, Predicate<String> reachable, Instant now, ConnectorTerms terms) {
        TermsCheck check = new TermsCheck(subjects, reachable, now, terms);
        check.all();
        return new Connectors.Report(List.copyOf(check.faults), check.plain, List.copyOf(check.hints));
    }

    private void fault(String sentence) {
        faults.add(sentence);
    }

    private void all() {
        filter();
        OdkForm form = terms.form();
        Set<String> fields = form == null ? fields() : Set.of();
        Set<String> used = mapping(fields);
        outputFormat();
        types();
        numbers();
        if (form != null) {
            form(form);
        }
        for (String field : fields) {
            if (!used.contains(field) && !terms.outputFormat().contains(".input." + field)) {
                hints.add("The field " + field + " leaves although nothing uses it; leave it out.");
            }
        }
    }

    /** What cannot be seen from here is whether form and account exist; the seeder tells when it reads. */
    private void form(OdkForm form) {
        if (!terms.fields().isEmpty()) {
            fault("Fields: of a form, what its submissions hold is sent; nothing is chosen here.");
        }
        if (terms.delivery() != ConnectorTerms.Delivery.DOWNLOAD) {
            fault("Delivery: the results of a form are fetched as a file.");
        }
        if (terms.basis() == ConnectorTerms.Basis.CONSENT) {
            fault("Legal basis: the seeder sends every submission, also of those who answered no; name the law.");
        }
        boolean base = address("Address of ODK Central", form.baseUrl(), "https://odk.example");
        if (!form.version().matches("v[0-9]{1,3}")) {
            fault("Version of the API of ODK: such as v1.");
        }
        if (form.odataUrl().isEmpty()) {
            if (!form.project().matches("[0-9]{1,9}") || !form.form().matches("[A-Za-z0-9._~-]{1,200}")) {
                fault("Form: name its project by number and the form by its ID, or the address of its submissions.");
            }
        } else if (address(
                        "Address of the submissions",
                        form.odataUrl(),
                        form.baseUrl() + "/v1/projects/1/forms/a.svc/Submissions")
                && base
                && !Origin.of(form.odataUrl()).equals(Origin.of(form.baseUrl()))) {
            fault("Address of the submissions: it is one of ODK Central, whose session is shown there.");
        }
        if (!form.email().matches("[^\\s@]{1,100}@[^\\s@]{1,100}")) {
            fault("Account in ODK: it is an e-mail address.");
        }
        if (form.to() == null ? !terms.recurring() : !form.to().isAfter(form.from())) {
            fault("Submissions until: for one run say until when, and later than from when.");
        } else if (!terms.recurring() && form.to() != null && form.to().isAfter(now.minus(OdkForm.OVERLAP))) {
            fault("Submissions until: it lies ahead, or less than "
                    + OdkForm.OVERLAP.toMinutes()
                    + " minutes back; a form that still grows is read by runs again and again.");
        }
        if (terms.recurring() && terms.intervalMinutes() < OdkForm.OVERLAP.toMinutes()) {
            hints.add("The last " + OdkForm.OVERLAP.toMinutes() + " minutes are read once more by each run, and the"
                    + " authority is asked about them again; a longer interval spares that.");
        }
    }

    /** A password goes there, so it is not sent in the open. */
    private boolean address(String label, String address, String example) {
        if (!isAddress(address)) {
            fault(label + ": it looks like " + example + ", without a question mark.");
            return false;
        }
        if (!address.startsWith("https://") && !reachable.test(address)) {
            fault(label + ": it begins with https, unless whoever operates this installation names its host in"
                    + " ANNONA_TRUSTED_HOSTS.");
        }
        return true;
    }

    private static boolean isAddress(String address) {
        try {
            URI uri = new URI(address);
            return address.matches("https?://.*")
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null;
        } catch (URISyntaxException unreadable) {
            return false;
        }
    }

    private void filter() {
        try {
            Subjects.Reading reading = subjects.read(terms.filter(), terms.dialect());
            plain = reading.plain();
            hints.addAll(reading.hints());
        } catch (Problem refusal) {
            fault(refusal.sentence());
        }
    }

    private Set<String> fields() {
        Set<String> known = new HashSet<>();
        subjects.fields().forEach(field -> known.add(field.code()));
        Set<String> chosen = new HashSet<>();
        for (String field : terms.fields()) {
            if (!known.contains(field)) {
                fault("Fields: there is no field '" + field + "'; known are "
                        + String.join(", ", known.stream().sorted().toList()) + ".");
            } else if (!chosen.add(field)) {
                fault("Fields: '" + field + "' stands twice.");
            }
        }
        if (terms.fields().isEmpty()) {
            fault("Fields: choose at least those that the mapping needs.");
        }
        return chosen;
    }

    /** @return the fields that it uses */
    private Set<String> mapping(Set<String> fields) {
        Set<String> used = new HashSet<>();
        JsonNode mapping;
        try {
            mapping = SeederClient.JSON.readTree(terms.mapping());
        } catch (JsonProcessingException unreadable) {
            fault("Mapping: it is no JSON (line " + unreadable.getLocation().getLineNr() + ", column "
                    + unreadable.getLocation().getColumnNr() + ").");
            return used;
        }
        if (mapping == null || !mapping.isObject()) {
            fault("Mapping: it is an object, such as {\"vid\":\"vid\"}.");
            return used;
        }
        mapping.properties().forEach(entry -> {
            String target = entry.getKey();
            JsonNode value = entry.getValue();
            if (!TARGETS.contains(target)) {
                fault("Mapping: the seeder knows no '" + target + "'.");
            } else if (LISTS.contains(target) != value.isArray()) {
                fault("Mapping: " + target + (value.isArray() ? " is one path." : " is a list of paths."));
            } else if (value.isArray()) {
                value.forEach(path -> path(target, path, fields, used));
            } else {
                path(target, value, fields, used);
            }
        });
        for (String target : MANDATORY) {
            if (mapping.path(target).isMissingNode()
                    || mapping.path(target).isEmpty() && mapping.path(target).isArray()) {
                fault("Mapping: the seeder needs " + target + ".");
            }
        }
        return used;
    }

    private void path(String target, JsonNode path, Set<String> fields, Set<String> used) {
        if (!path.isTextual()) {
            fault("Mapping: a path of " + target + " is a text.");
            return;
        }
        try {
            JqProgram.compile("." + path.asText());
        } catch (IllegalArgumentException unreadable) {
            fault("Mapping: the path of " + target + " cannot be read.");
            return;
        }
        Matcher root = ROOT.matcher(path.asText());
        String name = root.matches() ? root.group(1) == null ? root.group(2) : root.group(1) : path.asText();
        if (terms.form() != null || fields.contains(name)) {
            used.add(name);
        } else if (!name.equals("vid") && !name.equals("ref")) {
            fault("Mapping: " + target + " is taken from '" + name + "', which is not among the fields.");
        }
    }

    private void outputFormat() {
        JqProgram program;
        try {
            program = JqProgram.compile(terms.outputFormat());
        } catch (IllegalArgumentException unreadable) {
            fault("Output format: it is no program of jq.");
            return;
        }
        boolean good = gives(program, "r", "1", "processed", "1".repeat(36), null)
                && gives(program, "q", "2", "processed", "2".repeat(36), null);
        boolean told = gives(program, "r", "1", "error", null, "IDA-MLC-004");
        if (!good || !told) {
            fault(
                    terms.form() == null
                            ? "Output format: of each result it has to give an object with ref, status, token and code,"
                                    + " such as " + ConnectorTerms.PRESET_OUTPUT + "."
                            : "Output format: of each result it has to give an object with ref (the submission), vid,"
                                    + " at (when it was submitted), status, token and code, such as "
                                    + ConnectorTerms.PRESET_FORM_OUTPUT + ".");
        }
    }

    private boolean gives(
            JqProgram program, String ref, String vid, String status, @Nullable String token, @Nullable String code) {
        return program.first(sample(ref, vid, status, token, code))
                .filter(result -> result.isObject()
                        && result.path("ref").asText().equals(ref)
                        && (terms.form() == null
                                || result.path("vid").asText().equals(vid)
                                        && result.path("at").asText().equals(SUBMITTED))
                        && result.path("status").asText().equals(status)
                        && (token == null
                                ? result.path("token").isNull()
                                : result.path("token").asText().equals(token))
                        && (code == null || result.path("code").asText().equals(code)))
                .isPresent();
    }

    /** Of a submission, what is in each; the questions of a form are called as somebody likes. */
    private ObjectNode sample(String ref, String vid, String status, @Nullable String token, @Nullable String code) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        ObjectNode input = whole.putObject("input");
        if (terms.form() == null) {
            input.put("ref", ref).put("vid", vid);
        } else {
            input.put("__id", ref).putObject("__system").put("submissionDate", SUBMITTED);
        }
        whole.putObject("output")
                .put("vid", vid)
                .put("status", status)
                .put("token", token)
                .put("errorCode", code)
                .put("errorMessage", code);
        return whole;
    }

    private void types() {
        List<String> known =
                subjects.identifierKinds().stream().map(Subjects.Kind::code).toList();
        if (!known.contains(terms.virtualIdType()) || !known.contains(terms.tokenType())) {
            fault("Types of identifiers: choose them from the list.");
        } else if (terms.virtualIdType().equals(terms.tokenType())) {
            fault("Types of identifiers: what is shown and what comes back are different ones.");
        }
        try {
            Pattern.compile(terms.tokenPattern());
        } catch (PatternSyntaxException unreadable) {
            fault("Pattern of a token: it is no regular expression.");
        }
        if (!terms.purpose().matches("[a-z0-9][a-z0-9._-]{0,59}")) {
            fault("Purpose: it is a code of small letters, such as identity-token.");
        }
        if (terms.basis() == ConnectorTerms.Basis.LAW && terms.basisReference().isBlank()) {
            fault("Legal basis: name the law or the task by which data may leave.");
        }
    }

    private void numbers() {
        if (!isAddress(terms.seederUrl())) {
            fault("Address of the seeder: it looks like https://seeder.example/mosiptokenseeder.");
        } else if (!reachable.test(terms.seederUrl())) {
            fault(
                    "Address of the seeder: whoever operates this installation has to name its host in ANNONA_TRUSTED_HOSTS.");
        }
        if (terms.batch() < 1 || terms.batch() > MOST_BATCH) {
            fault("People in one message: from 1 to " + MOST_BATCH + ".");
        }
        if (terms.maxAttempts() < 1 || terms.maxAttempts() > 50) {
            fault("Attempts: from 1 to 50.");
        }
        if (terms.intervalMinutes() < 0 || terms.intervalMinutes() > MOST_INTERVAL) {
            fault("Interval: from 1 to " + MOST_INTERVAL + " minutes, or 0 for one run.");
        }
        if (!terms.language().matches("[a-z]{3}")) {
            fault("Language: three small letters, such as eng.");
        }
        if (!Set.of("POST", "PUT", "PATCH", "GET").contains(terms.callback().method())) {
            fault("Method of the callback: POST, PUT, PATCH or GET.");
        }
        if (terms.callback().timeoutSeconds() < 1 || terms.callback().timeoutSeconds() > 300) {
            fault("Timeout of the callback: from 1 to 300 seconds.");
        }
    }
}
