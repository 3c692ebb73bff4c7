package org.annona.console.login;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The way in. */
@Controller
public final class LoginPage {

    @GetMapping("/login")
    String show(HttpServletRequest request, Model model) {
        if (request.getUserPrincipal() != null) {
            return "redirect:/";
        }
        HttpSession session = request.getSession(false);
        if (session != null && session.getAttribute("loginProblem") != null) {
            model.addAttribute("loginProblem", session.getAttribute("loginProblem"));
            session.removeAttribute("loginProblem");
        }
        model.addAttribute("bye", request.getParameter("bye") != null);
        model.addAttribute("changed", request.getParameter("changed") != null);
        return "console/login";
    }
}
