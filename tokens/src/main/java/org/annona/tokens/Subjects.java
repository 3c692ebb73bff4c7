package org.annona.tokens;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.annona.foundation.criteria.odoo.DomainReader.Dialect;
import org.annona.foundation.sealing.Sensitive;
import org.jspecify.annotations.Nullable;

/**
 * Port to the registry whose people get tokens. A registry that does not answer throws; a filter that it does not understand
 * is refused with a {@link org.annona.foundation.problem.Problem} that says where.
 */
public interface Subjects {

    List<Kind> identifierKinds();

    /** What may leave of a person. */
    List<Kind> fields();

    Reading read(String filter, Dialect dialect);

    long count(Scope scope);

    /** In the order of their keys. @param after the last person of the part before; null for the first ones */
    List<Candidate> candidates(Scope scope, @Nullable UUID after, int limit);

    /** Sheets of those who are still within the scope, in any order. */
    List<Sheet> sheets(Scope scope, Collection<UUID> people, List<String> fields, String purpose);

    /**
     * Whom each of these identifiers means, where she is within the scope.
     *
     * @param values of the identifiers that the scope names, as somebody else wrote them
     * @return one answer for each, in their order
     */
    List<Optional<Candidate>> whoShows(Scope scope, List<Sensitive<String>> values);

    /**
     * Stores tokens, and in the same transaction takes away what the rules say. Storing a token again has no effect.
     *
     * @param cause of audit entries
     * @return one answer for each, in their order
     */
    List<Stored> store(String tokenType, List<Issued> issued, List<Retention> retentions, String cause);

    /**
     * Takes identifiers of one type away from a part of the people of a rule.
     *
     * @param dryRun only counts
     */
    Swept takeAway(Retention retention, String type, @Nullable UUID after, int limit, String actor, boolean dryRun);

    /** Which of these people have an identifier of that type. */
    Set<UUID> holders(String identifierType, Collection<UUID> people);

    /** How people are called in lists. */
    Map<UUID, String> references(Collection<UUID> people);

    Optional<UUID> byReference(String reference);

    record Kind(String code, String label) {}

    /** @param hints what the filter says and was perhaps not meant */
    record Reading(String plain, List<String> hints) {}

    /** @param identifierType of which they hold a current identifier */
    record Scope(String filter, Dialect dialect, String identifierType) {}

    /** @param version differs whenever what can be told of her has changed */
    record Candidate(UUID person, UUID identifier, String version) {}

    /**
     * @param value of the identifier
     * @param values by the names of the fields; a field without value is missing
     * @param receipt of her consent, where she gave one
     */
    record Sheet(
            Candidate candidate,
            String value,
            Map<String, String> values,
            @Nullable String receipt) {

        @Override
        public String toString() {
            return "Sheet[" + candidate.person() + "]";
        }
    }

    record Issued(UUID person, UUID identifier, Sensitive<String> token) {}

    /** @param other who holds the token already, for {@link Outcome#OF_ANOTHER} */
    record Stored(Outcome outcome, @Nullable UUID other) {}

    enum Outcome {
        STORED,
        HELD_ALREADY,
        OF_ANOTHER,
        DIFFERS,
        PERSON_GONE,
        IDENTIFIER_GONE,
        MALFORMED
    }

    /** @param cause such as {@code retention/vid/3}: the rule and its version */
    record Retention(
            String filter,
            Dialect dialect,
            Set<String> types,
            Set<String> whereHeld,
            Duration window,
            boolean keepHash,
            String cause) {

        public Retention {
            types = Set.copyOf(types);
            whereHeld = Set.copyOf(whereHeld);
        }
    }

    /** @param last where the next part begins, or null at the end */
    record Swept(@Nullable UUID last, long people, long taken) {}
}
