package org.annona.bench;

import java.io.BufferedWriter;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.demo.DemoUsers;
import org.annona.exchange.Disclosure;
import org.annona.exchange.asking.RemoteRegistries;
import org.annona.exchange.keys.OurKeys;
import org.annona.exchange.partner.DisclosureRule;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.PartnerDraft;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.partner.TokenScope;
import org.annona.foundation.job.JobState;
import org.annona.foundation.job.Jobs;
import org.annona.interop.signature.SignaturePolicy;
import org.annona.programs.DecisionRequest;
import org.annona.programs.DuplicationStatus;
import org.annona.programs.ProgrammeStatus;
import org.annona.programs.Programs;
import org.annona.programs.duplication.CheckMode;
import org.annona.programs.duplication.Sources;
import org.annona.registry.ImportStatus;
import org.annona.registry.Registry;
import org.annona.server.Installation;
import org.annona.server.RunningServer;
import org.annona.simulators.ibr.SimulatedBeneficiaryRegistry;
import org.apache.commons.validator.routines.checkdigit.CheckDigitException;
import org.apache.commons.validator.routines.checkdigit.VerhoeffCheckDigit;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everybody of a large programme is asked for at another registry of beneficiaries, which fails for one message in a hundred and
 * stumbles over one person in a hundred.
 */
final class DuplicatesBench {

    private static final String CODE = "BENCH";
    private static final int ITEMS = 500;

    private final RunningServer server;
    private final DemoUsers users;
    private final Installation installation;
    private final Path folder;

    DuplicatesBench(RunningServer server, DemoUsers users, Installation installation, Path folder) {
        this.server = server;
        this.users = users;
        this.installation = installation;
        this.folder = folder;
    }

    void run(int people) throws Exception {
        register(people);
        Programs programs = server.part(Programs.class);
        Actor manager = users.actor(Role.PROGRAMME_MANAGER);
        UUID programme = enrolled(programs, manager, people);
        try (SimulatedBeneficiaryRegistry other = new SimulatedBeneficiaryRegistry(0)) {
            other.start();
            int hundredth = people / 100;
            other.enrol(nationalIds(0, hundredth));
            other.stumbleOver(nationalIds(hundredth, 2 * hundredth));
            other.failOneIn(100);
            UUID source = source(programs, manager, other.port());
            Instant begin = Instant.now();
            programs.checkAllForDuplicates(manager, source, programme);
            await(() -> !programs.duplication(manager, source).running());
            double seconds = Duration.between(begin, Instant.now()).toMillis() / 1000.0;
            DuplicationStatus status = programs.duplication(manager, source);
            Bench.tell(
                    String.format(Locale.ROOT, "%,d checks for duplicates, 1 %% faults", people),
                    String.format(Locale.ROOT, "%,.0f/s (%.1f s)", people / seconds, seconds),
                    "promise: 100,000 in 3 min");
            long clear = status.of("no_match");
            long confirmed = status.of("confirmed_match");
            long inconclusive = status.of("inconclusive");
            Bench.tell(
                    "  no match, confirmed, inconclusive, not accounted for",
                    clear + ", " + confirmed + ", " + inconclusive + ", " + (people - clear - confirmed - inconclusive),
                    "promise: " + (people - 2 * hundredth) + ", " + hundredth + ", " + hundredth + ", 0");
        }
        Bench.awaitQuiet(installation);
        blindly(programs, manager, programme, people);
    }

    /** This installation asks itself, so that both sides share the machine; everybody is found. */
    private void blindly(Programs programs, Actor manager, UUID programme, int people) throws InterruptedException {
        Actor administrator = users.actor(Role.ADMINISTRATOR);
        String base = "http://127.0.0.1:" + server.port();
        Partners partners = server.part(Partners.class);
        var ourselves = partners.onboard(
                administrator,
                PartnerDraft.of("annona", "Ourselves")
                        .calledAt(null, null, Set.of("127.0.0.1"))
                        .with(Set.of(TokenScope.SEARCH))
                        .with(new Partner.Limits(1_000, 1_000, 100_000, 100, false, null, 3_600))
                        .withKeys(JsonMapper.shared()
                                .writeValueAsString(server.part(OurKeys.class).published())));
        UUID partner = ourselves.partner().id();
        partners.disclose(
                administrator, partner, new DisclosureRule("ibr", "", new Disclosure(Set.of("identifier"), Set.of())));
        server.part(RemoteRegistries.class)
                .agree(
                        administrator,
                        partner,
                        base + "/dci/ibr",
                        base + "/oauth2/token",
                        ourselves.partner().clientId(),
                        ourselves.secret(),
                        500);
        UUID source = server.part(Sources.class)
                .create(
                        manager,
                        new Sources.Draft(
                                "Ourselves", "annona", CheckMode.BLIND, true, "Bench Act, section 1", Set.of(), null));
        Instant begin = Instant.now();
        programs.checkAllForDuplicates(manager, source, programme);
        await(() -> !programs.duplication(manager, source).running());
        double seconds = Duration.between(begin, Instant.now()).toMillis() / 1000.0;
        Bench.tell(
                String.format(Locale.ROOT, "%,d blind checks, list and all", people),
                String.format(Locale.ROOT, "%,.0f/s (%.1f s)", people / seconds, seconds),
                "both installations on this machine");
        long confirmed = programs.duplication(manager, source).of("confirmed_match");
        Bench.tell(
                "  confirmed, not accounted for",
                confirmed + ", " + (people - confirmed),
                "promise: " + people + ", 0");
    }

    private UUID source(Programs programs, Actor manager, int port) {
        Actor administrator = users.actor(Role.ADMINISTRATOR);
        Partner partner = server.part(Partners.class)
                .onboard(
                        administrator,
                        PartnerDraft.of(SimulatedBeneficiaryRegistry.SENDER_ID, "Bench")
                                .with(new Partner.Terms(
                                        SignaturePolicy.OPTIONAL,
                                        Partner.Terms.DEFAULT.signer(),
                                        Partner.Terms.DEFAULT.profile(),
                                        false,
                                        false))
                                .calledAt(null, null, Set.of("127.0.0.1")))
                .partner();
        server.part(RemoteRegistries.class)
                .agree(
                        administrator,
                        partner.id(),
                        "http://127.0.0.1:" + port + "/dci/ibr",
                        "http://127.0.0.1:" + port + "/oauth2/token",
                        "annona",
                        "secret",
                        ITEMS);
        return programs.createDuplicationSource(
                manager, "Bench", SimulatedBeneficiaryRegistry.SENDER_ID, "bench", Set.of(CODE));
    }

    private UUID enrolled(Programs programs, Actor manager, int people) throws InterruptedException {
        ProgrammeStatus programme = programs.draft(
                manager,
                "emergency",
                Map.of("code", CODE, "area", "", "rule", "size == 1", "perChild", "", "maximum", ""));
        programs.submit(manager, programme.id());
        DecisionRequest request =
                programs.requestOn(users.actor(Role.APPROVER), programme.id()).orElseThrow();
        programs.approve(users.actor(Role.APPROVER), request.id(), request.digest(), "");
        programs.assess(manager, programme.id());
        await(() ->
                programs.newestAssessment(manager, programme.id()).orElseThrow().done());
        UUID job = programs.enrol(
                manager,
                programs.newestAssessment(manager, programme.id()).orElseThrow().id());
        await(() -> server.part(Jobs.class).find(job).orElseThrow().state() == JobState.DONE);
        if (programs.enrolled(manager, programme.id()).getOrDefault("enrolled", 0L) != people) {
            throw new IllegalStateException("not everybody was enrolled");
        }
        return programme.id();
    }

    private void register(int people) throws Exception {
        Path file = folder.resolve("people-with-national-ids.csv");
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            out.write("household_no,role,given_name,family_name,sex,birth_date,national_id\n");
            for (int i = 0; i < people; i++) {
                out.write("H" + i + ",head,Given" + i % 977 + ",Family" + i % 1009 + ",F,1976-01-01," + nationalId(i)
                        + "\n");
            }
        }
        Registry registry = server.part(Registry.class);
        Actor registrar = users.actor(Role.REGISTRAR);
        ImportStatus status;
        try (InputStream in = Files.newInputStream(file)) {
            status = registry.uploadPeople(registrar, "people.csv", in);
        }
        UUID id = status.id();
        registry.checkImport(registrar, id, status.mapping(), status.dateOrder(), "bench");
        await(() -> registry.importStatus(registrar, id).state() == ImportStatus.State.CHECKED);
        registry.applyImport(registrar, id);
        await(() -> registry.importStatus(registrar, id).state() == ImportStatus.State.APPLIED);
        if (registry.importStatus(registrar, id).rowsCreated() != people) {
            throw new IllegalStateException("not everybody was registered");
        }
        Bench.awaitQuiet(installation);
    }

    private static List<String> nationalIds(int from, int to) {
        return IntStream.range(from, to).mapToObj(DuplicatesBench::nationalId).toList();
    }

    private static String nationalId(int number) {
        String digits = "5" + String.format(Locale.ROOT, "%010d", number);
        try {
            return digits + VerhoeffCheckDigit.VERHOEFF_CHECK_DIGIT.calculate(digits);
        } catch (CheckDigitException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void await(BooleanSupplier done) throws InterruptedException {
        while (!done.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }
}
