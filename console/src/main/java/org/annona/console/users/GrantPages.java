package org.annona.console.users;

import java.util.UUID;
import org.annona.access.AccessPermission;
import org.annona.access.Actor;
import org.annona.access.Grants;
import org.annona.console.Notice;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Roles that wait for a second administrator. */
@Controller
public final class GrantPages {

    private final Grants grants;

    public GrantPages(Grants grants) {
        this.grants = grants;
    }

    @GetMapping("/grants")
    String list(Actor actor, Model model) {
        model.addAttribute(
                "grants",
                grants.waiting(actor).stream()
                        .map(grant -> new ShownGrant(
                                grant,
                                Grants.mayAccept(actor, grant),
                                actor.may(AccessPermission.MANAGE_USERS) && Grants.mayEnd(actor, grant)))
                        .toList());
        model.addAttribute("alone", grants.isAlone(actor));
        return "console/grants";
    }

    @PostMapping("/grants/{id}/accept")
    String accept(Actor actor, RedirectAttributes redirect, @PathVariable UUID id) {
        grants.accept(actor, id);
        Notice.say(redirect, "console.grants.accepted");
        return "redirect:/grants";
    }

    /** Takes away, withdraws or refuses. */
    @PostMapping("/grants/{id}/end")
    String end(Actor actor, RedirectAttributes redirect, @PathVariable UUID id) {
        String user = grants.end(actor, id);
        Notice.say(redirect, "console.grants.ended", "name", user);
        return "redirect:/users";
    }
}
