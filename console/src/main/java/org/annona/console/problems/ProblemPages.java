package org.annona.console.problems;

import java.util.Comparator;
import java.util.List;
import org.annona.foundation.problem.ProblemCode;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The catalogue of all refusals, for those who read a code somewhere. */
@Controller
public final class ProblemPages {

    private final List<ProblemCode> codes;

    public ProblemPages(List<ProblemCode> codes) {
        this.codes =
                codes.stream().sorted(Comparator.comparing(ProblemCode::code)).toList();
    }

    @GetMapping("/help/problems")
    String list(Model model) {
        model.addAttribute("codes", codes);
        return "console/problems";
    }
}
