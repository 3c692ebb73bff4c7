package org.annona.registry.identity;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.CopyWriter;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.database.Sqlstate;
import org.annona.foundation.digest.RowDigest;
import org.annona.foundation.ids.Ids;
import org.annona.registry.IssuedToken;
import org.annona.registry.RetirementRule;
import org.annona.registry.TokenOutcome;
import org.annona.registry.TokenOutcome.Kind;
import org.annona.registry.identifier.IdentifierType;
import org.annona.registry.identifier.IdentifierTypes;
import org.annona.registry.identifier.RegistryKeys;
import org.annona.registry.internal.tables.tables.records.IdentifierRecord;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the tokens that an identity authority gave. A token belongs to one person and a person has one: the unique constraints
 * of identifiers say so, and whatever would break them is told instead of being written.
 */
public final class Tokens {

    private static final SqlFile LOOK_UP = SqlFile.beside(Tokens.class, "look-up-tokens.sql");
    private static final int MOST_TRIES = 5;

    private final Database database;
    private final RegistryKeys keys;
    private final IdentifierTypes types;
    private final RetiredIdentifiers retired;
    private final AuditTrail audit = new AuditTrail("registry");

    public Tokens(Database database, RegistryKeys keys, IdentifierTypes types, RetiredIdentifiers retired) {
        this.database = database;
        this.keys = keys;
        this.types = types;
        this.retired = retired;
    }

    /**
     * @param takingAway what the people who now have their token lose in the same transaction
     * @return one answer for each token, in their order
     */
    public List<TokenOutcome> store(
            String type, List<IssuedToken> tokens, List<RetirementRule> takingAway, String actor, String cause) {
        IdentifierType kind = Objects.requireNonNull(types.byCode().get(type), type);
        for (int tries = 1; ; tries++) {
            try {
                return database.inTransaction(tx -> store(tx, kind, tokens, takingAway, actor, cause));
            } catch (DataAccessException clash) {
                // Someone entered one of them in this moment; the next look sees it.
                if (!Sqlstate.isConflict(clash) || tries == MOST_TRIES) {
                    throw clash;
                }
            }
        }
    }

    private record Finding(
            @Nullable String status, @Nullable UUID holder, boolean hasOne, boolean shownIsHers) {}

    private List<TokenOutcome> store(
            DSLContext tx,
            IdentifierType type,
            List<IssuedToken> tokens,
            List<RetirementRule> takingAway,
            String actor,
            String cause) {
        Map<Integer, Finding> findings = lookUp(tx, type, tokens);
        List<TokenOutcome> outcomes = new ArrayList<>();
        List<IdentifierRecord> added = new ArrayList<>();
        Set<UUID> holders = new HashSet<>();
        Map<String, UUID> taken = new HashMap<>();
        for (int i = 0; i < tokens.size(); i++) {
            IssuedToken token = tokens.get(i);
            String value = type.normalised(token.token().reveal());
            UUID other = taken.get(value);
            TokenOutcome outcome = other != null && !other.equals(token.personId())
                    ? new TokenOutcome(Kind.OF_ANOTHER, other)
                    : outcome(type, token, value, Objects.requireNonNull(findings.get(i)));
            outcomes.add(outcome);
            if (outcome.kind() == Kind.STORED && holders.add(token.personId())) {
                taken.put(value, token.personId());
                added.add(identifier(type, token, value));
            } else if (outcome.kind() == Kind.HELD_ALREADY) {
                holders.add(token.personId());
            }
        }
        CopyWriter.of(added).write(tx);
        if (!holders.isEmpty()) {
            takingAway.forEach(rule -> retired.takeAway(tx, holders, rule, actor));
        }
        if (!added.isEmpty()) {
            RowDigest digest = new RowDigest();
            added.forEach(one -> digest.add(one.getId(), one.getPersonId(), one.getType()));
            audit.append(
                    tx,
                    AuditEvent.of(actor, "registry.token.store", "identifiers")
                            .because(cause)
                            .touching(added.size())
                            .resultingIn(digest.finish()));
        }
        return List.copyOf(outcomes);
    }

    private Map<Integer, Finding> lookUp(DSLContext tx, IdentifierType type, List<IssuedToken> tokens) {
        List<Integer> numbers =
                java.util.stream.IntStream.range(0, tokens.size()).boxed().toList();
        Map<String, Object> values = Map.of(
                "type", type.code(),
                "numbers", SqlFile.column("int4", numbers, number -> number),
                "people", SqlFile.column("uuid", tokens, IssuedToken::personId),
                "shown", SqlFile.column("uuid", tokens, IssuedToken::identifierId),
                "indexes", SqlFile.column("bytea", tokens, token -> index(type, token)));
        Map<Integer, Finding> findings = new HashMap<>();
        LOOK_UP.list(tx, values, (row, number) -> findings.put(row.getInt("number"), finding(row)));
        return findings;
    }

    private byte[] index(IdentifierType type, IssuedToken token) {
        return keys.identifierIndex(type.code(), token.token().use(type::normalised));
    }

    private static Finding finding(ResultSet row) throws SQLException {
        return new Finding(
                row.getString("status"),
                row.getObject("holder", UUID.class),
                row.getBoolean("has_one"),
                row.getBoolean("shown_is_hers"));
    }

    private static TokenOutcome outcome(IdentifierType type, IssuedToken token, String value, Finding finding) {
        if (type.fault(value).isPresent()) {
            return new TokenOutcome(Kind.MALFORMED, null);
        }
        if (token.personId().equals(finding.holder())) {
            return new TokenOutcome(Kind.HELD_ALREADY, null);
        }
        if (!"active".equals(finding.status())) {
            return new TokenOutcome(Kind.PERSON_GONE, null);
        }
        if (finding.holder() != null) {
            return new TokenOutcome(Kind.OF_ANOTHER, finding.holder());
        }
        if (finding.hasOne()) {
            return new TokenOutcome(Kind.DIFFERS, null);
        }
        return new TokenOutcome(finding.shownIsHers() ? Kind.STORED : Kind.IDENTIFIER_GONE, null);
    }

    private IdentifierRecord identifier(IdentifierType type, IssuedToken token, String value) {
        IdentifierRecord identifier = new IdentifierRecord();
        identifier.setId(Ids.next());
        identifier.setPersonId(token.personId());
        identifier.setType(type.code());
        identifier.setValueIndex(keys.identifierIndex(type.code(), value));
        identifier.setValueSealed(keys.seal(RegistryKeys.IDENTIFIER, identifier.getId(), value));
        identifier.setStatus("valid");
        return identifier;
    }
}
