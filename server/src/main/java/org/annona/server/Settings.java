package org.annona.server;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Currency;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How this installation is set up, from environment variables. Each has a default with which Annona runs by itself.
 *
 * @param dataFolder {@code ANNONA_DATA}
 * @param databaseUrl {@code ANNONA_DATABASE_URL}; null for the embedded server
 * @param masterKey {@code ANNONA_MASTER_KEY}, in Base64; null for a file in the data folder
 * @param address {@code ANNONA_ADDRESS}, on which the server listens; loopback by default
 * @param port {@code ANNONA_PORT}; 0 for a free one
 * @param secureCookies {@code ANNONA_HTTPS}: the server is reached over HTTPS only
 * @param country {@code ANNONA_COUNTRY}, shown on every page
 * @param zone {@code ANNONA_ZONE}, in which days begin and times are shown
 * @param currency {@code ANNONA_CURRENCY}
 * @param phoneRegion {@code ANNONA_PHONE_REGION}, ISO 3166
 * @param bankUrl {@code ANNONA_BANK_URL}; null for the simulated bank of a demo, or none
 * @param bankToken {@code ANNONA_BANK_TOKEN}
 * @param bankAccount {@code ANNONA_BANK_ACCOUNT}
 * @param bankTimeout {@code ANNONA_BANK_TIMEOUT}, in seconds: how long an answer of the bank is waited for
 * @param settlingTime {@code ANNONA_BANK_SETTLING}, in seconds: after how long its "never heard of it" may be believed
 */
public record Settings(
        Path dataFolder,
        @Nullable String databaseUrl,
        @Nullable String masterKey,
        String address,
        int port,
        boolean secureCookies,
        String country,
        ZoneId zone,
        Currency currency,
        String phoneRegion,
        @Nullable String bankUrl,
        @Nullable String bankToken,
        String bankAccount,
        Duration bankTimeout,
        Duration settlingTime,
        Guards guards,
        Standing standing,
        Bounds bounds) {

    /**
     * @param returnWindowDays {@code ANNONA_RETURN_WINDOW}: for how many days of statements money may come back before the payments
     *     of a cycle are closed; what comes back later is booked all the same
     * @param accountConcernPercent {@code ANNONA_ACCOUNT_CONCERNS}: above this share of the lines of a cycle, new and shared
     *     accounts keep the whole list from approval
     */
    public record Bounds(int returnWindowDays, int accountConcernPercent) {}

    /**
     * As what this installation stands towards other systems.
     *
     * @param senderId {@code ANNONA_DCI_ID}, under which it signs
     * @param aliases {@code ANNONA_DCI_ALIASES}, other names by which others may address it, with commas between
     * @param address {@code ANNONA_PUBLIC_URL}, under which users and partners reach it; other hosts are refused
     * @param development {@code ANNONA_DEVELOPMENT}: others may have it call http and local addresses, and it may listen on the network without
     *     encryption; never in earnest
     * @param installation {@code ANNONA_BLOCKS}, which blocks run here
     * @param registry {@code ANNONA_REGISTRY}, the sender id of the installation that has the registry, where it is not this one
     * @param trustedHosts {@code ANNONA_TRUSTED_HOSTS}, the only hosts that connectors and data sources may call, with commas between
     * @param firstRetry {@code ANNONA_FIRST_RETRY}, in seconds: the pause after the first failure of another registry
     */
    public record Standing(
            String senderId,
            Set<String> aliases,
            String address,
            boolean development,
            Topology topology,
            String registry,
            Set<String> trustedHosts,
            Duration firstRetry) {

        Standing at(String newAddress) {
            return new Standing(
                    senderId, aliases, newAddress, development, topology, registry, trustedHosts, firstRetry);
        }
    }

    /**
     * What keeps strangers and curious users away.
     *
     * @param proxies {@code ANNONA_PROXY}, addresses or networks of our proxies, with commas between; nobody else is believed who
     *     says for whom a request comes
     * @param revealsADay {@code ANNONA_REVEALS_PER_DAY}: how many people a user may see in clear on a day
     * @param searchesADay {@code ANNONA_SEARCHES_PER_DAY}: how often a user may search by a name or a number on a day
     */
    public record Guards(Set<String> proxies, int revealsADay, int searchesADay) {}

    /** Which blocks run in one process. */
    public enum Topology {
        ALL("registry,tokens,programs,mapper,payments"),
        REGISTRY("registry,tokens"),
        PROGRAMMES("programs,mapper,payments");

        private final Set<String> blocks;

        Topology(String blocks) {
            this.blocks = Set.of(blocks.split(","));
        }

        public boolean hasRegistry() {
            return this != PROGRAMMES;
        }

        public boolean hasProgrammes() {
            return this != REGISTRY;
        }

        boolean has(String schema) {
            return blocks.contains(schema) || !ALL.blocks.contains(schema);
        }

        static Topology of(String text) {
            Set<String> wanted = Stream.of(text.split(",")).map(String::strip).collect(Collectors.toSet());
            for (Topology topology : values()) {
                if (topology.blocks.equals(wanted)) {
                    return topology;
                }
            }
            throw new Refusal(
                    "ANNONA_BLOCKS is '" + text + "'. It is one of registry,tokens,programs,mapper,payments (all in one"
                            + " installation), registry,tokens, or programs,mapper,payments (with the registry in another"
                            + " installation).");
        }
    }

    public static Settings from(Map<String, String> environment) {
        return new Settings(
                Path.of(value(environment, "ANNONA_DATA", "data"))
                        .toAbsolutePath()
                        .normalize(),
                environment.get("ANNONA_DATABASE_URL"),
                environment.get("ANNONA_MASTER_KEY"),
                value(environment, "ANNONA_ADDRESS", "127.0.0.1"),
                port(value(environment, "ANNONA_PORT", "8080")),
                Boolean.parseBoolean(value(environment, "ANNONA_HTTPS", "false")),
                value(environment, "ANNONA_COUNTRY", "Sample country"),
                zone(value(environment, "ANNONA_ZONE", "Africa/Nairobi")),
                currency(value(environment, "ANNONA_CURRENCY", "KES")),
                value(environment, "ANNONA_PHONE_REGION", "KE"),
                environment.get("ANNONA_BANK_URL"),
                environment.get("ANNONA_BANK_TOKEN"),
                value(environment, "ANNONA_BANK_ACCOUNT", "GOV0001"),
                seconds(environment, "ANNONA_BANK_TIMEOUT", 30),
                seconds(environment, "ANNONA_BANK_SETTLING", 600),
                guards(environment),
                standing(environment),
                new Bounds(
                        number(environment, "ANNONA_RETURN_WINDOW", 90, 1, 400),
                        number(environment, "ANNONA_ACCOUNT_CONCERNS", 5, 0, 100)));
    }

    private static Guards guards(Map<String, String> environment) {
        return new Guards(
                names(value(environment, "ANNONA_PROXY", "")),
                count(environment, "ANNONA_REVEALS_PER_DAY", 50),
                count(environment, "ANNONA_SEARCHES_PER_DAY", 500));
    }

    private static int count(Map<String, String> environment, String name, int otherwise) {
        String text = value(environment, name, Integer.toString(otherwise));
        if (!text.matches("\\d{1,6}")) {
            throw new Refusal(name + " is a whole number, not '" + text + "'.");
        }
        return Integer.parseInt(text);
    }

    private static Standing standing(Map<String, String> environment) {
        return new Standing(
                value(environment, "ANNONA_DCI_ID", "annona"),
                names(value(environment, "ANNONA_DCI_ALIASES", "")),
                value(
                        environment,
                        "ANNONA_PUBLIC_URL",
                        "http://127.0.0.1:" + value(environment, "ANNONA_PORT", "8080")),
                Boolean.parseBoolean(value(environment, "ANNONA_DEVELOPMENT", "false")),
                Topology.of(value(environment, "ANNONA_BLOCKS", "registry,tokens,programs,mapper,payments")),
                value(environment, "ANNONA_REGISTRY", "annona-registry"),
                names(value(environment, "ANNONA_TRUSTED_HOSTS", "")),
                seconds(environment, "ANNONA_FIRST_RETRY", 2));
    }

    private static Set<String> names(String text) {
        return Stream.of(text.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
    }

    private static String value(Map<String, String> environment, String name, String otherwise) {
        String value = environment.getOrDefault(name, "");
        return value.isBlank() ? otherwise : value.strip();
    }

    static int port(String text) {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > 65535) {
            throw new Refusal("'" + text + "' is no port. Use a number from 1 to 65535, or 0 for any free one.");
        }
        return Integer.parseInt(text);
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException unknown) {
            throw new Refusal(
                    "ANNONA_ZONE is '" + text + "', which is no time zone. Use a name such as Africa/Nairobi.");
        }
    }

    private static Currency currency(String text) {
        try {
            return Currency.getInstance(text);
        } catch (IllegalArgumentException unknown) {
            throw new Refusal("ANNONA_CURRENCY is '" + text + "', which is no ISO 4217 code. Use one such as KES.");
        }
    }

    /** With up to three decimals. */
    private static Duration seconds(Map<String, String> environment, String name, int otherwise) {
        String text = value(environment, name, Integer.toString(otherwise));
        if (!text.matches("\\d{1,6}(\\.\\d{1,3})?") || text.matches("[0.]+")) {
            throw new Refusal(name + " is a number of seconds, not '" + text + "'.");
        }
        return Duration.ofMillis(new BigDecimal(text).movePointRight(3).longValueExact());
    }

    private static int number(Map<String, String> environment, String name, int otherwise, int least, int most) {
        String text = value(environment, name, Integer.toString(otherwise));
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw new Refusal(name + " is a number from " + least + " to " + most + ", not '" + text + "'.");
        }
        return Integer.parseInt(text);
    }

    public Settings withPort(int newPort) {
        Standing moved =
                standing.address().equals(onThisMachine(port)) ? standing.at(onThisMachine(newPort)) : standing;
        return copy(newPort, bankUrl, bankToken, bankTimeout, settlingTime, moved, bounds);
    }

    /** The folder of the files with the newest entry of each audit chain, one for each day. */
    public Path auditHeads() {
        return dataFolder.resolve("audit-heads");
    }

    /** Where others reach it. @param actualPort on which the server listens */
    public String publicAddress(int actualPort) {
        return standing.address().equals(onThisMachine(0)) ? onThisMachine(actualPort) : standing.address();
    }

    private static String onThisMachine(int port) {
        return "http://127.0.0.1:" + port;
    }

    /** As the installation of the programmes in a demo of two installations. */
    public Settings asProgrammesOf(String senderId, String registry) {
        return with(new Standing(
                senderId,
                Set.of(),
                standing.address(),
                true,
                Topology.PROGRAMMES,
                registry,
                standing.trustedHosts(),
                standing.firstRetry()));
    }

    private Settings with(Standing other) {
        return copy(port, bankUrl, bankToken, bankTimeout, settlingTime, other, bounds);
    }

    /** With what the others change; the rest stays. */
    private Settings copy(
            int newPort,
            @Nullable String newBankUrl,
            @Nullable String newBankToken,
            Duration newTimeout,
            Duration newSettling,
            Standing newStanding,
            Bounds newBounds) {
        return new Settings(
                dataFolder,
                databaseUrl,
                masterKey,
                address,
                newPort,
                secureCookies,
                country,
                zone,
                currency,
                phoneRegion,
                newBankUrl,
                newBankToken,
                bankAccount,
                newTimeout,
                newSettling,
                guards,
                newStanding,
                newBounds);
    }

    /** With simulated counterparts on this machine, which connectors may call. @param firstRetry at most, as they soon recover */
    public Settings withCounterparts(String host, Duration firstRetry) {
        Set<String> hosts = new HashSet<>(standing.trustedHosts());
        hosts.add(host);
        return with(new Standing(
                standing.senderId(),
                standing.aliases(),
                standing.address(),
                standing.development(),
                standing.topology(),
                standing.registry(),
                Set.copyOf(hosts),
                standing.firstRetry().compareTo(firstRetry) < 0 ? standing.firstRetry() : firstRetry));
    }

    /** With another bank. */
    public Settings withBank(String url, String token, Duration timeout, Duration settling) {
        return copy(port, url, token, timeout, settling, standing, bounds);
    }

    /** With payments that are closed after so many days of statements. */
    public Settings withReturnWindow(int days) {
        return copy(
                port,
                bankUrl,
                bankToken,
                bankTimeout,
                settlingTime,
                standing,
                new Bounds(days, bounds.accountConcernPercent()));
    }

    @Override
    public String toString() {
        return "Settings[" + dataFolder + "]";
    }
}
