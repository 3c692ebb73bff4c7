package org.annona.demo.crawl;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.access.Organisations;
import org.annona.access.Role;
import org.annona.access.Roles;
import org.annona.access.Users;
import org.annona.demo.DemoUsers;
import org.annona.demo.ServerWorld;
import org.annona.foundation.digest.RowDigest;
import org.annona.payments.PaymentLine;
import org.annona.payments.PaymentOrder;
import org.annona.payments.Payments;
import org.annona.payments.decision.DecisionKind;
import org.annona.payments.decision.Decisions;
import org.annona.payments.statement.Statements;
import org.annona.programs.CycleStatus;
import org.annona.programs.DecisionRequest;
import org.annona.programs.OrderKey;
import org.annona.programs.Programs;
import org.annona.registry.ImportStatus;
import org.annona.registry.Registry;
import org.annona.simulators.ibr.SimulatedBeneficiaryRegistry;
import org.annona.simulators.odk.SimulatedOdkCentral;
import org.annona.simulators.socialregistry.SimulatedSocialRegistry;
import org.annona.tokens.ConnectorTerms;
import org.annona.tokens.OdkForm;
import org.annona.tokens.Tokens;
import org.awaitility.Awaitility;

/**
 * A world in which every kind of thing exists that a page shows: also what waits, what was refused and what failed. It is filled
 * and crawled once; each test class gets a copy in which every path that the crawl found leads to the same.
 */
final class FilledWorld {

    private static final int HOUSEHOLDS_ELSEWHERE = 40;

    private final ServerWorld world = ServerWorld.copy();
    private final Map<Role, Crawl> crawls = new EnumMap<>(Role.class);
    private final SimulatedOdkCentral odk;

    private static final class Once {

        private static final FilledWorld FILLED = filled();

        private static FilledWorld filled() {
            try {
                return new FilledWorld();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    static ServerWorld copy() {
        return ServerWorld.copyOf(Once.FILLED.world);
    }

    /** Everything that each role reached. */
    static Map<Role, Crawl> crawls() {
        return Once.FILLED.crawls;
    }

    private FilledWorld() throws IOException {
        SimulatedBeneficiaryRegistry beneficiaries = new SimulatedBeneficiaryRegistry(0);
        beneficiaries.start();
        SimulatedSocialRegistry socialRegistry = new SimulatedSocialRegistry(0, HOUSEHOLDS_ELSEWHERE, 1);
        socialRegistry.start();
        odk = new SimulatedOdkCentral(0);
        odk.start();
        world.demoWith(beneficiaries, socialRegistry);
        // First in the list of users, so that no form of the crawl locks a role out.
        world.server
                .part(Users.class)
                .createIfAbsent("aaa", "Spare", Set.of(Role.AUDITOR), "words of the spare", false);
        rolesAndOrganisations();
        connectorOfAForm();
        imports();
        decisionsThatWait();
        whatFailed();
        SiteMap site = new SiteMap(world);
        for (Role role : Role.values()) {
            crawls.put(role, Crawl.by(Visitor.loggedIn(world, role), site));
        }
        world.close();
    }

    private Actor actor(Role role) {
        return world.users.actor(role);
    }

    private void rolesAndOrganisations() {
        Users users = world.server.part(Users.class);
        Actor root = actor(Role.ADMINISTRATOR);
        Actor second = users.find(DemoUsers.SECOND_ADMINISTRATOR).orElseThrow().actor();
        short other = world.server.part(Organisations.class).create(root, "HEALTH", "Ministry of Health");
        users.createIfAbsent(
                DemoUsers.name(Role.AUDITOR),
                "",
                other,
                Set.of(Role.AUDITOR),
                world.users.password(Role.AUDITOR),
                false);
        world.server.part(Roles.class).create(root, "clerk", "Clerk at the desk", Set.of("registry.view"));
        users.create(second, "aab", "Spare with a role that waits", Set.of("registrar", "clerk"));
        users.create(second, "aac", "Another one", Set.of("approver"));
        world.server.part(Roles.class).create(root, "visitor", "Visitor", Set.of("programs.view"));
    }

    private void connectorOfAForm() {
        Instant from = Instant.parse("2026-01-01T00:00:00Z");
        odk.submit(from.plusSeconds(60), Map.of("vid", "1999999999", "name", "Nobody here"));
        OdkForm form = new OdkForm(
                odk.url(),
                "v1",
                "",
                SimulatedOdkCentral.PROJECT,
                SimulatedOdkCentral.FORM,
                SimulatedOdkCentral.EMAIL,
                from,
                from.plus(Duration.ofDays(1)));
        Map<String, String> password = Map.of("password of the form", SimulatedOdkCentral.PASSWORD);
        started("Form of the districts", lawful(ConnectorTerms.presetForForm(world.seeder.url(), form), 0), password);
        started("People, again and again", lawful(ConnectorTerms.preset(world.seeder.url()), 60), Map.of());
    }

    private void started(String name, ConnectorTerms terms, Map<String, String> secrets) {
        Tokens tokens = world.server.part(Tokens.class);
        tokens.start(actor(Role.REGISTRAR), tokens.createConnector(actor(Role.ADMINISTRATOR), name, terms, secrets));
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .until(() -> !tokens.connector(actor(Role.REGISTRAR), name)
                        .orElseThrow()
                        .running());
    }

    private static ConnectorTerms lawful(ConnectorTerms preset, int intervalMinutes) {
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
                intervalMinutes,
                preset.batch(),
                preset.maxAttempts(),
                preset.backOff(),
                preset.requestTimeout(),
                new ConnectorTerms.Patience(
                        Duration.ofMillis(100),
                        Duration.ofMillis(200),
                        Duration.ofMillis(100),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(30)),
                preset.virtualIdType(),
                preset.tokenType(),
                preset.tokenPattern(),
                preset.purpose(),
                ConnectorTerms.Basis.LAW,
                "Sample Social Protection Act, section 12",
                preset.proof(),
                preset.form());
    }

    private void imports() {
        Registry registry = world.server.part(Registry.class);
        Actor registrar = actor(Role.REGISTRAR);
        registry.uploadPeople(registrar, "to be mapped.csv", csv("First,Second,Third\nx,y,z\n"));
        ImportStatus checked = registry.uploadPeople(
                registrar,
                "to be written.csv",
                csv("household_no,role,given_name,family_name,sex,birth_date,national_id\n"
                        + "H1,head,Asha,Devi,F,1976-01-01,\nH1,child,Bad,Row,F,1976-02-31,\n"));
        registry.checkImport(registrar, checked.id(), checked.mapping(), checked.dateOrder(), "crawl");
        Awaitility.await()
                .until(() -> registry.importStatus(registrar, checked.id()).state() == ImportStatus.State.CHECKED);
    }

    private static ByteArrayInputStream csv(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** An order of others, whose beneficiary has no account. */
    private void paymentThatWaits() {
        Payments payments = world.server.part(Payments.class);
        PaymentLine line = new PaymentLine("crawl", UUID.randomUUID(), 100, 0);
        RowDigest digest = new RowDigest();
        digest.add(line.key(), line.beneficiary(), 100, "KES", 0);
        payments.open(new PaymentOrder(
                "crawl",
                "FAMILY",
                "Family grant",
                "crawl",
                "KES",
                1,
                100,
                digest.finish(),
                LocalDate.now(),
                "manager",
                "approver",
                "finance"));
        payments.deliver("crawl", List.of(line));
        payments.complete("crawl");
        UUID envelope = payments.envelopeOf("crawl").orElseThrow();
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .until(() -> payments.totals(envelope).stream()
                        .anyMatch(total -> total.state().equals("unresolved")));
    }

    private void decisionsThatWait() {
        paymentThatWaits();
        world.bank.deposit("OF NOBODY", 1_234);
        world.bank.closeDays(1);
        Statements statements = world.server.part(Statements.class);
        Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> statements.unexplained() > 0);
        Decisions decisions = world.server.part(Decisions.class);
        String rejected = "(id::text) from payments.disbursement where state = 'rejected'";
        Actor colleague = new Actor("olga", "Olga", Set.of(Role.FINANCE_OFFICER));
        decisions.ask(
                actor(Role.FINANCE_OFFICER),
                DecisionKind.REISSUE,
                UUID.fromString(world.value("select min" + rejected)),
                0,
                "1",
                "a new account");
        decisions.ask(
                colleague,
                DecisionKind.REISSUE,
                UUID.fromString(world.value("select max" + rejected)),
                0,
                "1",
                "the bank has mended it");
        Programs programs = world.server.part(Programs.class);
        Actor manager = actor(Role.PROGRAMME_MANAGER);
        programs.draft(manager, "elder", Map.of("code", "DRAFT"));
        programs.submit(
                manager,
                programs.draft(manager, "emergency", Map.of("code", "WAITS", "everybody", "yes"))
                        .id());
        UUID previewed =
                programs.draft(manager, "elder", Map.of("code", "PREVIEWED")).id();
        programs.submit(manager, previewed);
        approve(Role.APPROVER, previewed);
        programs.assess(manager, previewed);
        UUID family = programs.programme(manager, "FAMILY").orElseThrow().id();
        cycleWithPaymentsWithoutAccount(programs, family);
        computed(programs, family, "third cycle");
        cycleWithSharedAccounts(programs, family);
        endsThatWait();
        world.server.part(Payments.class).announceFunds(actor(Role.FINANCE_OFFICER), "FAMILY", "KES", 100);
    }

    private void cycleWithPaymentsWithoutAccount(Programs programs, UUID family) {
        Payments payments = world.server.part(Payments.class);
        CycleStatus cycle = computed(programs, family, "second cycle");
        String reference = payments.announceFunds(actor(Role.FINANCE_OFFICER), "FAMILY", "KES", cycle.totalMinor());
        world.bank.deposit(reference, cycle.totalMinor());
        world.bank.closeDays(1);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> payments.availableMinor("FAMILY") >= cycle.totalMinor());
        approve(Role.APPROVER, cycle.id());
        approve(Role.FINANCE_OFFICER, cycle.id());
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .until(() -> payments.envelopeOf(OrderKey.of(cycle.id()))
                        .map(envelope -> payments.totals(envelope).stream()
                                .anyMatch(total -> total.state().equals("unresolved")))
                        .orElse(false));
    }

    /** Two people who were paid have one account now. */
    private void cycleWithSharedAccounts(Programs programs, UUID family) {
        change("update mapper.mapping set version = version + 1, account_index = '\\x0123' where identity in ("
                + "select 'uid:' || payee_id || '@registry' from programs.entitlement where settled_minor > 0"
                + " order by payee_id limit 2)");
        opened(programs, family, "fourth cycle", "accounts");
        change(
                "update payments.disbursement set reason = 'ACCOUNT_CHANGED', fa_version = 2 where id = (select min(d.id::text)::uuid"
                        + " from payments.disbursement d join payments.envelope e on e.id = d.envelope_id where d.state = 'unresolved'"
                        + " and e.cycle_code = 'second cycle')");
    }

    /** Asked for by the manager of the demo, and by a colleague, so that each form of the page stands somewhere. */
    private void endsThatWait() {
        change("insert into programs.enrolment_end (id, enrolment_id, to_state, reason, note, asked_by)"
                + " select gen_random_uuid(), id, 'exited', 'MOVED', 'left the country', case when row_number() over (order by id) = 1"
                + " then 'manager' else 'another' end from (select id from programs.enrolment where state = 'enrolled'"
                + " order by id limit 2) two");
    }

    private CycleStatus computed(Programs programs, UUID programme, String code) {
        return opened(programs, programme, code, "computed");
    }

    private CycleStatus opened(Programs programs, UUID programme, String code, String state) {
        Actor manager = actor(Role.PROGRAMME_MANAGER);
        programs.openCycle(manager, programme, code, LocalDate.now());
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> programs.cycle(manager, programme, code)
                        .orElseThrow()
                        .state()
                        .equals(state));
        return programs.cycle(manager, programme, code).orElseThrow();
    }

    private void approve(Role role, UUID subject) {
        Programs programs = world.server.part(Programs.class);
        DecisionRequest request = programs.requestOn(actor(role), subject).orElseThrow();
        programs.approve(actor(role), request.id(), request.digest(), "crawl");
    }

    private void whatFailed() {
        change("insert into foundation.job (id, block, kind, key, title, subject, state, input, message, requested_by)"
                + " values (gen_random_uuid(), 'registry', 'crawl', 'crawl', 'Job that failed', 'crawl/1', 'failed', '{}',"
                + " 'It failed.', 'root')");
        change("insert into foundation.job (id, block, kind, key, title, subject, state, input, message, requested_by)"
                + " values (gen_random_uuid(), 'registry', 'crawl', 'crawl 2', 'Job that waits', 'crawl/2', 'waiting', '{}',"
                + " 'The counterpart is away.', 'root')");
        change("insert into foundation.outbox (id, block, topic, key, payload, payload_hash, state, attempts)"
                + " values (gen_random_uuid(), 'registry', 'crawl', 'crawl', '{}', '\\x00', 'dead', 30)");
        change(
                "insert into exchange.callback (id, partner_id, registry, action, target, address, header, encrypted, state,"
                        + " attempts, last_error, tried_until) select gen_random_uuid(), id, 'sr', 'on-search',"
                        + " 'http://127.0.0.1:1/', '127.0.0.1:1', '{}', false, 'dead', 30, 'no answer', now()"
                        + " from exchange.partner, generate_series(1, 2)");
        change("insert into exchange.callback_trouble (partner_id, address, since, failures, last_error)"
                + " select id, '127.0.0.1:1', now(), 3, 'no answer' from exchange.partner limit 1");
        change(
                "insert into exchange.subscription (code, partner_id, registry, event, record_type, filter_type, filter_sealed,"
                        + " likeness, purpose, target, encrypted, state, correlation_id) select 'crawl', id, 'sr',"
                        + " 'REGISTRATION', 'PERSON', 'none', '\\x00', '\\x00', '', 'http://127.0.0.1:1/', false, 'suspended', 'c'"
                        + " from exchange.partner limit 1");
        change(
                "insert into registry.consent (id, person_id, purpose, receipt, given_on, recorded_by)"
                        + " select gen_random_uuid(), id, 'identity-token', 'R 1', current_date, 'registrar' from registry.person");
        change("insert into registry.reveal (id, at, user_name, person_id, occasion, reason)"
                + " select gen_random_uuid(), now(), 'registrar', min(id::text)::uuid, 'correction', 'wrong year of birth'"
                + " from registry.person");
        change(
                "insert into exchange.partner select (jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid(),"
                        + " 'sender_id', 'suspended-partner', 'client_id', 'suspended-partner', 'state', 'suspended'))).*"
                        + " from exchange.partner one limit 1");
        change("insert into tokens.token_case (id, tokenisation_id, kind, person_id, other_person_id)"
                + " select gen_random_uuid(), min(id::text)::uuid, 'same_token', min(person_id::text)::uuid,"
                + " max(person_id::text)::uuid from tokens.tokenisation");
    }

    private void change(String statement) {
        try (Connection admin = world.installation.address().connectAsAdmin();
                Statement sql = admin.createStatement()) {
            sql.execute(statement);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
