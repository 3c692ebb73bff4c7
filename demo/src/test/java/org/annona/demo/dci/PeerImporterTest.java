package org.annona.demo.dci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.demo.ServerWorld;
import org.annona.exchange.PartnerSystem;
import org.annona.exchange.partner.Partner;
import org.annona.interop.signature.SignaturePolicy;
import org.annona.interop.signature.Signer;
import org.annona.registry.ImportStatus;
import org.annona.registry.OtherRegistries;
import org.annona.registry.pull.PullTerms;
import org.annona.registry.pull.Pulls;
import org.annona.registry.pull.QueryType;
import org.annona.registry.source.DataSources;
import org.annona.registry.source.SourceTerms;
import org.annona.simulators.importer.SimulatedImporter;
import org.annona.simulators.importer.SimulatedImporter.Failed;
import org.annona.simulators.importer.SimulatedImporter.Fetched;
import org.annona.simulators.importer.SimulatedImporter.Generation;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Importers of deployed systems fetch from our registry, in their own dialect and with its mistakes. */
@ResourceLock(value = DemoPartners.PEOPLE, mode = ResourceAccessMode.READ)
class PeerImporterTest {

    /** As it is shipped, with the types of members' identifiers as they read them, and what nobody here may know left out. */
    private static final String SHIPPED = """
            {
              getRegistrants(
              ) {
                name isGroup givenName familyName
                groupMembershipIds {
                  individual {
                    name gender givenName familyName addlName address registrationDate birthPlace birthdate gender createDate writeDate
                    regIds { idType { name } idTypeAsStr value expiryDate }
                    phoneNumberIds { phoneNo phoneSanitized dateCollected disabled }
                  }
                  kind { name }
                  createDate writeDate
                }
                phoneNumberIds { phoneNo phoneSanitized dateCollected disabled }
                regIds { idTypeAsStr value expiryDate }
              }
            }""";

    private static ServerWorld world;
    private static PartnerSystem peer;

    @BeforeAll
    static void open() {
        world = ServerWorld.copy();
        peer = unsigned();
        peer.mayKnow("sr", "", PartnerSystem.EVERYTHING, Set.of());
    }

    @AfterAll
    static void close() {
        peer.close();
        world.close();
    }

    private static PartnerSystem unsigned() {
        return DemoPartners.agreed(
                world,
                draft -> draft.with(new Partner.Terms(
                        SignaturePolicy.OPTIONAL,
                        Partner.Terms.DEFAULT.signer(),
                        Partner.Terms.DEFAULT.profile(),
                        false,
                        false)));
    }

    private static SimulatedImporter importer(Generation generation, String path, PartnerSystem partner) {
        return new SimulatedImporter(
                generation, partner.base + path, partner.base + "/oauth2/token", partner.clientId(), partner.secret());
    }

    private static SimulatedImporter importer(Generation generation) {
        return importer(generation, "/api/v1/g2p-connect/registry/sync/search", peer);
    }

    private static long count(String what) {
        return Long.parseLong(world.value("select count(*) from registry." + what));
    }

    @ParameterizedTest
    @CsvSource({"A,/g2p-connect/registry/sync/search", "B,/api/v1/g2p-connect/registry/sync/search"})
    void both_importers_fetch_every_household_with_its_members_and_stop_by_themselves(
            Generation generation, String path) {
        Fetched fetched = importer(generation, path, peer).fetch(SHIPPED, true, null);

        assertThat(fetched.registrants()).hasSize((int) count("household where status = 'active'"));
        long members = fetched.registrants().stream()
                .mapToLong(group -> group.path("groupMembershipIds").size())
                .sum();
        assertThat(members)
                .isEqualTo(count("membership m join registry.person p on p.id = m.person_id"
                        + " where m.valid_to is null and p.status = 'active'"));
        long identified = fetched.registrants().stream()
                .flatMap(group ->
                        StreamSupport.stream(group.path("groupMembershipIds").spliterator(), false))
                .filter(member -> member.at("/individual/regIds").toString().contains("\"National ID\""))
                .count();
        assertThat(identified).isPositive();
        JsonNode first = fetched.registrants().getFirst();
        assertThat(first.at("/regIds/0/idTypeAsStr").asString()).isEqualTo("Household ID");
        assertThat(first.at("/groupMembershipIds/0/kind/name").asString()).isEqualTo("Head");
        assertThat(first.at("/groupMembershipIds/0/individual/createDate").asString())
                .matches("\\d{4}-\\d\\d-\\d\\d");
    }

    @Test
    void pages_of_people_never_overlap_and_leave_nobody_out() {
        Fetched fetched = importer(Generation.B)
                .fetch("{ getRegistrants( ) { id name birthdate regIds { idTypeAsStr value } } }", false, null);

        Set<String> ids = new HashSet<>();
        fetched.registrants()
                .forEach(person ->
                        assertThat(ids.add(person.path("id").asString())).isTrue());
        assertThat(ids).hasSize((int) count("person where status = 'active'"));
        assertThat(fetched.requests()).isLessThanOrEqualTo(ids.size() / 100 + 3);
    }

    @Test
    void what_is_too_much_for_one_answer_is_refused_and_not_cut() {
        assertThatThrownBy(() -> importer(Generation.A).fetch("{ getRegistrants( ) { id } }", false, null))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("HTTP 400")
                .hasMessageContaining("page by page");
    }

    @Test
    void after_the_last_time_only_what_changed_is_told_whatever_of_it_changed() throws InterruptedException {
        String person = world.value("select m.person_id::text from registry.membership m where m.valid_to is null"
                + " order by m.person_id limit 1");
        Thread.sleep(5);
        // Five minutes before the time that is stated are told again, because of what was being written then.
        String now = Instant.now().plusSeconds(300).toString().substring(0, 23) + "Z";
        Thread.sleep(5);
        assertThat(world.value(
                        "update registry.person set updated_at = now() where id = '" + person + "' returning id::text"))
                .isEqualTo(person);

        Fetched people = importer(Generation.B).fetch("{ getRegistrants( ) { id } }", false, now);
        Fetched groups = importer(Generation.A).fetch("{ getRegistrants( ) { id } }", true, now);

        assertThat(people.registrants())
                .extracting(one -> one.path("id").asString())
                .contains(person);
        assertThat(groups.registrants())
                .extracting(one -> one.path("id").asString())
                .contains(world.value("select household_id::text from registry.membership where person_id = '" + person
                        + "' and valid_to is null"));
        assertThat(people.registrants().size()).isLessThan((int) count("person where status = 'active'"));
    }

    @Test
    void a_field_that_the_peer_may_not_know_is_refused_by_its_name_and_never_left_out() {
        PartnerSystem other = unsigned();
        other.mayKnow("sr", "", Set.of("identifier", "members"), Set.of("name"));
        SimulatedImporter importer = importer(Generation.A, "/g2p-connect/registry/sync/search", other);

        assertThatThrownBy(() -> importer.fetch(SHIPPED, true, null))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("HTTP 403")
                .hasMessageContaining("may not know")
                .hasMessageContaining("birthdate")
                .hasMessageContaining("givenName");
        assertThatThrownBy(() -> importer.fetch("{ getRegistrants( limit: 1 ) { id } }", true, "2026-01-01"))
                .hasMessageContaining("HTTP 403")
                .hasMessageContaining("may not ask by lastSyncDate");
        assertThatThrownBy(
                        () -> importer.fetch("{ getRegistrants( limit: 1 order: \"write_date\") { id } }", true, null))
                .hasMessageContaining("HTTP 403");
        assertThat(importer.fetch(
                                "{ getRegistrants( limit: 3 ) { groupMembershipIds { individual { regIds { value } } } } }",
                                true,
                                null)
                        .registrants())
                .hasSize(3);
        other.close();
    }

    @Test
    void whoever_has_to_sign_is_not_heard_unsigned() {
        PartnerSystem strict = DemoPartners.knowingEverything(world);

        assertThatThrownBy(() -> importer(Generation.B, "/g2p-connect/registry/sync/search", strict)
                        .fetch(SHIPPED, true, null))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("HTTP 400")
                .hasMessageContaining("signed");
        strict.close();
    }

    @Test
    void what_was_told_stands_in_the_audit_trail_and_in_the_message_log() {
        PartnerSystem other = unsigned();
        other.mayKnow("sr", "", PartnerSystem.EVERYTHING, Set.of());
        String entries =
                "select count(*) from foundation.audit_entry where action = 'exchange.disclose' and actor = 'partner:"
                        + other.senderId + "'";
        String logged = "select count(*) from exchange.message_log where partner_id = '" + other.partner.id() + "'";

        importer(Generation.A, "/api/v1/g2p-connect/registry/sync/search", other)
                .fetch("{ getRegistrants( limit: 2 ) { id } }", true, null);

        assertThat(world.value(entries)).isEqualTo("1");
        Awaitility.await().until(() -> world.value(logged).equals("1"));
        other.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ getRegistrants( limit: 2, name: \"Amina\" ) { id } }",
                "{ getRegistrants( limit: 2, order: \"name desc\" ) { id } }",
                "{ getRegistrants( limit: 2, gender: \"Female\" ) { id } }",
                "{ getRegistrants( limit: -1 ) { id } }",
                "{ getRegistrants( limit: 1000000 ) { id } }",
                "{ getRegistrants( limit: 1, lastSyncDate: \"yesterday\" ) { id } }",
                "{ getRegistrants( limit: 1 ) { id disability } }",
                "{ getregistrants( limit: 1 ) { id } }",
                "{ getRegistrants( limit: 1 ) { id } again: getRegistrants(isGroup: true) { id } }",
                "{ other: getRegistrants( limit: 1 ) { id } }",
                "{ getRegistrants( limit: 1 ) { a: id b: id } }",
                "{ getRegistrants( limit: 1 ) { ...on Registrant { id } } }",
                "{ getRegistrants( limit: 1 ) { id @skip(if: false) } }",
                "{ getRegistrants( limit: 1 ) { id } getRegistrants( limit: 2 ) { id } }",
                "mutation { getRegistrants( limit: 1 ) { id } }",
                "{ getRegistrants( limit: 1 ) { id }"
            })
    void what_is_not_understood_fails_loudly(String query) {
        assertThatThrownBy(() -> importer(Generation.A).fetch(query, true, null))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("HTTP 400");
    }

    /** The query that the peer's importer is shipped with says gender twice. */
    @Test
    void a_field_that_stands_twice_is_merged_as_the_language_says() {
        String once = "{ getRegistrants( limit: 2 ) { id name groupMembershipIds { individual { id gender } } } }";
        String twice =
                "{ getRegistrants( limit: 2 ) { id name groupMembershipIds { individual { id gender gender } } id"
                        + " groupMembershipIds { individual { gender } } } }";

        assertThat(importer(Generation.A).fetch(twice, true, null).registrants())
                .isNotEmpty()
                .isEqualTo(importer(Generation.A).fetch(once, true, null).registrants());
    }

    /** What is refused is kept for the installation to read, where a person's number has no place. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ getRegistrants( limit: \"198001015678\" ) { id } }",
                "{ getRegistrants( limit: 1, name: 198001015678 ) { id } }",
                "{ getRegistrants( limit: 1, gender: \"198001015678\" ) { id } }",
                "{ getRegistrants( limit: 198001015678 ) { id } }",
                "{ getRegistrants( limit: 1 ) { regIds(value: \"198001015678\") { id } } }"
            })
    void a_refusal_repeats_no_value_of_the_query(String query) {
        assertThatThrownBy(() -> importer(Generation.A).fetch(query, true, null))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("HTTP 400")
                .hasMessageNotContaining("198001015678");
    }

    @Test
    void a_query_without_end_is_refused() {
        String nested = "groupMembershipIds { individual { ".repeat(20) + "id" + " } }".repeat(20);

        assertThatThrownBy(() ->
                        importer(Generation.A).fetch("{ getRegistrants( limit: 1 ) { " + nested + " } }", true, null))
                .hasMessageContaining("HTTP 400");
    }

    @Test
    void our_own_importer_reads_our_own_registry_and_finds_everybody_registered() {
        OtherRegistries others = world.server.part(OtherRegistries.class);
        var registrar = world.users.actor(Role.REGISTRAR);
        var source = others.createSource(
                world.users.actor(Role.ADMINISTRATOR),
                "ourselves",
                "Ourselves",
                peer.base + "/g2p-connect",
                peer.base + "/oauth2/token",
                peer.clientId(),
                peer.secret(),
                200);
        var agreed = others.agreeHouseholds(registrar, source, "Ourselves", "", "Law");

        var run = others.start(registrar, agreed);

        Awaitility.await()
                .until(() -> Set.of(ImportStatus.State.CHECKED, ImportStatus.State.APPLIED)
                        .contains(others.runs(registrar, agreed).getFirst().state()));
        ImportStatus checked = others.runs(registrar, agreed).getFirst();
        assertThat(checked.id()).isEqualTo(run);
        assertThat(checked.rowsTotal())
                .isEqualTo(count("membership m join registry.person p on p.id = m.person_id"
                        + " where m.valid_to is null and p.status = 'active'"));
        assertThat(checked.rowsCreated()).isLessThan(checked.rowsTotal());
    }

    /** Searches of the standard, answered by the installation itself over HTTP, and read by its own importer. */
    @ParameterizedTest
    @EnumSource(
            value = QueryType.class,
            names = {"EXPRESSION", "PREDICATE"})
    void our_own_importer_reads_our_own_registry_by_searches_of_the_standard(QueryType language) {
        DataSources sources = world.server.part(DataSources.class);
        Pulls pulls = world.server.part(Pulls.class);
        var registrar = world.users.actor(Role.REGISTRAR);
        String code = "standard-" + language.name().toLowerCase(Locale.ROOT);
        var source = sources.create(world.users.actor(Role.ADMINISTRATOR), code, code, standard(peer), peer.secret());
        PullTerms preset = PullTerms.preset(true, language);
        var agreed = pulls.create(registrar, source, code, withPurpose(preset, null), List.of());
        var people = pulls.create(
                registrar, source, code + " people", withPurpose(PullTerms.preset(false, language), null), List.of());

        ImportStatus households = looked(pulls, registrar, agreed);
        ImportStatus members = looked(pulls, registrar, people);

        assertThat(households.rowsTotal())
                .isEqualTo(count("membership m join registry.person p on p.id = m.person_id"
                        + " where m.valid_to is null and p.status = 'active'"));
        ImportStatus byGraph = looked(
                pulls,
                registrar,
                pulls.create(
                        registrar,
                        sources.create(
                                world.users.actor(Role.ADMINISTRATOR),
                                code + "-graph",
                                code,
                                terms(peer, "annona", null),
                                peer.secret()),
                        code + " graph",
                        withPurpose(PullTerms.preset(true, QueryType.GRAPHQL), null),
                        List.of()));
        assertThat(List.of(households.rowsCreated(), households.rowsRejected()))
                .isEqualTo(List.of(byGraph.rowsCreated(), byGraph.rowsRejected()));
        // Those who are not to be told apart, by name, birth date and sex only, are noted.
        assertThat(members.rowsTotal() + members.unreadable()).isEqualTo(count("person where status = 'active'"));
    }

    private static SourceTerms standard(PartnerSystem partner) {
        SourceTerms graph = terms(partner, partner.senderId, null);
        return new SourceTerms(
                partner.base + "/dci/sr",
                graph.searchPath(),
                graph.tokenAddress(),
                graph.authentication(),
                graph.login(),
                "",
                graph.senderId(),
                "annona",
                graph.dialect(),
                null,
                100,
                graph.timeout());
    }

    private static PullTerms withPurpose(PullTerms preset, @Nullable Integer goesOnBelow) {
        return new PullTerms(
                preset.households(),
                preset.question(),
                preset.members(),
                preset.head(),
                preset.columns(),
                preset.roles(),
                true,
                goesOnBelow,
                0,
                "",
                "Law");
    }

    /** Only looked at: nothing is written. */
    private static ImportStatus looked(Pulls pulls, Actor registrar, UUID agreed) {
        pulls.start(registrar, agreed, true);
        Awaitility.await()
                .until(() -> pulls.runs(registrar, agreed, 1).getFirst().state() == ImportStatus.State.LOOKED);
        return pulls.runs(registrar, agreed, 1).getFirst();
    }

    @Test
    void our_own_importer_signs_where_the_other_side_demands_it() {
        PartnerSystem strict = DemoPartners.ourselves(world);
        strict.mayKnow("sr", "", PartnerSystem.EVERYTHING, Set.of());
        var administrator = world.users.actor(Role.ADMINISTRATOR);
        DataSources sources = world.server.part(DataSources.class);

        for (Signer signer : Signer.values()) {
            String code = signer.name().toLowerCase(Locale.ROOT).replace('_', '-');
            var signed = sources.create(administrator, code, code, terms(strict, "annona", signer), strict.secret());
            assertThat(sources.test(administrator, signed)).containsEntry("It answers GraphQL", "yes");
        }
        var unsigned = sources.create(administrator, "unsigned", "x", terms(strict, "annona", null), strict.secret());
        assertThat(sources.test(administrator, unsigned).get("It answers GraphQL"))
                .startsWith("no: HTTP 400");
        assertThatThrownBy(() -> sources.create(
                        administrator, "named", "x", terms(strict, "ministry", Signer.COMPACT_JWS), strict.secret()))
                .hasMessageContaining("has to name us 'annona'");
        DemoPartners.noLongerOurselves(world, strict);
    }

    private static SourceTerms terms(PartnerSystem partner, String senderId, @Nullable Signer signer) {
        return new SourceTerms(
                partner.base + "/g2p-connect",
                "/registry/sync/search",
                partner.base + "/oauth2/token",
                SourceTerms.Authentication.CLIENT_CREDENTIALS,
                partner.clientId(),
                "",
                senderId,
                "annona",
                SourceTerms.Dialect.SIGNATURE,
                signer,
                100,
                Duration.ofSeconds(10));
    }
}
