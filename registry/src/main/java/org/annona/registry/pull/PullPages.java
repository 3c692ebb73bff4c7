package org.annona.registry.pull;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.console.Notice;
import org.annona.console.ProblemView;
import org.annona.foundation.problem.Problem;
import org.annona.registry.RegistryPermission;
import org.annona.registry.importing.PersonColumn;
import org.annona.registry.source.DataSource;
import org.annona.registry.source.DataSources;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Imports from a source: what is agreed, a look before it is kept, and the runs. */
@Controller
public final class PullPages {

    private static final String PATH = "/pulls";
    private static final int RUNS = 25;

    private final Pulls pulls;
    private final DataSources sources;

    public PullPages(Pulls pulls, DataSources sources) {
        this.pulls = pulls;
        this.sources = sources;
    }

    @GetMapping(PATH + "/new")
    String blank(
            Actor actor,
            Model model,
            @RequestParam UUID source,
            @RequestParam(defaultValue = "true") boolean households,
            @RequestParam(defaultValue = "GRAPHQL") QueryType language) {
        actor.require(RegistryPermission.IMPORT);
        return form(model, PATH + "/new", sources.get(source), PullForm.blank(households, language), null);
    }

    private String form(Model model, String action, DataSource source, PullForm form, @Nullable Pull pull) {
        model.addAttribute("action", action);
        model.addAttribute("source", source);
        model.addAttribute("form", form.texts());
        model.addAttribute("pull", pull);
        model.addAttribute("languages", QueryType.values());
        model.addAttribute("columns", PersonColumn.values());
        Map<String, String> programmes = new LinkedHashMap<>(Map.of("", "to none"));
        programmes.putAll(pulls.programmes());
        model.addAttribute("programmes", programmes);
        model.addAttribute("kinds", ordered("true", "households with their members", "false", "people"));
        model.addAttribute(
                "confirmations",
                ordered(
                        "false",
                        "is written at once, unless too much would change",
                        "true",
                        "waits until somebody has looked at its check"));
        model.addAttribute(
                "identifiers",
                ordered(
                        "true",
                        "are taken; known again by name, birth date, sex and household",
                        "false",
                        "are rejected"));
        return "registry/pull-form";
    }

    private static Map<String, String> ordered(String key, String value, String otherKey, String otherValue) {
        Map<String, String> map = new LinkedHashMap<>();
        map.put(key, value);
        map.put(otherKey, otherValue);
        return map;
    }

    /** Looks without keeping where that was asked for. */
    @PostMapping(PATH + "/new")
    String create(
            Actor actor,
            Model model,
            RedirectAttributes redirect,
            @RequestParam UUID source,
            @RequestParam Map<String, String> parameters) {
        actor.require(RegistryPermission.IMPORT);
        PullForm form = PullForm.typed(parameters);
        DataSource from = sources.get(source);
        try {
            if (parameters.containsKey("check")) {
                model.addAttribute("report", pulls.check(actor, source, null, form.terms(), form.identifiers()));
                return form(model, PATH + "/new", from, form, null);
            }
            UUID id = pulls.create(actor, source, form.text("name"), form.terms(), form.identifiers());
            Notice.good(redirect, "The import was kept. Nothing was fetched yet.");
            return "redirect:" + PATH + "/" + id;
        } catch (Problem refusal) {
            return refused(model, refusal, PATH + "/new", from, form, null);
        }
    }

    private String refused(
            Model model, Problem refusal, String action, DataSource source, PullForm form, @Nullable Pull pull) {

        model.addAttribute("problem", ProblemView.of(refusal));
        return form(model, action, source, form, pull);
    }

    @GetMapping(PATH + "/{id}/edit")
    String edit(Actor actor, Model model, @PathVariable UUID id) {
        actor.require(RegistryPermission.IMPORT);
        Pull pull = pulls.get(actor, id);
        return form(
                model,
                PATH + "/" + id + "/edit",
                sources.get(pull.sourceId()),
                PullForm.of(pull.name(), pull.terms()),
                pull);
    }

    @PostMapping(PATH + "/{id}/edit")
    String change(
            Actor actor,
            Model model,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam int version,
            @RequestParam Map<String, String> parameters) {
        actor.require(RegistryPermission.IMPORT);
        PullForm form = PullForm.typed(parameters);
        Pull pull = pulls.get(actor, id);
        DataSource from = sources.get(pull.sourceId());
        String action = PATH + "/" + id + "/edit";
        try {
            if (parameters.containsKey("check")) {
                model.addAttribute("report", pulls.check(actor, from.id(), pull, form.terms(), form.identifiers()));
                return form(model, action, from, form, pull);
            }
            boolean active = parameters.getOrDefault("state", "active").equals("active");
            pulls.change(actor, id, version, form.text("name"), form.terms(), form.identifiers(), active);
            Notice.good(redirect, "Changed. It holds from the next run on.");
            return "redirect:" + PATH + "/" + id;
        } catch (Problem refusal) {
            return refused(model, refusal, action, from, form, pull);
        }
    }

    @GetMapping(PATH + "/{id}")
    String show(Actor actor, Model model, @PathVariable UUID id) {
        Pull pull = pulls.get(actor, id);
        model.addAttribute("pull", pull);
        model.addAttribute("source", sources.get(pull.sourceId()));
        model.addAttribute("runs", pulls.runs(actor, id, RUNS));
        model.addAttribute("programmes", pulls.programmes());
        model.addAttribute("mayImport", actor.may(RegistryPermission.IMPORT));
        return "registry/pull";
    }

    /** @param look whether the run only shows what it would do */
    @PostMapping(PATH + "/{id}/run")
    String run(Actor actor, @PathVariable UUID id, @RequestParam(defaultValue = "false") boolean look) {
        return "redirect:/imports/" + pulls.start(actor, id, look);
    }
}
