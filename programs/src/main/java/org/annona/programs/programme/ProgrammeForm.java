package org.annona.programs.programme;

import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.annona.foundation.criteria.Criterion;
import org.annona.foundation.criteria.Criterion.Comparator;
import org.annona.foundation.criteria.Criterion.Constant;
import org.annona.foundation.criteria.Criterion.Operand;
import org.annona.foundation.criteria.RuleText;
import org.annona.foundation.money.Money;
import org.annona.foundation.problem.Faults;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.population.HouseholdCatalogue;
import org.annona.programs.population.SubjectKind;
import org.jspecify.annotations.Nullable;

/**
 * The answers to a template's questions, as typed. An empty answer leaves its condition out; a form without any condition
 * is refused unless {@code everybody} says {@code yes}.
 */
public record ProgrammeForm(Map<String, String> answers) {

    /** For whom the programme is: {@code subject} is {@code household}, which an empty answer means, or {@code person}. */
    public SubjectKind subject() {
        return answer("subject").equals(SubjectKind.PERSON.code()) ? SubjectKind.PERSON : SubjectKind.HOUSEHOLD;
    }

    /**
     * Questions about who joins: of households {@code area, incomePerMember, memberAgeBelow, memberAgeFrom}, of people {@code area,
     * incomePerMember} of the household, {@code ageBelow, ageFrom, sex}; or {@code rule} as text.
     */
    public ProgrammeTerms terms(Currency currency) {
        Faults faults = new Faults();
        if (!answer("subject").isEmpty() && !answer("subject").equals(subject().code())) {
            faults.add(invalid("Subject", "a programme is for a household or for a person"));
        }
        String rule = answer("rule").isEmpty() ? faults.read(() -> builtRule(currency), "") : answer("rule");
        Benefit benefit = faults.read(() -> benefit(currency), new Benefit(0, List.of(), null, null, 1));
        faults.refuse();
        return new ProgrammeTerms(subject(), rule, benefit, answer("purpose"));
    }

    /** The answers that lead to these terms, for changing them; the rule stands there as text. */
    public static ProgrammeForm of(ProgrammeTerms terms, Currency currency) {
        Map<String, String> answers = new HashMap<>();
        answers.put("subject", terms.subject().code());
        answers.put("rule", terms.rule());
        answers.put("purpose", terms.purpose());
        Benefit benefit = terms.benefit();
        put(answers, "base", benefit.baseMinor(), currency);
        put(answers, "minimum", benefit.minimumMinor(), currency);
        put(answers, "maximum", benefit.maximumMinor(), currency);
        if (!benefit.bands().isEmpty()) {
            Benefit.Band band = benefit.bands().getFirst();
            put(answers, "perChild", band.perMemberMinor(), currency);
            answers.put("childAgeBelow", band.rule().replaceAll("\\D", ""));
            answers.put("mostChildren", Integer.toString(band.mostMembers()));
        }
        return new ProgrammeForm(answers);
    }

    private static void put(Map<String, String> answers, String name, @Nullable Long minor, Currency currency) {
        if (minor != null) {
            answers.put(name, new Money(minor, currency).toPlainString());
        }
    }

    public String answer(String name) {
        return answers.getOrDefault(name, "").strip();
    }

    private String builtRule(Currency currency) {
        Faults faults = new Faults();
        List<Criterion> parts = new ArrayList<>();
        if (!answer("area").isEmpty()) {
            parts.add(new Criterion.Within("area", answer("area")));
        }
        Long income = amount(faults, "incomePerMember", "Largest monthly income per member", currency);
        boolean people = subject() == SubjectKind.PERSON;
        if (income != null) {
            parts.add(new Criterion.Comparison(
                    new Operand.Value(people ? "household.income_per_member" : "income_per_member"),
                    Comparator.AT_MOST,
                    new Constant.Amount(income)));
        }
        if (people) {
            ofPerson(faults, parts);
        } else {
            withMembers(faults, parts);
        }
        faults.refuse();
        Criterion rule = switch (parts.size()) {
            case 0 -> everybody();
            case 1 -> parts.getFirst();
            default -> new Criterion.And(parts);
        };
        return new RuleText(subject().catalogue(currency)).write(rule);
    }

    private void ofPerson(Faults faults, List<Criterion> parts) {
        Integer from = number(faults, "ageFrom", "At least");
        if (from != null) {
            parts.add(ofAge(Comparator.AT_LEAST, from));
        }
        Integer below = number(faults, "ageBelow", "Younger than");
        if (below != null) {
            parts.add(ofAge(Comparator.LESS, below));
        }
        if (!answer("sex").isEmpty()) {
            parts.add(new Criterion.Comparison(
                    new Operand.Value("sex"), Comparator.EQUAL, new Constant.Text(answer("sex"))));
        }
    }

    private void withMembers(Faults faults, List<Criterion> parts) {
        Integer below = number(faults, "memberAgeBelow", "With a member younger than");
        if (below != null) {
            parts.add(memberOfAge(Comparator.LESS, below));
        }
        Integer from = number(faults, "memberAgeFrom", "With a member who is at least");
        if (from != null) {
            parts.add(memberOfAge(Comparator.AT_LEAST, from));
        }
    }

    /** Nobody means the whole country by leaving fields empty. */
    private Criterion everybody() {
        if (!answer("everybody").equals("yes")) {
            throw Problem.of(
                    ProgramsProblem.TERMS_UNFIT,
                    "reason",
                    "there is no condition, so every " + subject().word()
                            + " of the country would join; choose an area or another condition, or tick that every "
                            + subject().word() + " is meant");
        }
        return new Criterion.Everyone();
    }

    private static Criterion memberOfAge(Comparator comparator, int age) {
        return new Criterion.Exists(HouseholdCatalogue.MEMBERS, ofAge(comparator, age));
    }

    private static Criterion ofAge(Comparator comparator, int age) {
        return new Criterion.Comparison(new Operand.Value("age"), comparator, new Constant.Whole(age));
    }

    private Benefit benefit(Currency currency) {
        Faults faults = new Faults();
        Long base = amount(faults, "base", "For the " + subject().word(), currency);
        Long perChild = amount(faults, "perChild", "For each child", currency);
        Integer age = number(faults, "childAgeBelow", "A child is younger than");
        Integer most = number(faults, "mostChildren", "Children that count, at most");
        Long minimum = amount(faults, "minimum", "Never less than", currency);
        Long maximum = amount(faults, "maximum", "Never more than", currency);
        List<Benefit.Band> bands = new ArrayList<>();
        if (perChild != null && perChild > 0) {
            faults.check(() -> require("childAgeBelow", "A child is younger than"));
            faults.check(() -> require("mostChildren", "Children that count, at most"));
            if (age != null && most != null) {
                bands.add(new Benefit.Band("child under " + age, "age < " + age, perChild, most));
            }
        }
        faults.refuse();
        return new Benefit(base == null ? 0 : base, bands, minimum, maximum, 1);
    }

    /** With an amount for each child, the terms say which children are meant. */
    private void require(String name, String label) {
        if (answer(name).isEmpty()) {
            throw invalid(label, "it is needed with an amount for each child");
        }
    }

    private @Nullable Long amount(Faults faults, String name, String label, Currency currency) {
        return faults.readOrNull(() -> amount(name, label, currency));
    }

    private @Nullable Integer number(Faults faults, String name, String label) {
        return faults.readOrNull(() -> number(name, label));
    }

    private @Nullable Long amount(String name, String label, Currency currency) {
        if (answer(name).isEmpty()) {
            return null;
        }
        try {
            Money money = Money.typed(answer(name), currency);
            if (!money.isNegative()) {
                return money.minor();
            }
        } catch (IllegalArgumentException | ArithmeticException unreadable) {
            throw invalid(label, unreadable.getMessage());
        }
        throw invalid(label, "an amount is not negative");
    }

    private @Nullable Integer number(String name, String label) {
        if (answer(name).isEmpty()) {
            return null;
        }
        if (!answer(name).matches("\\d{1,3}")) {
            throw invalid(label, "this is a whole number");
        }
        return Integer.valueOf(answer(name));
    }

    private static Problem invalid(String label, @Nullable String reason) {
        return Problem.of(FoundationProblem.INVALID_INPUT, "field", label, "reason", String.valueOf(reason));
    }
}
