package org.annona.registry.source;

import static org.annona.registry.internal.tables.Tables.DATA_SOURCE;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.digest.RowDigest;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.problem.Problem;
import org.annona.interop.http.AddressRules;
import org.annona.interop.http.ForbiddenAddress;
import org.annona.interop.http.PartnerHttp;
import org.annona.registry.RegistryPermission;
import org.annona.registry.RegistryProblem;
import org.annona.registry.RegistrySettings;
import org.annona.registry.identifier.RegistryKeys;
import org.annona.registry.importing.Imports;
import org.annona.registry.internal.tables.tables.records.DataSourceRecord;
import org.annona.registry.source.SourceTerms.Authentication;
import org.jooq.JSONB;
import tools.jackson.databind.json.JsonMapper;

/** The sources, each with a secret of its own, and the way to them. */
public final class DataSources {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int ON_THE_PAGE = 2;
    private static final SourceQuestion OF_NOBODY = new SourceQuestion.Search(
            "idtype-value",
            JSON.createObjectNode().put("type", "UIN").put("value", "0"),
            "ns:org:RegistryType:Social",
            "Member",
            1,
            1);
    private static final String ONE_PAGE = "{ getRegistrants(isGroup: true, limit: " + ON_THE_PAGE
            + ", offset: 0, order: \"id asc\") { __typename } }";
    private static final int LARGEST_PAGE = 1_000;
    private static final int LARGEST_ANSWER = 50_000_000;
    private static final int CONNECTIONS = 4;

    private final Database database;
    private final RegistryKeys keys;
    private final RegistrySettings settings;
    private final MessageSigning signing;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("registry");

    public DataSources(
            Database database, RegistryKeys keys, RegistrySettings settings, MessageSigning signing, Clock clock) {
        this.signing = signing;
        this.database = database;
        this.keys = keys;
        this.settings = settings;
        this.clock = clock;
    }

    public List<DataSource> all(Actor actor) {
        look(actor);
        return database.sql().selectFrom(DATA_SOURCE).orderBy(DATA_SOURCE.NAME).fetch(DataSources::view);
    }

    public DataSource show(Actor actor, UUID id) {
        look(actor);
        return get(id);
    }

    /** Whoever sets sources up sees no people, and whoever sees people sets no sources up. */
    private static void look(Actor actor) {
        if (!actor.may(RegistryPermission.EDIT_SOURCES)) {
            actor.require(RegistryPermission.VIEW);
        }
    }

    public Optional<DataSource> find(UUID id) {
        return database.sql()
                .selectFrom(DATA_SOURCE)
                .where(DATA_SOURCE.ID.eq(id))
                .fetchOptional(DataSources::view);
    }

    public DataSource get(UUID id) {
        return find(id).orElseThrow(() -> Problem.of(RegistryProblem.SOURCE_UNKNOWN));
    }

    /** @param secret the client secret, password, token or key; empty for none */
    public UUID create(Actor actor, String code, String name, SourceTerms terms, String secret) {
        actor.require(RegistryPermission.EDIT_SOURCES);
        List<String> faults = faults(name, terms);
        if (!code.matches("[a-z0-9][a-z0-9._-]{0,39}")) {
            faults.add("Code: up to 40 small letters, digits, points and hyphens.");
        }
        if (code.equals(Imports.USUAL_SOURCE)) {
            faults.add("Code: '" + code + "' stands for lists that name no source.");
        }
        if (terms.authentication() != Authentication.NONE && secret.isEmpty()) {
            faults.add("Secret: it is missing.");
        }
        refuse(faults);
        UUID id = Ids.next();
        database.transact(tx -> {
            int added = tx.insertInto(DATA_SOURCE)
                    .set(DATA_SOURCE.ID, id)
                    .set(DATA_SOURCE.CODE, code)
                    .set(DATA_SOURCE.NAME, name.strip())
                    .set(DATA_SOURCE.TERMS, json(terms))
                    .set(DATA_SOURCE.SECRET_SEALED, sealed(id, secret))
                    .set(DATA_SOURCE.STATE, "active")
                    .set(DATA_SOURCE.CHANGED_BY, actor.name())
                    .onConflictDoNothing()
                    .execute();
            if (added == 0) {
                throw Problem.of(RegistryProblem.SOURCE_EXISTS, "code", code);
            }
            audit.append(tx, event(actor, "registry.source.create", id, terms));
        });
        return id;
    }

    /** @param secret empty to keep what is there */
    public void change(
            Actor actor, UUID id, int version, String name, SourceTerms terms, String secret, boolean active) {
        actor.require(RegistryPermission.EDIT_SOURCES);
        refuse(faults(name, terms));
        DataSource known = get(id);
        boolean elsewhere = !known.terms().searchAddress().equals(terms.searchAddress())
                || !known.terms().absoluteTokenAddress().equals(terms.absoluteTokenAddress());
        if (elsewhere && secret.isEmpty() && known.hasSecret() && terms.authentication() != Authentication.NONE) {
            refuse(List.of("Secret: give it again, because the address is another one."));
        }
        database.transact(tx -> {
            DataSourceRecord changes = new DataSourceRecord();
            changes.setName(name.strip());
            changes.setTerms(json(terms));
            changes.setState(active ? "active" : "stopped");
            changes.setVersion(version + 1);
            changes.setChangedBy(actor.name());
            changes.setChangedAt(clock.instant());
            if (!secret.isEmpty()) {
                changes.setSecretSealed(sealed(id, secret));
            }
            int changed = tx.update(DATA_SOURCE)
                    .set(changes)
                    .where(DATA_SOURCE.ID.eq(id), DATA_SOURCE.VERSION.eq(version))
                    .execute();
            if (changed == 0) {
                throw Problem.of(RegistryProblem.SOURCE_ELSEWHERE);
            }
            audit.append(tx, event(actor, "registry.source.change", id, terms));
        });
    }

    private static AuditEvent event(Actor actor, String action, UUID id, SourceTerms terms) {
        return AuditEvent.of(actor.name(), action, "source/" + id)
                .resultingIn(RowDigest.ofText(JSON.writeValueAsString(terms)));
    }

    private byte[] sealed(UUID id, String secret) {
        return keys.seal(RegistryKeys.SOURCE_SECRET, id, secret);
    }

    private static JSONB json(SourceTerms terms) {
        return JSONB.valueOf(JSON.writeValueAsString(terms));
    }

    private static void refuse(List<String> faults) {
        if (!faults.isEmpty()) {
            throw Problem.of(RegistryProblem.SOURCE_UNFIT, "faults", String.join(" ", faults));
        }
    }

    private List<String> faults(String name, SourceTerms terms) {
        List<String> faults = new ArrayList<>();
        if (name.isBlank() || name.length() > 80) {
            faults.add("Name: up to 80 letters.");
        }
        reachable(faults, "Address of the search", terms.searchAddress());
        if (terms.authentication() == Authentication.CLIENT_CREDENTIALS) {
            reachable(faults, "Address of the token server", terms.absoluteTokenAddress());
        }
        boolean header = terms.authentication() == Authentication.API_KEY;
        if (header && !terms.login().matches("[A-Za-z][A-Za-z0-9-]{0,60}")) {
            faults.add("Name of the header: letters, digits and hyphens.");
        }
        boolean login =
                Set.of(Authentication.CLIENT_CREDENTIALS, Authentication.BASIC).contains(terms.authentication());
        if (login && (terms.login().isBlank() || terms.login().contains(":"))) {
            faults.add("Client id or user: it is missing, or holds a colon.");
        }
        if (terms.senderId().isBlank()) {
            faults.add("Sender id: it is missing.");
        }
        if (terms.signing() != null && !terms.senderId().equals(signing.senderId())) {
            faults.add("Sender id: what is signed has to name us '" + signing.senderId()
                    + "', under which our keys are published.");
        }
        if (terms.pageSize() < 1 || terms.pageSize() > LARGEST_PAGE) {
            faults.add("Records in one page: 1 to " + LARGEST_PAGE + ".");
        }
        if (terms.timeout().compareTo(Duration.ofSeconds(1)) < 0
                || terms.timeout().compareTo(Duration.ofMinutes(5)) > 0) {
            faults.add("Timeout: 1 to 300 seconds.");
        }
        return faults;
    }

    private void reachable(List<String> faults, String label, String address) {
        try {
            rules().allowed(address);
        } catch (ForbiddenAddress forbidden) {
            faults.add(label + ": " + forbidden.getMessage() + ".");
        }
    }

    /** Only what whoever operates the installation has named is asked for people. */
    private AddressRules rules() {
        return settings.development()
                ? AddressRules.forDevelopment()
                : AddressRules.hosts(Set.of(), settings.trustedHosts());
    }

    /** @throws Problem where the source is stopped */
    public SourceClient open(DataSource source) {
        if (!source.active()) {
            throw Problem.of(RegistryProblem.SOURCE_REFUSES, "reason", source.name() + " is stopped here");
        }
        byte[] sealed = database.sql()
                .select(DATA_SOURCE.SECRET_SEALED)
                .from(DATA_SOURCE)
                .where(DATA_SOURCE.ID.eq(source.id()))
                .fetchSingle()
                .value1();
        String secret = sealed == null ? "" : keys.openText(RegistryKeys.SOURCE_SECRET, source.id(), sealed);
        SourceTerms terms = source.terms();
        PartnerHttp.Limits limits = new PartnerHttp.Limits(
                CONNECTIONS, Duration.ofSeconds(5), terms.timeout(), terms.timeout(), LARGEST_ANSWER);
        return new SourceClient(new PartnerHttp(rules(), limits), terms, secret, signing, clock);
    }

    /** What was found on the way to the source, step by step. Nobody's data are asked for. */
    public Map<String, String> test(Actor actor, UUID id) {
        actor.require(RegistryPermission.EDIT_SOURCES);
        DataSource source = get(id);
        Map<String, String> findings = new LinkedHashMap<>();
        try (SourceClient client = open(source)) {
            if (source.terms().authentication() == Authentication.CLIENT_CREDENTIALS) {
                String fault = client.tokenFault();
                findings.put("It gives us a token", fault == null ? "yes" : "no: " + fault);
                if (fault != null) {
                    return findings;
                }
            }
            if (understood(findings, "It answers GraphQL", client.ask("{ __typename }"))) {
                switch (SourceSchema.fetch(client)) {
                    case SourceSchema.Known known ->
                        findings.put(
                                "It tells what it holds",
                                String.join(", ", known.schema().lists()));
                    case SourceSchema.Untold(String reason) ->
                        findings.put(
                                "It tells what it holds", "no: " + reason + ". Queries cannot be checked beforehand.");
                }
                findings.put("It gives its records page by page", pages(client.ask(ONE_PAGE)));
            }
            understood(findings, "It answers searches of the standard", client.ask(OF_NOBODY));
        } catch (IOException open) {
            throw new IllegalStateException(open);
        }
        database.transact(tx -> audit.append(tx, AuditEvent.of(actor.name(), "registry.source.test", "source/" + id)));
        return findings;
    }

    /** Only how many there are is looked at. */
    private static String pages(SourceAnswer answer) {
        return switch (answer) {
            case SourceAnswer.Data data -> {
                int records = data.records().path("getRegistrants").size();
                yield records <= ON_THE_PAGE
                        ? "yes"
                        : "no: " + records + " came where " + ON_THE_PAGE
                                + " were asked for. It would have to be read at once.";
            }
            case SourceAnswer.RowFault(String reason) ->
                "not known: " + reason + ". It knows no pages, or cannot tell its first records.";
            case SourceAnswer.Garbled(String reason) -> "not known: " + reason;
            case SourceAnswer.Passing(String reason, var after) -> "not now: " + reason;
            case SourceAnswer.Refused(String reason) -> "not known: " + reason;
        };
    }

    private static boolean understood(Map<String, String> findings, String step, SourceAnswer answer) {
        findings.put(
                step,
                switch (answer) {
                    case SourceAnswer.Data data -> "yes";
                    case SourceAnswer.RowFault(String reason) -> "no: " + reason + ". The path may be wrong.";
                    case SourceAnswer.Garbled(String reason) -> "no: " + reason;
                    case SourceAnswer.Passing(String reason, var after) -> "not now: " + reason;
                    case SourceAnswer.Refused(String reason) -> "no: " + reason;
                });
        return answer instanceof SourceAnswer.Data;
    }

    private static DataSource view(DataSourceRecord record) {
        return new DataSource(
                record.getId(),
                record.getCode(),
                record.getName(),
                Objects.requireNonNull(JSON.readValue(record.getTerms().data(), SourceTerms.class)),
                record.getState().equals("active"),
                record.getVersion(),
                record.getSecretSealed() != null,
                record.getChangedBy(),
                record.getChangedAt());
    }
}
