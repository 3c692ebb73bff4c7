package org.annona.console.login;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.annona.access.Devices;
import org.annona.access.PasswordResets;
import org.annona.access.ResetCookie;
import org.annona.console.ProblemView;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** For who has forgotten the password: shows the code of the reset that began in this browser, and takes the new password. */
@Controller
public final class ForgottenPage {

    private final PasswordResets resets;
    private final ResetCookie cookie;
    private final Devices devices;

    public ForgottenPage(PasswordResets resets, ResetCookie cookie, Devices devices) {
        this.resets = resets;
        this.cookie = cookie;
        this.devices = devices;
    }

    @GetMapping("/forgotten")
    String show(HttpServletRequest request, Model model) {
        PasswordResets.@Nullable Pending pending =
                resets.of(cookie.read(request), devices.placeOf(request)).orElse(null);
        model.addAttribute("pending", pending);
        return "console/forgotten";
    }

    @PostMapping("/forgotten")
    String begin(HttpServletResponse response, @RequestParam String name) {
        cookie.keep(response, resets.begin(name));
        return "redirect:/forgotten";
    }

    @PostMapping("/forgotten/password")
    String complete(
            HttpServletRequest request,
            HttpServletResponse response,
            Model model,
            @RequestParam String wanted,
            @RequestParam String again) {
        try {
            if (!wanted.equals(again)) {
                throw Problem.of(
                        FoundationProblem.INVALID_INPUT, "field", "New password", "reason", "the two entries differ");
            }
            resets.complete(cookie.read(request), devices.placeOf(request), wanted);
        } catch (Problem refusal) {
            model.addAttribute("problem", ProblemView.of(refusal));
            return show(request, model);
        }
        cookie.forget(response);
        return "redirect:/login?changed";
    }

    @PostMapping("/forgotten/over")
    String giveUp(HttpServletResponse response) {
        cookie.forget(response);
        return "redirect:/login";
    }
}
