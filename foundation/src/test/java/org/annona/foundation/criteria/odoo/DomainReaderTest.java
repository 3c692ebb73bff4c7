package org.annona.foundation.criteria.odoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.annona.foundation.criteria.Interpreter;
import org.annona.foundation.criteria.SqlRule;
import org.annona.foundation.criteria.Truth;
import org.annona.foundation.criteria.odoo.DomainReader.Dialect;
import org.annona.foundation.criteria.odoo.Registrants.Row;
import org.annona.foundation.database.Database;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The examples of the reference (E7), by their numbers, and what it says between them. */
class DomainReaderTest {

    private static final List<Row> ROWS = Registrants.random(new Random(20261121), 300);
    private static Database database;

    @BeforeAll
    static void store() {
        database = Registrants.stored(ROWS);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    private static DomainReading read(String domain, Dialect dialect) {
        try {
            return new DomainReader(Registrants.model(), dialect, ZoneOffset.UTC).read(domain.replace('~', '"'));
        } catch (DomainRefused refused) {
            throw new AssertionError(domain + ": " + refused.getMessage(), refused);
        }
    }

    private static DomainReading read(String domain) {
        return read(domain, Dialect.ODOO_17);
    }

    private static boolean selects(String domain, Row row) {
        return selects(domain, Dialect.ODOO_17, row);
    }

    private static boolean selects(String domain, Dialect dialect, Row row) {
        return Interpreter.decide(read(domain, dialect).criterion(), row) == Truth.TRUE;
    }

    private static void assertRefused(String domain, int leaf, String reason) {
        assertThatThrownBy(() -> new DomainReader(Registrants.model(), Dialect.ODOO_17, ZoneOffset.UTC)
                        .read(domain.replace('~', '"')))
                .as(domain)
                .isInstanceOfSatisfying(DomainRefused.class, refused -> {
                    assertThat(refused.leaf()).isEqualTo(leaf);
                    assertThat(refused.position()).isPositive();
                })
                .hasMessageContaining(reason);
    }

    /** An active person with these values. */
    private static Row person(Object... values) {
        Row row = Row.of(values);
        row.values().put("active", true);
        row.values().putIfAbsent("id", 1L);
        return row;
    }

    private static Row identifier(int type, String value) {
        return Row.of("id", 5L, "value", value, "status", "valid").with("id_type", Registrants.kind(type));
    }

    @Test
    void examples_1_to_7_connectives() {
        assertThat(selects("[]", person())).isTrue();
        assertThat(selects("[]", Row.of("active", false))).isFalse();
        assertThat(read("[[~phone~,~=~,~1~],[~phone~,~=~,~2~],[~phone~,~=~,~3~]]")
                        .normalised())
                .isEqualTo("& & 1 2 3");
        String three = "[~|~,[~phone~,~=~,~1~],[~email~,~=~,~2~],[~name~,~=~,~3~]]";
        assertThat(read(three).normalised()).isEqualTo("& | 1 2 3");
        assertThat(selects(three, person("phone", "1", "name", "3"))).isTrue();
        assertThat(selects(three, person("phone", "1", "email", "2"))).isFalse();
        assertThat(selects("[[~phone~,~=~,~1~],~|~,[~email~,~=~,~2~],[~name~,~=~,~3~]]", person("phone", "1")))
                .isFalse();
        assertThat(selects("[~|~,~|~,[~phone~,~=~,~1~],[~email~,~=~,~2~],[~name~,~=~,~3~]]", person("name", "3")))
                .isTrue();
        String notBoth = "[~!~,~&~,[~phone~,~=~,~1~],[~email~,~=~,~2~]]";
        assertThat(selects(notBoth, person("phone", "1", "email", "3"))).isTrue();
        assertThat(selects(notBoth, person("phone", "1", "email", "2"))).isFalse();
        String notFirst = "[~!~,[~phone~,~=~,~1~],[~email~,~=~,~2~]]";
        assertThat(selects(notFirst, person("phone", "2", "email", "2"))).isTrue();
        assertThat(selects(notFirst, person("phone", "1", "email", "3"))).isFalse();
        assertRefused("[~|~,[~phone~,~=~,~1~]]", 0, "incomplete");
    }

    @Test
    void examples_8_to_15_values_and_missing_values() {
        assertThat(selects("[[~gender~,~!=~,~Male~]]", person())).isTrue();
        assertThat(selects("[[~gender~,~!=~,~Male~]]", person("gender", "Male")))
                .isFalse();
        assertThat(selects("[[~gender~,~not in~,[~Male~,false]]]", person())).isFalse();
        assertThat(selects("[[~gender~,~not in~,[~Male~,false]]]", person("gender", "Female")))
                .isTrue();
        assertThat(selects("[[~gender~,~in~,[]]]", person("gender", "Male"))).isFalse();
        assertThat(selects("[[~gender~,~not in~,[]]]", person())).isTrue();
        assertThat(selects("[~!~,[~income~,~<~,100]]", person("income", 10_000L)))
                .isTrue();
        assertThat(selects("[~!~,[~income~,~<~,100]]", person())).isFalse();
        assertThat(selects("[[~income~,~<~,100.50]]", person("income", 10_049L)))
                .isTrue();
        assertThat(selects("[[~birthdate~,~=~,false]]", person())).isTrue();
        assertThat(selects("[[~birthdate~,~=~,null]]", person("birthdate", LocalDate.EPOCH)))
                .isFalse();
        assertThat(selects("[[~is_group~,~=~,false]]", person())).isTrue();
        assertThat(selects("[[~is_group~,~=~,false]]", person("is_group", true)))
                .isFalse();
        assertThat(selects("[[~is_group~,~!=~,true]]", person())).isTrue();
        assertThat(selects("[[~name~,~like~,~_a%~]]", person("name", "xBayz"))).isTrue();
        assertThat(selects("[[~name~,~like~,~_a%~]]", person("name", "ayz"))).isFalse();
        assertThat(selects("[~!~,[~ref_id~,~=like~,~NSR-%~]]", person())).isFalse();
        assertThat(selects("[~!~,[~ref_id~,~=like~,~NSR-%~]]", person("ref_id", "a NSR-1")))
                .isTrue();
        assertThat(selects("[[~ref_id~,~not like~,~NSR-~]]", person())).isTrue();
        assertThat(selects("[[~ref_id~,~not like~,~NSR-~]]", person("ref_id", "a NSR-1")))
                .isFalse();
        assertThat(read("[~!~,[~ref_id~,~=like~,~NSR-%~]]").hints()).hasSize(1);
    }

    @Test
    void examples_16_to_20_identifiers() {
        String preset = "[[~is_registrant~,~=~,true],[~reg_ids.id_type~,~=like~,~MOSIP VID~],~!~,"
                + "[~reg_ids.id_type~,~=like~,~MOSIP UIN TOKEN~]]";
        Row none = person("is_registrant", true);
        Row both = person("is_registrant", true).with("identifiers", identifier(3, "1"), identifier(4, "2"));
        Row vid = person("is_registrant", true).with("identifiers", identifier(3, "1"));
        for (Dialect dialect : Dialect.values()) {
            assertThat(selects(preset, dialect, vid)).isTrue();
            assertThat(selects(preset, dialect, both)).isFalse();
            assertThat(selects(preset, dialect, none)).isFalse();
        }
        String notToken = "[~!~,[~reg_ids.id_type~,~=~,~MOSIP UIN TOKEN~]]";
        assertThat(selects(notToken, none)).isTrue();
        assertThat(selects(notToken, both)).isFalse();
        assertThat(selects(notToken, Dialect.ODOO_15, none)).isFalse();
        assertThat(selects(notToken, Dialect.ODOO_15, both)).isTrue();
        String other = "[[~reg_ids.id_type~,~!=~,~MOSIP UIN TOKEN~]]";
        for (Dialect dialect : Dialect.values()) {
            assertThat(selects(other, dialect, both)).isTrue();
            assertThat(selects(other, dialect, none)).isFalse();
        }
        assertThat(read(other).hints()).hasSize(1);
        Row mixed = person().with("identifiers", identifier(5, "456"), identifier(3, "123"));
        String twoLeaves = "[[~reg_ids.id_type~,~=~,~NATIONAL ID~],[~reg_ids.value~,~=~,~123~]]";
        assertThat(selects(twoLeaves, mixed)).isTrue();
        assertThat(read(twoLeaves).hints()).singleElement().asString().contains("any");
        assertThat(selects("[[~reg_ids~,~any~,[[~id_type~,~=~,~NATIONAL ID~],[~value~,~=~,~123~]]]]", mixed))
                .isFalse();
    }

    @Test
    void examples_21_to_24_relations() {
        Row tagged = person().with("tags", Registrants.kind(1), Registrants.kind(2));
        assertThat(selects("[[~tags_ids~,~!=~,~Household~]]", person())).isTrue();
        assertThat(selects("[[~tags_ids~,~!=~,~Household~]]", tagged)).isFalse();
        assertThat(selects("[[~tags_ids.name~,~!=~,~Household~]]", tagged)).isTrue();
        assertThat(selects("[[~tags_ids.name~,~!=~,~Household~]]", person())).isFalse();
        assertThat(selects("[[~tags_ids~,~in~,[1,9]]]", tagged)).isTrue();
        assertThat(selects("[[~tags_ids~,~in~,[1]],[~tags_ids~,~in~,[2]]]", tagged))
                .isTrue();
        assertThat(selects("[[~tags_ids~,~in~,[1]],[~tags_ids~,~in~,[9]]]", tagged))
                .isFalse();
        assertThat(selects("[[~reg_ids~,~=~,false]]", person())).isTrue();
        assertThat(selects("[[~reg_ids~,~!=~,false]]", person())).isFalse();
        Row expired = person().with("identifiers", Row.of("id", 1L, "status", "expired"));
        assertThat(selects("[[~reg_ids~,~not any~,[[~status~,~=~,~valid~]]]]", expired))
                .isTrue();
        assertThat(selects(
                        "[[~reg_ids~,~not any~,[[~status~,~=~,~valid~]]]]",
                        person().with("identifiers", identifier(3, "1"))))
                .isFalse();
        assertThat(selects("[[~kind~,~!=~,~Household~]]", person())).isTrue();
        assertThat(selects("[[~kind~,~!=~,~Household~]]", person().with("kind", Registrants.kind(1))))
                .isFalse();
        assertThat(selects("[[~district~,~child_of~,6]]", person("area", "/N/N1/")))
                .isTrue();
        assertThat(selects("[[~district~,~child_of~,7]]", person("area", "/N/")))
                .isFalse();
        assertThat(selects("[[~district~,~parent_of~,~N1~]]", person("area", "/N/")))
                .isTrue();
        assertThat(selects("[[~district~,~child_of~,false]]", person())).isFalse();
    }

    @Test
    void examples_25_to_28_times_ages_and_the_active_filter() {
        Instant evening = Instant.parse("2024-05-01T23:59:59Z");
        assertThat(selects("[[~create_date~,~<=~,~2024-05-01~]]", person("create_date", evening)))
                .isTrue();
        assertThat(selects("[[~create_date~,~=~,~2024-05-01~]]", person("create_date", evening)))
                .isFalse();
        assertThat(selects("[[~create_date~,~>~,~2024-05-01~]]", person("create_date", evening)))
                .isFalse();
        assertRefused("[[~age~,~<~,~18~]]", 1, "whole number");
        assertThat(selects("[[~age~,~<~,18]]", person("birthdate", LocalDate.of(2008, 11, 22))))
                .isTrue();
        assertThat(selects("[[~age~,~<~,18]]", person("birthdate", LocalDate.of(2008, 11, 21))))
                .isFalse();
        assertThat(selects("[[~age~,~<~,18]]", person())).isFalse();
        assertThat(selects("[~|~,[~active~,~=~,true],[~active~,~=~,false]]", Row.of("active", false)))
                .isTrue();
        assertThat(selects("[[~email~,~ilike~,~~]]", person())).isTrue();
        assertThat(selects("[[~phone~,~=?~,false]]", person())).isTrue();
        Row group = person().with(
                        "members",
                        Row.of("id", 1L).with("individual", person("gender", "Female")),
                        Row.of("id", 2L)
                                .with("individual", person("gender", "Male"))
                                .with("role", Registrants.kind(6)));
        assertThat(selects(
                        "[[~group_membership_ids.individual.gender~,~=~,~Female~],[~group_membership_ids.kind~,~=~,~Head~]]",
                        group))
                .isTrue();
        assertThat(selects(
                        "[[~group_membership_ids~,~any~,[[~individual.gender~,~=~,~Female~],[~kind~,~=~,~Head~]]]]",
                        group))
                .isFalse();
    }

    @Test
    void domains_are_read_as_json_and_as_python_writes_them() {
        String json = "[[~is_group~,~=~,false],~!~,[~gender~,~in~,[~Male~,null]]]";
        String python = "[('is_group', '=', False), '!', ('gender', 'in', ['Male', None,]),]";
        String mixed = "[['is_group', ~=~, false], '!', (~gender~, 'in', ('Male', None))]";
        assertThat(read(python).criterion()).isEqualTo(read(json).criterion());
        assertThat(read(mixed).criterion()).isEqualTo(read(json).criterion());
        assertThat(selects("[[1,~=~,1]]", person())).isTrue();
        assertThat(selects("[[0,~=~,1]]", person())).isFalse();
        assertThat(selects("[~!~,[0,~=~,1]]", person())).isTrue();
        assertThat(selects("[[~name~,~=~,~\\u00c9\\\\n~]]", person("name", "É\\n")))
                .isTrue();
    }

    @Test
    void what_is_not_understood_is_refused_with_its_place_and_never_left_out() {
        assertRefused("", 0, "too early");
        assertRefused("{}", 0, "not expected");
        assertRefused("[[~name~,~=~,~x~]] + []", 0, "behind the end");
        assertRefused("[[~name~,~=~,name]]", 0, "no value");
        assertRefused("__import__('os')", 0, "no value");
        assertRefused("[[~name~,~=~,007]]", 0, "number");
        assertRefused("[~and~,[~name~,~=~,~x~]]", 0, "none of");
        assertRefused("[[~name~,~=~]]", 1, "three parts");
        assertRefused("[[~name~,~ILIKE~,~x~]]", 1, "operator");
        assertRefused("[[~phone~,~=~,~1~],[~password~,~=~,~x~]]", 2, "no field 'password'");
        assertRefused("[[~reg_ids.password~,~=~,~x~]]", 1, "no field 'password'");
        assertRefused("[[~name.x~,~=~,~x~]]", 1, "no fields of its own");
        assertRefused("[[~creator_eid~,~=~,~x~]]", 1, "cannot be searched");
        assertRefused("[[~reg_ids~,~=~,~123~]]", 1, "reg_ids.value");
        assertRefused("[[~eid~,~like~,~1~]]", 1, "exact value");
        assertRefused("[[~gender~,~in~,~Male~]]", 1, "list");
        assertRefused("[[~is_group~,~=~,~yes~]]", 1, "true or false");
        assertRefused("[[~is_group~,~<~,true]]", 1, "no order");
        assertRefused("[[~name~,~=~,5]]", 1, "text");
        assertRefused("[[~birthdate~,~>~,~yesterday~]]", 1, "date");
        assertRefused("[[~kind~,~<~,~A~]]", 1, "no order");
        assertRefused("[[~kind.name.x.y~,~=~,~A~]]", 1, "at most 3");
        assertRefused("[[~reg_ids~,~any~,~x~]]", 1, "domain");
        assertRefused("[[~reg_ids~,~any~,[[~nothing~,~=~,1]]]]", 2, "no field 'nothing'");
        assertRefused("[[~name~,~child_of~,~x~]]", 1, "no other rows");
        assertRefused("[[~district~,~child_of~,~Nowhere~]]", 1, "no such area");
        assertRefused("[[~district~,~like~,~N~]]", 1, "child_of");
        assertRefused("[" + "[~name~,~=~,~x~],".repeat(101) + "]", 0, "more than 100");
        assertRefused("[[~id~,~in~,[" + "1,".repeat(1_001) + "]]]", 1, "at most 1000");
        assertRefused("[".repeat(50), 0, "nested");
    }

    @Test
    void a_domain_can_be_read_by_whoever_answers_for_it() {
        assertThat(read("[[~gender~,~!=~,~Male~],~!~,[~reg_ids.id_type~,~=like~,~MOSIP%~]]")
                        .plain())
                .isEqualTo(
                        "the active is yes and (the gender is not Male or the gender is not known) and it is not so that"
                                + " there is an identifier for whom there is a kind for whom the name fits \"MOSIP%\"");
    }

    @Test
    void two_domains_that_select_other_people_do_not_read_the_same() {
        String same = "[[~reg_ids~,~any~,[[~id~,~=~,1],[~status~,~=~,~valid~]]]]";
        String others = "[[~reg_ids~,~any~,[[~id~,~=~,1]]],[~id~,~=~,1]]";
        assertThat(read(same).plain()).contains("(").isNotEqualTo(read(others).plain());
        assertThat(read("[[~name~,~=~,~x and the gender is Male~]]").plain()).contains("\"x and the gender is Male\"");
    }

    @Test
    void a_small_text_never_becomes_much_work() {
        assertRefused("[" + "~!~,".repeat(5_000) + "[~name~,~=~,~x~]]", 0, "more than 400");
        assertRefused("[[~" + "a.".repeat(2_000) + "a~,~=~,~x~]]", 1, "name of a field");
        assertRefused(
                "[" + ("[~reg_ids~,~any~,[" + "[~id~,~=~,1],".repeat(60) + "]],").repeat(2) + "]", 0, "more than 100");
        assertRefused("[[~phone~,~=~,~1~],[~reg_ids~,~any~,[[~nothing~,~=~,1]]]]", 3, "no field 'nothing'");
        assertRefused("[[~name~,~=like~,~" + "%a".repeat(600) + "~]]", 1, "at most 1000");
        Row row = person("name", "a".repeat(300));
        assertThat(selects("[[~name~,~=like~,~" + "%a".repeat(100) + "b~]]", row))
                .isFalse();
    }

    @Test
    void what_the_database_would_refuse_is_refused_before() {
        assertRefused("[[~name~,~=like~,~abc\\\\~]]", 1, "backslash");
        assertRefused("[[~name~,~=~,~a\\u0000~]]", 0, "no letter");
        assertRefused("[[~name~,~=~,~\\ud800~]]", 0, "no letter");
        assertRefused("[[~birthdate~,~>~,~+999999999-12-31~]]", 1, "date");
        assertRefused("[[~eid~,~in~,~abc~]]", 1, "list");
        assertRefused("[[~tags_ids~,~like~,false]]", 1, "pattern");
        assertThat(selects("[[~district~,~=?~,false]]", person())).isTrue();
    }

    private static List<Long> bySql(String domain, Dialect dialect) {
        return database.sql()
                .select(org.jooq.impl.DSL.field(org.jooq.impl.DSL.name("r", "id"), SQLDataType.BIGINT))
                .from(org.jooq.impl.DSL.table("public.r").as("r"))
                .where(SqlRule.of(read(domain, dialect).criterion(), Registrants.binding("r")))
                .orderBy(1)
                .fetch(0, Long.class);
    }

    private static void assertSame(String domain) {
        for (Dialect dialect : Dialect.values()) {
            List<Long> inMemory = ROWS.stream()
                    .filter(row -> selects(domain, dialect, row))
                    .map(Row::id)
                    .toList();
            assertThat(bySql(domain, dialect)).as(dialect + " " + domain).isEqualTo(inMemory);
        }
    }

    @Test
    void random_domains_select_the_same_by_sql_and_in_memory() {
        Random random = new Random(7);
        int some = 0;
        for (int i = 0; i < 500; i++) {
            String domain = "[" + String.join(",", domain(random, 3)) + "]";
            assertSame(domain);
            long found = ROWS.stream().filter(row -> selects(domain, row)).count();
            some += found > 0 && found < ROWS.size() ? 1 : 0;
        }
        assertThat(some).as("domains that select some and not all").isGreaterThan(150);
    }

    private static List<String> domain(Random random, int depth) {
        List<String> tokens = new ArrayList<>();
        switch (depth == 0 ? 4 : random.nextInt(5)) {
            case 0, 1 -> {
                tokens.add(random.nextBoolean() ? "~&~" : "~|~");
                tokens.addAll(domain(random, depth - 1));
                tokens.addAll(domain(random, depth - 1));
            }
            case 2 -> {
                tokens.add("~!~");
                tokens.addAll(domain(random, depth - 1));
            }
            case 3 -> {
                tokens.addAll(domain(random, depth - 1));
                tokens.addAll(domain(random, depth - 1));
            }
            default -> tokens.add(LEAVES.get(random.nextInt(LEAVES.size())));
        }
        // Two side by side after a connective would be taken by it; one behind the other mean and.
        return depth < 3 && tokens.size() > 1 && !tokens.getFirst().startsWith("~")
                ? Stream.concat(Stream.of("~&~"), tokens.stream()).toList()
                : tokens;
    }

    private static final List<String> LEAVES = List.of(
            "[~gender~,~=~,~Male~]",
            "[~gender~,~!=~,~Male~]",
            "[~gender~,~in~,[~Male~,false]]",
            "[~gender~,~not in~,[~Male~]]",
            "[~gender~,~not in~,[false]]",
            "[~gender~,~>=~,~Male~]",
            "[~name~,~ilike~,~ASHA~]",
            "[~name~,~not ilike~,~a~]",
            "[~name~,~=like~,~A%~]",
            "[~name~,~like~,~_a%~]",
            "[~email~,~=~,~~]",
            "[~email~,~not like~,~~]",
            "[~income~,~<~,100]",
            "[~income~,~=~,100.00]",
            "[~birthdate~,~>~,~2008-11-21~]",
            "[~age~,~<~,18]",
            "[~is_group~,~=~,false]",
            "[~is_group~,~in~,[true,false]]",
            "[~active~,~=~,false]",
            "[~create_date~,~<=~,~2024-05-01~]",
            "[~create_date~,~=~,~2024-05-01~]",
            "[~eid~,~=~,~1~]",
            "[~eid~,~not in~,[~1~,false]]",
            "[~district~,~child_of~,~N~]",
            "[~district~,~parent_of~,7]",
            "[~district~,~=~,false]",
            "[~district~,~!=~,~N1~]",
            "[~kind~,~=~,~Household~]",
            "[~kind~,~!=~,2]",
            "[~kind~,~=~,false]",
            "[~kind.name~,~not like~,~House~]",
            "[~tags_ids~,~in~,[1,false]]",
            "[~tags_ids~,~not in~,[2]]",
            "[~tags_ids.name~,~!=~,~Family~]",
            "[~reg_ids~,~=~,false]",
            "[~reg_ids.id_type~,~=like~,~MOSIP%~]",
            "[~reg_ids.id_type~,~!=~,~NATIONAL ID~]",
            "[~reg_ids.value~,~in~,[~123~]]",
            "[~reg_ids~,~any~,[[~id_type~,~=~,~NATIONAL ID~],[~value~,~=~,~123~]]]",
            "[~reg_ids~,~not any~,[~|~,[~status~,~=~,~valid~],[~value~,~=~,false]]]",
            "[~group_membership_ids.individual.gender~,~=~,~Female~]",
            "[~group_membership_ids.kind~,~=~,~Head~]",
            "[~group_membership_ids.individual.age~,~<~,18]",
            "[1,~=~,1]",
            "[0,~=~,1]");
}
