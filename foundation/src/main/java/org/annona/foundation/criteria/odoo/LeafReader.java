package org.annona.foundation.criteria.odoo;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.annona.foundation.criteria.Attribute;
import org.annona.foundation.criteria.Criterion;
import org.annona.foundation.criteria.Criterion.Comparator;
import org.annona.foundation.criteria.Criterion.Constant;
import org.annona.foundation.criteria.Criterion.Operand;
import org.annona.foundation.criteria.odoo.DomainReader.Dialect;
import org.annona.foundation.money.Money;

/** Reads single conditions: what they say of a value (reference E2) and of related rows (E3). */
final class LeafReader {

    private static final int DEEPEST_PATH = 3;
    private static final int LONGEST_LIST = 1_000;
    private static final int LONGEST_PATTERN = 1_000;
    private static final Criterion EVERYONE = new Criterion.Everyone();
    private static final Criterion NOBODY = new Criterion.Not(EVERYONE);
    private static final Set<String> LIKES = Set.of("like", "not like", "ilike", "not ilike", "=like", "=ilike");
    private static final Map<String, Comparator> ORDERS =
            Map.of("<", Comparator.LESS, "<=", Comparator.AT_MOST, ">", Comparator.GREATER, ">=", Comparator.AT_LEAST);

    private final DomainReader domains;
    private final Dialect dialect;
    private final Currency currency;
    private final ZoneId zone;
    private final Conditions conditions;

    LeafReader(DomainReader domains, Dialect dialect, Currency currency, ZoneId zone, Conditions conditions) {
        this.domains = domains;
        this.dialect = dialect;
        this.currency = currency;
        this.zone = zone;
        this.conditions = conditions;
    }

    Conditions conditions() {
        return conditions;
    }

    Criterion criterion(Leaf leaf, boolean negated, DomainModel model) throws DomainRefused {
        if (leaf.isConstant()) {
            return leaf.operator().equals("=") ^ negated ? EVERYONE : NOBODY;
        }
        if (leaf.path().size() > DEEPEST_PATH) {
            throw leaf.refuse("a path has at most " + DEEPEST_PATH + " steps");
        }
        if (!negated) {
            return of(leaf, model);
        }
        Leaf opposite = leaf.opposite();
        boolean first = dialect == Dialect.ODOO_15 || leaf.path().size() == 1 && isValue(leaf, model);
        if (first && opposite != null) {
            return of(opposite, model);
        }
        if (opposite == null && isValue(leaf, model)) {
            conditions.hint(
                    "condition " + leaf.number() + ": rows without a value are left out, also by \"!\" before it");
        }
        return not(of(leaf, model));
    }

    private static boolean isValue(Leaf leaf, DomainModel model) {
        return model.field(leaf.path().getFirst())
                .filter(field -> !(field instanceof DomainField.One) && !(field instanceof DomainField.Many))
                .isPresent();
    }

    private static Criterion not(Criterion criterion) {
        return criterion instanceof Criterion.Not(Criterion part) ? part : new Criterion.Not(criterion);
    }

    private Criterion of(Leaf leaf, DomainModel model) throws DomainRefused {
        String name = leaf.path().getFirst();
        DomainField field = model.field(name)
                .orElseThrow(() -> leaf.refuse(
                        "a " + model.catalogue().subject() + " has no field '" + DomainReader.shown(name) + "'"));
        return switch (field) {
            case DomainField.One(String relation, Supplier<DomainModel> target) ->
                related(leaf, relation, target.get(), false);
            case DomainField.Many(String relation, Supplier<DomainModel> target) ->
                related(leaf, relation, target.get(), true);
            case DomainField.Unsearchable(String reason) -> throw leaf.refuse("'" + name + "': " + reason);
            case DomainField other
            when leaf.path().size() > 1 -> throw leaf.refuse("'" + name + "' has no fields of its own");
            case DomainField.Value(String attribute) -> value(leaf, attribute(leaf, attribute, model));
            case DomainField.Sealed sealed -> sealed(leaf, sealed);
            case DomainField.Place(String attribute, DomainField.Tree tree) -> place(leaf, attribute, tree);
        };
    }

    private static Attribute attribute(Leaf leaf, String name, DomainModel model) throws DomainRefused {
        return model.catalogue().attribute(name).orElseThrow(() -> leaf.refuse("'" + name + "' cannot be asked"));
    }

    private Criterion related(Leaf leaf, String relation, DomainModel target, boolean many) throws DomainRefused {
        if (leaf.path().size() > 1) {
            if (many && leaf.isNegative()) {
                conditions.hint(
                        "condition " + leaf.number() + ": it asks for some row that is different, not for none that is"
                                + " equal; for that put \"!\" before it and reverse the operator");
            }
            return some(relation, of(leaf.below(), target));
        }
        return switch (leaf.operator()) {
            case "any" -> some(relation, domains.readWithin(target, domain(leaf), this));
            case "not any" -> none(relation, domains.readWithin(target, domain(leaf), this));
            case "<", ">", "<=", ">=" -> throw leaf.refuse("related rows have no order");
            case "child_of", "parent_of" -> throw leaf.refuse("these rows are no tree");
            case "=?" -> leaf.value().isEmpty() ? EVERYONE : rows(leaf.with("="), relation, target);
            default -> rows(leaf, relation, target);
        };
    }

    private static Literal domain(Leaf leaf) throws DomainRefused {
        if (leaf.value() instanceof Literal.Sequence) {
            return leaf.value();
        }
        throw leaf.refuse(leaf.operator() + " is followed by a domain about the related rows");
    }

    private static Criterion some(String relation, Criterion condition) {
        return new Criterion.Exists(
                relation, condition instanceof Criterion.Everyone ? condition : new Criterion.IsTrue(condition));
    }

    private static Criterion none(String relation, Criterion condition) {
        return not(some(relation, condition));
    }

    /** By number, by name, or whether there are any. */
    private Criterion rows(Leaf leaf, String relation, DomainModel target) throws DomainRefused {
        List<Literal> values = values(leaf);
        boolean none = values.stream().anyMatch(Literal::isEmpty);
        List<Literal> given = values.stream().filter(value -> !value.isEmpty()).toList();
        if (none && LIKES.contains(leaf.operator())) {
            throw leaf.refuse(leaf.operator() + " compares names with a pattern");
        }
        List<Criterion> meant = new ArrayList<>();
        for (Literal value : given) {
            meant.add(row(leaf, value, target));
        }
        List<Criterion> wanted = new ArrayList<>();
        if (!meant.isEmpty()) {
            wanted.add(some(relation, anyOf(meant)));
        }
        if (none) {
            wanted.add(not(some(relation, EVERYONE)));
        }
        Criterion positive = anyOf(wanted);
        return leaf.isNegative() ? not(positive) : positive;
    }

    private static Criterion row(Leaf leaf, Literal value, DomainModel target) throws DomainRefused {
        if (value instanceof Literal.Whole(long id, int at) && !LIKES.contains(leaf.operator())) {
            String key = target.key();
            if (key == null) {
                throw leaf.refuse("a " + target.catalogue().subject() + " is not known by a number; " + target.hint());
            }
            return new Criterion.Comparison(new Operand.Value(key), Comparator.EQUAL, new Constant.Whole(id));
        }
        if (!(value instanceof Literal.Text(String name, int at))) {
            throw leaf.refuse("related rows are asked for by numbers or names");
        }
        if (LIKES.contains(leaf.operator())) {
            requirePattern(leaf, name);
        }
        if (target.names().isEmpty()) {
            throw leaf.refuse("a " + target.catalogue().subject() + " has no name to search by; " + target.hint());
        }
        List<Criterion> names = new ArrayList<>();
        for (String attribute : target.names()) {
            names.add(named(leaf.operator(), attribute, name));
        }
        return anyOf(names);
    }

    private static Criterion named(String operator, String attribute, String name) {
        return switch (operator) {
            case "like", "not like" -> contains(attribute, name, false);
            case "ilike", "not ilike" -> contains(attribute, name, true);
            case "=like" -> new Criterion.Like(attribute, name, false);
            case "=ilike" -> new Criterion.Like(attribute, name, true);
            default ->
                new Criterion.Comparison(new Operand.Value(attribute), Comparator.EQUAL, new Constant.Text(name));
        };
    }

    private static Criterion contains(String attribute, String part, boolean anyCase) {
        return part.isEmpty() ? EVERYONE : new Criterion.Like(attribute, "%" + part + "%", anyCase);
    }

    /** Two conditions over one path to many rows may be met by two different ones (E3). */
    void hintAtSeparateRows(List<Leaf> leaves) {
        Map<String, List<Integer>> byRelation = new HashMap<>();
        for (Leaf leaf : leaves) {
            if (leaf.path().size() > 1) {
                byRelation
                        .computeIfAbsent(leaf.path().getFirst(), none -> new ArrayList<>())
                        .add(leaf.number());
            }
        }
        byRelation.forEach((relation, numbers) -> {
            if (numbers.size() > 1) {
                conditions.hint("conditions "
                        + String.join(
                                ", ", numbers.stream().map(String::valueOf).toList()) + ": different rows of "
                        + relation + " may meet them; for one and the same write \"any\"");
            }
        });
    }

    private static List<Literal> values(Leaf leaf) throws DomainRefused {
        if (!(leaf.value() instanceof Literal.Sequence(List<Literal> values, int at))) {
            return List.of(leaf.value());
        }
        if (!Set.of("in", "not in", "=", "!=", "child_of", "parent_of").contains(leaf.operator())) {
            throw leaf.refuse(leaf.operator() + " is followed by one value");
        }
        if (values.size() > LONGEST_LIST) {
            throw leaf.refuse("a list has at most " + LONGEST_LIST + " values");
        }
        return values;
    }

    private Criterion value(Leaf leaf, Attribute attribute) throws DomainRefused {
        if (LIKES.contains(leaf.operator())) {
            return like(leaf, attribute);
        }
        Comparator order = ORDERS.get(leaf.operator());
        if (order != null) {
            if (!attribute.type().isOrdered()) {
                throw leaf.refuse("'" + leaf.path().getFirst() + "' has no order");
            }
            return new Criterion.Comparison(
                    new Operand.Value(attribute.name()), order, constant(leaf, attribute, leaf.value()));
        }
        return switch (leaf.operator()) {
            case "=?" -> leaf.value().isEmpty() ? EVERYONE : value(leaf.with("="), attribute);
            case "any", "not any", "child_of", "parent_of" ->
                throw leaf.refuse("'" + leaf.path().getFirst() + "' leads to no other rows");
            case "in", "not in" -> membership(leaf, attribute);
            default ->
                leaf.value() instanceof Literal.Sequence ? membership(leaf, attribute) : equality(leaf, attribute);
        };
    }

    /** {@code in true} is read as {@code = true}, {@code = [..]} as {@code in [..]}. */
    private Criterion membership(Leaf leaf, Attribute attribute) throws DomainRefused {
        boolean negative = leaf.isNegative();
        if (leaf.value() instanceof Literal.Truth || leaf.value() instanceof Literal.Nothing) {
            return equality(leaf.with(negative ? "!=" : "="), attribute);
        }
        if (!(leaf.value() instanceof Literal.Sequence)) {
            throw leaf.refuse(leaf.operator() + " is followed by a list");
        }
        List<Literal> values = values(leaf);
        if (attribute.type() == Attribute.Type.FLAG) {
            return flags(leaf, values, attribute, negative);
        }
        boolean none = values.stream().anyMatch(Literal::isEmpty);
        List<Constant> given = new ArrayList<>();
        for (Literal value : values) {
            if (!value.isEmpty()) {
                given.add(constant(leaf, attribute, value));
            }
        }
        return oneOf(attribute.name(), given, none, negative);
    }

    private static Criterion oneOf(String attribute, List<Constant> given, boolean none, boolean negative) {
        Criterion missing = new Criterion.Missing(attribute);
        if (given.isEmpty()) {
            Criterion empty = none ? missing : NOBODY;
            return negative ? not(empty) : empty;
        }
        Criterion among = new Criterion.OneOf(attribute, given);
        if (negative) {
            return none
                    ? new Criterion.And(List.of(not(among), not(missing)))
                    : new Criterion.Or(List.of(not(among), missing));
        }
        return none ? new Criterion.Or(List.of(among, missing)) : among;
    }

    private static Criterion flags(Leaf leaf, List<Literal> values, Attribute attribute, boolean negative)
            throws DomainRefused {
        boolean yes = false;
        boolean no = false;
        for (Literal value : values) {
            if (!(value instanceof Literal.Truth) && !(value instanceof Literal.Nothing)) {
                throw leaf.refuse("'" + leaf.path().getFirst() + "' is true or false");
            }
            yes |= !value.isEmpty();
            no |= value.isEmpty();
        }
        boolean wantsYes = yes ^ negative;
        boolean wantsNo = no ^ negative;
        if (wantsYes && wantsNo) {
            return EVERYONE;
        }
        return wantsYes ? flag(attribute, true) : wantsNo ? flag(attribute, false) : NOBODY;
    }

    /** Without a value it counts as false. */
    private static Criterion flag(Attribute attribute, boolean wanted) {
        Criterion equal = new Criterion.Comparison(
                new Operand.Value(attribute.name()), Comparator.EQUAL, new Constant.Flag(wanted));
        return wanted ? equal : new Criterion.Or(List.of(new Criterion.Missing(attribute.name()), equal));
    }

    private Criterion equality(Leaf leaf, Attribute attribute) throws DomainRefused {
        boolean negative = leaf.isNegative();
        if (attribute.type() == Attribute.Type.FLAG) {
            return flags(leaf, List.of(leaf.value()), attribute, negative);
        }
        Criterion missing = new Criterion.Missing(attribute.name());
        if (leaf.value().isEmpty()) {
            return negative ? not(missing) : missing;
        }
        Constant value = constant(leaf, attribute, leaf.value());
        Operand operand = new Operand.Value(attribute.name());
        return negative
                ? new Criterion.Or(List.of(new Criterion.Comparison(operand, Comparator.NOT_EQUAL, value), missing))
                : new Criterion.Comparison(operand, Comparator.EQUAL, value);
    }

    private static Criterion like(Leaf leaf, Attribute attribute) throws DomainRefused {
        boolean text = attribute.type() == Attribute.Type.TEXT || attribute.type() == Attribute.Type.CODE;
        if (!text || !(leaf.value() instanceof Literal.Text(String pattern, int at))) {
            throw leaf.refuse(leaf.operator() + " compares a text with a pattern");
        }
        requirePattern(leaf, pattern);
        Criterion missing = new Criterion.Missing(attribute.name());
        return switch (leaf.operator()) {
            case "=like" -> new Criterion.Like(attribute.name(), pattern, false);
            case "=ilike" -> new Criterion.Like(attribute.name(), pattern, true);
            case "like" -> contains(attribute.name(), pattern, false);
            case "ilike" -> contains(attribute.name(), pattern, true);
            default ->
                pattern.isEmpty()
                        ? missing
                        : new Criterion.Or(List.of(
                                not(contains(
                                        attribute.name(),
                                        pattern,
                                        leaf.operator().equals("not ilike"))),
                                missing));
        };
    }

    /** What the database would refuse once a row comes that far. */
    private static void requirePattern(Leaf leaf, String pattern) throws DomainRefused {
        int backslashes = 0;
        while (backslashes < pattern.length() && pattern.charAt(pattern.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        if (backslashes % 2 == 1 && leaf.operator().startsWith("=")) {
            throw leaf.refuse("a pattern does not end with a backslash; write two for one");
        }
        if (pattern.length() > LONGEST_PATTERN) {
            throw leaf.refuse("a pattern has at most " + LONGEST_PATTERN + " letters");
        }
    }

    private Criterion sealed(Leaf leaf, DomainField.Sealed field) throws DomainRefused {
        if (!Set.of("=", "!=", "in", "not in").contains(leaf.operator())) {
            throw leaf.refuse(
                    "'" + leaf.path().getFirst() + "' is sealed: it is found by its exact value or not at all");
        }
        if (Set.of("in", "not in").contains(leaf.operator()) && leaf.value() instanceof Literal.Text) {
            throw leaf.refuse(leaf.operator() + " is followed by a list");
        }
        boolean none = false;
        List<Constant> given = new ArrayList<>();
        for (Literal value : values(leaf)) {
            if (value instanceof Literal.Text(String text, int at)) {
                field.indexes().apply(text).forEach(index -> given.add(new Constant.Text(index)));
            } else if (value.isEmpty()) {
                none = true;
            } else {
                throw leaf.refuse("'" + leaf.path().getFirst() + "' is a text");
            }
        }
        return oneOf(field.attribute(), given, none, leaf.isNegative());
    }

    private static Criterion place(Leaf leaf, String attribute, DomainField.Tree tree) throws DomainRefused {
        if (leaf.operator().equals("=?")) {
            return leaf.value().isEmpty() ? EVERYONE : place(leaf.with("="), attribute, tree);
        }
        boolean exact = !Set.of("child_of", "parent_of").contains(leaf.operator());
        boolean none = false;
        List<String[]> areas = new ArrayList<>();
        for (Literal value : leaf.value() instanceof Literal.Sequence ? values(leaf) : List.of(leaf.value())) {
            if (value.isEmpty()) {
                none = true;
                continue;
            }
            List<String> paths = tree.paths(area(leaf, value), exact);
            if (paths.isEmpty()) {
                throw leaf.refuse("there is no such area");
            }
            paths.forEach(path -> areas.add(path.substring(1, path.length() - 1).split("/")));
        }
        return switch (leaf.operator()) {
            case "child_of" ->
                anyOf(areas.stream().map(steps -> below(attribute, steps)).toList());
            case "parent_of" ->
                oneOf(attribute, areas.stream().flatMap(LeafReader::withAbove).toList(), false, false);
            case "=", "!=", "in", "not in" ->
                oneOf(attribute, areas.stream().map(LeafReader::path).toList(), none, leaf.isNegative());
            default -> throw leaf.refuse("areas are asked with =, in, child_of and parent_of");
        };
    }

    private static Criterion below(String attribute, String[] steps) {
        return new Criterion.Within(attribute, steps[steps.length - 1]);
    }

    private static Constant path(String... steps) {
        return new Constant.Text("/" + String.join("/", steps) + "/");
    }

    /** The area itself and all that it lies in. */
    private static Stream<Constant> withAbove(String[] steps) {
        return IntStream.rangeClosed(1, steps.length).mapToObj(length -> path(Arrays.copyOf(steps, length)));
    }

    private static Criterion anyOf(List<Criterion> parts) {
        return parts.isEmpty() ? NOBODY : parts.size() == 1 ? parts.getFirst() : new Criterion.Or(parts);
    }

    private static Object area(Leaf leaf, Literal value) throws DomainRefused {
        return switch (value) {
            case Literal.Whole(long id, int at) -> id;
            case Literal.Text(String name, int at) when !name.isBlank() -> name;
            default -> throw leaf.refuse("an area is named by its number, its code or its name");
        };
    }

    private Constant constant(Leaf leaf, Attribute attribute, Literal value) throws DomainRefused {
        String name = "'" + leaf.path().getLast() + "'";
        return switch (attribute.type()) {
            case WHOLE -> {
                if (!(value instanceof Literal.Whole(long number, int at))) {
                    throw leaf.refuse(name + " is compared with a whole number, not with a text");
                }
                yield new Constant.Whole(number);
            }
            case AMOUNT -> amount(leaf, value);
            case CODE, TEXT -> {
                if (!(value instanceof Literal.Text(String text, int at))) {
                    throw leaf.refuse(name + " is compared with a text in quotation marks");
                }
                yield new Constant.Text(text);
            }
            case DATE -> new Constant.Day(day(leaf, value));
            case INSTANT -> new Constant.Moment(moment(leaf, value));
            case FLAG, AREA -> throw leaf.refuse(name + " cannot be compared like this");
        };
    }

    /** In whole units of the currency, with or without a fraction, as Odoo holds them. */
    private Constant amount(Leaf leaf, Literal value) throws DomainRefused {
        try {
            return switch (value) {
                case Literal.Whole(long units, int at) ->
                    new Constant.Amount(
                            Money.parse(Long.toString(units), currency).minor());
                case Literal.Decimal(BigDecimal units, int at) ->
                    new Constant.Amount(
                            Money.parse(units.toPlainString(), currency).minor());
                default -> throw leaf.refuse("an amount is a number");
            };
        } catch (IllegalArgumentException | ArithmeticException impossible) {
            throw leaf.refuse("an amount of " + currency.getCurrencyCode() + " cannot be that");
        }
    }

    private static LocalDate day(Leaf leaf, Literal value) throws DomainRefused {
        if (value instanceof Literal.Text(String text, int at)) {
            try {
                return written(LocalDate.parse(text));
            } catch (DateTimeException unreadable) {
                // refused below
            }
        }
        throw leaf.refuse("a date is written as \"2026-11-21\"");
    }

    /** A date within a moment: its end where something is after or up to it, else its beginning (E2). */
    private Instant moment(Leaf leaf, Literal value) throws DomainRefused {
        if (!(value instanceof Literal.Text(String text, int at))) {
            throw leaf.refuse("a moment is written as \"2026-11-21 10:30:00\"");
        }
        try {
            if (text.length() == 10) {
                boolean end = leaf.operator().equals(">") || leaf.operator().equals("<=");
                LocalTime time = end ? LocalTime.of(23, 59, 59) : LocalTime.MIDNIGHT;
                return written(LocalDate.parse(text)).atTime(time).atZone(zone).toInstant();
            }
            LocalDateTime moment = LocalDateTime.parse(text.replace(' ', 'T'));
            return written(moment.toLocalDate())
                    .atTime(moment.toLocalTime())
                    .atZone(zone)
                    .toInstant();
        } catch (DateTimeException unreadable) {
            throw leaf.refuse("a moment is written as \"2026-11-21\" or \"2026-11-21 10:30:00\"");
        }
    }

    /** @throws DateTimeException where the database has no such day */
    private static LocalDate written(LocalDate day) {
        if (day.getYear() < 1 || day.getYear() > 9999) {
            throw new DateTimeException("no year of four digits");
        }
        return day;
    }
}
