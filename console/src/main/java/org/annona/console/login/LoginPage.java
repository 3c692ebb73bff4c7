package org.annona.console.login;

import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;
import org.annona.access.AccessProblem;
import org.annona.console.Formats;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The way in. */
@Controller
public final class LoginPage {

    private static final Pattern TIME = Pattern.compile("\\d{2}:\\d{2}:\\d{2}");

    private final Formats formats;

    public LoginPage(Formats formats) {
        this.formats = formats;
    }

    @GetMapping("/login")
    String show(HttpServletRequest request, Model model) {
        if (request.getUserPrincipal() != null) {
            return "redirect:/";
        }
        String refused = request.getParameter("refused");
        if (refused != null) {
            Problem problem = problem(refused, String.valueOf(request.getParameter("until")));
            model.addAttribute("loginProblem", problem.sentence() + " " + problem.remedy());
        }
        model.addAttribute("fileNotKept", request.getParameter("file-not-kept") != null);
        model.addAttribute("bye", request.getParameter("bye") != null);
        model.addAttribute("changed", request.getParameter("changed") != null);
        return "console/login";
    }

    /** Anybody may have written the address; it chooses among sentences of ours. */
    private Problem problem(String code, String until) {
        if (code.equals(AccessProblem.LOGIN_THROTTLED.code())
                && TIME.matcher(until).matches()) {
            return Problem.of(AccessProblem.LOGIN_THROTTLED, "until", until, "zone", formats.zoneName());
        }
        return Problem.of(
                code.equals(FoundationProblem.BUSY.code()) ? FoundationProblem.BUSY : AccessProblem.LOGIN_REFUSED);
    }
}
