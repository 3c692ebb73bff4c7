package org.annona.foundation.criteria;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.annona.foundation.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleParserTest {

    private final RuleParser parser = new RuleParser(SampleHouseholds.CATALOGUE);
    private final RuleText text = new RuleText(SampleHouseholds.CATALOGUE);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "everyone()",
                "income < money(\"1500.00\")",
                "within(area, \"N01\") && members.exists(m, m.age < 5)",
                "members.filter(m, m.age < 18 && m.sex == \"F\").size() >= 3",
                "members.size() > 4 || missing(income)",
                "!(flag == true) && code in [\"a\", \"b\"]",
                "(code == \"a\" || code == \"b\") && day >= date(\"2020-02-29\")",
                "code == \"O'Hara; drop table \\\"people\\\" --\""
            })
    void a_rule_that_is_read_and_written_is_the_same(String rule) {
        assertThat(text.write(parser.parse(rule))).isEqualTo(rule);
    }

    @Test
    void other_spellings_mean_the_same() {
        assertThat(parser.parse("5 <= size")).isEqualTo(parser.parse("size >= 5"));
        assertThat(parser.parse("flag")).isEqualTo(parser.parse("flag == true"));
        assertThat(parser.parse("members.all(m, m.age >= 18)"))
                .isEqualTo(parser.parse("!(members.exists(m, !(m.age >= 18)))"));
        assertThat(parser.parse("size(members) == 2")).isEqualTo(parser.parse("members.size() == 2"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "incom < 5                        | 1 | a household has no 'incom'",
                "income < 5                       | 1 | money(",
                "income < 5.5                     | 1 | money(",
                "size < \"5\"                     | 1 | whole number",
                "size = 5                         | 1 | cannot be read",
                "size <                           | 1 | cannot be read",
                "surely(income < money(\"1\"))    | 1 | surely() belongs to search domains",
                "area == \"N01\"                  | 1 | within(",
                "code < \"b\"                     | 1 | no order",
                "age < 5                          | 1 | has no 'age'",
                "members.exists(m, age < 5)       | 1 | begins with m.",
                "members.exists(m, m.income < 5)  | 1 | has no 'income'",
                "pets.exists(m, m.age < 5)        | 1 | no rows called 'pets'",
                "size + 1 > 5                     | 1 | not understood",
                "size > size                      | 1 | fixed value",
                "code.matches(\"a.*\")            | 1 | no 'matches'",
                "true                             | 1 | bare value",
                "code in []                       | 1 | list of values",
                "day > date(\"2026-02-30\")       | 1 | not a date",
                "income > money(\"1.005\")        | 1 | decimals",
                "within(area, \"N/01\")           | 1 | not the code of an area"
            })
    void what_is_not_understood_is_refused_with_its_place(String rule, int line, String reason) {
        assertThatThrownBy(() -> parser.parse(rule))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(reason)
                .hasMessageContaining("line " + line);
    }

    @Test
    void the_place_is_where_the_mistake_stands() {
        assertThatThrownBy(() -> parser.parse("size > 1 &&\n  colour == \"red\""))
                .hasMessageContaining("line 2, column 3");
    }

    @Test
    void an_empty_rule_is_refused_because_it_would_mean_nobody() {
        assertThatThrownBy(() -> parser.parse("  ")).hasMessageContaining("everyone()");
    }

    @Test
    void a_rule_reads_as_a_sentence() {
        Criterion rule = parser.parse("income < money(\"1500.00\") && members.filter(m, m.age < 5).size() >= 1");
        assertThat(PlainReading.of(rule, SampleHouseholds.CATALOGUE))
                .isEqualTo("the monthly income is below 1,500.00 KES and the number of members for whom the age is"
                        + " below 5 years is at least 1");
    }
}
