package org.annona.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StateEnumsTest {

    private static final String LIST = "CHECK ((state = ANY (ARRAY['draft'::text, 'in_review'::text])))";

    @Test
    void the_values_of_a_state_are_those_of_its_constraint_in_their_order() {
        assertThat(StateEnums.values("a.b.state", LIST)).containsExactly("draft", "in_review");
        assertThat(StateEnums.values("a.b.state", "CHECK ((state = 'only'::text))"))
                .containsExactly("only");
    }

    @Test
    void another_rule_about_the_state_is_no_list_of_its_values() {
        assertThat(StateEnums.values("a.b.state", "CHECK ((length(state) < 9))\n" + LIST))
                .containsExactly("draft", "in_review");
    }

    @Test
    void a_state_without_a_list_of_values_or_with_two_stops_the_build() {
        for (String checks : new String[] {null, "CHECK ((state <> 'x'::text))", LIST + "\n" + LIST}) {
            assertThatThrownBy(() -> StateEnums.values("a.b.state", checks))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("a.b.state");
        }
    }
}
