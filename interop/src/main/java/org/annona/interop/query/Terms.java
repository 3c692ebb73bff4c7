package org.annona.interop.query;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.annona.foundation.criteria.Attribute;
import org.annona.foundation.criteria.Catalogue;
import org.annona.foundation.criteria.Criterion;
import org.annona.foundation.criteria.Criterion.Constant;
import org.annona.foundation.criteria.Criterion.Operand;
import org.annona.foundation.money.Money;
import org.annona.interop.message.LocalName;
import org.annona.interop.message.ProtocolTime;
import tools.jackson.databind.JsonNode;

/** Single comparisons: finds the attribute, reads the value by the attribute's type, and counts them all. */
final class Terms {

    private static final int MOST_TERMS = 100;
    private static final int MOST_VALUES = 1_000;
    private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");
    /** A calendar date, or a date-time of which only its date counts (DCI reference R13.4). */
    private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}([T ].{0,40})?");

    private static final int DAY_LETTERS = 10;
    private static final int LARGEST_SCALE = 100;
    private static final Pattern TRUTH = Pattern.compile("true|false");

    private final Vocabulary vocabulary;
    private int terms;

    Terms(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    Criterion term(String path, Operator operator, JsonNode value) {
        if (++terms > MOST_TERMS) {
            throw new QueryRefused("a query has at most " + MOST_TERMS + " comparisons");
        }
        Vocabulary.Place place =
                vocabulary.place(path).orElseThrow(() -> new QueryRefused("'" + shown(path) + "' cannot be asked for"));
        Catalogue catalogue = vocabulary.catalogueOf(place);
        Attribute attribute = catalogue.attribute(place.attribute()).orElseThrow();
        Criterion criterion = criterion(path, attribute, catalogue.currency(), operator, value);
        return place.relation() == null ? criterion : new Criterion.Exists(place.relation(), criterion);
    }

    private Criterion criterion(
            String path, Attribute attribute, Currency currency, Operator operator, JsonNode value) {
        if (attribute.type() == Attribute.Type.AREA) {
            throw new QueryRefused("'" + shown(path) + "' cannot be compared");
        }
        if (operator.needsOrder() && !attribute.type().isOrdered()) {
            throw new QueryRefused("'" + shown(path) + "' has no order; it is asked with eq, ne or in");
        }
        if (value.isNull() && !operator.needsOrder() && operator != Operator.IN) {
            Criterion missing = new Criterion.Missing(attribute.name());
            return operator == Operator.EQUAL ? missing : new Criterion.Not(missing);
        }
        if (operator == Operator.IN) {
            return new Criterion.OneOf(attribute.name(), constants(path, attribute, currency, value));
        }
        return new Criterion.Comparison(
                new Operand.Value(attribute.name()),
                Objects.requireNonNull(operator.comparator()),
                constant(path, attribute, currency, value));
    }

    private List<Constant> constants(String path, Attribute attribute, Currency currency, JsonNode values) {
        if (!values.isArray() || values.isEmpty() || values.size() > MOST_VALUES) {
            throw new QueryRefused("'in' needs an array of 1 to " + MOST_VALUES + " values");
        }
        List<Constant> constants = new ArrayList<>();
        values.forEach(value -> constants.add(constant(path, attribute, currency, value)));
        return constants;
    }

    private Constant constant(String path, Attribute attribute, Currency currency, JsonNode value) {
        if (!value.isValueNode() || value.isNull()) {
            throw new QueryRefused("'" + shown(path) + "' is compared with a single value");
        }
        String text = scalar(value);
        try {
            return switch (attribute.type()) {
                case WHOLE -> new Constant.Whole(Long.parseLong(fitting(WHOLE, text, path, "a whole number")));
                case AMOUNT -> new Constant.Amount(Money.parse(text, currency).minor());
                case DATE ->
                    new Constant.Day(
                            LocalDate.parse(fitting(DAY, text, path, "a date").substring(0, DAY_LETTERS)));
                case FLAG -> new Constant.Flag(Boolean.parseBoolean(fitting(TRUTH, text, path, "true or false")));
                case INSTANT ->
                    new Constant.Moment(ProtocolTime.read(text)
                            .orElseThrow(() -> new QueryRefused(
                                    "'" + shown(path) + "' is compared with a date-time with an offset")));
                case TEXT -> new Constant.Text(text);
                case CODE, AREA -> {
                    if (!value.isString() || text.isEmpty()) {
                        throw new QueryRefused("'" + shown(path) + "' is compared with a text");
                    }
                    yield new Constant.Text(vocabulary
                            .code(attribute.name(), LocalName.of(text))
                            .orElseThrow(() -> new QueryRefused(
                                    "'" + shown(path) + "' is compared with a code that is not on its list")));
                }
            };
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException impossible) {
            throw new QueryRefused("'" + shown(path) + "' is compared with a value that cannot be");
        }
    }

    private static String fitting(Pattern pattern, String text, String path, String kind) {
        if (!pattern.matcher(text).matches()) {
            throw new QueryRefused("'" + shown(path) + "' is compared with " + kind);
        }
        return text;
    }

    /** The value as text; an exponent could otherwise make a few letters into a gigabyte of zeros. */
    static String scalar(JsonNode value) {
        if (!value.isNumber()) {
            return value.asString().strip();
        }
        BigDecimal number = value.decimalValue();
        if (Math.abs((long) number.scale()) > LARGEST_SCALE) {
            throw new QueryRefused("a number is too large or too small");
        }
        return number.toPlainString();
    }

    /** Of what the partner sent no more than a name is given back, and never a value. */
    static String shown(String path) {
        return path.matches("[\\w.$@-]{1,80}") ? path : "an attribute";
    }
}
