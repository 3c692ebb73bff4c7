package org.annona.console;

import java.io.Serializable;
import org.annona.foundation.problem.Problem;

/** A refusal as a page shows it; survives the way to the next page, which leads through the session. */
public record ProblemView(String sentence, String remedy, String code) implements Serializable {

    public static ProblemView of(Problem problem) {
        return new ProblemView(
                problem.sentence(), problem.remedy(), problem.code().code());
    }
}
