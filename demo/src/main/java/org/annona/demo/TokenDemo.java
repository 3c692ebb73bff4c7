package org.annona.demo;

import java.time.Duration;
import java.util.Map;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.demo.standin.StandInSwitches;
import org.annona.tokens.ConnectorStatus;
import org.annona.tokens.ConnectorTerms;
import org.annona.tokens.RetentionTerms;
import org.annona.tokens.Tokens;

/** Identity tokens for all people with a virtual ID, from an unreliable seeder. Then the virtual IDs are retired. */
public final class TokenDemo {

    private static final String CONNECTOR = "Identity authority";
    /** Of an ordinary bad day: a proxy that fails, an answer and a callback that are lost, tokens that are none. */
    private static final String BAD_DAY =
            "http=502&resetAfterAccepting=1&dropCallbacks=1&nullToken=3&duplicateCallbacks=1";

    private final Tokens tokens;
    private final DemoUsers users;
    private final String seeder;
    private final StandInSwitches switches;
    private final Duration firstRetry;

    /**
     * @param switches where the misbehaviour of the seeder is switched
     * @param firstRetry after the first failure; other pauses of the agreement follow from it
     */
    public TokenDemo(Tokens tokens, DemoUsers users, String seeder, StandInSwitches switches, Duration firstRetry) {
        this.firstRetry = firstRetry;
        this.tokens = tokens;
        this.users = users;
        this.seeder = seeder;
        this.switches = switches;
    }

    void run(DemoOutput output, Waiting waiting) {
        Actor registrar = users.actor(Role.REGISTRAR);
        ConnectorStatus status = tokens.connector(registrar, CONNECTOR).orElseGet(() -> {
            Actor administrator = users.actor(Role.ADMINISTRATOR);
            tokens.createConnector(administrator, CONNECTOR, terms(), Map.of());
            tokens.createRetentionRule(
                    administrator, "Virtual IDs of people with a token", true, RetentionTerms.preset());
            return status();
        });
        if (status.state().equals("draft")) {
            switches.post("faults?" + BAD_DAY, "");
            tokens.start(registrar, status.id());
        }
        waiting.until("connector/" + status.id(), () -> !status().running());
        ConnectorStatus done = status();
        output.step(
                "Identity tokens",
                DemoOutput.number(done.of("tokenised"))
                        + " people with a virtual ID have an identity token; their virtual ID is retired");
        output.more("the simulated seeder failed, lost an answer and a callback, and sent invalid tokens");
    }

    private ConnectorStatus status() {
        return tokens.connector(users.actor(Role.REGISTRAR), CONNECTOR).orElseThrow();
    }

    private ConnectorTerms terms() {
        ConnectorTerms preset = ConnectorTerms.preset(seeder);
        return new ConnectorTerms(
                preset.seederUrl(),
                preset.filter(),
                preset.dialect(),
                preset.fields(),
                preset.mapping(),
                preset.outputFormat(),
                preset.language(),
                preset.delivery(),
                preset.callback(),
                0,
                preset.batch(),
                preset.maxAttempts(),
                firstRetry,
                Duration.ofSeconds(20),
                new ConnectorTerms.Patience(
                        firstRetry.multipliedBy(3),
                        firstRetry.multipliedBy(30),
                        firstRetry.multipliedBy(6),
                        firstRetry.multipliedBy(30),
                        Duration.ofMinutes(1)),
                preset.virtualIdType(),
                preset.tokenType(),
                preset.tokenPattern(),
                preset.purpose(),
                preset.basis(),
                "Sample Social Protection Act, section 12",
                preset.proof(),
                preset.form());
    }

    boolean sum(DemoOutput output) {
        ConnectorStatus status = status();
        long people =
                status.people().values().stream().mapToLong(Long::longValue).sum();
        return output.sum(
                "people with a virtual ID = people with a token + people without a birth date, whom the authority refuses",
                people > 0 && status.of("tokenised") + status.of("failed") == people,
                DemoOutput.number(people) + " = " + DemoOutput.number(status.of("tokenised")) + " + "
                        + DemoOutput.number(status.of("failed")) + " without a birth date");
    }
}
