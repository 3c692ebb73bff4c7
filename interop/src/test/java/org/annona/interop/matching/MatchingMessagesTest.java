package org.annona.interop.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.annona.interop.matching.MatchingAnswer.Entry;
import org.annona.interop.matching.MatchingAnswer.Listed;
import org.annona.interop.matching.MatchingAnswer.Opened;
import org.annona.interop.matching.MatchingAnswer.Raised;
import org.annona.interop.message.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What two installations write, and what they make of nonsense. */
class MatchingMessagesTest {

    private static final UUID EXCHANGE = UUID.fromString("01a201de-2b9d-76e8-be9b-09a2d2966287");
    private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");

    @Test
    void what_is_written_is_read() {
        Opened opened = new Opened(EXCHANGE, true, 3, List.of("UIN"), List.of("SCHOOL"), NOW, NOW.plusSeconds(60));
        byte[] mark = new byte[Tags.BYTES];
        mark[0] = -1;

        assertThat(MatchingAnswer.read(opened.asMessage("t", "c"))).contains(opened);
        assertThat(MatchingAnswer.read(new Listed(List.of(new Entry(mark, 65_535)), true).asMessage("t", "c")))
                .get()
                .isInstanceOfSatisfying(Listed.class, listed -> {
                    assertThat(listed.more()).isTrue();
                    assertThat(listed.entries().getFirst().mark()).isEqualTo(mark);
                    assertThat(listed.entries().getFirst().covered()).isEqualTo(65_535);
                });
        assertThat(MatchingAnswer.read(new Raised(List.of(new byte[32])).asMessage("t", "c")))
                .get()
                .isInstanceOfSatisfying(
                        Raised.class, raised -> assertThat(raised.points()).hasSize(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'matching_response':7}",
                "{'matching_response':{'status':'succ'}}",
                "{'matching_response':{'status':'rjct','points':[]}}",
                "{'matching_response':{'status':'succ','points':['?']}}",
                "{'matching_response':{'status':'succ','more':true,'entries':'AAAA'}}",
                "{'matching_response':{'status':'succ','more':'x','entries':''}}",
                "{'matching_response':{'status':'succ','ready':true,'exchange':'x'}}",
                "{'matching_response':{'status':'succ','ready':true,'exchange':'01a201de-2b9d-76e8-be9b-09a2d2966287',"
                        + "'entries':-1,'types':[],'programmes':[],'begun':'2026-11-22T07:00:00Z',"
                        + "'until':'2026-11-22T07:00:00Z'}}",
                "{'matching_response':{'status':'succ','ready':true,'exchange':'01a201de-2b9d-76e8-be9b-09a2d2966287',"
                        + "'entries':99999999999999999999999,'types':[],'programmes':[],'begun':'2026-11-22T07:00:00Z',"
                        + "'until':'2026-11-22T07:00:00Z'}}",
                "{'matching_response':{'status':'succ','ready':true,'exchange':'01a201de-2b9d-76e8-be9b-09a2d2966287',"
                        + "'entries':1,'types':[],'programmes':[{}],'begun':'2026-11-22T07:00:00Z',"
                        + "'until':'2026-11-22T07:00:00Z'}}",
                "{'matching_response':{'status':'succ','ready':true,'exchange':'01a201de-2b9d-76e8-be9b-09a2d2966287',"
                        + "'entries':1,'types':['\\u0000'],'programmes':[],'begun':'2026-11-22T07:00:00Z',"
                        + "'until':'2026-11-22T07:00:00Z'}}"
            })
    void nonsense_is_no_answer(String message) {
        assertThat(MatchingAnswer.read(JsonMapper.shared().readTree(message.replace('\'', '"'))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'transaction_id':'t'}",
                "{'transaction_id':'t','matching_request':{}}",
                "{'transaction_id':'t','matching_request':{'step':'close'}}",
                "{'transaction_id':'t','matching_request':{'step':'list','exchange':'x'}}",
                "{'transaction_id':'t','matching_request':{'step':'list','exchange':'01a201de-2b9d-76e8-be9b-09a2d2966287',"
                        + "'after':'AA=='}}",
                "{'transaction_id':'t','matching_request':{'step':'raise','exchange':'01a201de-2b9d-76e8-be9b-09a2d2966287',"
                        + "'points':[]}}",
                "{'transaction_id':'t','matching_request':{'step':'raise','exchange':'01a201de-2b9d-76e8-be9b-09a2d2966287',"
                        + "'points':[{}]}}"
            })
    void nonsense_is_no_question(String message) {
        assertThatThrownBy(() -> MatchingRequest.read(JsonMapper.shared().readTree(message.replace('\'', '"'))))
                .isInstanceOf(Refusal.class);
    }
}
