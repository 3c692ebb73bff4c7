package org.annona.interop.enrolment;

import static org.assertj.core.api.Assertions.assertThat;

import org.annona.interop.enrolment.EnrolledRequest.Question;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Whether somebody is enrolled is answered only where every part of the question is understood. */
class EnrolledRequestTest {

    private static Question read(String query) {
        return EnrolledRequest.read(JsonMapper.shared()
                        .readTree(("{'transaction_id':'t','enrolled_criteria':{'query':" + query + "}}")
                                .replace('\'', '"')))
                .question();
    }

    private static void isNotUnderstood(String query) {
        assertThat(read(query)).as(query).isNull();
    }

    @Test
    void a_person_and_programmes_are_read_in_the_shapes_that_are_seen() {
        Question example = read("{'person_identifier':{'eq':'ABC451123'},"
                + "'programme_identifier.program.programme_identifier':{'eq':'DCI001'}}");
        assertThat(example.identifier()).isEqualTo("ABC451123");
        assertThat(example.programmes()).containsExactly("DCI001");

        assertThat(read("[{'attribute_name':'member_identifier','operator':'eq','attribute_value':'1'},"
                                + "{'attribute_name':'programme_identifier','operator':'in','attribute_value':['A','B']}]")
                        .programmes())
                .containsExactly("A", "B");
        assertThat(read("{'identifier_type':'ns:org:UIN','person_identifier':'1'}")
                        .identifierType())
                .isEqualTo("UIN");
    }

    /** Each of them read otherwise would be answered with a certain "no". */
    @Test
    void whatever_is_not_understood_in_every_part_is_no_question() {
        isNotUnderstood("{'person_identifier':'1','programme_identifier.enrolment_status':{'eq':'1'}}");
        isNotUnderstood("{'person_identifier':{'ne':'1'}}");
        isNotUnderstood("{'person_identifier':{'like':'1'}}");
        isNotUnderstood("{'programme_identifier':'A'}");
        isNotUnderstood("{'person_identifier':'1','member_identifier':'2'}");
        isNotUnderstood("{'person_identifier':['1','2']}");
        isNotUnderstood("{'person_identifier':''}");
        isNotUnderstood("{'$or':[{'person_identifier':'1'}]}");
        isNotUnderstood("[{'expression1':{'attribute_name':'person_identifier','operator':'eq','attribute_value':'1'}},"
                + "{'expression1':{'attribute_name':'programme_identifier','operator':'eq','attribute_value':'A'},"
                + "'condition':'not'}]");
        isNotUnderstood("[{'expression1':{'attribute_name':'person_identifier','operator':'eq','attribute_value':'1'},"
                + "'condition':'or','expression2':{'attribute_name':'x','operator':'eq','attribute_value':'1'}}]");
        isNotUnderstood(
                "[{'attribute_name':'person_identifier','operator':'eq','attribute_value':'1','negated':true}]");
    }
}
