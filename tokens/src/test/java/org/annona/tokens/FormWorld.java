package org.annona.tokens;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.annona.simulators.odk.SimulatedOdkCentral;
import org.annona.tokens.connector.Connectors;

/** A form of ODK Central that the token seeder reads; each test has a part of the time for its submissions. */
public final class FormWorld implements AutoCloseable {

    public final TokensWorld world = new TokensWorld();
    public final SimulatedOdkCentral odk;
    private Instant nextDay = Instant.parse("2026-01-01T00:00:00Z");
    private Instant from = nextDay;
    private Instant to = nextDay;

    public FormWorld() {
        try {
            odk = new SimulatedOdkCentral(0);
            odk.start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Each test reads a day of its own. */
    public void takeADay() {
        from = nextDay;
        to = from.plus(Duration.ofDays(1));
        nextDay = from.plus(Duration.ofDays(3));
    }

    /** Reads from then on. */
    public void begin(Instant then) {
        from = then.truncatedTo(ChronoUnit.MILLIS);
    }

    /** From when submissions are read. */
    public Instant from() {
        return from;
    }

    /** Until when submissions are read. */
    public Instant to() {
        return to;
    }

    public static Map<String, Object> answers(String vid) {
        Map<String, Object> answers = new LinkedHashMap<>();
        answers.put("vid", vid);
        answers.put("name", "Asha Devi");
        answers.put("gender", "Female");
        answers.put("dob", "1976-01-01");
        answers.put("address", "12 Main St");
        return answers;
    }

    public static Map<String, Object> with(Map<String, Object> answers, String question, Object answer) {
        Map<String, Object> changed = new LinkedHashMap<>(answers);
        changed.put(question, answer);
        return changed;
    }

    /** @param minute after the beginning of what is read; @return the identifier of the submission */
    public String submit(int minute, String vid) {
        return submit(minute, answers(vid));
    }

    public String submit(int minute, Map<String, Object> answers) {
        return odk.submit(from.plus(Duration.ofMinutes(minute)), answers);
    }

    /** For the day of the test, once. */
    public Agreement agreement() {
        return Agreement.forForm(world.seeder.url(), form(to));
    }

    /** For what is submitted from the beginning on, again and again. */
    public Agreement recurring(int minutes) {
        return Agreement.forForm(world.seeder.url(), form(null)).everyMinutes(minutes);
    }

    public OdkForm form(Instant until) {
        return new OdkForm(
                odk.url(),
                "v1",
                "",
                SimulatedOdkCentral.PROJECT,
                SimulatedOdkCentral.FORM,
                SimulatedOdkCentral.EMAIL,
                from,
                until);
    }

    public UUID connector(Agreement agreement) {
        return connector(agreement.terms(), SimulatedOdkCentral.PASSWORD);
    }

    public UUID connector(ConnectorTerms terms, String password) {
        return world.connector(terms, Map.of(Connectors.FORM_PASSWORD, password));
    }

    /** Reads the day of the test. */
    public ConnectorStatus read() {
        return world.run(connector(agreement()));
    }

    @Override
    public void close() {
        odk.close();
        world.close();
    }
}
