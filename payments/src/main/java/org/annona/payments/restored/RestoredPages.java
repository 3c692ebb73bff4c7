package org.annona.payments.restored;

import org.annona.access.Actor;
import org.annona.console.Notice;
import org.annona.payments.PaymentsPermission;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Restores from backups, and letting payments go on after one. */
@Controller
public final class RestoredPages {

    private final Restored restored;

    public RestoredPages(Restored restored) {
        this.restored = restored;
    }

    @GetMapping("/restores")
    String list(Actor actor, Model model) {
        model.addAttribute("restores", restored.all(actor));
        model.addAttribute("unexplained", restored.unexplained(actor));
        model.addAttribute("mayConfirm", restored.waits() && actor.may(PaymentsPermission.OPERATE));
        return "payments/restores";
    }

    @PostMapping("/restores")
    String confirm(Actor actor, RedirectAttributes redirect) {
        restored.confirm(actor);
        Notice.good(redirect, "Confirmed. Payments go on.");
        return "redirect:/restores";
    }
}
