package org.annona.interop.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.annona.foundation.criteria.PlainReading;
import org.annona.interop.json.StrictJson;
import org.junit.jupiter.api.Test;

class QueryReaderTest {

    private static final QueryReader READER = new QueryReader(SamplePeople.VOCABULARY);

    private static Query read(String type, String query) {
        return READER.read(type, StrictJson.read(query.getBytes(StandardCharsets.UTF_8)));
    }

    private static String meaning(String type, String query) {
        return PlainReading.of(((Query.ByCriteria) read(type, query)).criterion(), SamplePeople.GROUP);
    }

    private static void refused(String type, String query) {
        assertThatThrownBy(() -> read(type, query)).as(query).isInstanceOf(QueryRefused.class);
    }

    @Test
    void an_identifier_is_read_in_every_shape_with_prefix_alias_and_number() {
        for (String query : List.of(
                "{\"type\":\"UIN\",\"value\":\" 12 \"}",
                "{\"type\":\"ns:org:IdentifierType:uin\",\"value\":12}",
                "{\"identifier_type\":\"NID\",\"identifier_value\":\"12\"}",
                "{\"type\":\"idtype-value\",\"value\":{\"id_type\":\"UIN\",\"id_value\":\"12\"}}")) {
            assertThat(read("idtype-value", query)).as(query).isEqualTo(new Query.ByIdentifier("national_id", "12"));
        }
        for (String bad : List.of(
                "{}",
                "{\"type\":\"*\",\"value\":\"*\"}",
                "{\"type\":\"PASSPORT\",\"value\":\"1\"}",
                "{\"type\":\"UIN\",\"value\":\"\"}",
                "{\"type\":\"UIN\",\"value\":null}",
                "{\"type\":\"UIN\",\"value\":[\"1\"]}",
                "{\"type\":\"UIN\",\"value\":1e300}",
                "{\"type\":7,\"value\":\"1\"}",
                "[]",
                "\"UIN\"",
                "null")) {
            refused("idtype-value", bad);
        }
    }

    @Test
    void an_expression_is_read_with_and_or_not_and_every_operator() {
        assertThat(meaning("expression", """
                {"type":"ns:org:QueryType:expression","value":{"expression":{"collection":"Group","query":
                 {"$and":[{"group_size":{"$gte":"3","$lt":10}},{"$or":[{"income":{"$lte":"1500.50"}},
                 {"group_type":"ns:GroupType:2"}]},{"$not":{"member_list.demographic_info.sex":{"$eq":"female"}}}]}}}}"""))
                .isEqualTo("(the size is at least 3 people and the size is below 10 people)"
                        + " and (the income is at most 1,500.50 KES or the kind is 2)"
                        + " and it is not so that there is a member for whom the sex is female");
        assertThat(meaning("expression", "{\"group_type\":{\"in\":[\"1\",\"2\"]}}"))
                .isEqualTo("the kind is 1 or 2");
        assertThat(meaning("expression", "{\"group_type\":null}")).isEqualTo("the kind is not known");
        assertThat(meaning("expression", "{\"group_type\":{\"$ne\":null}}"))
                .isEqualTo("it is not so that the kind is not known");
        assertThat(meaning(
                        "expression",
                        "{\"member_list.demographic_info.birth_date\":{\"$gt\":\"2020-01-31T00:00:00Z\"}}"))
                .isEqualTo("there is a member for whom the birth date is above 2020-01-31");
    }

    @Test
    void a_predicate_is_read_row_by_row_in_the_order_of_its_numbers() {
        String size = "{\"attribute_name\":\"group_size\",\"operator\":\"%s\",\"attribute_value\":%s}";
        String three = size.formatted("ge", "3");
        String nine = size.formatted("<", "\"9\"");
        assertThat(meaning(
                        "predicate",
                        "[{\"seq_num\":2,\"expression1\":" + nine + "},{\"seq_num\":\"1\",\"expression1\":" + three
                                + "}]"))
                .isEqualTo("the size is at least 3 people and the size is below 9 people");
        assertThat(meaning(
                        "predicate",
                        "[{\"expression1\":" + three + ",\"condition\":\"or\",\"expression2\":" + nine + "}]"))
                .isEqualTo("the size is at least 3 people or the size is below 9 people");
        assertThat(meaning(
                        "predicate",
                        "[{\"expression1\":" + three + ",\"condition\":\"not\",\"expression2\":" + nine + "}]"))
                .isEqualTo("the size is at least 3 people and it is not so that the size is below 9 people");
        assertThat(meaning("predicate", "[{\"expression1\":" + three + ",\"condition\":\"not\"}]"))
                .isEqualTo("it is not so that the size is at least 3 people");
        assertThat(meaning("expression", "[{\"expression1\":" + three + "}]"))
                .isEqualTo("the size is at least 3 people");
        for (String bad : List.of(
                "[]",
                "{}",
                "[{}]",
                "[{\"expression2\":" + three + "}]",
                "[{\"expression1\":" + three + ",\"expression3\":" + nine + "}]",
                "[{\"expression1\":" + three + ",\"condition\":\"xor\"}]",
                "[{\"expression1\":" + three + ",\"filter\":1}]",
                "[{\"seq_num\":-1,\"expression1\":" + three + "}]",
                "[{\"expression1\":" + size.formatted("like", "3") + "}]")) {
            refused("predicate", bad);
        }
    }

    @Test
    void what_is_not_understood_in_every_part_never_means_everybody() {
        for (String bad : List.of(
                "{}",
                "[]",
                "null",
                "\"*\"",
                "{\"$and\":[]}",
                "{\"$and\":[{}]}",
                "{\"$or\":{\"group_size\":1}}",
                "{\"$nor\":[{\"group_size\":1}]}",
                "{\"$not\":[{\"group_size\":1}]}",
                "{\"secret\":1}",
                "{\"group_size\":{}}",
                "{\"group_size\":{\"$regex\":\".*\"}}",
                "{\"group_size\":{\"$gt\":{\"$gt\":1}}}",
                "{\"group_size\":\"many\"}",
                "{\"group_size\":1.5}",
                "{\"group_size\":1e30}",
                "{\"group_size\":1e300}",
                "{\"group_size\":{\"$in\":[]}}",
                "{\"group_size\":{\"$in\":5}}",
                "{\"group_size\":{\"$in\":[1,null]}}",
                "{\"group_size\":[1]}",
                "{\"group_size\":{\"$gt\":null}}",
                "{\"group_type\":{\"$gt\":\"1\"}}",
                "{\"group_type\":1}",
                "{\"group_type\":\"\"}",
                "{\"income\":0.001}",
                "{\"member_list.is_disabled\":\"yes\"}",
                "{\"member_list.demographic_info.birth_date\":\"2020-13-01\"}",
                "{\"member_list.demographic_info.birth_date\":\"20200101\"}",
                "{\"place\":\"N\"}",
                "{\"collection\":\"Farmer\",\"query\":{\"group_size\":1}}",
                "{\"collection\":\"Group\"}",
                "{\"collection\":\"Group\",\"query\":{\"group_size\":1},\"limit\":5}",
                "{\"$not\":".repeat(40) + "{\"group_size\":1}" + "}".repeat(40))) {
            refused("expression", bad);
        }
        refused("graphql", "\"{ people { id } }\"");
        refused("", "{}");
    }
}
