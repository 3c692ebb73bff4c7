package org.annona.foundation.criteria;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.annona.foundation.criteria.Criterion.Comparator;
import org.annona.foundation.criteria.Criterion.Constant;
import org.annona.foundation.criteria.Criterion.Operand;
import org.annona.foundation.money.Money;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Reads rules written in the Common Expression Language. The language's own parser gives the tree; here every name,
 * operator and type is checked against the catalogue. Whatever is not understood is refused with its place in the text.
 */
public final class RuleParser {

    private static final int LONGEST_RULE = 10_000;
    private static final int DEEPEST = 30;

    private static final Map<String, Comparator> COMPARATORS = Map.of(
            "_==_", Comparator.EQUAL,
            "_!=_", Comparator.NOT_EQUAL,
            "_<_", Comparator.LESS,
            "_<=_", Comparator.AT_MOST,
            "_>_", Comparator.GREATER,
            "_>=_", Comparator.AT_LEAST);

    private final Catalogue catalogue;
    // Without macros the parser leaves exists and filter as plain calls, which is the form that is read here.
    private final CelParser parser = CelParserFactory.standardCelParserBuilder().build();

    public RuleParser(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    public Criterion parse(String text) {
        if (text.isBlank()) {
            throw refusal("it is empty, which would mean nobody; write everyone() if everybody is meant", 1, 1);
        }
        if (text.length() > LONGEST_RULE) {
            throw refusal("it is longer than " + LONGEST_RULE + " characters", 1, 1);
        }
        CelValidationResult result = parser.parse(text);
        if (result.hasError()) {
            CelIssue issue = result.getErrors().getFirst();
            CelSourceLocation place = issue.getSourceLocation();
            throw refusal("it cannot be read: " + issue.getMessage(), place.getLine(), place.getColumn() + 1);
        }
        try {
            CelAbstractSyntaxTree tree = result.getAst();
            return new Reading(tree).criterion(tree.getExpr(), new Scope(catalogue, null), 0);
        } catch (CelValidationException impossible) {
            throw refusal("it cannot be read", 1, 1);
        }
    }

    private static Problem refusal(String reason, int line, int column) {
        return Problem.of(FoundationProblem.RULE_INVALID, "reason", reason, "line", line, "column", column);
    }

    /**
     * The names that are visible at one place of the text.
     *
     * @param row name of the related row, such as {@code m}, or null for the subject itself
     */
    private record Scope(Catalogue catalogue, @Nullable String row) {}

    private record Typed(Operand operand, Attribute.Type type, String name) {}

    private static final class Reading {

        private final CelAbstractSyntaxTree tree;

        Reading(CelAbstractSyntaxTree tree) {
            this.tree = tree;
        }

        Criterion criterion(CelExpr expression, Scope scope, int depth) {
            if (depth > DEEPEST) {
                throw refuse(expression, "it is nested too deeply");
            }
            if (expression.getKind() != Kind.CALL) {
                return flag(expression, scope);
            }
            CelExpr.CelCall call = expression.call();
            if (COMPARATORS.containsKey(call.function())) {
                return comparison(expression, call, scope, depth);
            }
            return switch (call.function()) {
                case "_&&_" -> new Criterion.And(parts(call, "_&&_", scope, depth));
                case "_||_" -> new Criterion.Or(parts(call, "_||_", scope, depth));
                case "!_" -> new Criterion.Not(criterion(call.args().getFirst(), scope, depth + 1));
                case "everyone" -> everyone(expression, call);
                case "missing" ->
                    new Criterion.Missing(
                            attributeIn(only(expression, call), scope).name());
                case "within" -> within(expression, call, scope);
                case "surely" ->
                    throw refuse(
                            expression, "surely() belongs to search domains; in a rule, what is unknown stays unknown");
                case "like", "ilike" -> like(expression, call, scope);
                case "@in" -> oneOf(expression, call, scope);
                case "exists" -> exists(expression, call, scope, depth);
                case "all" -> {
                    Criterion.Exists none = exists(expression, call, scope, depth);
                    yield new Criterion.Not(new Criterion.Exists(none.relation(), new Criterion.Not(none.condition())));
                }
                default -> throw refuse(expression, "there is no '" + readable(call.function()) + "' here");
            };
        }

        private Criterion everyone(CelExpr expression, CelExpr.CelCall call) {
            if (!call.args().isEmpty() || call.target().isPresent()) {
                throw refuse(expression, "everyone() takes nothing");
            }
            return new Criterion.Everyone();
        }

        /** A yes/no attribute may stand by itself. */
        private Criterion flag(CelExpr expression, Scope scope) {
            if (expression.getKind() == Kind.CONSTANT) {
                throw refuse(expression, "a bare value is not a condition");
            }
            Attribute attribute = attributeIn(expression, scope);
            if (attribute.type() != Attribute.Type.FLAG) {
                throw refuse(expression, "'" + attribute.name() + "' is not a yes/no value, so it must be compared");
            }
            return new Criterion.Comparison(
                    new Operand.Value(attribute.name()), Comparator.EQUAL, new Constant.Flag(true));
        }

        /** Flattens a chain of the same operator, as the parser nests it to the left or in balance. */
        private List<Criterion> parts(CelExpr.CelCall call, String operator, Scope scope, int depth) {
            List<Criterion> parts = new ArrayList<>();
            for (CelExpr argument : call.args()) {
                if (argument.getKind() == Kind.CALL
                        && argument.call().function().equals(operator)) {
                    parts.addAll(parts(argument.call(), operator, scope, depth + 1));
                } else {
                    parts.add(criterion(argument, scope, depth + 1));
                }
            }
            return parts;
        }

        private Criterion comparison(CelExpr expression, CelExpr.CelCall call, Scope scope, int depth) {
            Comparator comparator = Objects.requireNonNull(COMPARATORS.get(call.function()));
            CelExpr left = call.args().get(0);
            CelExpr right = call.args().get(1);
            if (isConstant(left) && !isConstant(right)) {
                CelExpr swap = left;
                left = right;
                right = swap;
                comparator = mirrored(comparator);
            }
            Typed operand = operand(left, scope, depth);
            if (!isConstant(right)) {
                throw refuse(right, "'" + operand.name() + "' can only be compared with a fixed value");
            }
            if (operand.type() == Attribute.Type.AREA) {
                throw refuse(expression, "areas are asked with within(" + operand.name() + ", \"code\")");
            }
            boolean equality = comparator == Comparator.EQUAL || comparator == Comparator.NOT_EQUAL;
            if (!equality && !operand.type().isOrdered()) {
                throw refuse(expression, "'" + operand.name() + "' has no order, only == and != fit");
            }
            return new Criterion.Comparison(operand.operand(), comparator, constant(right, operand, scope));
        }

        /** {@code 5 < age} reads as {@code age > 5}. */
        private static Comparator mirrored(Comparator comparator) {
            return switch (comparator) {
                case EQUAL, NOT_EQUAL -> comparator;
                case LESS -> Comparator.GREATER;
                case AT_MOST -> Comparator.AT_LEAST;
                case GREATER -> Comparator.LESS;
                case AT_LEAST -> Comparator.AT_MOST;
            };
        }

        private static boolean isConstant(CelExpr expression) {
            return switch (expression.getKind()) {
                case CONSTANT -> true;
                case CALL ->
                    expression.call().target().isEmpty()
                            && List.of("money", "date", "instant", "-_")
                                    .contains(expression.call().function());
                default -> false;
            };
        }

        private Typed operand(CelExpr expression, Scope scope, int depth) {
            if (expression.getKind() == Kind.CALL
                    && expression.call().function().equals("size")) {
                return new Typed(size(expression, scope, depth), Attribute.Type.WHOLE, "the count");
            }
            Attribute attribute = attributeIn(expression, scope);
            return new Typed(new Operand.Value(attribute.name()), attribute.type(), attribute.name());
        }

        /** {@code members.size()} or {@code members.filter(m, ...).size()}. */
        private Operand size(CelExpr expression, Scope scope, int depth) {
            CelExpr rows = expression
                    .call()
                    .target()
                    .or(() -> expression.call().args().stream().findFirst())
                    .orElseThrow(() -> refuse(expression, "size() of what?"));
            if (rows.getKind() == Kind.CALL && rows.call().function().equals("filter")) {
                Criterion.Exists filtered = exists(rows, rows.call(), scope, depth);
                return new Operand.Count(filtered.relation(), filtered.condition());
            }
            return new Operand.Count(relationIn(rows, scope), new Criterion.Everyone());
        }

        private Criterion.Exists exists(CelExpr expression, CelExpr.CelCall call, Scope scope, int depth) {
            CelExpr rows = call.target()
                    .orElseThrow(() ->
                            refuse(expression, call.function() + " follows a relation, as in members.exists(m, ...)"));
            String relation = relationIn(rows, scope);
            if (call.args().size() != 2 || call.args().get(0).getKind() != Kind.IDENT) {
                throw refuse(
                        expression,
                        call.function() + " is written as " + relation + "." + call.function()
                                + "(m, condition about m)");
            }
            String row = call.args().get(0).ident().name();
            Catalogue related = scope.catalogue().relation(relation).orElseThrow();
            return new Criterion.Exists(relation, criterion(call.args().get(1), new Scope(related, row), depth + 1));
        }

        private Criterion within(CelExpr expression, CelExpr.CelCall call, Scope scope) {
            if (call.args().size() != 2 || call.target().isPresent()) {
                throw refuse(expression, "within is written as within(area, \"code\")");
            }
            Attribute attribute = attributeIn(call.args().get(0), scope);
            if (attribute.type() != Attribute.Type.AREA) {
                throw refuse(call.args().get(0), "'" + attribute.name() + "' is not an area");
            }
            String code = text(call.args().get(1))
                    .orElseThrow(() -> refuse(call.args().get(1), "an area is named by its code in quotation marks"));
            if (code.isBlank() || code.contains("/")) {
                throw refuse(call.args().get(1), "'" + code + "' is not the code of an area");
            }
            return new Criterion.Within(attribute.name(), code);
        }

        private Criterion like(CelExpr expression, CelExpr.CelCall call, Scope scope) {
            String function = call.function();
            if (call.args().size() != 2 || call.target().isPresent()) {
                throw refuse(expression, function + " is written as " + function + "(name, \"pattern%\")");
            }
            Attribute attribute = attributeIn(call.args().get(0), scope);
            if (attribute.type() != Attribute.Type.TEXT && attribute.type() != Attribute.Type.CODE) {
                throw refuse(call.args().get(0), "'" + attribute.name() + "' is no text");
            }
            String pattern = text(call.args().get(1))
                    .orElseThrow(() -> refuse(call.args().get(1), "a pattern stands in quotation marks"));
            return new Criterion.Like(attribute.name(), pattern, function.equals("ilike"));
        }

        private Criterion oneOf(CelExpr expression, CelExpr.CelCall call, Scope scope) {
            Attribute attribute = attributeIn(call.args().get(0), scope);
            CelExpr list = call.args().get(1);
            if (list.getKind() != Kind.LIST || list.list().elements().isEmpty()) {
                throw refuse(list, "'in' needs a list of values in square brackets");
            }
            if (attribute.type() == Attribute.Type.AREA) {
                throw refuse(expression, "areas are asked with within(" + attribute.name() + ", \"code\")");
            }
            Typed operand = new Typed(new Operand.Value(attribute.name()), attribute.type(), attribute.name());
            return new Criterion.OneOf(
                    attribute.name(),
                    list.list().elements().stream()
                            .map(element -> constant(element, operand, scope))
                            .toList());
        }

        private Attribute attributeIn(CelExpr expression, Scope scope) {
            String name = nameIn(expression, scope);
            return scope.catalogue()
                    .attribute(name)
                    .orElseThrow(() -> refuse(
                            expression,
                            "a " + scope.catalogue().subject() + " has no '" + name + "'; known are "
                                    + String.join(
                                            ", ", scope.catalogue().attributes().keySet())));
        }

        private String relationIn(CelExpr expression, Scope scope) {
            String name = nameIn(expression, scope);
            if (scope.catalogue().relation(name).isEmpty()) {
                throw refuse(expression, "a " + scope.catalogue().subject() + " has no rows called '" + name + "'");
            }
            return name;
        }

        /**
         * {@code income} of the subject, {@code household.income} of what the subject belongs to, or {@code m.age} of the related row
         * that is called m here.
         */
        private String nameIn(CelExpr expression, Scope scope) {
            if (expression.getKind() == Kind.IDENT && scope.row() == null) {
                return expression.ident().name();
            }
            if (expression.getKind() == Kind.SELECT
                    && expression.select().operand().getKind() == Kind.IDENT) {
                String owner = expression.select().operand().ident().name();
                if (owner.equals(scope.row())) {
                    return expression.select().field();
                }
                if (scope.row() == null) {
                    return owner + "." + expression.select().field();
                }
            }
            String expected = scope.row() == null ? "a name" : "a name that begins with " + scope.row() + ".";
            throw refuse(expression, "here stands something that is not understood; " + expected + " is expected");
        }

        private Constant constant(CelExpr expression, Typed operand, Scope scope) {
            return switch (operand.type()) {
                case WHOLE ->
                    new Constant.Whole(whole(expression)
                            .orElseThrow(() -> refuse(expression, operand.name() + " is a whole number")));
                case AMOUNT -> amount(expression, operand, scope);
                case CODE, AREA, TEXT ->
                    new Constant.Text(text(expression)
                            .orElseThrow(() -> refuse(
                                    expression, "'" + operand.name() + "' is compared with text in quotation marks")));
                case DATE -> day(expression, operand);
                case INSTANT -> moment(expression, operand);
                case FLAG -> {
                    if (expression.getKind() != Kind.CONSTANT
                            || expression.constant().getKind() != CelConstant.Kind.BOOLEAN_VALUE) {
                        throw refuse(expression, "'" + operand.name() + "' is true or false");
                    }
                    yield new Constant.Flag(expression.constant().booleanValue());
                }
            };
        }

        private static Optional<Long> whole(CelExpr expression) {
            if (expression.getKind() == Kind.CALL
                    && expression.call().function().equals("-_")) {
                return whole(expression.call().args().getFirst()).map(value -> -value);
            }
            return expression.getKind() == Kind.CONSTANT
                            && expression.constant().getKind() == CelConstant.Kind.INT64_VALUE
                    ? Optional.of(expression.constant().int64Value())
                    : Optional.empty();
        }

        private static Optional<String> text(CelExpr expression) {
            return expression.getKind() == Kind.CONSTANT
                            && expression.constant().getKind() == CelConstant.Kind.STRING_VALUE
                    ? Optional.of(expression.constant().stringValue())
                    : Optional.empty();
        }

        private Constant amount(CelExpr expression, Typed operand, Scope scope) {
            Optional<String> written = argumentOf("money", expression);
            if (written.isEmpty()) {
                throw refuse(expression, "'" + operand.name() + "' is an amount, written as money(\"1250.50\")");
            }
            try {
                return new Constant.Amount(
                        Money.parse(written.get(), scope.catalogue().currency()).minor());
            } catch (IllegalArgumentException | ArithmeticException unreadable) {
                throw refuse(expression, unreadable.getMessage());
            }
        }

        private Constant day(CelExpr expression, Typed operand) {
            String written = argumentOf("date", expression)
                    .orElseThrow(() ->
                            refuse(expression, "'" + operand.name() + "' is a date, written as date(\"2026-11-21\")"));
            try {
                return new Constant.Day(LocalDate.parse(written));
            } catch (DateTimeParseException unreadable) {
                throw refuse(expression, "'" + written + "' is not a date; write date(\"2026-11-21\")");
            }
        }

        private Constant moment(CelExpr expression, Typed operand) {
            String written = argumentOf("instant", expression)
                    .orElseThrow(() -> refuse(
                            expression,
                            "'" + operand.name() + "' is a moment, written as instant(\"2026-11-21T10:30:00Z\")"));
            try {
                return new Constant.Moment(OffsetDateTime.parse(written).toInstant());
            } catch (DateTimeParseException unreadable) {
                throw refuse(expression, "'" + written + "' is not a moment; write instant(\"2026-11-21T10:30:00Z\")");
            }
        }

        private static Optional<String> argumentOf(String function, CelExpr expression) {
            if (expression.getKind() != Kind.CALL
                    || !expression.call().function().equals(function)
                    || expression.call().args().size() != 1) {
                return Optional.empty();
            }
            return text(expression.call().args().getFirst());
        }

        private CelExpr only(CelExpr expression, CelExpr.CelCall call) {
            if (call.args().size() != 1 || call.target().isPresent()) {
                throw refuse(expression, call.function() + " takes one name");
            }
            return call.args().getFirst();
        }

        private static String readable(String function) {
            return function.replace("_", " ").strip();
        }

        private Problem refuse(CelExpr expression, @Nullable String reason) {
            Integer offset = tree.getSource().getPositionsMap().get(expression.id());
            CelSourceLocation place = offset == null
                    ? CelSourceLocation.of(1, 0)
                    : tree.getSource().getOffsetLocation(offset).orElse(CelSourceLocation.of(1, 0));
            return refusal(String.valueOf(reason), place.getLine(), place.getColumn() + 1);
        }
    }
}
