package org.annona.programs.programme;

import java.util.List;
import java.util.Map;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;

/**
 * A programme that others have run, with few questions. The answers become terms through {@link ProgrammeForm}.
 *
 * @param answers proposed for the fields of the form
 */
public record ProgrammeTemplate(String key, String title, String explanation, Map<String, String> answers) {

    public static final List<ProgrammeTemplate> ALL = List.of(
            new ProgrammeTemplate(
                    "family",
                    "Family grant",
                    "Poor households with small children: an amount for the household and one for each child.",
                    Map.of(
                            "name", "Family grant",
                            "code", "FAMILY",
                            "purpose", "Family grant",
                            "memberAgeBelow", "5",
                            "incomePerMember", "3000",
                            "base", "1500",
                            "perChild", "500",
                            "childAgeBelow", "18",
                            "mostChildren", "4",
                            "maximum", "3000")),
            new ProgrammeTemplate(
                    "elder",
                    "Support for households with elders",
                    "Households in which somebody has reached an age.",
                    Map.of(
                            "name", "Elder support",
                            "code", "ELDER",
                            "purpose", "Elder support",
                            "memberAgeFrom", "65",
                            "incomePerMember", "5000",
                            "base", "2000",
                            "maximum", "2000")),
            new ProgrammeTemplate(
                    "pension",
                    "Social pension",
                    "People who have reached an age, each for themselves, in households with little income.",
                    Map.of(
                            "subject", "person",
                            "name", "Social pension",
                            "code", "PENSION",
                            "purpose", "Social pension",
                            "ageFrom", "65",
                            "incomePerMember", "5000",
                            "base", "2500")),
            new ProgrammeTemplate(
                    "emergency",
                    "Emergency payment in an area",
                    "All households of an area, once, without asking for income.",
                    Map.of(
                            "name", "Emergency payment",
                            "code", "EMERGENCY",
                            "purpose", "Emergency payment",
                            "base", "4000",
                            "perChild", "500",
                            "childAgeBelow", "18",
                            "mostChildren", "4",
                            "maximum", "6000")));

    /** Refuses a key that no template has. */
    public static ProgrammeTemplate byKey(String key) {
        return ALL.stream()
                .filter(template -> template.key().equals(key))
                .findFirst()
                .orElseThrow(() -> Problem.of(FoundationProblem.NOT_FOUND, "what", "template"));
    }
}
