package org.annona.demo;

import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.annona.access.Users;
import org.annona.demo.standin.BankSwitches;
import org.annona.demo.standin.StandIn;
import org.annona.demo.standin.StandIns;
import org.annona.demo.strip.DemoStrip;
import org.annona.demo.strip.WorldOutside;
import org.annona.exchange.asking.RemoteRegistries;
import org.annona.exchange.partner.Partners;
import org.annona.foundation.audit.AuditSeal;
import org.annona.foundation.audit.AuditVerification;
import org.annona.foundation.job.Jobs;
import org.annona.payments.Payments;
import org.annona.programs.Programs;
import org.annona.registry.OtherRegistries;
import org.annona.registry.Registry;
import org.annona.server.DataFolder;
import org.annona.server.Installation;
import org.annona.server.RunningServer;
import org.annona.server.Settings;
import org.annona.server.command.Running;
import org.annona.tokens.Tokens;
import org.jspecify.annotations.Nullable;
import org.springframework.context.support.GenericApplicationContext;

/** A server with its stand-ins beside it. */
final class DemoServer implements AutoCloseable {

    /** Where other stand-ins run, as the command {@code stand-ins} prints them; for tests that end this process. */
    static final String STAND_INS = "ANNONA_DEMO_STAND_INS";

    /** The simulated bank answers within milliseconds or not at all. */
    private static final Duration BANK_TIMEOUT = Duration.ofSeconds(3);

    static final int RETURN_WINDOW_DAYS = 5;
    private static final Duration BANK_SETTLING = Duration.ofSeconds(1);
    private static final Duration FIRST_RETRY = Duration.ofMillis(300);
    private static final Duration BANK_DAY = Duration.ofMillis(400);

    private final Running running;
    private final StandIns standIns;
    private final DemoOutput output;

    private DemoServer(Running running, StandIns standIns, DemoOutput output) {
        this.running = running;
        this.standIns = standIns;
        this.output = output;
    }

    /** Starts the simulated bank, unless another one is configured, and where the registry is here its counterparts too. */
    static DemoServer start(Settings wanted, DataFolder folder, DemoOutput output) {
        Set<StandIn> played = EnumSet.noneOf(StandIn.class);
        if (wanted.bankUrl() == null) {
            played.add(StandIn.BANK);
        }
        if (wanted.standing().topology().hasRegistry()) {
            played.addAll(Set.of(StandIn.TOKEN_SEEDER, StandIn.BENEFICIARY_REGISTRY, StandIn.SOCIAL_REGISTRY));
        }
        String others = System.getenv(STAND_INS);
        AtomicReference<StandIns> started = new AtomicReference<>(StandIns.none());
        Running running = Running.start(wanted, folder, (settings, installation) -> {
            if (played.isEmpty()) {
                return serve(settings, installation, output);
            }
            StandIns.Account account = new StandIns.Account(
                    installation.masterKey().password("simulated bank"),
                    settings.bankAccount(),
                    settings.currency().getCurrencyCode());
            StandIns standIns = others == null
                    ? StandIns.start(folder.path().resolve("stand-ins"), played, account)
                    : StandIns.running(others);
            started.set(standIns);
            String bank = standIns.url(StandIn.BANK);
            Settings known = bank == null
                    ? settings
                    : settings.withBank(bank, account.token(), BANK_TIMEOUT, BANK_SETTLING)
                            .withReturnWindow(RETURN_WINDOW_DAYS);
            return serve(known.withCounterparts("127.0.0.1", FIRST_RETRY), installation, output);
        });
        return new DemoServer(running, started.get(), output);
    }

    private static RunningServer serve(Settings settings, Installation installation, DemoOutput output) {
        return RunningServer.start(settings, installation, strip(bank(settings), output));
    }

    /** Adds the strip of the demo to the pages of a server. */
    static Consumer<GenericApplicationContext> strip(BankSwitches bank, DemoOutput output) {
        return beans -> {
            beans.registerBean(DemoStrip.class, () -> new DemoStrip(output::status));
            beans.registerBean(WorldOutside.class, () -> new WorldOutside(beans.getBean(Payments.class), bank));
        };
    }

    private static BankSwitches bank(Settings settings) {
        return new BankSwitches(
                Objects.requireNonNull(settings.bankUrl()), Objects.requireNonNullElse(settings.bankToken(), ""));
    }

    Running running() {
        return running;
    }

    DemoUsers users() {
        return new DemoUsers(
                running.server().part(Users.class), running.installation().masterKey());
    }

    /** @param importing takes the people of the country in */
    Demo demo(Importing importing) {
        RunningServer server = running.server();
        return new Demo(
                importing,
                server.part(Programs.class),
                server.part(Payments.class),
                server.part(Jobs.class),
                new AuditVerification(
                        running.installation().database("foundation"),
                        AuditSeal.of(running.installation().masterKey())),
                users(),
                bank(running.settings()),
                bankDay(),
                running.settings().currency().getCurrencyCode(),
                server.part(Clock.class),
                output,
                tokens(),
                duplicates(),
                source());
    }

    /** No longer than the bank needs to settle. */
    private Duration bankDay() {
        Duration settling = running.settings().settlingTime();
        return settling.compareTo(BANK_DAY) < 0 ? settling : BANK_DAY;
    }

    Importing importing() {
        return new LocalImporting(
                running.server().part(Registry.class), running.server().part(Jobs.class), users(), output);
    }

    private @Nullable TokenDemo tokens() {
        String url = standIns.url(StandIn.TOKEN_SEEDER);
        return url == null
                ? null
                : new TokenDemo(
                        running.server().part(Tokens.class),
                        users(),
                        url,
                        standIns.switches(StandIn.TOKEN_SEEDER),
                        running.settings().standing().firstRetry());
    }

    private @Nullable DuplicatesDemo duplicates() {
        String url = standIns.url(StandIn.BENEFICIARY_REGISTRY);
        RunningServer server = running.server();
        return url == null
                ? null
                : new DuplicatesDemo(
                        server.part(Programs.class),
                        server.part(Registry.class),
                        server.part(Partners.class),
                        server.part(RemoteRegistries.class),
                        users(),
                        url,
                        standIns.switches(StandIn.BENEFICIARY_REGISTRY));
    }

    private @Nullable SourceDemo source() {
        String url = standIns.url(StandIn.SOCIAL_REGISTRY);
        RunningServer server = running.server();
        return url == null
                ? null
                : new SourceDemo(
                        server.part(OtherRegistries.class),
                        server.part(Programs.class),
                        server.part(Jobs.class),
                        users(),
                        url,
                        standIns.switches(StandIn.SOCIAL_REGISTRY));
    }

    @Override
    public void close() {
        running.close();
        standIns.close();
    }
}
