package org.annona.interop.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.annona.interop.message.ReasonCode;
import org.annona.interop.message.Refusal;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SubscriptionMessagesTest {

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    private static SubscribeRequest.Wish wish(String frequency) {
        return SubscribeRequest.read(json("{'transaction_id':'t','subscribe_request':[{'reference_id':'r',"
                        + "'timestamp':'2026-01-15T10:30:00Z','subscribe_criteria':{'reg_event_type':'x:REGISTER',"
                        + "'filter':{'type':'UIN','value':'1'},'notify_record_type':'y:Member'" + frequency + "}}]}"))
                .wishes()
                .getFirst();
    }

    @Test
    void a_wish_is_read_without_prefixes_and_for_an_identifier_where_nothing_else_is_said() {
        assertThat(wish("").event()).isEqualTo("REGISTER");
        assertThat(wish("").recordType()).isEqualTo("Member");
        assertThat(wish("").filterType()).isEqualTo("idtype-value");
        assertThat(wish("").rejection()).isNull();
    }

    @Test
    void a_frequency_needs_a_beginning_before_its_end() {
        assertThat(wish(",'frequency':{'start_time':'2027-01-01T00:00:00Z','end_time':'2026-01-01T00:00:00Z',"
                                + "'frequency':'0 0 * * * ?'}")
                        .rejection()
                        .reason())
                .isEqualTo(ReasonCode.NOTIFY_DETAILS_INVALID);
        assertThat(wish(",'frequency':{'frequency':'0 0 * * * ?'}").rejection()).isNotNull();
    }

    @Test
    void the_misspelled_fields_of_earlier_editions_are_read() {
        assertThat(UnsubscribeRequest.read(json("{'transaction_id':'t','timesstamp':'2026-01-15T10:30:00Z',"
                                + "'sunscription_codes':['a','b']}"))
                        .codes())
                .containsExactly("a", "b");
        assertThat(UnsubscribeRequest.read(json(
                                "{'transaction_id':'t','timestamp':'2026-01-15T10:30:00Z','subscription_code':'a'}"))
                        .codes())
                .containsExactly("a");
        assertThatThrownBy(() -> UnsubscribeRequest.read(
                        json("{'transaction_id':'t','timestamp':'2026-01-15T10:30:00Z','subscription_codes':[]}")))
                .isInstanceOf(Refusal.class);
    }
}
