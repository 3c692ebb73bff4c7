package org.annona.foundation.criteria;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.annona.foundation.TestDatabases;
import org.annona.foundation.criteria.Criterion.Comparator;
import org.annona.foundation.criteria.Criterion.Constant;
import org.annona.foundation.criteria.Criterion.Operand;
import org.annona.foundation.database.Database;
import org.annona.postgres.DatabaseAddress;
import org.annona.testing.TestPostgres;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/** Random rules over random households with many gaps: SQL and interpreter must give the same of three answers. */
class SqlEqualsInterpreterTest {

    private record Member(@Nullable Long age, @Nullable String sex) implements Facts {
        @Override
        public @Nullable Object value(String attribute) {
            return attribute.equals("age") ? age : sex;
        }

        @Override
        public List<? extends Facts> related(String relation) {
            return List.of();
        }
    }

    private record Household(int id, Map<String, @Nullable Object> values, List<Member> members) implements Facts {
        @Override
        public @Nullable Object value(String attribute) {
            return values.get(attribute);
        }

        @Override
        public List<? extends Facts> related(String relation) {
            return members;
        }
    }

    private static final String[] SOME_NAMES = {"", "Ana", "ana", "Àna", "a_a", "a%", "b\\"};
    private static final Arbitrary<String> NAMES = Arbitraries.of(SOME_NAMES);
    private static final Arbitrary<String> PATTERNS =
            Arbitraries.of("a%", "%A", "_n_", "", "%", "a\\%", "a\\_a", "%\\\\", "à%", "(a|b)*");
    private static final Instant[] MOMENTS = {
        Instant.parse("2026-01-01T00:00:00Z"),
        Instant.parse("2026-01-01T23:59:59Z"),
        Instant.parse("2026-01-02T00:00:00Z")
    };
    private static final String[] AREAS = {"/N/", "/N/N1/", "/S/", "/S/S1/"};
    private static final List<Household> HOUSEHOLDS = randomHouseholds(new Random(20261121));
    private static final Database DATABASE = stored(HOUSEHOLDS);

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void sql_and_interpreter_agree_on_every_household(@ForAll("rules") Criterion rule) {
        var rows = DATABASE.sql()
                .select(field(name("h", "id"), SQLDataType.INTEGER), SqlRule.asColumn(rule, binding("h")))
                .from(table("public.h").as("h"))
                .orderBy(field(name("h", "id")))
                .fetch();
        for (int i = 0; i < HOUSEHOLDS.size(); i++) {
            Boolean bySql = rows.get(i).value2();
            Truth truth = bySql == null ? Truth.UNKNOWN : Truth.of(bySql);
            assertThat(truth)
                    .as("household %s, rule %s", HOUSEHOLDS.get(i), rule)
                    .isEqualTo(Interpreter.decide(rule, HOUSEHOLDS.get(i)));
        }
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void every_rule_can_be_written_as_text_and_read_again(@ForAll("rules") Criterion rule) {
        String written = new RuleText(SampleHouseholds.CATALOGUE).write(rule);
        // Only domains have it, and they are read by a reader of their own.
        Assume.that(!written.contains("surely("));
        Criterion again = new RuleParser(SampleHouseholds.CATALOGUE).parse(written);
        for (Household household : HOUSEHOLDS) {
            assertThat(Interpreter.decide(again, household)).as(written).isEqualTo(Interpreter.decide(rule, household));
        }
        assertThat(PlainReading.of(rule, SampleHouseholds.CATALOGUE)).isNotBlank();
    }

    @Provide
    Arbitrary<Criterion> rules() {
        return rule(leaf(), 2);
    }

    private static Arbitrary<Criterion> rule(Arbitrary<Criterion> leaf, int depth) {
        if (depth == 0) {
            return leaf;
        }
        Arbitrary<Criterion> inner = rule(leaf, depth - 1);
        return Arbitraries.oneOf(
                leaf,
                inner.list().ofMinSize(1).ofMaxSize(3).map(Criterion.And::new),
                inner.list().ofMinSize(1).ofMaxSize(3).map(Criterion.Or::new),
                inner.map(Criterion.Not::new));
    }

    private static Arbitrary<Criterion> leaf() {
        Arbitrary<Comparator> comparator = Arbitraries.of(Comparator.class);
        Arbitrary<Comparator> equality = Arbitraries.of(Comparator.EQUAL, Comparator.NOT_EQUAL);
        Arbitrary<Criterion> member = Arbitraries.oneOf(
                comparison("age", comparator, Arbitraries.longs().between(0, 4).map(Constant.Whole::new)),
                comparison("sex", equality, Arbitraries.of("F", "M").map(Constant.Text::new)),
                Arbitraries.just(new Criterion.Missing("age")));
        Arbitrary<Criterion> condition = rule(member, 1);
        return Arbitraries.oneOf(
                Arbitraries.just(new Criterion.Everyone()),
                comparison("size", comparator, Arbitraries.longs().between(0, 4).map(Constant.Whole::new)),
                comparison(
                        "income", comparator, Arbitraries.longs().between(0, 4).map(Constant.Amount::new)),
                comparison("code", equality, Arbitraries.of("a", "O'Hara", "%").map(Constant.Text::new)),
                comparison(
                        "day", comparator, Arbitraries.longs().between(0, 3).map(days -> new Constant.Day(day(days)))),
                comparison("flag", equality, Arbitraries.of(true, false).map(Constant.Flag::new)),
                Arbitraries.of("N", "N1", "S", "%", "_").map(area -> new Criterion.Within("area", area)),
                Arbitraries.of("a", "b", "%")
                        .list()
                        .ofMinSize(1)
                        .ofMaxSize(2)
                        .map(values -> new Criterion.OneOf(
                                "code",
                                values.stream()
                                        .<Constant>map(Constant.Text::new)
                                        .toList())),
                Arbitraries.of("income", "area", "code").map(Criterion.Missing::new),
                comparison("name", comparator, NAMES.map(Constant.Text::new)),
                comparison("seen", comparator, Arbitraries.of(MOMENTS).map(Constant.Moment::new)),
                Combinators.combine(PATTERNS, Arbitraries.of(true, false))
                        .as((pattern, anyCase) -> new Criterion.Like("name", pattern, anyCase)),
                condition.map(inner -> new Criterion.Exists("members", inner)),
                condition.map(inner -> new Criterion.Exists("members", new Criterion.IsTrue(inner))),
                comparison("size", comparator, Arbitraries.longs().between(0, 4).map(Constant.Whole::new))
                        .map(Criterion.IsTrue::new),
                Combinators.combine(condition, comparator, Arbitraries.longs().between(-1, 4))
                        .as((inner, how, limit) -> new Criterion.Comparison(
                                new Operand.Count("members", inner), how, new Constant.Whole(limit))));
    }

    private static Arbitrary<Criterion> comparison(
            String attribute, Arbitrary<Comparator> comparator, Arbitrary<? extends Constant> constant) {
        return Combinators.combine(comparator, constant)
                .as((how, value) -> new Criterion.Comparison(new Operand.Value(attribute), how, value));
    }

    private static LocalDate day(long days) {
        return LocalDate.of(2026, 2, 27).plusDays(days);
    }

    private static List<Household> randomHouseholds(Random random) {
        List<Household> households = new ArrayList<>();
        for (int id = 0; id < 120; id++) {
            Map<String, @Nullable Object> values = new HashMap<>();
            values.put("size", gap(random) ? null : (Object) (long) random.nextInt(5));
            values.put("income", gap(random) ? null : (Object) (long) random.nextInt(5));
            values.put(
                    "code",
                    gap(random) ? null : List.of("a", "b", "O'Hara", "%").get(random.nextInt(4)));
            values.put("area", gap(random) ? null : AREAS[random.nextInt(AREAS.length)]);
            values.put("day", gap(random) ? null : day(random.nextInt(4)));
            values.put("flag", gap(random) ? null : (Object) random.nextBoolean());
            values.put("name", gap(random) ? null : SOME_NAMES[random.nextInt(SOME_NAMES.length)]);
            values.put("seen", gap(random) ? null : MOMENTS[random.nextInt(MOMENTS.length)]);
            List<Member> members = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                members.add(new Member(
                        gap(random) ? null : (long) random.nextInt(5),
                        gap(random) ? null : random.nextBoolean() ? "F" : "M"));
            }
            households.add(new Household(id, values, members));
        }
        return households;
    }

    private static boolean gap(Random random) {
        return random.nextInt(4) == 0;
    }

    private static Database stored(List<Household> households) {
        DatabaseAddress address = TestPostgres.with("foundation");
        try (Connection admin = address.connectAsAdmin();
                Statement sql = admin.createStatement()) {
            sql.execute("create table public.h (id int, size bigint, income bigint, code text, area text, day date,"
                    + " flag boolean, name text, seen timestamptz)");
            sql.execute("create table public.m (h int, age bigint, sex text)");
            sql.execute("grant select, insert on public.h, public.m to public");
        } catch (java.sql.SQLException failure) {
            throw new IllegalStateException(failure);
        }
        Database database = TestDatabases.open(address);
        for (Household household : households) {
            Map<String, @Nullable Object> v = household.values();
            database.sql()
                    .execute(
                            "insert into public.h values (?, ?, ?, ?, ?, ?, ?, ?, ?::timestamptz)",
                            household.id(),
                            v.get("size"),
                            v.get("income"),
                            v.get("code"),
                            v.get("area"),
                            v.get("day"),
                            v.get("flag"),
                            v.get("name"),
                            v.get("seen"));
            for (Member member : household.members()) {
                database.sql()
                        .execute("insert into public.m values (?, ?, ?)", household.id(), member.age(), member.sex());
            }
        }
        return database;
    }

    private static SqlBinding binding(String alias) {
        return new SqlBinding() {
            @Override
            public Field<?> field(String attribute) {
                return org.jooq.impl.DSL.field(name(alias, attribute));
            }

            @Override
            public Related related(String relation) {
                return new Related(
                        table("public.m").as("m"),
                        org.jooq
                                .impl
                                .DSL
                                .field(name("m", "h"), SQLDataType.INTEGER)
                                .eq(org.jooq.impl.DSL.field(name(alias, "id"), SQLDataType.INTEGER)),
                        binding("m"));
            }
        };
    }
}
