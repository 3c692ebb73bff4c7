package org.annona.tokens.tokenisation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.digest.RowDigest;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.sealing.Sensitive;
import org.annona.tokens.ConnectorTerms;
import org.annona.tokens.OdkForm;
import org.annona.tokens.Subjects;
import org.annona.tokens.Subjects.Candidate;
import org.annona.tokens.Subjects.Sheet;
import org.annona.tokens.TokensPermission;
import org.annona.tokens.TokensProblem;
import org.annona.tokens.connector.Connector;
import org.annona.tokens.connector.Connectors;
import org.annona.tokens.seeder.SeederClient;
import org.annona.tokens.seeder.SeederCodes;
import org.annona.tokens.seeder.SeederReply;
import org.jspecify.annotations.Nullable;

/** What would leave, before anything does: whom the filter selects, a record as it would be sent, masked; and one real try. */
public final class Preview {

    private static final int SAMPLES = 5;
    private static final int FEW = 10;
    private static final int MOST_LOOKS = 20;
    private static final Duration LONGEST_TRY = Duration.ofDays(1);

    private final Database database;
    private final Connectors connectors;
    private final Submissions submissions;
    private final Subjects subjects;
    private final SeederClients clients;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("tokens");

    public Preview(
            Database database,
            Connectors connectors,
            Submissions submissions,
            Subjects subjects,
            SeederClients clients,
            Clock clock) {
        this.database = database;
        this.submissions = submissions;
        this.connectors = connectors;
        this.subjects = subjects;
        this.clients = clients;
        this.clock = clock;
    }

    /** @param people whom the filter selects and who have the identifier that is shown; -1 where they are fewer than ten */
    public record Selected(long people, List<Sample> samples) {}

    /**
     * @param record as it would leave, every value masked
     * @param missing what the seeder needs and would not find
     */
    public record Sample(String reference, Map<String, String> record, List<String> missing) {}

    /**
     * People are shown only to those who look after them; who sets a connector up hears how many they are, and not exactly
     * where they are few.
     */
    public Selected of(Actor actor, ConnectorTerms terms) {
        Subjects.Scope scope = terms.scope();
        if (!actor.may(TokensPermission.OPERATE)) {
            actor.require(TokensPermission.CONFIGURE);
            long people = subjects.count(scope);
            note(actor, "tokens.preview", terms, people);
            return new Selected(people < FEW ? -1 : people, List.of());
        }
        // Of a form nothing leaves from here: the seeder reads the submissions itself.
        int most = terms.form() == null ? SAMPLES : 0;
        List<UUID> first = subjects.candidates(scope, null, most).stream()
                .map(Candidate::person)
                .toList();
        Map<UUID, String> references = subjects.references(first);
        SeederRequest words = new SeederRequest(terms);
        List<Sample> samples = new ArrayList<>();
        for (Sheet sheet : subjects.sheets(scope, first, terms.fields(), terms.purpose())) {
            ObjectNode record = words.record("…", sheet);
            samples.add(new Sample(
                    references.getOrDefault(sheet.candidate().person(), "?"), masked(record), words.missing(record)));
        }
        long people = subjects.count(scope);
        note(actor, "tokens.preview", terms, people);
        return new Selected(people, List.copyOf(samples));
    }

    private void note(Actor actor, String action, ConnectorTerms terms, long people) {
        database.transact(tx -> audit.append(
                tx,
                AuditEvent.of(actor.name(), action, "people")
                        .touching(people)
                        .with("filter", RowDigest.hex(RowDigest.ofText(terms.filter())))));
    }

    private static Map<String, String> masked(ObjectNode record) {
        Map<String, String> masked = new LinkedHashMap<>();
        record.properties()
                .forEach(entry -> masked.put(
                        entry.getKey(), mask(entry.getKey(), entry.getValue().asText())));
        return masked;
    }

    /** The first letter of a word, the last digits of a number, the year of a date. */
    private static String mask(String field, String value) {
        if (field.equals("ref") || field.equals("gender")) {
            return value;
        }
        if (value.matches("\\d{4}/\\d{2}/\\d{2}")) {
            return value.substring(0, 4) + "/••/••";
        }
        if (value.matches("[+\\d]{5,}")) {
            return "••••" + value.substring(value.length() - 4);
        }
        return value.isEmpty() ? "" : new StringBuilder().appendCodePoint(value.codePointAt(0)) + "•••";
    }

    /**
     * Sends one person as a file request and waits a moment for what the seeder says. Nothing is stored of it.
     *
     * @return a sentence
     */
    public String tryOne(Actor actor, Connector connector, String reference) {
        actor.require(TokensPermission.OPERATE);
        ConnectorTerms terms = connector.terms();
        UUID person = subjects.byReference(reference).orElseThrow(() -> notSelected(reference));
        Sheet sheet = subjects.sheets(terms.scope(), List.of(person), terms.fields(), terms.purpose()).stream()
                .findFirst()
                .orElseThrow(() -> notSelected(reference));
        if (terms.basis() == ConnectorTerms.Basis.CONSENT && sheet.receipt() == null) {
            return "Nothing was sent: no consent to this purpose is recorded for " + reference + ".";
        }
        SeederRequest words = new SeederRequest(terms);
        ObjectNode record = words.record(Secrets.ref(), sheet);
        if (!words.missing(record).isEmpty()) {
            return "Nothing was sent: the seeder would not find " + String.join(", ", words.missing(record)) + ".";
        }
        ArrayNode records = SeederClient.JSON.createArrayNode().add(record);
        // On what ground, and to whom, before it leaves.
        database.transact(tx -> audit.append(
                tx,
                AuditEvent.of(actor.name(), "tokens.try_one", "person/" + person)
                        .because(connector.subject())
                        .with("recipient", terms.seederUrl())
                        .with("fields", String.join(", ", terms.fields()))
                        .with("basis", terms.basis() + " " + terms.basisReference())
                        .with("receipt", String.valueOf(sheet.receipt()))));
        SeederClient client = clients.of(connector);
        SeederReply reply = client.submit(SeederClient.bytes(words.envelope(records, null, clock.instant())));
        if (!(reply instanceof SeederReply.Accepted(String id))) {
            throw Problem.of(TokensProblem.SEEDER_SILENT, "reason", words(reply));
        }
        return said(client, id, terms);
    }

    /**
     * Has the seeder read the submissions of a part of time, and waits a moment for what it says. Nothing is stored of it.
     *
     * @return a sentence
     */
    public String tryForm(Actor actor, Connector connector, Instant from, Instant to) {
        actor.require(TokensPermission.OPERATE);
        ConnectorTerms terms = connector.terms();
        OdkForm form = terms.form();
        if (form == null) {
            throw Problem.of(TokensProblem.NO_FORM);
        }
        boolean agreed = !from.isBefore(form.from()) && (form.to() == null || !to.isAfter(form.to()));
        if (!agreed || !from.isBefore(to) || Duration.between(from, to).compareTo(LONGEST_TRY) > 0) {
            throw Problem.of(TokensProblem.WINDOW_UNFIT);
        }
        Sensitive<String> password = connectors
                .formPassword(connector.id(), terms)
                .orElseThrow(() -> Problem.of(TokensProblem.CONNECTOR_CHANGED));
        database.transact(tx -> audit.append(
                tx,
                AuditEvent.of(actor.name(), "tokens.form.try", connector.subject())
                        .with("recipient", terms.seederUrl())
                        .with("form", form.address())
                        .with("from", from)
                        .with("to", to)
                        .with("basis", terms.ground())));
        SeederClient client = clients.of(connector);
        SeederReply reply = client.submitForm(
                SeederClient.bytes(new SeederRequest(terms).formEnvelope(form, password, from, to, clock.instant())));
        if (reply instanceof SeederReply.Refused(String code, String message) && SeederCodes.saysNone(code)) {
            return "The seeder read the form: " + message + " of that time.";
        }
        if (!(reply instanceof SeederReply.Accepted(String id))) {
            throw Problem.of(TokensProblem.SEEDER_SILENT, "reason", words(reply));
        }
        return awaited(client, id, list -> said(list, terms));
    }

    private String said(JsonNode list, ConnectorTerms terms) {
        Pattern pattern = Pattern.compile(terms.tokenPattern());
        List<Submissions.Answered> named = new ArrayList<>();
        list.forEach(one -> Submissions.Answered.of(one).ifPresent(named::add));
        long tokens =
                named.stream().filter(one -> one.result().isToken(pattern)).count();
        long known = submissions.known(terms, named).size();
        return "The seeder read " + list.size() + " submissions; " + named.size() + " of its results can be read, "
                + tokens + " bring a token, and " + known
                + " are of people whom the filter selects. Nothing was stored.";
    }

    private static String said(SeederClient client, String id, ConnectorTerms terms) {
        return awaited(client, id, list -> {
            List<SeederResult> results = SeederResult.of(list);
            return results.isEmpty()
                    ? "The seeder took it, and its file names nobody."
                    : said(results.getFirst(), terms);
        });
    }

    private static String awaited(SeederClient client, String id, Function<JsonNode, String> words) {
        for (int i = 0; i < MOST_LOOKS; i++) {
            if (client.file(id) instanceof SeederReply.File(var list)) {
                return words.apply(list);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(250);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return "The seeder took it, and has not finished within five seconds.";
    }

    private static String said(SeederResult result, ConnectorTerms terms) {
        String token = result.token();
        if (token == null) {
            return "The seeder took it and answered " + result.code() + ": "
                    + SeederCodes.sentence(result.code(), result.message()) + ".";
        }
        return token.matches(terms.tokenPattern())
                ? "The seeder gave a token of the right form. It was not stored."
                : "The seeder gave a token that does not fit the pattern.";
    }

    private static String words(SeederReply reply) {
        return switch (reply) {
            case SeederReply.BadRecord(String code) -> code + " " + SeederCodes.sentence(code);
            case SeederReply.Refused(String code, String message) -> code + " " + message;
            case SeederReply.Silent silent -> silent.reason();
            default -> "an answer that fits no request";
        };
    }

    private static Problem notSelected(@Nullable String reference) {
        return Problem.of(TokensProblem.PERSON_NOT_SELECTED, "reference", String.valueOf(reference));
    }
}
