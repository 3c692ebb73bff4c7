package org.annona.tokens.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.annona.foundation.criteria.odoo.DomainReader.Dialect;
import org.annona.tokens.ConnectorTerms.Delivery;
import org.annona.tokens.RetentionTerms;
import org.annona.tokens.TokensWorld;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Virtual IDs that nobody needs any more. */
class RetentionTest {

    private static final TokensWorld WORLD = new TokensWorld();

    @AfterAll
    static void close() {
        WORLD.close();
    }

    @Test
    void a_virtual_id_goes_with_the_arrival_of_the_token_and_what_was_there_before_by_the_sweep() {
        List<String> before = WORLD.registered('1', 2);
        WORLD.assertAllTokenised(WORLD.run(WORLD.agreement(Delivery.DOWNLOAD, before)), before);
        List<String> after = WORLD.registered('1', 2);
        List<String> all = Stream.concat(before.stream(), after.stream()).toList();
        UUID rule = WORLD.tokens.createRetentionRule(TokensWorld.ADMINISTRATOR, "virtual IDs", true, terms(all));
        assertThat(rule).isNotNull();

        WORLD.assertAllTokenised(WORLD.run(WORLD.agreement(Delivery.CALLBACK_AND_POLL, after)), after);

        assertThat(WORLD.registry.retired(after)).isEqualTo(forAWeek(after));

        WORLD.doWhatRecurs();

        String ofIt = " from tokens.retention_run where rule_id = '" + rule + "'";
        TokensWorld.await(
                Duration.ofSeconds(20),
                () -> WORLD.value("select count(*)" + ofIt + " and ended_at is not null")
                        .equals("1"));
        assertThat(WORLD.registry.retired(all)).isEqualTo(forAWeek(all));
        assertThat(WORLD.value("select sum(taken)" + ofIt)).isEqualTo("2");
    }

    private static Map<String, Duration> forAWeek(List<String> vids) {
        return vids.stream().collect(Collectors.toMap(vid -> vid, vid -> Duration.ofDays(7)));
    }

    private static RetentionTerms terms(List<String> vids) {
        String people = "[['reg_ids.value','in',['" + String.join("','", vids)
                + "']],['reg_ids.id_type','=','MOSIP UIN TOKEN']]";
        return new RetentionTerms(
                people, Dialect.ODOO_17, Set.of("virtual_id"), Set.of("identity_token"), 7, true, true, 5);
    }
}
