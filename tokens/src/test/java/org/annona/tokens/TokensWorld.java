package org.annona.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.foundation.job.Recurring;
import org.annona.postgres.DatabaseAddress;
import org.annona.simulators.seeder.Authority;
import org.annona.simulators.seeder.SimulatedSeeder;
import org.annona.tokens.ConnectorTerms.Delivery;
import org.awaitility.Awaitility;

/**
 * People who have virtual IDs, connectors, and a token seeder that can be told to misbehave: of one test class. The process that
 * serves them, its database and its registry are those of all.
 */
public final class TokensWorld implements AutoCloseable {

    public static final Actor ADMINISTRATOR = new Actor("root", "Root", Set.of(Role.ADMINISTRATOR));
    public static final Actor REGISTRAR = new Actor("amina", "Amina", Set.of(Role.REGISTRAR));

    private static final AtomicInteger PEOPLE = new AtomicInteger(1000);
    private static final AtomicInteger CONNECTORS = new AtomicInteger();

    public final SimulatedSeeder seeder;
    public final PlayedRegistry registry;
    public final Tokens tokens;
    private final RunningTokens running = RunningTokens.shared();
    private final Authority authority = new Authority("annona", false);
    private final Set<String> registered = ConcurrentHashMap.newKeySet();
    private String newest = "";

    public TokensWorld() {
        try {
            seeder = new SimulatedSeeder(authority, 0);
            seeder.start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        registry = running.part(PlayedRegistry.class);
        tokens = running.part(Tokens.class);
    }

    public <T> T part(Class<T> type) {
        return running.part(type);
    }

    /** Where the process is reached. */
    public String url() {
        return part(TokensSettings.class).address().get();
    }

    /** The first digit decides what the authority says; nobody has this virtual ID yet. */
    public static String vid(char first) {
        return first + number();
    }

    /** Nine digits that nobody else has. */
    public static String number() {
        return String.format("%09d", PEOPLE.getAndIncrement());
    }

    public String registered(char first) {
        return registered(first, 1).getFirst();
    }

    /** People of a test of their own. */
    public List<String> registered(char first, int count) {
        List<String> vids = IntStream.range(0, count).mapToObj(i -> vid(first)).toList();
        register(vids);
        return vids;
    }

    public void register(List<String> vids) {
        int created = registry.register(vids.stream().map(PersonInTests::with).toList());
        assertThat(created).isEqualTo(vids.size());
        registered.addAll(vids);
    }

    /** Of the people of this world. */
    public long tokensInRegistry() {
        return registry.tokens(registered).size();
    }

    /** By virtual ID. */
    public Map<String, String> tokensOfTheAuthority(Collection<String> vids) {
        return vids.stream().collect(Collectors.toMap(vid -> vid, authority::token));
    }

    /** A run is over, and each of its people has the token that the authority gave. */
    public void assertAllTokenised(ConnectorStatus status, Collection<String> vids) {
        assertThat(status.people()).isEqualTo(Map.of("tokenised", (long) vids.size()));
        assertThat(status.state()).isEqualTo("completed");
        assertThat(registry.countWithSeveralTokens()).isZero();
        assertThat(registry.tokens(vids)).isEqualTo(tokensOfTheAuthority(vids));
    }

    /** For people who have no token yet. */
    public Agreement agreement(Delivery delivery, Collection<String> vids) {
        return Agreement.with(seeder.url(), delivery)
                .selecting("[['reg_ids.value','in',['" + String.join("','", vids)
                        + "']],'!',['reg_ids.id_type','=','MOSIP UIN TOKEN']]");
    }

    public UUID connector(Agreement agreement) {
        return connector(agreement.terms(), Map.of());
    }

    public UUID connector(ConnectorTerms terms, Map<String, String> secrets) {
        newest = "connector " + CONNECTORS.incrementAndGet();
        return tokens.createConnector(ADMINISTRATOR, newest, terms, secrets);
    }

    public ConnectorStatus run(Agreement agreement) {
        return run(connector(agreement));
    }

    /** Starts a connector and waits for the end of its run. */
    public ConnectorStatus run(UUID connector) {
        start(connector);
        return awaitEnd();
    }

    public void start(UUID connector) {
        tokens.start(REGISTRAR, connector);
    }

    public void stop(UUID connector) {
        tokens.stop(REGISTRAR, connector);
    }

    /** The connector that was made last. */
    public ConnectorStatus newest() {
        return tokens.connector(REGISTRAR, newest).orElseThrow();
    }

    public ConnectorStatus awaitEnd() {
        await(Duration.ofSeconds(40), () -> !newest().running());
        return newest();
    }

    public static void await(Duration most, Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(most)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(25))
                .until(condition);
    }

    /** What is done every few seconds in a process that serves people. */
    public void doWhatRecurs() {
        running.parts(Recurring.class).stream()
                .filter(recurring -> recurring.name().startsWith("tokens."))
                .forEach(recurring -> recurring.work().run());
    }

    /** The first column of the first row. */
    public String value(String query) {
        try (Connection admin = part(DatabaseAddress.class).connectAsAdmin();
                var rows = admin.createStatement().executeQuery(query)) {
            return rows.next() ? rows.getString(1) : "";
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    public void change(String statement) {
        try (Connection admin = part(DatabaseAddress.class).connectAsAdmin();
                Statement sql = admin.createStatement()) {
            sql.execute(statement);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Override
    public void close() {
        seeder.close();
    }
}
