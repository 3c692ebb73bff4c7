package org.annona.console.users;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.annona.access.AccessPermission;
import org.annona.access.AccessProblem;
import org.annona.access.Actor;
import org.annona.access.Grant;
import org.annona.access.Grants;
import org.annona.access.Lockouts;
import org.annona.access.Organisations;
import org.annona.access.PasswordResets;
import org.annona.access.Roles;
import org.annona.access.UserAccount;
import org.annona.access.Users;
import org.annona.console.Notice;
import org.annona.console.ProblemView;
import org.annona.foundation.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.util.UriUtils;

/** Users and their roles. An installation has tens of them, so they stand on one page. */
@Controller
public final class UserPages {

    private final Users users;
    private final Lockouts lockouts;
    private final PasswordResets resets;
    private final Grants grants;
    private final Roles roles;
    private final Organisations organisations;

    public UserPages(
            Users users,
            Lockouts lockouts,
            PasswordResets resets,
            Grants grants,
            Roles roles,
            Organisations organisations) {
        this.grants = grants;
        this.roles = roles;
        this.organisations = organisations;
        this.users = users;
        this.lockouts = lockouts;
        this.resets = resets;
    }

    @GetMapping("/users")
    String list(Actor actor, Model model) {
        model.addAttribute("users", users.list(actor));
        model.addAttribute("mayManage", actor.may(AccessPermission.MANAGE_USERS));
        model.addAttribute("waiting", grants.waiting(actor).size());
        model.addAttribute("roles", grantable(actor));
        model.addAttribute("choices", organisations.administered(actor));
        return "console/users";
    }

    @GetMapping("/users/new")
    String form(Actor actor, Model model) {
        actor.require(AccessPermission.MANAGE_USERS);
        return form(actor, model, "", "", Set.of());
    }

    private List<Roles.Entry> grantable(Actor actor) {
        return roles.list(actor).stream().filter(role -> !role.isRetired()).toList();
    }

    private String form(Actor actor, Model model, String name, String displayName, Set<String> chosen) {
        model.addAttribute("roles", grantable(actor));
        model.addAttribute("alone", grants.isAlone(actor));
        model.addAttribute("name", name);
        model.addAttribute("displayName", displayName);
        model.addAttribute("chosen", chosen);
        return "console/user-new";
    }

    @PostMapping("/users/new")
    String create(
            Actor actor,
            Model model,
            RedirectAttributes redirect,
            @RequestParam String name,
            @RequestParam String displayName,
            @RequestParam(required = false) @Nullable List<String> role) {
        Set<String> chosen = role == null ? Set.of() : Set.copyOf(role);
        try {
            users.create(actor, name, displayName, chosen);
        } catch (Problem refusal) {
            if (refusal.code() == AccessProblem.NOT_PERMITTED) {
                throw refusal;
            }
            model.addAttribute("problem", ProblemView.of(refusal));
            return form(actor, model, name, displayName, chosen);
        }
        Notice.say(redirect, "console.users.added", "name", name);
        return "redirect:/users";
    }

    @GetMapping("/users/{name}")
    String show(Actor actor, Model model, @PathVariable String name) {
        UserAccount user = users.view(actor, name);
        model.addAttribute("user", user);
        model.addAttribute(
                "grants",
                user.grants().stream().map(grant -> shown(actor, grant)).toList());
        model.addAttribute("roles", grantable(actor));
        model.addAttribute("choices", organisations.administered(actor));
        model.addAttribute("alone", grants.isAlone(actor));
        model.addAttribute(
                "mayGrant",
                actor.may(AccessPermission.MANAGE_USERS) && !actor.name().equals(name));
        model.addAttribute("lockouts", lockouts.of(actor, name));
        model.addAttribute("acceptances", resets.accepted(actor, name));
        model.addAttribute("mayManage", users.mayManage(actor, name));
        model.addAttribute(
                "mayAccept",
                actor.may(AccessPermission.ACCEPT_RESETS) && !actor.name().equals(name));
        return "console/user";
    }

    private static ShownGrant shown(Actor actor, Grant grant) {
        return new ShownGrant(grant, Grants.mayAccept(actor, grant), Grants.mayEnd(actor, grant));
    }

    /** Also for a user whom the actor does not see yet, because the user has roles elsewhere alone. */
    @PostMapping("/users/grants")
    String grant(
            Actor actor,
            RedirectAttributes redirect,
            @RequestParam String name,
            @RequestParam short organisation,
            @RequestParam String role) {
        boolean inForce = grants.grant(actor, name, organisation, role);
        Notice.say(redirect, inForce ? "console.grants.given" : "console.grants.asked", "name", name);
        return "redirect:/users/" + UriUtils.encodePathSegment(name.strip().toLowerCase(Locale.ROOT), "UTF-8");
    }

    @PostMapping("/users/{name}/enabled")
    String setEnabled(
            Actor actor, RedirectAttributes redirect, @PathVariable String name, @RequestParam boolean enabled) {
        users.setEnabled(actor, name, enabled);
        Notice.good(redirect, enabled ? name + " can log in again." : name + " was logged out and cannot log in.");
        return "redirect:/users/" + name;
    }

    @PostMapping("/users/{name}/lockouts")
    String liftLockouts(Actor actor, RedirectAttributes redirect, @PathVariable String name) {
        lockouts.lift(actor, name);
        Notice.good(redirect, name + " can log in now; failures that come from now on count anew.");
        return "redirect:/users/" + name;
    }

    @PostMapping("/users/{name}/resets")
    String acceptReset(Actor actor, RedirectAttributes redirect, @PathVariable String name, @RequestParam String code) {
        resets.accept(actor, name, code);
        Notice.good(
                redirect,
                "You accepted the code. The user reloads the page that shows the code, and chooses a password there.");
        return "redirect:/users/" + name;
    }
}
