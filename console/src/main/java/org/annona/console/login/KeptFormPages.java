package org.annona.console.login;

import jakarta.servlet.http.HttpServletRequest;
import org.annona.access.KeptForm;
import org.annona.foundation.problem.Problem;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.PostMapping;

/** The way of a form whose session ended: log in, look at it, send it. Both pages are reached by forwards alone. */
@Controller
public final class KeptFormPages {

    @PostMapping(KeptForm.LOGIN)
    String login(HttpServletRequest request, Model model) {
        KeptForm kept = KeptForm.forwarded(request);
        if (kept == null) {
            return "redirect:/login";
        }
        model.addAttribute("kept", kept.hidden());
        if (request.getAttribute(KeptForm.PROBLEM) instanceof Problem problem) {
            model.addAttribute("loginProblem", problem.sentence() + " " + problem.remedy());
        }
        return "console/login";
    }

    @PostMapping(KeptForm.AGAIN)
    String again(HttpServletRequest request, Model model) {
        KeptForm kept = KeptForm.forwarded(request);
        if (kept == null) {
            return "redirect:/";
        }
        model.addAttribute("kept", kept);
        return "console/again";
    }
}
