package org.annona.console.organisations;

import jakarta.servlet.http.HttpServletRequest;
import org.annona.access.AccessProblem;
import org.annona.access.Actor;
import org.annona.access.ActorResolver;
import org.annona.access.Organisations;
import org.annona.console.Notice;
import org.annona.console.ProblemView;
import org.annona.foundation.problem.Problem;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The organisations of the installation, of which there are few, and the choice of the one to act for. */
@Controller
public final class OrganisationPages {

    private final Organisations organisations;
    private final ActorResolver actors;

    public OrganisationPages(Organisations organisations, ActorResolver actors) {
        this.organisations = organisations;
        this.actors = actors;
    }

    @GetMapping("/organisations")
    String list(Actor actor, Model model) {
        return page(actor, model, "", "");
    }

    private String page(Actor actor, Model model, String code, String name) {
        model.addAttribute("list", organisations.list(actor));
        model.addAttribute("code", code);
        model.addAttribute("name", name);
        return "console/organisations";
    }

    @PostMapping("/organisations")
    String create(
            Actor actor,
            Model model,
            RedirectAttributes redirect,
            @RequestParam String code,
            @RequestParam String name) {
        try {
            organisations.create(actor, code, name);
        } catch (Problem refusal) {
            if (refusal.code() == AccessProblem.NOT_PERMITTED) {
                throw refusal;
            }
            model.addAttribute("problem", ProblemView.of(refusal));
            return page(actor, model, code, name);
        }
        Notice.say(redirect, "console.organisations.created", "name", name);
        return "redirect:/organisations";
    }

    @PostMapping("/organisations/{id}/name")
    String rename(Actor actor, RedirectAttributes redirect, @PathVariable short id, @RequestParam String name) {
        organisations.rename(actor, id, name);
        Notice.say(redirect, "console.organisations.renamed", "name", name);
        return "redirect:/organisations";
    }

    @PostMapping("/organisations/{id}/active")
    String setActive(Actor actor, RedirectAttributes redirect, @PathVariable short id, @RequestParam boolean active) {
        organisations.setActive(actor, id, active);
        Notice.say(redirect, active ? "console.organisations.activated" : "console.organisations.deactivated");
        return "redirect:/organisations";
    }

    /** Leads to the first page, because the page before may show what the other organisation does not have. */
    @PostMapping("/acting")
    String act(HttpServletRequest request, RedirectAttributes redirect, @RequestParam short organisation) {
        actors.actFor(request, organisation);
        Notice.say(
                redirect,
                "console.acting.now",
                "organisation",
                actors.organisationsOf(request).getOrDefault(organisation, ""));
        return "redirect:/";
    }
}
