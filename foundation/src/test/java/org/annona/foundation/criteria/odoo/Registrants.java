package org.annona.foundation.criteria.odoo;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.annona.foundation.TestDatabases;
import org.annona.foundation.criteria.Attribute;
import org.annona.foundation.criteria.Attribute.Type;
import org.annona.foundation.criteria.Catalogue;
import org.annona.foundation.criteria.Facts;
import org.annona.foundation.criteria.SqlBinding;
import org.annona.foundation.criteria.odoo.DomainField.Many;
import org.annona.foundation.criteria.odoo.DomainField.One;
import org.annona.foundation.criteria.odoo.DomainField.Value;
import org.annona.foundation.database.Database;
import org.annona.postgres.DatabaseAddress;
import org.annona.testing.TestPostgres;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/** Registrants as domains know them, with many gaps: in memory, and the same in a database. */
final class Registrants {

    static final LocalDate TODAY = LocalDate.of(2026, 11, 21);
    private static final Currency CURRENCY = Currency.getInstance("KES");
    private static final List<String> AREAS = List.of("/N/", "/N/N1/", "/S/", "/S/S1/");

    /** The numbers of the areas are those of the list, from 6 on, so that 7 is N1. */
    private static final DomainField.Tree TREE = (area, exact) -> AREAS.stream()
            .filter(path ->
                    area instanceof Long number ? AREAS.indexOf(path) == number - 6 : path.endsWith("/" + area + "/"))
            .toList();

    static final DomainModel NAMED = named("kind");
    private static final DomainModel TAG = named("tag");
    private static final DomainModel IDENTIFIER = new DomainModel(
            catalogue(
                    "identifier",
                    attribute("id", Type.WHOLE),
                    attribute("value", Type.TEXT),
                    attribute("status", Type.CODE)),
            Map.of(
                    "id", new Value("id"),
                    "value", new Value("value"),
                    "status", new Value("status"),
                    "id_type", new One("id_type", () -> NAMED)),
            "id",
            List.of(),
            "write reg_ids.value");
    private static final DomainModel MEMBERSHIP = new DomainModel(
            catalogue("membership", attribute("id", Type.WHOLE)),
            Map.of(
                    "id", new Value("id"),
                    "individual", new One("individual", Registrants::model),
                    "kind", new One("role", () -> NAMED)),
            "id",
            List.of(),
            "write group_membership_ids.individual.name");
    private static final DomainModel REGISTRANT = new DomainModel(
            catalogue(
                    "registrant",
                    attribute("id", Type.WHOLE),
                    attribute("name", Type.TEXT),
                    attribute("gender", Type.TEXT),
                    attribute("email", Type.TEXT),
                    attribute("phone", Type.TEXT),
                    attribute("ref_id", Type.TEXT),
                    attribute("birthdate", Type.DATE),
                    attribute("age", Type.WHOLE),
                    attribute("income", Type.AMOUNT),
                    attribute("is_group", Type.FLAG),
                    attribute("is_registrant", Type.FLAG),
                    attribute("active", Type.FLAG),
                    attribute("area", Type.AREA),
                    attribute("eid", Type.CODE),
                    attribute("create_date", Type.INSTANT)),
            fields(),
            "id",
            List.of("name"),
            "");

    private Registrants() {}

    static DomainModel model() {
        return REGISTRANT;
    }

    private static Map<String, DomainField> fields() {
        Map<String, DomainField> fields = new HashMap<>();
        for (String plain : List.of(
                "id",
                "name",
                "gender",
                "email",
                "phone",
                "ref_id",
                "birthdate",
                "age",
                "income",
                "is_group",
                "is_registrant",
                "active",
                "create_date")) {
            fields.put(plain, new Value(plain));
        }
        fields.put("eid", new DomainField.Sealed("eid", text -> List.of("hash-" + text)));
        fields.put("creator_eid", new DomainField.Unsearchable("it is computed and cannot be searched"));
        fields.put("district", new DomainField.Place("area", TREE));
        fields.put("kind", new One("kind", () -> NAMED));
        fields.put("tags_ids", new Many("tags", () -> TAG));
        fields.put("reg_ids", new Many("identifiers", () -> IDENTIFIER));
        fields.put("group_membership_ids", new Many("members", () -> MEMBERSHIP));
        return fields;
    }

    private static DomainModel named(String subject) {
        return new DomainModel(
                catalogue(subject, attribute("id", Type.WHOLE), attribute("name", Type.TEXT)),
                Map.of("id", new Value("id"), "name", new Value("name")),
                "id",
                List.of("name"),
                "");
    }

    private static Catalogue catalogue(String subject, Attribute... attributes) {
        return Catalogue.of(subject, subject + "s", CURRENCY, List.of(attributes), Map.of());
    }

    private static Attribute attribute(String name, Type type) {
        return new Attribute(name, type, name, "", "test");
    }

    /** A row with what it is related to. */
    record Row(Map<String, @Nullable Object> values, Map<String, List<Row>> relations) implements Facts {

        static Row of(Object... namesAndValues) {
            Map<String, @Nullable Object> values = new HashMap<>();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                values.put((String) namesAndValues[i], namesAndValues[i + 1]);
            }
            return new Row(values, new HashMap<>());
        }

        Row with(String relation, Row... rows) {
            relations.computeIfAbsent(relation, none -> new ArrayList<>()).addAll(List.of(rows));
            return this;
        }

        long id() {
            return (Long) java.util.Objects.requireNonNull(values.get("id"));
        }

        @Override
        public @Nullable Object value(String attribute) {
            if (attribute.equals("age")) {
                LocalDate born = (LocalDate) values.get("birthdate");
                return born == null ? null : (long) Period.between(born, TODAY).getYears();
            }
            return values.get(attribute);
        }

        @Override
        public List<? extends Facts> related(String relation) {
            return relations.getOrDefault(relation, List.of());
        }
    }

    static List<Row> random(Random random, int count) {
        List<Row> rows = new ArrayList<>();
        for (long id = 1; id <= count; id++) {
            Row row = Row.of("id", id, "active", random.nextInt(8) > 0, "is_registrant", true);
            Map<String, @Nullable Object> values = row.values();
            values.put("name", some(random, "_a%", "Asha", "asha b", "Household"));
            values.put("gender", some(random, "Male", "Female", ""));
            values.put("ref_id", some(random, "NSR-1", "x NSR-2", "other"));
            values.put("email", some(random, "a@b", ""));
            values.put("phone", some(random, "1", "2"));
            values.put("birthdate", some(random, LocalDate.of(2008, 11, 21), LocalDate.of(2008, 11, 22), TODAY));
            values.put("income", some(random, 9_900L, 10_000L, 10_100L));
            values.put("is_group", some(random, true, false));
            values.put("area", some(random, AREAS.toArray()));
            values.put("eid", some(random, "hash-1", "hash-2"));
            values.put(
                    "create_date",
                    some(
                            random,
                            Instant.parse("2024-05-01T00:00:00Z"),
                            Instant.parse("2024-05-01T23:59:59Z"),
                            Instant.parse("2024-05-02T00:00:00Z")));
            if (random.nextInt(3) > 0) {
                row.with("kind", kind(1 + random.nextInt(2)));
            }
            for (int i = random.nextInt(3); i > 0; i--) {
                Row identifier = Row.of(
                        "id",
                        10L * id + i,
                        "value",
                        some(random, "123", "456"),
                        "status",
                        some(random, "valid", "expired"));
                if (random.nextInt(4) > 0) {
                    identifier.with("id_type", kind(3 + random.nextInt(3)));
                }
                row.with("identifiers", identifier);
            }
            for (int tag = 3; tag <= 4; tag++) {
                if (random.nextInt(3) == 0) {
                    row.with("tags", kind(tag - 2));
                }
            }
            rows.add(row);
        }
        for (Row row : rows) {
            for (int i = random.nextInt(3); i > 0; i--) {
                Row membership = Row.of("id", 10L * row.id() + i);
                membership.with("individual", rows.get(random.nextInt(rows.size())));
                if (random.nextBoolean()) {
                    membership.with("role", kind(6));
                }
                row.with("members", membership);
            }
        }
        return rows;
    }

    private static final List<String> KINDS =
            List.of("Household", "Family", "MOSIP VID", "MOSIP UIN TOKEN", "NATIONAL ID", "Head");

    /** Of the kinds, types, tags and roles, which are one list here. */
    static Row kind(int id) {
        return Row.of("id", (long) id, "name", KINDS.get(id - 1));
    }

    private static @Nullable Object some(Random random, Object... values) {
        return random.nextInt(4) == 0 ? null : values[random.nextInt(values.length)];
    }

    static Database stored(List<Row> rows) {
        DatabaseAddress address = TestPostgres.with("foundation");
        try (Connection admin = address.connectAsAdmin();
                Statement sql = admin.createStatement()) {
            sql.execute("create table public.r (id bigint, name text, gender text, ref_id text, email text, phone text,"
                    + " birthdate date, income bigint, is_group boolean, is_registrant boolean, active boolean, area text,"
                    + " eid text, create_date timestamptz, kind bigint)");
            sql.execute("create table public.k (id bigint, name text)");
            sql.execute("create table public.i (r bigint, id bigint, value text, status text, id_type bigint)");
            sql.execute("create table public.t (r bigint, k bigint)");
            sql.execute("create table public.m (r bigint, id bigint, individual bigint, role bigint)");
            sql.execute("grant select, insert on public.r, public.k, public.i, public.t, public.m to public");
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
        Database database = TestDatabases.open(address);
        for (int kind = 1; kind <= KINDS.size(); kind++) {
            database.sql().execute("insert into public.k values (?, ?)", kind, KINDS.get(kind - 1));
        }
        for (Row row : rows) {
            store(database, row);
        }
        return database;
    }

    private static void store(Database database, Row row) {
        Map<String, @Nullable Object> v = row.values();
        database.sql()
                .execute(
                        "insert into public.r values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::timestamptz, ?)",
                        row.id(),
                        v.get("name"),
                        v.get("gender"),
                        v.get("ref_id"),
                        v.get("email"),
                        v.get("phone"),
                        v.get("birthdate"),
                        v.get("income"),
                        v.get("is_group"),
                        v.get("is_registrant"),
                        v.get("active"),
                        v.get("area"),
                        v.get("eid"),
                        v.get("create_date") instanceof Instant at ? at.atOffset(ZoneOffset.UTC) : null,
                        only(row, "kind"));
        for (Row identifier : row.relations().getOrDefault("identifiers", List.of())) {
            database.sql()
                    .execute(
                            "insert into public.i values (?, ?, ?, ?, ?)",
                            row.id(),
                            identifier.id(),
                            identifier.value("value"),
                            identifier.value("status"),
                            only(identifier, "id_type"));
        }
        for (Row tag : row.relations().getOrDefault("tags", List.of())) {
            database.sql().execute("insert into public.t values (?, ?)", row.id(), tag.id());
        }
        for (Row member : row.relations().getOrDefault("members", List.of())) {
            database.sql()
                    .execute(
                            "insert into public.m values (?, ?, ?, ?)",
                            row.id(),
                            member.id(),
                            only(member, "individual"),
                            only(member, "role"));
        }
    }

    private static @Nullable Long only(Row row, String relation) {
        List<Row> rows = row.relations().getOrDefault(relation, List.of());
        return rows.isEmpty() ? null : rows.getFirst().id();
    }

    /** @param alias of the row in the statement */
    static SqlBinding binding(String alias) {
        return new SqlBinding() {

            @Override
            public Field<?> field(String attribute) {
                return attribute.equals("age")
                        ? org.jooq.impl.DSL.field(
                                "extract(year from age(date '2026-11-21', {0}))::bigint",
                                SQLDataType.BIGINT, org.jooq.impl.DSL.field(name(alias, "birthdate")))
                        : org.jooq.impl.DSL.field(name(alias, attribute));
            }

            @Override
            public Related related(String relation) {
                String below = alias + "_" + relation;
                return switch (relation) {
                    case "kind", "id_type", "role" -> joined("k", below, "id", relation);
                    case "individual" -> joined("r", below, "id", relation);
                    case "identifiers" -> joined("i", below, "r", "id");
                    case "members" -> joined("m", below, "r", "id");
                    case "tags" ->
                        new Related(
                                table("public.k").as(below),
                                org.jooq.impl.DSL.exists(org.jooq
                                        .impl
                                        .DSL
                                        .selectOne()
                                        .from(table("public.t").as(below + "_link"))
                                        .where(
                                                number(below + "_link", "k").eq(number(below, "id")),
                                                number(below + "_link", "r").eq(number(alias, "id")))),
                                binding(below));
                    default -> throw new IllegalArgumentException(relation);
                };
            }

            private Related joined(String table, String below, String theirs, String ours) {
                return new Related(
                        table("public." + table).as(below),
                        number(below, theirs).eq(number(alias, ours)),
                        binding(below));
            }

            private Field<Long> number(String table, String column) {
                return field(name(table, column), SQLDataType.BIGINT);
            }

            private Field<Long> field(org.jooq.Name column, org.jooq.DataType<Long> type) {
                return org.jooq.impl.DSL.field(column, type);
            }
        };
    }
}
