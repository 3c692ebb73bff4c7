package org.annona.console.users;

import org.annona.access.Actor;
import org.annona.access.UserAccount;
import org.annona.access.Users;
import org.annona.console.ProblemView;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Everybody's own password. */
@Controller
public final class OwnPasswordPage {

    private final Users users;

    public OwnPasswordPage(Users users) {
        this.users = users;
    }

    @GetMapping("/password")
    String show(Actor actor, Model model) {
        UserAccount user = users.find(actor.name()).orElseThrow();
        model.addAttribute("mustChange", user.mustChangePassword());
        model.addAttribute("resetAt", user.passwordResetAt());
        model.addAttribute("resetBy", user.passwordResetBy());
        return "console/password";
    }

    /** The user has read who accepted the reset of the password. */
    @PostMapping("/password/told")
    String told(Actor actor) {
        users.acknowledgeReset(actor);
        return "redirect:/";
    }

    @PostMapping("/password")
    String change(
            Actor actor,
            Model model,
            @RequestParam String current,
            @RequestParam String wanted,
            @RequestParam String again) {
        try {
            if (!wanted.equals(again)) {
                throw Problem.of(
                        FoundationProblem.INVALID_INPUT, "field", "New password", "reason", "the two entries differ");
            }
            users.changeOwnPassword(actor, current, wanted);
        } catch (Problem refusal) {
            model.addAttribute("problem", ProblemView.of(refusal));
            return show(actor, model);
        }
        // Every session of the user is over, also this one.
        return "redirect:/login?changed";
    }
}
