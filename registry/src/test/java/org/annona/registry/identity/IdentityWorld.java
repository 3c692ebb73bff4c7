package org.annona.registry.identity;

import static org.annona.registry.internal.tables.Tables.IDENTIFIER;
import static org.annona.registry.internal.tables.Tables.PERSON;

import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.annona.foundation.criteria.odoo.DomainReader.Dialect;
import org.annona.foundation.sealing.Sensitive;
import org.annona.registry.IssuedToken;
import org.annona.registry.PeopleFilter;
import org.annona.registry.RegistryWorld;
import org.annona.registry.SelectedPerson;
import org.annona.registry.TokenOutcome;
import org.annona.registry.selection.Selection;

/** A registry with people who have virtual IDs. */
final class IdentityWorld implements AutoCloseable {

    static final String HEADER =
            "household_no,role,given_name,family_name,sex,birth_date,national_id,vid,phone,area_code";
    static final PeopleFilter EVERYBODY = new PeopleFilter("[]", Dialect.ODOO_17, "virtual_id");

    final RegistryWorld world = new RegistryWorld();
    final Selection selection = new Selection(world.database, world.keys, world.types, world.settings, world.clock);
    final RetiredIdentifiers retired = retiredAt(Clock.systemUTC());
    final Tokens tokens = new Tokens(world.database, world.keys, world.types, retired);

    RetiredIdentifiers retiredAt(Clock clock) {
        return new RetiredIdentifiers(world.database, world.keys, selection, world.keyring, clock);
    }

    static String row(String household, String given, String vid) {
        return String.join(",", household, "head", given, "Devi", "F", "1976-01-01", "", vid, "0712345678", "N01");
    }

    SelectedPerson onlyPerson(String given) {
        Long[] words = world.keys.nameTokens(given);
        UUID id = world.database
                .sql()
                .select(PERSON.ID)
                .from(PERSON)
                .where(PERSON.NAME_TOKENS.contains(words))
                .fetchSingle()
                .value1();
        return selection.page(EVERYBODY, null, 1_000).stream()
                .filter(person -> person.id().equals(id))
                .findFirst()
                .orElseGet(() -> new SelectedPerson(id, id, ""));
    }

    TokenOutcome give(SelectedPerson person, String token) {
        return tokens.store(
                        "identity_token",
                        List.of(new IssuedToken(person.id(), person.identifierId(), Sensitive.of(token))),
                        List.of(),
                        "system",
                        "test")
                .getFirst();
    }

    List<String> typesOf(UUID person) {
        return world.database
                .sql()
                .select(IDENTIFIER.TYPE)
                .from(IDENTIFIER)
                .where(IDENTIFIER.PERSON_ID.eq(person), IDENTIFIER.STATUS.in("unverified", "valid"))
                .orderBy(IDENTIFIER.TYPE)
                .fetch(IDENTIFIER.TYPE);
    }

    @Override
    public void close() {
        world.close();
    }
}
