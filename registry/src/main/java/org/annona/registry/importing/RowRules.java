package org.annona.registry.importing;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.annona.foundation.money.Money;
import org.annona.registry.identifier.IdentifierType;
import org.annona.registry.identifier.IdentifierTypes;
import org.annona.registry.identifier.PhoneNumbers;
import org.annona.registry.importing.ColumnMapping.DateOrder;
import org.jspecify.annotations.Nullable;

/** What each cell of a row must be. Looks at one row alone; what rows mean to each other is checked in the database. */
final class RowRules {

    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_TEXT = 200;
    private static final int OLDEST_YEARS = 125;
    private static final Pattern YEAR_FIRST = Pattern.compile("(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})");
    private static final Pattern YEAR_LAST = Pattern.compile("(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4})");
    private static final Pattern YEAR_ONLY = Pattern.compile("\\d{4}");
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern SEPARATORS = Pattern.compile("[\\s_-]");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s]{1,64}@[^@\\s.]+(\\.[^@\\s.]+)+");
    private static final Pattern ACCOUNT = Pattern.compile("[A-Z0-9]{4,34}");
    private static final Pattern PROVIDER = Pattern.compile("[A-Z0-9]{2,20}");

    private static final Map<String, String> ROLES = Map.ofEntries(
            Map.entry("head", "head"),
            Map.entry("headofhousehold", "head"),
            Map.entry("chef", "head"),
            Map.entry("spouse", "spouse"),
            Map.entry("wife", "spouse"),
            Map.entry("husband", "spouse"),
            Map.entry("partner", "spouse"),
            Map.entry("child", "child"),
            Map.entry("son", "child"),
            Map.entry("daughter", "child"),
            Map.entry("grandchild", "child"),
            Map.entry("parent", "parent"),
            Map.entry("mother", "parent"),
            Map.entry("father", "parent"),
            Map.entry("grandparent", "parent"),
            Map.entry("other", "other"),
            Map.entry("relative", "other"),
            Map.entry("sibling", "other"));

    private static final Map<String, String> SEXES = Map.ofEntries(
            Map.entry("f", "F"),
            Map.entry("female", "F"),
            Map.entry("woman", "F"),
            Map.entry("w", "F"),
            Map.entry("m", "M"),
            Map.entry("male", "M"),
            Map.entry("man", "M"),
            Map.entry("h", "M"),
            Map.entry("x", "X"),
            Map.entry("other", "X"));

    private final Map<String, IdentifierType> types;
    private final PhoneNumbers phones;
    private final Map<String, UUID> areas;
    private final Currency currency;
    private final DateOrder dateOrder;
    private final LocalDate today;

    RowRules(
            Map<String, IdentifierType> types,
            PhoneNumbers phones,
            Map<String, UUID> areas,
            Currency currency,
            DateOrder dateOrder,
            LocalDate today) {
        this.types = types;
        this.phones = phones;
        this.areas = areas;
        this.currency = currency;
        this.dateOrder = dateOrder;
        this.today = today;
    }

    /** @param problems empty where the draft may go on */
    record Reading(@Nullable RowDraft draft, List<RowProblem> problems) {}

    Reading read(Map<PersonColumn, String> cells) {
        return new Cells(cells).read();
    }

    private final class Cells {

        private final Map<PersonColumn, String> cells;
        private final List<RowProblem> problems = new ArrayList<>();

        Cells(Map<PersonColumn, String> cells) {
            this.cells = cells;
        }

        Reading read() {
            cells.forEach((column, text) -> {
                if (text.indexOf('\uFFFD') >= 0) {
                    refuse(column, RowProblem.Code.CHARACTERS_UNREADABLE);
                }
            });
            Birth birth = birth();
            String phone = phone();
            RowDraft draft = new RowDraft(
                    text(PersonColumn.PERSON_NO),
                    text(PersonColumn.HOUSEHOLD_NO),
                    role(),
                    name(PersonColumn.GIVEN_NAME, true),
                    name(PersonColumn.FAMILY_NAME, false),
                    code(PersonColumn.SEX, SEXES, RowProblem.Code.SEX_UNKNOWN),
                    birth.date(),
                    birth.precision(),
                    identifier(PersonColumn.NATIONAL_ID, IdentifierTypes.NATIONAL_ID),
                    identifier(PersonColumn.VIRTUAL_ID, IdentifierTypes.VIRTUAL_ID),
                    phone,
                    email(),
                    area(),
                    text(PersonColumn.ADDRESS),
                    income(),
                    accountScheme(),
                    accountPart(PersonColumn.ACCOUNT_PROVIDER, PROVIDER),
                    accountNumber(phone));
            return problems.isEmpty() ? new Reading(draft, List.of()) : new Reading(null, problems);
        }

        private void refuse(PersonColumn column, RowProblem.Code code) {
            problems.add(RowProblem.of(column, code));
        }

        private String cell(PersonColumn column) {
            return cells.getOrDefault(column, "").strip();
        }

        private @Nullable String text(PersonColumn column) {
            String text = cell(column);
            if (text.length() > LONGEST_TEXT) {
                refuse(column, RowProblem.Code.TEXT_TOO_LONG);
            }
            return text.isEmpty() ? null : text;
        }

        private String name(PersonColumn column, boolean required) {
            String name = BLANKS.matcher(cell(column)).replaceAll(" ");
            if (name.isEmpty() && required) {
                refuse(column, RowProblem.Code.NAME_MISSING);
            } else if (!name.isEmpty()
                    && (name.length() > LONGEST_NAME || name.codePoints().noneMatch(Character::isLetter))) {
                refuse(column, RowProblem.Code.NAME_UNFIT);
            }
            return name;
        }

        private @Nullable String code(PersonColumn column, Map<String, String> codes, RowProblem.Code unknown) {
            String text =
                    SEPARATORS.matcher(cell(column).toLowerCase(Locale.ROOT)).replaceAll("");
            if (text.isEmpty()) {
                return null;
            }
            String code = codes.get(text);
            if (code == null) {
                refuse(column, unknown);
            }
            return code;
        }

        private String role() {
            String role = code(PersonColumn.ROLE, ROLES, RowProblem.Code.ROLE_UNKNOWN);
            if (role != null && cell(PersonColumn.HOUSEHOLD_NO).isEmpty()) {
                refuse(PersonColumn.ROLE, RowProblem.Code.ROLE_WITHOUT_HOUSEHOLD);
            }
            return role == null ? "other" : role;
        }

        private record Birth(@Nullable LocalDate date, String precision) {}

        private Birth birth() {
            String text = digits(cell(PersonColumn.BIRTH_DATE));
            if (text.isEmpty()) {
                return new Birth(null, "day");
            }
            try {
                boolean yearOnly = YEAR_ONLY.matcher(text).matches();
                LocalDate date = yearOnly ? LocalDate.of(Integer.parseInt(text), 7, 1) : date(text);
                if (date == null) {
                    refuse(PersonColumn.BIRTH_DATE, RowProblem.Code.DATE_UNREADABLE);
                    return new Birth(null, "day");
                }
                if (date.isAfter(yearOnly ? today.plusMonths(6) : today)
                        || date.isBefore(today.minusYears(OLDEST_YEARS))) {
                    refuse(PersonColumn.BIRTH_DATE, RowProblem.Code.DATE_IMPOSSIBLE);
                }
                return new Birth(date.isAfter(today) ? today : date, yearOnly ? "year" : "day");
            } catch (DateTimeException impossible) {
                refuse(PersonColumn.BIRTH_DATE, RowProblem.Code.DATE_UNREADABLE);
                return new Birth(null, "day");
            }
        }

        private @Nullable LocalDate date(String text) {
            Matcher first = YEAR_FIRST.matcher(text);
            if (first.matches()) {
                return LocalDate.of(number(first, 1), number(first, 2), number(first, 3));
            }
            Matcher last = YEAR_LAST.matcher(text);
            if (!last.matches() || dateOrder == DateOrder.YEAR_MONTH_DAY) {
                return null;
            }
            return dateOrder == DateOrder.DAY_MONTH_YEAR
                    ? LocalDate.of(number(last, 3), number(last, 2), number(last, 1))
                    : LocalDate.of(number(last, 3), number(last, 1), number(last, 2));
        }

        private @Nullable String identifier(PersonColumn column, String code) {
            IdentifierType type = Objects.requireNonNull(types.get(code));
            String value = type.normalised(cell(column));
            if (value.isEmpty()) {
                return null;
            }
            type.fault(value)
                    .ifPresent(fault -> refuse(column, RowProblem.Code.valueOf(fault.toUpperCase(Locale.ROOT))));
            return value;
        }

        private @Nullable String phone() {
            String text = digits(cell(PersonColumn.PHONE));
            if (text.isEmpty()) {
                return null;
            }
            return phones.e164(text).orElseGet(() -> {
                refuse(PersonColumn.PHONE, RowProblem.Code.PHONE_UNREADABLE);
                return text;
            });
        }

        private @Nullable String email() {
            String text = cell(PersonColumn.EMAIL);
            if (!text.isEmpty()
                    && (text.length() > LONGEST_TEXT || !EMAIL.matcher(text).matches())) {
                refuse(PersonColumn.EMAIL, RowProblem.Code.EMAIL_UNREADABLE);
            }
            return text.isEmpty() ? null : text;
        }

        private @Nullable UUID area() {
            String code = cell(PersonColumn.AREA);
            if (code.isEmpty()) {
                return null;
            }
            UUID id = areas.get(code);
            if (id == null) {
                refuse(PersonColumn.AREA, RowProblem.Code.AREA_UNKNOWN);
            }
            return id;
        }

        private @Nullable Long income() {
            String text = digits(cell(PersonColumn.HOUSEHOLD_INCOME));
            if (text.isEmpty()) {
                return null;
            }
            try {
                Money amount = Money.parse(text, currency);
                if (!amount.isNegative()) {
                    return amount.minor();
                }
            } catch (IllegalArgumentException | ArithmeticException unreadable) {
                // told below, as for a negative one
            }
            refuse(PersonColumn.HOUSEHOLD_INCOME, RowProblem.Code.AMOUNT_UNREADABLE);
            return null;
        }

        private @Nullable String accountScheme() {
            long given = List.of(
                            PersonColumn.ACCOUNT_SCHEME, PersonColumn.ACCOUNT_PROVIDER, PersonColumn.ACCOUNT_NUMBER)
                    .stream()
                    .filter(column -> !cell(column).isEmpty())
                    .count();
            if (given == 0) {
                return null;
            }
            String scheme = cell(PersonColumn.ACCOUNT_SCHEME).toLowerCase(Locale.ROOT);
            if (given < 3 || !List.of("bank", "mobile").contains(scheme)) {
                refuse(PersonColumn.ACCOUNT_SCHEME, RowProblem.Code.ACCOUNT_INCOMPLETE);
            }
            return scheme;
        }

        /** A wallet is named by its phone number, in E.164 without the plus. */
        private @Nullable String accountNumber(@Nullable String phone) {
            String text = digits(cell(PersonColumn.ACCOUNT_NUMBER));
            if (text.isEmpty() || !cell(PersonColumn.ACCOUNT_SCHEME).equalsIgnoreCase("mobile")) {
                return accountPart(PersonColumn.ACCOUNT_NUMBER, ACCOUNT);
            }
            boolean isThePhone =
                    phone != null && cell(PersonColumn.ACCOUNT_NUMBER).equals(cell(PersonColumn.PHONE));
            Optional<String> e164 = isThePhone ? Optional.ofNullable(phone) : phones.e164(text);
            return e164.map(number -> number.substring(1)).orElseGet(() -> {
                refuse(PersonColumn.ACCOUNT_NUMBER, RowProblem.Code.ACCOUNT_UNREADABLE);
                return text;
            });
        }

        private @Nullable String accountPart(PersonColumn column, Pattern form) {
            String text = IdentifierType.normalise(cell(column));
            if (text.isEmpty()) {
                return null;
            }
            String plain = text.startsWith("+") ? text.substring(1) : text;
            if (!form.matcher(plain).matches()) {
                refuse(column, RowProblem.Code.ACCOUNT_UNREADABLE);
            }
            return plain;
        }
    }

    /** Digits of any script as 0 to 9. */
    private static String digits(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (Character.isDigit(point)) {
                out.append(Character.digit(point, 10));
            } else {
                out.appendCodePoint(point);
            }
        });
        return out.toString();
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }
}
