package org.annona.mapper.linking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.foundation.database.Database;
import org.annona.foundation.feed.FeedPart;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.MasterKey;
import org.annona.foundation.sealing.Sensitive;
import org.annona.mapper.AccountMark;
import org.annona.mapper.AccountSource;
import org.annona.mapper.Resolution;
import org.annona.testing.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Links between identities and accounts, as their source tells them. */
class LinksTest {

    private static final Actor FINANCE = new Actor("omar", "Omar", Set.of(Role.FINANCE_OFFICER));
    private static final Actor REGISTRAR = new Actor("amina", "Amina", Set.of(Role.REGISTRAR));

    private final Database database = Database.open(
            TestPostgres.with("foundation", "mapper"), TestPostgres.ROLES, TestPostgres.PASSWORDS, "mapper", 4);
    private final List<AccountSource.Account> source = new ArrayList<>();
    private final Links links = new Links(
            database,
            (after, limit) -> {
                int from = after.isEmpty() ? 0 : Integer.parseInt(after);
                return new FeedPart<>(
                        List.copyOf(source.subList(from, source.size())), Integer.toString(source.size()), false);
            },
            new Keyring(database, MasterKey.random()),
            Clock.systemUTC());

    @AfterEach
    void close() {
        database.close();
    }

    private void tell(String identity, String number, boolean active) {
        source.add(new AccountSource.Account(
                identity, "bank", "bank1", Sensitive.of(number), active, Instant.parse("2026-01-01T00:00:00Z")));
        links.fetch();
    }

    private String number(String identity) {
        return links.resolve(List.of(identity)).getFirst() instanceof Resolution.Linked linked
                ? linked.address().reveal().number()
                : "none";
    }

    @Test
    void every_question_is_answered_once_in_its_order_also_when_it_is_asked_twice() {
        tell("uid:1@registry", "4001", true);
        tell("uid:2@registry", "4002", true);

        assertThat(links.resolve(List.of("uid:2@registry", "uid:9@registry", "uid:1@registry", "uid:2@registry")))
                .extracting(Resolution::identity)
                .containsExactly("uid:2@registry", "uid:9@registry", "uid:1@registry", "uid:2@registry");
        assertThat(number("uid:9@registry")).isEqualTo("none");
    }

    @Test
    void a_new_account_ends_the_old_link_and_an_account_that_was_given_up_leaves_none() {
        tell("uid:1@registry", "4001", true);
        tell("uid:1@registry", "4002", true);
        assertThat(number("uid:1@registry")).isEqualTo("4002");
        tell("uid:1@registry", "4002", false);

        assertThat(number("uid:1@registry")).isEqualTo("none");
        assertThat(database.sql().fetchCount(org.jooq.impl.DSL.table("mapping")))
                .isEqualTo(2);
    }

    @Test
    void equal_accounts_have_equal_marks_and_a_mark_is_not_the_hash_that_the_table_keeps() {
        tell("uid:1@registry", "1234567", true);
        tell("uid:2@registry", "1234567", true);
        tell("uid:3@registry", "7654321", true);
        List<Optional<AccountMark>> marks =
                links.marks(List.of("uid:1@registry", "uid:2@registry", "uid:3@registry", "uid:9@registry"));

        assertThat(marks.get(0).orElseThrow().mark())
                .isEqualTo(marks.get(1).orElseThrow().mark())
                .isNotEqualTo(marks.get(2).orElseThrow().mark());
        assertThat(marks.get(3)).isEmpty();
        assertThat(database.sql().fetch("select account_index from mapping").getValues("account_index", byte[].class))
                .doesNotContain(marks.get(0).orElseThrow().mark());

        tell("uid:1@registry", "9999999", true);
        assertThat(links.marks(List.of("uid:1@registry"))
                        .getFirst()
                        .orElseThrow()
                        .version())
                .isEqualTo(2);
    }

    private byte[] mark(String scheme, String provider, String number) {
        String identity = "uid:" + source.size() + "@registry";
        source.add(new AccountSource.Account(
                identity, scheme, provider, Sensitive.of(number), true, Instant.parse("2026-01-01T00:00:00Z")));
        return links.marks(List.of(identity)).getFirst().orElseThrow().mark();
    }

    @Test
    void one_account_has_one_mark_however_its_bank_is_written_and_two_banks_may_use_one_number() {
        byte[] iban = mark("bank", "BARC", "GB29NWBK60161331926819");
        assertThat(mark("bank", "NWBK", "GB29 NWBK 6016 1331 9268 19")).isEqualTo(iban);
        assertThat(mark("mobile", "TELCO1", "254712345678")).isEqualTo(mark("mobile", "TELCO2", "254712345678"));
        assertThat(mark("bank", "0042", "1234567")).isEqualTo(mark("bank", " 42", "123-4567"));
        assertThat(mark("bank", "Bank1", "1234567")).isEqualTo(mark("bank", "BANK1", "1234567"));
        assertThat(mark("bank", "0042", "1234567")).isNotEqualTo(mark("bank", "0043", "1234567"));
        // Not an IBAN, because its check digits do not hold.
        assertThat(mark("bank", "BARC", "GB30NWBK60161331926819"))
                .isNotEqualTo(mark("bank", "NWBK", "GB30NWBK60161331926819"));
    }

    @Test
    void the_same_word_again_makes_no_new_version() {
        tell("uid:1@registry", "4001", true);
        tell("uid:1@registry", "4001", true);

        assertThat(((Resolution.Linked) links.resolve(List.of("uid:1@registry")).getFirst()).version())
                .isEqualTo(1);
    }

    @Test
    void an_account_that_cannot_be_written_as_an_address_is_reported_and_stops_nobody_else() {
        source.add(new AccountSource.Account(
                "uid:1@registry", "mobile", "telco", Sensitive.of("not a phone"), true, Instant.now()));
        source.add(new AccountSource.Account(
                "uid:2@registry", "mobile", "telco", Sensitive.of("254712345678"), true, Instant.now()));

        Links.Fetched fetched = links.fetch();

        assertThat(fetched.unfit()).hasSize(1);
        assertThat(fetched.unfit().getFirst().message()).doesNotContain("not a phone");
        assertThat(number("uid:2@registry")).isEqualTo("254712345678");
    }

    @Test
    void a_registrar_does_not_see_accounts_and_others_see_them_masked() {
        tell("uid:1@registry", "40015678", true);

        assertThatThrownBy(() -> links.page(REGISTRAR, PageRequest.first(1))).isInstanceOf(Problem.class);
        assertThat(links.page(FINANCE, PageRequest.first(1)).rows().getFirst().number())
                .isEqualTo("••••5678");
    }
}
