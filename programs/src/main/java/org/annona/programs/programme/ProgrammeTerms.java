package org.annona.programs.programme;

import java.util.Currency;
import java.util.List;
import org.annona.foundation.criteria.Catalogue;
import org.annona.foundation.criteria.Criterion;
import org.annona.foundation.criteria.PlainReading;
import org.annona.foundation.criteria.RuleParser;
import org.annona.foundation.digest.RowDigest;
import org.annona.foundation.problem.Faults;
import org.annona.foundation.problem.Problem;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.population.HouseholdCatalogue;
import org.annona.programs.population.SubjectKind;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a programme promises: to whom, and how much.
 *
 * @param subject whom it is for; the same in all versions
 * @param rule which of them are eligible, in the language of rules
 * @param purpose the words that a beneficiary sees with the money
 */
public record ProgrammeTerms(SubjectKind subject, String rule, Benefit benefit, String purpose) {

    /** For households. */
    public ProgrammeTerms(String rule, Benefit benefit, String purpose) {
        this(SubjectKind.HOUSEHOLD, rule, benefit, purpose);
    }

    /** What its rule may ask. */
    public Catalogue catalogue(Currency currency) {
        return subject.catalogue(currency);
    }

    private static final int LONGEST_PURPOSE = 60;

    public String toJson() {
        return JsonMapper.shared().writeValueAsString(this);
    }

    public static ProgrammeTerms fromJson(String json) {
        return JsonMapper.shared().readValue(json, ProgrammeTerms.class);
    }

    public byte[] digest() {
        return RowDigest.ofText(toJson());
    }

    public Criterion criterion(Catalogue catalogue) {
        return new RuleParser(catalogue).parse(rule);
    }

    /** The parts of the rule that must all hold; a rule that is no "and" is its own only part. */
    public List<Criterion> parts(Catalogue catalogue) {
        return criterion(catalogue) instanceof Criterion.And(List<Criterion> parts)
                ? parts
                : List.of(criterion(catalogue));
    }

    public List<Criterion> bandRules(Catalogue catalogue) {
        RuleParser parser = new RuleParser(HouseholdCatalogue.member(catalogue.currency()));
        return benefit.bands().stream().map(band -> parser.parse(band.rule())).toList();
    }

    public String reading(Catalogue catalogue) {
        return PlainReading.of(criterion(catalogue), catalogue);
    }

    /** Refuses terms that could not be carried out, with what is wrong. */
    public void refuseUnfit(Catalogue catalogue) {
        Faults faults = new Faults();
        faults.check(() -> criterion(catalogue));
        faults.check(() -> bandRules(catalogue));
        benefit.fault().ifPresent(reason -> faults.add(unfit(reason)));
        if (purpose.isBlank() || purpose.length() > LONGEST_PURPOSE) {
            faults.add(unfit("the words for the beneficiary have 1 to " + LONGEST_PURPOSE + " characters"));
        }
        faults.refuse();
    }

    private static Problem unfit(String reason) {
        return Problem.of(ProgramsProblem.TERMS_UNFIT, "reason", reason);
    }
}
