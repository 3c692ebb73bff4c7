package org.annona.console.roles;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.annona.access.AccessPermission;
import org.annona.access.AccessProblem;
import org.annona.access.Actor;
import org.annona.access.Grant;
import org.annona.access.Grants;
import org.annona.access.Permission;
import org.annona.access.Roles;
import org.annona.console.Notice;
import org.annona.console.ProblemView;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.text.Texts;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Roles, built in and own, and who has which permission by them. */
@Controller
public final class RolePages {

    private final Roles roles;
    private final Grants grants;

    public RolePages(Roles roles, Grants grants) {
        this.roles = roles;
        this.grants = grants;
    }

    /** A permission in words. Public for templates. */
    public record Choice(String code, String words, boolean sensitive, boolean ofInstallation) {}

    private List<Choice> choices() {
        return roles.permissions().stream().map(RolePages::choice).toList();
    }

    private static Choice choice(Permission permission) {
        return new Choice(
                permission.code(),
                permission.words(Texts.ENGLISH),
                permission.sensitive(),
                permission.ofInstallation());
    }

    @GetMapping("/roles")
    String list(Actor actor, Model model) {
        model.addAttribute("roles", roles.list(actor));
        model.addAttribute("words", words());
        model.addAttribute("conflicts", roles.conflicts());
        model.addAttribute("mayManage", actor.may(AccessPermission.MANAGE_ROLES));
        return "console/roles";
    }

    private Map<String, String> words() {
        Map<String, String> words = new LinkedHashMap<>();
        roles.permissions().forEach(one -> words.put(one.code(), one.words(Texts.ENGLISH)));
        roles.conflicts().forEach(pair -> {
            words.putIfAbsent(pair.permission(), pair.permission());
            words.putIfAbsent(pair.other(), pair.other());
        });
        return words;
    }

    @GetMapping("/roles/new")
    String form(Actor actor, Model model, @RequestParam(defaultValue = "") String copy) {
        actor.require(AccessPermission.MANAGE_ROLES);
        Set<String> copied = copy.isEmpty() ? Set.of() : roles.find(actor, copy).permissions();
        return form(model, "", "", copied);
    }

    private String form(Model model, String code, String name, Set<String> chosen) {
        model.addAttribute("code", code);
        model.addAttribute("name", name);
        model.addAttribute("chosen", chosen);
        model.addAttribute("permissions", choices());
        return "console/role-new";
    }

    @PostMapping("/roles/new")
    String create(
            Actor actor,
            Model model,
            RedirectAttributes redirect,
            @RequestParam String code,
            @RequestParam String name,
            @RequestParam(required = false) @Nullable List<String> permission) {
        Set<String> chosen = permission == null ? Set.of() : Set.copyOf(permission);
        try {
            roles.create(actor, code, name, chosen);
        } catch (Problem refusal) {
            if (refusal.code() == AccessProblem.NOT_PERMITTED) {
                throw refusal;
            }
            model.addAttribute("problem", ProblemView.of(refusal));
            return form(model, code, name, chosen);
        }
        Notice.say(redirect, "console.roles.created", "name", name);
        return "redirect:/roles";
    }

    @GetMapping("/roles/{code}")
    String show(Actor actor, Model model, @PathVariable String code) {
        Roles.Entry role = roles.find(actor, code);
        return page(actor, model, role, role.name(), role.permissions());
    }

    private String page(Actor actor, Model model, Roles.Entry role, String name, Set<String> chosen) {
        boolean mayManage = actor.may(AccessPermission.MANAGE_ROLES);
        model.addAttribute("role", role);
        model.addAttribute("name", name);
        model.addAttribute("chosen", chosen);
        model.addAttribute("permissions", choices());
        model.addAttribute("mayManage", mayManage);
        model.addAttribute("mayChange", mayManage && !role.builtIn() && !role.isRetired());
        model.addAttribute("holders", grants.holders(actor, role.code()));
        return "console/role";
    }

    @PostMapping("/roles/{code}")
    String change(
            Actor actor,
            Model model,
            RedirectAttributes redirect,
            @PathVariable String code,
            @RequestParam int version,
            @RequestParam String name,
            @RequestParam(required = false) @Nullable List<String> permission) {
        Set<String> chosen = permission == null ? Set.of() : Set.copyOf(permission);
        try {
            roles.change(actor, code, version, name, chosen);
        } catch (Problem refusal) {
            if (refusal.code() == AccessProblem.NOT_PERMITTED) {
                throw refusal;
            }
            model.addAttribute("problem", ProblemView.of(refusal));
            return page(actor, model, roles.find(actor, code), name, chosen);
        }
        Notice.say(redirect, "console.roles.changed", "name", name);
        return "redirect:/roles/" + code;
    }

    @PostMapping("/roles/{code}/retire")
    String retire(Actor actor, RedirectAttributes redirect, @PathVariable String code) {
        roles.retire(actor, code);
        Notice.say(redirect, "console.roles.retired");
        return "redirect:/roles";
    }

    /** Who has one permission in the organisation for which the actor acts, and by which role. */
    @GetMapping("/permissions")
    String whoMay(Actor actor, Model model, @RequestParam(defaultValue = "") String permission) {
        List<Grant> inForce = grants.inForce(actor);
        Map<String, Set<String>> byRole = new LinkedHashMap<>();
        roles.list(actor).forEach(role -> byRole.put(role.code(), role.permissions()));
        Map<String, String> choices = new LinkedHashMap<>();
        roles.permissions().forEach(one -> choices.put(one.code(), one.words(Texts.ENGLISH)));
        boolean known = choices.containsKey(permission);
        boolean here = roles.permissions().stream()
                .noneMatch(one -> one.code().equals(permission)
                        && one.ofInstallation()
                        && actor.organisation() != Actor.FIRST_ORGANISATION);
        model.addAttribute("choices", choices);
        model.addAttribute("permission", permission);
        model.addAttribute("chosen", known);
        model.addAttribute(
                "roles",
                roles.list(actor).stream()
                        .filter(role -> !role.isRetired() && role.permissions().contains(permission))
                        .toList());
        model.addAttribute(
                "holders",
                inForce.stream()
                        .filter(grant -> here
                                && byRole.getOrDefault(grant.role(), Set.of()).contains(permission))
                        .toList());
        return "console/permissions";
    }
}
