package org.annona.console.users;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.annona.access.AccessPermission;
import org.annona.access.AccessProblem;
import org.annona.access.Actor;
import org.annona.access.Lockouts;
import org.annona.access.PasswordResets;
import org.annona.access.Role;
import org.annona.access.UserAccount;
import org.annona.access.Users;
import org.annona.console.Notice;
import org.annona.console.ProblemView;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Users and their roles. An installation has tens of them, so they stand on one page. */
@Controller
public final class UserPages {

    private final Users users;
    private final Lockouts lockouts;
    private final PasswordResets resets;

    public UserPages(Users users, Lockouts lockouts, PasswordResets resets) {
        this.users = users;
        this.lockouts = lockouts;
        this.resets = resets;
    }

    @GetMapping("/users")
    String list(Actor actor, Model model) {
        model.addAttribute("users", users.list(actor));
        model.addAttribute("mayManage", actor.may(AccessPermission.MANAGE_USERS));
        return "console/users";
    }

    @GetMapping("/users/new")
    String form(Actor actor, Model model) {
        actor.require(AccessPermission.MANAGE_USERS);
        return form(model, "", "", Set.of());
    }

    private static String form(Model model, String name, String displayName, Set<Role> chosen) {
        model.addAttribute("roles", List.of(Role.values()));
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
        Set<Role> roles = roles(role);
        try {
            users.create(actor, name, displayName, roles);
        } catch (Problem refusal) {
            if (refusal.code() == AccessProblem.NOT_PERMITTED) {
                throw refusal;
            }
            model.addAttribute("problem", ProblemView.of(refusal));
            return form(model, name, displayName, roles);
        }
        Notice.good(
                redirect,
                "The user " + name
                        + " was added. To choose the first password, the user opens \"First login or forgotten"
                        + " password?\" at the login page and tells you the code that it shows; enter it on the page of the user.");
        return "redirect:/users";
    }

    @GetMapping("/users/{name}")
    String show(Actor actor, Model model, @PathVariable String name) {
        UserAccount user = users.list(actor).stream()
                .filter(account -> account.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Problem.of(AccessProblem.USER_UNKNOWN, "name", name));
        model.addAttribute("user", user);
        model.addAttribute("roles", List.of(Role.values()));
        model.addAttribute("lockouts", lockouts.of(actor, name));
        model.addAttribute("acceptances", resets.accepted(actor, name));
        model.addAttribute("mayManage", actor.may(AccessPermission.MANAGE_USERS));
        model.addAttribute(
                "mayAccept",
                actor.may(AccessPermission.ACCEPT_RESETS) && !actor.name().equals(name));
        return "console/user";
    }

    @PostMapping("/users/{name}/roles")
    String changeRoles(
            Actor actor,
            RedirectAttributes redirect,
            @PathVariable String name,
            @RequestParam(required = false) @Nullable List<String> role) {
        users.changeRoles(actor, name, roles(role));
        Notice.good(redirect, "The roles of " + name + " were changed; the user has to log in again.");
        return "redirect:/users/" + name;
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

    private static Set<Role> roles(@Nullable List<String> codes) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String code : codes == null ? List.<String>of() : codes) {
            roles.add(Arrays.stream(Role.values())
                    .filter(role -> role.code().equals(code))
                    .findFirst()
                    .orElseThrow(() -> Problem.of(
                            FoundationProblem.INVALID_INPUT, "field", "Roles", "reason", "there is no such role")));
        }
        return roles;
    }
}
