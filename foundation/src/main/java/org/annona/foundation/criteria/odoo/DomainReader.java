package org.annona.foundation.criteria.odoo;

import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.annona.foundation.criteria.Criterion;
import org.annona.foundation.criteria.Criterion.Comparator;
import org.annona.foundation.criteria.Criterion.Constant;
import org.annona.foundation.criteria.Criterion.Operand;
import org.annona.foundation.criteria.PlainReading;
import org.jspecify.annotations.Nullable;

/**
 * Reads a domain in three steps: its text, its connectives (reference E1), its conditions (E2 to E4). A domain is understood
 * whole or refused whole; there is no way from a part that is not understood to "everybody".
 */
public final class DomainReader {

    private static final int LONGEST_PATH = 200;
    private static final int MOST_TOKENS = 400;
    private static final String ACTIVE = "active";

    private final DomainModel model;
    private final Dialect dialect;
    private final ZoneId zone;

    /** Where the versions differ: what {@code !} before a path means (E3). */
    public enum Dialect {
        /** No related row fulfils it. */
        ODOO_17,
        /** The operator is reversed first: some related row fulfils the opposite. */
        ODOO_15
    }

    /** @param zone in which a date within a moment begins */
    public DomainReader(DomainModel model, Dialect dialect, ZoneId zone) {
        this.model = model;
        this.dialect = dialect;
        this.zone = zone;
    }

    /** A connective, or a condition. */
    private sealed interface Token {

        record Connective(char sign) implements Token {}

        record Condition(Leaf leaf) implements Token {}
    }

    private static final Token AND = new Token.Connective('&');

    public DomainReading read(String text) throws DomainRefused {
        Literal literal = LiteralReader.read(text);
        Conditions conditions = new Conditions();
        List<Token> tokens = normalised(tokens(literal, conditions), literal);
        LeafReader leaves = new LeafReader(this, dialect, model.catalogue().currency(), zone, conditions);
        Criterion criterion = criterion(new ArrayDeque<>(tokens), false, leaves, model);
        leaves.hintAtSeparateRows(leavesOf(tokens));
        Criterion whole = withActive(criterion, tokens);
        return new DomainReading(
                whole, written(tokens), PlainReading.of(whole, model.with(List.of(whole))), conditions.hints());
    }

    /** A domain within a condition, about related rows; without the implicit filter (E4: top level only). */
    Criterion readWithin(DomainModel target, Literal literal, LeafReader leaves) throws DomainRefused {
        List<Token> tokens = normalised(tokens(literal, leaves.conditions()), literal);
        return criterion(new ArrayDeque<>(tokens), false, leaves, target);
    }

    private static List<Leaf> leavesOf(List<Token> tokens) {
        List<Leaf> leaves = new ArrayList<>();
        for (Token token : tokens) {
            if (token instanceof Token.Condition(Leaf leaf) && !leaf.isConstant()) {
                leaves.add(leaf);
            }
        }
        return leaves;
    }

    private static List<Token> tokens(Literal literal, Conditions conditions) throws DomainRefused {
        if (!(literal instanceof Literal.Sequence(List<Literal> values, int at))) {
            throw new DomainRefused("a domain is a list of conditions", literal.at(), 0);
        }
        if (values.size() > MOST_TOKENS) {
            throw new DomainRefused("it has more than " + MOST_TOKENS + " parts", at, 0);
        }
        List<Token> tokens = new ArrayList<>();
        for (Literal value : values) {
            if (value instanceof Literal.Text(String word, int begin)) {
                if (!List.of("&", "|", "!").contains(word)) {
                    throw new DomainRefused("'" + shown(word) + "' is none of & | !", begin, 0);
                }
                tokens.add(new Token.Connective(word.charAt(0)));
            } else {
                tokens.add(new Token.Condition(leaf(value, conditions.next(value))));
            }
        }
        return tokens;
    }

    private static Leaf leaf(Literal literal, int number) throws DomainRefused {
        if (!(literal instanceof Literal.Sequence(List<Literal> parts, int at)) || parts.size() != 3) {
            throw new DomainRefused("a condition has three parts: field, operator, value", literal.at(), number);
        }
        if (!(parts.get(1) instanceof Literal.Text(String operator, int operatorAt))
                || !Leaf.OPERATORS.contains(operator)) {
            throw new DomainRefused("an operator is not known", parts.get(1).at(), number);
        }
        if (parts.get(0) instanceof Literal.Whole(long side, int sideAt)) {
            boolean known = (side == 0 || side == 1)
                    && operator.equals("=")
                    && parts.get(2) instanceof Literal.Whole(long one, int oneAt)
                    && one == 1;
            if (!known) {
                throw new DomainRefused("a condition begins with the name of a field", sideAt, number);
            }
            return new Leaf(number, List.of(), side == 1 ? "=" : "!=", parts.get(2), at);
        }
        if (!(parts.get(0) instanceof Literal.Text(String path, int pathAt))
                || path.length() > LONGEST_PATH
                || !path.matches("\\w+(\\.\\w+)*+")) {
            throw new DomainRefused(
                    "a condition begins with the name of a field", parts.get(0).at(), number);
        }
        return new Leaf(
                number, List.of(path.split("\\.")), operator.equals("<>") ? "!=" : operator, parts.get(2), pathAt);
    }

    /** Missing connectives mean and; they are put in front, as Odoo does (E1). */
    private static List<Token> normalised(List<Token> tokens, Literal whole) throws DomainRefused {
        if (tokens.isEmpty()) {
            return List.of();
        }
        Deque<Token> result = new ArrayDeque<>();
        int expected = 1;
        for (Token token : tokens) {
            if (expected == 0) {
                result.addFirst(AND);
                expected = 1;
            }
            expected += switch (token) {
                case Token.Condition condition -> -1;
                case Token.Connective(char sign) -> sign == '!' ? 0 : 1;
            };
            result.addLast(token);
        }
        if (expected != 0) {
            throw new DomainRefused("it is incomplete: a connective misses a condition", whole.at(), 0);
        }
        return List.copyOf(result);
    }

    private static String written(List<Token> tokens) {
        List<String> words = new ArrayList<>();
        for (Token token : tokens) {
            words.add(
                    switch (token) {
                        case Token.Connective(char sign) -> String.valueOf(sign);
                        case Token.Condition(Leaf leaf) -> String.valueOf(leaf.number());
                    });
        }
        return String.join(" ", words);
    }

    private static Criterion criterion(Deque<Token> tokens, boolean negated, LeafReader leaves, DomainModel model)
            throws DomainRefused {
        if (tokens.isEmpty()) {
            return new Criterion.Everyone();
        }
        return switch (tokens.removeFirst()) {
            case Token.Condition(Leaf leaf) -> leaves.criterion(leaf, negated, model);
            case Token.Connective(char sign) -> {
                if (sign == '!') {
                    yield criterion(tokens, !negated, leaves, model);
                }
                Criterion first = criterion(tokens, negated, leaves, model);
                Criterion second = criterion(tokens, negated, leaves, model);
                yield sign == '&' ^ negated ? and(first, second) : or(first, second);
            }
        };
    }

    private static Criterion and(Criterion first, Criterion second) {
        List<Criterion> parts = new ArrayList<>();
        for (Criterion part : List.of(first, second)) {
            parts.addAll(part instanceof Criterion.And(List<Criterion> inner) ? inner : List.of(part));
        }
        return new Criterion.And(parts);
    }

    private static Criterion or(Criterion first, Criterion second) {
        List<Criterion> parts = new ArrayList<>();
        for (Criterion part : List.of(first, second)) {
            parts.addAll(part instanceof Criterion.Or(List<Criterion> inner) ? inner : List.of(part));
        }
        return new Criterion.Or(parts);
    }

    /** Rows that are not active are left out, unless the domain speaks of it itself (E4). */
    private Criterion withActive(Criterion criterion, List<Token> tokens) {
        String attribute = activeAttribute();
        boolean spoken = leavesOf(tokens).stream()
                .anyMatch(leaf -> leaf.path().getFirst().equals(ACTIVE));
        if (attribute == null || spoken) {
            return criterion;
        }
        Criterion active =
                new Criterion.Comparison(new Operand.Value(attribute), Comparator.EQUAL, new Constant.Flag(true));
        return criterion instanceof Criterion.Everyone ? active : and(active, criterion);
    }

    private @Nullable String activeAttribute() {
        return model.field(ACTIVE).orElse(null) instanceof DomainField.Value(String attribute) ? attribute : null;
    }

    static String shown(String word) {
        return word.length() > 40 ? word.substring(0, 40) + "..." : word;
    }
}
