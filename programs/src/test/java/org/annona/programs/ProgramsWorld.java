package org.annona.programs;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Currency;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.foundation.database.Database;
import org.annona.foundation.feed.FeedPart;
import org.annona.foundation.job.JobRunner;
import org.annona.foundation.job.JobState;
import org.annona.foundation.job.JobView;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.MasterKey;
import org.annona.interop.matching.MatchingRequest;
import org.annona.postgres.DatabaseAddress;
import org.annona.programs.approval.Approvals;
import org.annona.programs.cycle.AccountConcerns;
import org.annona.programs.cycle.ComputeEntitlements;
import org.annona.programs.cycle.Cycle;
import org.annona.programs.cycle.Cycles;
import org.annona.programs.cycle.FreezeRoster;
import org.annona.programs.cycle.HandOver;
import org.annona.programs.cycle.PaymentOutcomes;
import org.annona.programs.deciding.Deciding;
import org.annona.programs.duplication.BlindQuestions;
import org.annona.programs.duplication.CheckMembers;
import org.annona.programs.duplication.CheckReports;
import org.annona.programs.duplication.CheckedPeople;
import org.annona.programs.duplication.Checks;
import org.annona.programs.duplication.PartnerTagLists;
import org.annona.programs.duplication.Reviews;
import org.annona.programs.duplication.Sources;
import org.annona.programs.duplication.TypedQuestions;
import org.annona.programs.eligibility.AssessSubjects;
import org.annona.programs.eligibility.Assessment;
import org.annona.programs.eligibility.Assessments;
import org.annona.programs.enrolment.EnrolEligible;
import org.annona.programs.enrolment.EnrolmentEnds;
import org.annona.programs.enrolment.Enrolments;
import org.annona.programs.matching.Exchanges;
import org.annona.programs.matching.PrepareExchange;
import org.annona.programs.population.PopulationRefresh;
import org.annona.programs.programme.Benefit;
import org.annona.programs.programme.Programme;
import org.annona.programs.programme.ProgrammeTerms;
import org.annona.programs.programme.Programmes;
import org.annona.testing.TestPostgres;
import org.awaitility.Awaitility;

/** The programmes block with its jobs, between a registry that a test fills and a payer that a test plays. */
public final class ProgramsWorld implements AutoCloseable {

    public static final Actor MANAGER = new Actor("manuel", "Manuel", Set.of(Role.PROGRAMME_MANAGER));
    public static final Actor APPROVER = new Actor("lena", "Lena", Set.of(Role.APPROVER));
    public static final Actor FINANCE = new Actor("omar", "Omar", Set.of(Role.FINANCE_OFFICER));
    public static final Actor AUDITOR = new Actor("sara", "Sara", Set.of(Role.AUDITOR));
    public static final Actor REGISTRAR = new Actor("amina", "Amina", Set.of(Role.REGISTRAR));
    /** Somebody with every role, who still may not decide on her own work. */
    public static final Actor EVERYTHING = new Actor("eve", "Eve", Set.of(Role.values()));

    public final DatabaseAddress address = TestPostgres.with("foundation", "programs");
    public final Database database = Database.open(address, TestPostgres.ROLES, TestPostgres.PASSWORDS, "programs", 10);
    private final Database foundation =
            Database.open(address, TestPostgres.ROLES, TestPostgres.PASSWORDS, "foundation", 2);
    public final Registry registry = new Registry();
    public final Payer payer = new Payer();
    private final Clock clock = Clock.systemUTC();
    private final ProgramsSettings settings =
            new ProgramsSettings(Currency.getInstance("KES"), 5, Duration.ofMillis(20));
    /** Codes of areas that the country does not have. */
    public final Set<String> unknownAreas = ConcurrentHashMap.newKeySet();

    public final Programmes programmes = new Programmes(database, settings, new Areas(), clock);
    public final Accounts accounts = new Accounts();
    public final AccountConcerns concerns = new AccountConcerns(database, registry, settings);
    public final Approvals approvals = new Approvals(database, clock);
    public final Assessments assessments = new Assessments(database, programmes, clock);
    public final Enrolments enrolments = new Enrolments(database, programmes, assessments, clock);
    public final EnrolmentEnds ends = new EnrolmentEnds(database);
    public final Cycles cycles = new Cycles(database, programmes, payer, clock);
    public final Deciding deciding = new Deciding(database, approvals, programmes, cycles);
    public final PaymentOutcomes outcomes = new PaymentOutcomes(database, payer, clock, "payments.changed");
    public final Others others = new Others();
    public final Sources sources = new Sources(database, others, clock);
    public final PartnerTagLists lists = new PartnerTagLists(database, clock);
    public final BlindQuestions blind = new BlindQuestions(others, registry, lists);
    public final Checks checks = new Checks(database, sources, others, blind, Duration.ofMillis(20), clock);
    public final CheckReports reports = new CheckReports(database, clock);
    public final CheckedPeople people = new CheckedPeople(database, registry, clock);
    public final TypedQuestions typed = new TypedQuestions(database, sources, checks, registry);
    public final Reviews reviews = new Reviews(database, clock);
    public final CheckMembers members = new CheckMembers(
            database,
            sources,
            checks,
            reports,
            blind,
            new PopulationRefresh(database, registry, clock),
            new Jobs(database),
            Duration.ofMillis(20),
            clock);
    public final Exchanges exchanges =
            new Exchanges(database, registry, new Keyring(foundation, MasterKey.random()), 2, clock);
    public final Jobs jobs = new Jobs(database);
    private final JobRunner runner;

    public ProgramsWorld() {
        PopulationRefresh refresh = new PopulationRefresh(database, registry, clock);
        runner = new JobRunner(
                database,
                List.of(
                        new AssessSubjects(database, programmes, refresh, clock),
                        new EnrolEligible(database, checks, clock),
                        members,
                        new PrepareExchange(database, exchanges, registry, 2, clock),
                        new FreezeRoster(database, refresh),
                        new ComputeEntitlements(database, programmes, accounts),
                        new HandOver(database, cycles, approvals, payer)),
                List.of(),
                new JobRunner.Settings(4, Duration.ofMillis(20), Duration.ofMillis(500)));
        runner.start();
    }

    /** People and households as a registry would give them: every row that is added is a change at the end of the feed. */
    public static final class Registry implements Population, PersonDirectory {

        private final List<Household> households = new CopyOnWriteArrayList<>();
        private final List<Person> people = new CopyOnWriteArrayList<>();
        private final List<Membership> memberships = new CopyOnWriteArrayList<>();

        public final Map<UUID, List<Identifier>> identifiers = new ConcurrentHashMap<>();

        @Override
        public List<String> types() {
            return List.of("UIN");
        }

        @Override
        public boolean tellsIdentifiers() {
            return true;
        }

        @Override
        public List<String> toldTypes() {
            return List.of("UIN");
        }

        @Override
        public Map<UUID, List<Identifier>> identifiersOf(Collection<UUID> asked, boolean alsoDeceased) {
            Map<UUID, List<Identifier>> found = new HashMap<>(identifiers);
            found.keySet().retainAll(asked);
            return found;
        }

        @Override
        public List<Optional<UUID>> find(List<Identifier> wanted) {
            return wanted.stream()
                    .map(identifier -> identifiers.entrySet().stream()
                            .filter(entry -> entry.getValue().contains(identifier))
                            .map(Map.Entry::getKey)
                            .findFirst())
                    .toList();
        }

        @Override
        public Map<UUID, String> maskedNames(Collection<UUID> asked) {
            return asked.stream().collect(Collectors.toMap(person -> person, person -> "A•••• B••••"));
        }

        @Override
        public Optional<Described> describe(UUID person) {
            return Optional.of(new Described(
                    "P-1",
                    "A•••• B••••",
                    "1980",
                    List.of(new MaskedIdentifier("National number", "UIN", "••••1234", "valid"))));
        }

        /** The members of a household, the head first. */
        public List<UUID> members(UUID household) {
            return memberships.stream()
                    .filter(row -> row.householdId().equals(household))
                    .map(Membership::personId)
                    .toList();
        }

        /** @param birthDates of its members, the head first; null where one is not known */
        public UUID household(Long income, String area, LocalDate... birthDates) {
            UUID id = UUID.randomUUID();
            households.add(new Household(id, "H-" + households.size(), true, area, income));
            for (int i = 0; i < birthDates.length; i++) {
                UUID person = UUID.randomUUID();
                people.add(new Person(person, "P-" + people.size(), true, "F", birthDates[i]));
                memberships.add(new Membership(
                        UUID.randomUUID(), id, person, i == 0 ? "head" : "child", LocalDate.of(2020, 1, 1), null));
            }
            return id;
        }

        public UUID householdWithoutHead(Long income, String area, LocalDate... birthDates) {
            UUID id = household(income, area, birthDates);
            memberships.replaceAll(row -> row.householdId().equals(id)
                    ? new Membership(row.id(), id, row.personId(), "child", row.from(), row.to())
                    : row);
            return id;
        }

        public void change(UUID household, boolean active, Long income) {
            Household known = households.stream()
                    .filter(row -> row.id().equals(household))
                    .findFirst()
                    .orElseThrow();
            households.add(new Household(household, known.ref(), active, known.areaPath(), income));
        }

        @Override
        public FeedPart<Household> households(String after, int limit) {
            return part(households, after, limit);
        }

        @Override
        public FeedPart<Person> people(String after, int limit) {
            return part(people, after, limit);
        }

        @Override
        public FeedPart<Membership> memberships(String after, int limit) {
            return part(memberships, after, limit);
        }

        private static <T> FeedPart<T> part(List<T> rows, String after, int limit) {
            int from = after.isEmpty() ? 0 : Integer.parseInt(after);
            int to = Math.min(rows.size(), from + limit);
            return new FeedPart<>(List.copyOf(rows.subList(from, to)), Integer.toString(to), to < rows.size());
        }
    }

    private final class Areas implements AreaDirectory {

        @Override
        public List<Area> areas(int limit) {
            return List.of();
        }

        @Override
        public boolean isUnknown(String code) {
            return unknownAreas.contains(code);
        }
    }

    /** Accounts of payees: everybody has one of their own until a test says otherwise. */
    public static final class Accounts implements PayeeAccounts {

        private final Map<UUID, Account> known = new ConcurrentHashMap<>();
        private final Set<UUID> without = ConcurrentHashMap.newKeySet();

        public void give(UUID payee, String number) {
            int version = of(List.of(payee)).getFirst().map(Account::version).orElse(0);
            known.put(payee, new Account(version + 1, number.getBytes(StandardCharsets.UTF_8)));
        }

        public void giveBack(UUID payee) {
            without.remove(payee);
        }

        public void takeAway(UUID payee) {
            without.add(payee);
        }

        @Override
        public List<Optional<Account>> of(List<UUID> payees) {
            return payees.stream()
                    .map(payee -> without.contains(payee)
                            ? Optional.<Account>empty()
                            : Optional.of(known.getOrDefault(
                                    payee, new Account(1, payee.toString().getBytes(StandardCharsets.UTF_8)))))
                    .toList();
        }
    }

    /** Registries of beneficiaries of others, which say what a test lets them say; of whom nothing was said they know nothing. */
    public static final class Others implements BeneficiaryRegistries {

        public final Map<UUID, List<Evidence>> said = new ConcurrentHashMap<>();
        public final AtomicInteger failing = new AtomicInteger();
        public final Map<UUID, List<UUID>> inquiries = new ConcurrentHashMap<>();
        public final AtomicInteger asked = new AtomicInteger();

        public static Evidence found(String programme, Status status, boolean carriesIdentifier) {
            return new Evidence(
                    "UIN",
                    new Finding.Found(List.of(new Match(programme, programme, status, "", carriesIdentifier)), true));
        }

        @Override
        public List<Other> all() {
            return List.of(new Other("health", "Ministry of health"));
        }

        @Override
        public int mostAtOnce(String senderId) {
            return 3;
        }

        public Map<UUID, List<Evidence>> answers(List<UUID> people) {
            Map<UUID, List<Evidence>> answers = new HashMap<>();
            people.forEach(person -> answers.put(
                    person, said.getOrDefault(person, List.of(new Evidence("UIN", new Finding.Nothing())))));
            return answers;
        }

        @Override
        public Map<UUID, List<Evidence>> ask(String senderId, List<UUID> people) {
            asked.addAndGet(people.size());
            if (failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                Map<UUID, List<Evidence>> answers = new HashMap<>();
                people.forEach(person -> answers.put(
                        person, List.of(new Evidence("UIN", new Finding.NotKnown("no answer came", true)))));
                return answers;
            }
            return answers(people);
        }

        @Override
        public Evidence ask(String senderId, String identifierType, String value) {
            typed.add(identifierType + " " + value);
            return saidOfTyped;
        }

        public final List<String> typed = new CopyOnWriteArrayList<>();
        public volatile Evidence saidOfTyped = new Evidence("BRN", new Finding.Nothing());

        /** Plays the other installation in blind matching. */
        public volatile Function<MatchingRequest.Step, Said> installation =
                step -> new Said.Silence("it does not match blindly", false);

        @Override
        public Said match(String senderId, MatchingRequest.Step step) {
            return installation.apply(step);
        }

        @Override
        public void askLater(String senderId, UUID inquiry, List<UUID> people, Instant deadline) {
            inquiries.put(inquiry, people);
        }
    }

    /** A payer that keeps what it was given. */
    public static final class Payer implements PaymentGateway {

        public volatile long availableMinor = 1_000_000_000;
        public final Map<String, Order> orders = new TreeMap<>();
        public final Map<String, Line> lines = new TreeMap<>();
        public final List<Change> changes = new CopyOnWriteArrayList<>();
        public volatile boolean complete;
        public volatile boolean closed;

        @Override
        public Funds fundsOf(String programmeCode, String currency, LocalDate payOn) {
            return new Funds(availableMinor, 0, null, currency);
        }

        @Override
        public void open(Order order) {
            orders.put(order.key(), order);
        }

        @Override
        public void deliver(String orderKey, List<Line> delivered) {
            delivered.forEach(line -> lines.put(line.key(), line));
        }

        @Override
        public void complete(String orderKey) {
            complete = true;
        }

        @Override
        public Optional<Progress> progress(String orderKey) {
            return complete ? Optional.of(new Progress("with the bank", "", closed)) : Optional.empty();
        }

        @Override
        public FeedPart<Change> changes(String after, int limit) {
            int from = after.isEmpty() ? 0 : Integer.parseInt(after);
            return new FeedPart<>(
                    List.copyOf(changes.subList(from, changes.size())), Integer.toString(changes.size()), false);
        }
    }

    public static ProgrammeTerms terms(String rule, long base, long perChild, int most, Long maximum) {
        List<Benefit.Band> bands = new ArrayList<>();
        if (perChild > 0) {
            bands.add(new Benefit.Band("child under 18", "age < 18", perChild, most));
        }
        return new ProgrammeTerms(rule, new Benefit(base, bands, null, maximum, 1), "Test grant");
    }

    /** A programme whose terms are in force. */
    public Programme active(String code, ProgrammeTerms terms) {
        Programme draft = programmes.create(MANAGER, code, "Programme " + code, terms);
        UUID request = programmes.submit(MANAGER, draft.id());
        deciding.approve(APPROVER, request, digestOf(request), "");
        return programmes.find(draft.id());
    }

    public String digestOf(UUID request) {
        return HexFormat.of().formatHex(approvals.show(AUDITOR, request).digest());
    }

    public Assessment assess(Programme programme) {
        UUID id = assessments.begin(MANAGER, programme.id()).id();
        await(() -> assessments.show(AUDITOR, id).state() != Assessment.State.RUNNING, "programme/" + programme.id());
        return assessments.show(AUDITOR, id);
    }

    public void enrol(Programme programme) {
        UUID job = enrolments.enrolEligible(MANAGER, assess(programme).id());
        await(() -> jobs.find(job).orElseThrow().state() == JobState.DONE, "programme/" + programme.id());
    }

    public Cycle computed(Programme programme, String code) {
        UUID id = cycles.open(MANAGER, programme.id(), code, LocalDate.now()).id();
        await(
                () -> cycles.find(id).state() != Cycle.State.PLANNED
                        && cycles.find(id).state() != Cycle.State.FROZEN,
                "cycle/" + id);
        Cycle cycle = cycles.find(id);
        if (cycle.state() != Cycle.State.COMPUTED) {
            throw new AssertionError("the list is " + cycle.state() + ": " + cycle.cancelReason());
        }
        return cycle;
    }

    /** A cycle of which every household was paid. */
    public Cycle paid(Programme programme, String code) {
        Cycle cycle = computed(programme, code);
        payer.complete = false;
        payer.lines.clear();
        release(cycle);
        settle(cycle);
        return cycles.find(cycle.id());
    }

    /** The payer pays every line that it has. */
    public void settle(Cycle cycle) {
        payer.lines
                .values()
                .forEach(line -> payer.changes.add(new PaymentGateway.Change(
                        OrderKey.of(cycle.id()),
                        line.key(),
                        PaymentGateway.Status.SETTLED,
                        "",
                        "",
                        line.amountMinor(),
                        0,
                        line.accountVersion())));
        outcomes.collect();
    }

    public UUID requestOn(UUID subject) {
        return approvals.newestOn(subject).orElseThrow().id();
    }

    public void release(Cycle cycle) {
        UUID request = requestOn(cycle.id());
        deciding.approve(APPROVER, request, digestOf(request), "");
        deciding.approve(FINANCE, request, digestOf(request), "");
        await(() -> payer.complete, "cycle/" + cycle.id());
    }

    /** Waits; says what went wrong when a job of the subject fails. */
    public void await(java.util.function.BooleanSupplier done, String subject) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(25))
                .until(() -> {
                    for (JobView job : jobs.ofSubject(subject, 3)) {
                        if (job.state() == JobState.FAILED) {
                            throw new AssertionError(job.title() + ": " + job.message());
                        }
                    }
                    return done.getAsBoolean();
                });
    }

    @Override
    public void close() {
        runner.close();
        database.close();
        foundation.close();
    }
}
